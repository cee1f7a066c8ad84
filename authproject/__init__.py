"""The site: the roof (urls, wsgi) and the ground (settings) of the house. No rules live here."""
