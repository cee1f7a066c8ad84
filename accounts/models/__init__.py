"""What accounts remember: the person, the session, the pending second step of a JSON sign-in."""

from accounts.models.session import Session
from accounts.models.sign_in_challenge import SignInChallenge
from accounts.models.user import User

__all__ = ["Session", "SignInChallenge", "User"]
