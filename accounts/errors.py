"""Why a sign-in or a refresh is refused. What is told outside never says which credential failed."""

from trust.lib.busy import Busy


class BadCredentials(Exception):
    """No such person, a wrong password, or a disabled account: all alike."""


class EmailUnverified(Exception):
    """The password was right; the person has no verified address yet."""


class SignInOvertaken(Busy):
    """The password was replaced, or the person shut out, while they signed in: they have to begin again."""

    def __init__(self) -> None:
        """Say to come again at once."""
        super().__init__(retry_after=1)


class ChallengeRefused(Exception):
    """The challenge is unknown, answered, worn out or too old."""


class CodeRefused(Exception):
    """The code is wrong, was used before, or too many were tried."""


class PasskeyRefused(Exception):
    """A passkey's answer is not good. The reason is for the audit, never for who answered."""

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


class InvitationRefused(Exception):
    """The invitation was taken or withdrawn, is too old or for another address."""


class RefreshRefused(Exception):
    """The refresh token is not good: unknown, replaced, or its session is over."""


class ImpersonationRefused(Exception):
    """The site may not be seen as this person, or not by who wants to, or not any more."""


class LastAdministrator(Exception):
    """Nobody would be left who may do everything in the administration."""


class ExportRefused(Exception):
    """An export is being prepared already, or there were enough of them."""


class NotMeRefused(Exception):
    """The link "this was not me" is not ours, too old, of a mailbox that is not the person's any more, or `used`."""

    def __init__(self, *, used: bool = False) -> None:
        """Keep whether it was good once."""
        super().__init__("used" if used else "not good")
        self.used = used
