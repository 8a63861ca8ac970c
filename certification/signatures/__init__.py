"""Who signed what: in-toto statements in DSSE envelopes, signed with Ed25519 or SSH keys, and who may sign for whom."""
