"""How dates are written, a package for each language whose way Django does not know: FORMAT_MODULE_PATH in settings."""
