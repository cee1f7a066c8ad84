"""What runs within our server's own code: rows that columns need, and the view without its guard."""
