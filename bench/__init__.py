"""The bench: our server and its peers side by side, under one load driver. See bench/README.md."""
