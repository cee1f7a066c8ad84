"""The parts of the walk through every page: each function takes somebody along some pages."""
