"""The site's own pages: the front page, health, errors."""
