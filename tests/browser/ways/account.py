"""One's own account: what is kept of a person, what they change, and how they go."""

from tests.at_once import at_once
from tests.browser.visitor import Visitor
from tests.browser.walk import Walk
from tests.clients import Application, make_client
from tests.job_queue import run_queue
from tests.notices import not_me_path
from tests.people import PASSWORD


def in_ones_rooms(walk: Walk) -> None:
    """The pages of a person who just signed in, on two devices."""
    walk.make_person("alice")
    alice, elsewhere = walk.visit(), walk.visit()
    for place in (elsewhere, alice):
        place.sign_in("alice", PASSWORD)
    walk.look(alice, "Hello, alice")
    walk.go(alice, "/", "One account for everything that trusts it.")
    walk.go(alice, "/accounts/profile/", "Profile")
    alice.page.evaluate("document.querySelectorAll('main form').forEach(form => { form.noValidate = true })")
    alice.send(birthdate="yesterday", website="nowhere")
    walk.look(alice, "Profile")
    alice.send(birthdate="1990-02-03", website="")
    walk.look(alice, "Profile")
    walk.go(alice, "/accounts/sessions/", "Devices")
    walk.go(alice, "/accounts/activity/", "Activity")
    walk.go(alice, "/accounts/activity/?before=1", "Activity")
    walk.go(alice, "/accounts/password/change/", "Change your password")
    walk.go(alice, "/accounts/password/reset/", "Forgotten your password?")
    walk.go(alice, "/accounts/password/reset/done/", "Look into your mail")
    walk.go(alice, "/accounts/logout/", "Sign out?")
    _connected_apps(walk, alice)
    _another_address(walk, alice)
    _ones_data(walk, alice)
    _access_tokens(walk, alice)


def _connected_apps(walk: Walk, alice: Visitor) -> None:
    walk.go(alice, "/accounts/apps/", "Connected apps")
    application = Application(make_client("planner", name="Garden Planner", skip_authorization=False))
    application.sign_in()
    at_once(1, application.tokens)  # not in this thread, whose event loop nothing may stop
    walk.go(alice, "/accounts/apps/", "Connected apps")


def _access_tokens(walk: Walk, alice: Visitor) -> None:
    walk.go(alice, "/accounts/tokens/", "Access tokens")
    walk.go(alice, "/accounts/tokens/new/", "New access token")
    alice.page.evaluate("document.querySelectorAll('main form').forEach(form => { form.noValidate = true })")
    alice.send(name="")
    walk.look(alice, "New access token")
    alice.page.locator("main [name=scope]").first.check()
    alice.send(name="Nightly backups")
    walk.look(alice, "Your new access token")
    walk.go(alice, "/accounts/tokens/", "Access tokens")


def _another_address(walk: Walk, alice: Visitor) -> None:
    walk.go(alice, "/accounts/email/", "E-mail address")
    alice.send(email="liddell@example.com")
    walk.look(alice, "Is it you?")
    alice.send(password=PASSWORD)
    walk.look(alice, "E-mail address")
    walk.make_person("bella")
    bella = walk.visit()
    bella.sign_in("bella", PASSWORD)
    walk.go(bella, walk.link_for("liddell@example.com"), "This link is for another account")


def _ones_data(walk: Walk, alice: Visitor) -> None:
    walk.go(alice, "/accounts/data/", "Your data")
    alice.send()
    walk.look(alice, "Your data")
    run_queue("default")
    walk.go(alice, "/accounts/data/", "Your data")


def without_a_password(walk: Walk) -> None:
    """Somebody who always comes by a provider, or was made without."""
    walk.make_person("bob", password=None)
    bob = walk.visit()
    bob.go("/accounts/login/code/")
    bob.send(email="bob@example.com")
    bob.send(code=walk.code_for("bob@example.com"))
    walk.look(bob, "Hello, bob")
    walk.go(bob, "/accounts/password/set/", "Set a password")


def that_was_not_me(walk: Walk) -> None:
    """From a notice in the mailbox to a new password."""
    walk.make_person("frank")
    for _ in range(2):
        walk.visit().sign_in("frank", PASSWORD)
    (notice,) = walk.deliver_mail()
    frank = walk.visit()
    walk.go(frank, not_me_path(notice), "It was not you?")
    frank.send()
    walk.look(frank, "Forgotten your password?")
    walk.go(frank, not_me_path(notice), "This link was used already")


def to_the_end(walk: Walk) -> None:
    """Delete the account, and come back."""
    walk.make_person("grace")
    grace = walk.visit()
    grace.sign_in("grace", PASSWORD)
    grace.go("/accounts/delete/")
    grace.send(password=PASSWORD)
    walk.look(grace, "Delete your account?")
    grace.send(confirmation="bob")
    walk.look(grace, "Delete your account?")
    grace.send(confirmation="grace")
    walk.look(grace, "One account for everything that trusts it.")
    grace.sign_in("grace", PASSWORD)
    walk.look(grace, "Account closed")
    walk.go(grace, walk.link_for("grace@example.com"), "Keep your account?")
    grace.send()
    walk.look(grace, "Sign in")
