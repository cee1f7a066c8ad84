"""One command a file, named as it is typed."""
