"""allauth's headless API behind our doors (docs/decisions/0021): accounts by JSON for our own web and mobile apps.

Each address stands in urls.py; what is not listed there is not open, whatever the library brings.
"""
