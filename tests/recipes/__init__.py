"""The recipes of docs/recipes, followed to the letter: what a page says is done, and comes out as the page says."""
