"""The signing keys of the tests: made once, put back after a test that emptied every table."""

from collections.abc import Iterable

from trust.keys.models import SigningKey


def put_back(keys: Iterable[SigningKey]) -> None:
    """Restore the keys after a test that committed: its end emptied every table."""
    if not SigningKey.objects.exists():
        for key in keys:
            key.pk = None
        SigningKey.objects.bulk_create(keys)
