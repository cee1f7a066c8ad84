"""What cannot be answered just now: the base of every 503 with Retry-After."""


class Busy(Exception):
    """Come again in `retry_after` whole seconds. Says nothing of why."""

    def __init__(self, retry_after: int) -> None:
        """Keep when to come again."""
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = max(1, retry_after)
