"""What the Makefile calls while developing. Nothing of the house imports it, and it imports nothing of the house."""
