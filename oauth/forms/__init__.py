"""The forms of people's pages about clients and tokens."""
