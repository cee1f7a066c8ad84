"""The dashboard: the figures of the site on the administration's front page, for who may see them.

- periods: the last hour, day and month. figures: what was counted in one of them, in one query.
- panels: what is shown of it. keys, queue, clients: the panels that look at rows of their own.
- drawing: bars and lines as the coordinates of an SVG; the templates in templates/admin/dashboard/ write it. There is
  no script and no inline style, and each drawing is a table as well.
"""
