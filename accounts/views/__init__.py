"""The pages of one's account that are ours; the rest is allauth's, in our templates."""
