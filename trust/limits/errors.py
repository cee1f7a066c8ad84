"""What a limit says when it refuses."""


class LimitExceeded(Exception):
    """Too many guesses or attempts. `retry_after` is in whole seconds, at least one."""

    def __init__(self, retry_after: int) -> None:
        """Keep when the next one is let through."""
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = max(1, retry_after)
