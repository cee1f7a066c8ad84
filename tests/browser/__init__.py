"""A real Chromium, driven as a person would."""
