"""The onboarding of a partner: its record, what follows from its files, the sign-offs, the dates."""
