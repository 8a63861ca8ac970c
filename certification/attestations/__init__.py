"""What people attest: the manual cases that somebody carried out, with words, pictures and calls, in one file."""
