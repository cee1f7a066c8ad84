"""House tests: the rules of STYLE that no linter knows."""
