"""Who asks, on pages that are for signed-in people alone."""

from django.http import HttpRequest

from accounts.models import User


def person_of(request: HttpRequest) -> User:
    """Return the person whom login_required has let in."""
    assert isinstance(request.user, User)
    return request.user
