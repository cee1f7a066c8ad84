"""The pages of refusals, each as the site answers it."""

from tests.browser.visitor import follow
from tests.browser.walk import Walk
from tests.people import PASSWORD


def where_nothing_is(walk: Walk) -> None:
    """What who may not is told, and who went astray, and whose form grew old."""
    walk.make_person("nora")
    nora = walk.visit()
    nora.sign_in("nora", PASSWORD)
    walk.go(nora, "/nowhere", "There is nothing here", status=404)
    walk.go(nora, "/admin/", "This is not open to you", status=403)
    nora.go("/accounts/profile/")
    nora.page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => { field.value = 'x' })"
    )
    follow(nora.page.get_by_role("main").get_by_role("button"))
    walk.look(nora, "This form has expired", status=403)


def when_something_is_wrong(walk: Walk) -> None:
    """What everybody is told when it is too much, or too late, or broken."""
    walk.settings.ROOT_URLCONF = "tests.authproject.middleware.raising"
    somebody = walk.visit()
    for raised, status, heading in (
        ("nul", 400, "This request makes no sense to us"),
        ("limit", 429, "Too many tries"),
        ("bug", 500, "Something broke on our side"),
        ("busy", 503, "Too busy just now"),
    ):
        walk.go(somebody, f"/{raised}", heading, status=status)
    walk.settings.ROOT_URLCONF = "authproject.urls"
