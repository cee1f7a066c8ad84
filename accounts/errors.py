"""Why a sign-in or a refresh is refused. What is told outside never says which credential failed."""

from trust.lib.busy import Busy


class BadCredentials(Exception):
    """No such person, a wrong password, or a disabled account: all alike."""


class EmailUnverified(Exception):
    """The password was right; the person has no verified address yet."""


class SignInOvertaken(Busy):
    """The password was replaced while it was being checked: the sign-in has to begin again."""

    def __init__(self) -> None:
        """Say to come again at once."""
        super().__init__(retry_after=1)


class ChallengeRefused(Exception):
    """The challenge is unknown, answered, worn out or too old."""


class CodeRefused(Exception):
    """The code is wrong, was used before, or too many were tried."""


class RefreshRefused(Exception):
    """The refresh token is not good: unknown, replaced, or its session is over."""
