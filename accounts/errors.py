"""Why a sign-in or a refresh is refused. What is told outside never says which credential failed."""


class BadCredentials(Exception):
    """No such person, a wrong password, or a disabled account: all alike."""


class EmailUnverified(Exception):
    """The password was right; the person has no verified address yet."""


class ChallengeRefused(Exception):
    """The challenge is unknown, answered, worn out or too old."""


class CodeRefused(Exception):
    """The code is wrong, was used before, or too many were tried."""


class RefreshRefused(Exception):
    """The refresh token is not good: unknown, replaced, or its session is over."""
