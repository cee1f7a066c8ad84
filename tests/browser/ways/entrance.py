"""Ways in: what a stranger sees, how an account is made, and how one comes back who forgot the password."""

from tests.browser.walk import Walk
from tests.invitations import invite
from tests.people import PASSWORD

_SHORT = "x"


def as_a_stranger(walk: Walk) -> None:
    """Every page that is open to anybody, and what links say that are no good."""
    stranger = walk.visit()
    walk.go(stranger, "/", "One account for everything that trusts it.")
    walk.go(stranger, "/accounts/login/", "Sign in")
    stranger.send(login="nobody", password="nothing")
    walk.look(stranger, "Sign in")
    walk.go(stranger, "/accounts/inactive/", "Account deactivated")
    walk.go(stranger, "/accounts/password/reset/key/done/", "Password changed")
    walk.go(stranger, "/accounts/password/reset/key/1-x/", "This link is no longer valid")
    walk.go(stranger, "/accounts/confirm-email/x:y:z/", "This link is no longer valid")
    walk.go(stranger, "/accounts/way-back/x/", "This link does not work", status=404)
    walk.go(stranger, "/accounts/not-me/x/", "This link is no longer valid", status=404)
    walk.go(stranger, "/accounts/invitation/x/", "This invitation is over", status=404)


def by_signing_up(walk: Walk) -> None:
    """Sign up, with mistakes at first, confirm the address, and sign in."""
    dana = walk.visit()
    walk.go(dana, "/accounts/signup/", "Create an account")
    dana.send(email="dana@example.com", username="dana", password1=_SHORT, password2=PASSWORD)
    walk.look(dana, "Create an account")
    dana.send(email="dana@example.com", username="dana", password1=PASSWORD, password2=PASSWORD)
    walk.look(dana, "Look into your mail")
    walk.go(dana, walk.link_for("dana@example.com"), "Confirm your e-mail address")
    dana.send()
    walk.look(dana, "Sign in")
    dana.send(login="dana", password=PASSWORD)
    walk.look(dana, "Hello, dana")


def by_invitation(walk: Walk) -> None:
    """Where accounts are made by invitation, or not at all."""
    walk.settings.SIGNUP = "closed"
    dana = walk.visit()
    walk.go(dana, "/accounts/signup/", "No new accounts")
    walk.settings.SIGNUP = "invite"
    walk.go(dana, "/accounts/signup/", "No new accounts")
    walk.go(dana, invite("guest@example.com"), "Create an account")
    walk.settings.SIGNUP = "open"


def by_mail(walk: Walk) -> None:
    """A code instead of the password, and a new password by the mailed link."""
    walk.make_person("erin")
    erin = walk.visit()
    walk.go(erin, "/accounts/login/code/", "Sign in with a code")
    erin.send(email="erin@example.com")
    walk.look(erin, "Look into your mail")
    walk.go(erin, "/accounts/password/reset/", "Forgotten your password?")
    erin.send(email="erin@example.com")
    walk.look(erin, "Look into your mail")
    erin.go(walk.link_for("erin@example.com"))
    walk.look(erin, "Choose a new password")
    erin.send(password1=_SHORT, password2=PASSWORD)
    walk.look(erin, "Choose a new password")
    erin.send(password1=PASSWORD[::-1], password2=PASSWORD[::-1])
    walk.look(erin, "Password changed")
