"""People: their accounts, their sessions, the pages and the JSON API by which they sign in."""
