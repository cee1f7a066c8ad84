"""Forms of the account pages, where allauth's own are not what we want."""
