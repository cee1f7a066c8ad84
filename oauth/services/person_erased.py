"""What becomes of what a person leaves here when they are erased."""

import uuid
from typing import Any

from accounts.models import User


def person_erased(*, user_id: uuid.UUID) -> None:
    """Let go of the clients that a person made: others use them. A hook of PERSON_ERASED.

    All else hangs on the person's row and goes with it. Only clients that have still to be told of a session's end
    are told, by the names that they know; what was told goes with the daily work (oauth/services/housekeeping.py).
    """
    person: Any = User.objects.by_id(user_id).get()
    person.oauth_client.update(user=None)
