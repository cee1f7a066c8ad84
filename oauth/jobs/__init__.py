"""What the worker is asked to do that needs the rules: entries as views are, on the same floor."""
