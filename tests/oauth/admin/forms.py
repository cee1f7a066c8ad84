"""The form of a client as a browser fills it in and sends it."""

from typing import Any, Final

from django.test import Client as Browser

from oauth.models import Client

LIST: Final = "/admin/oauth/client/"


def page_of(client: Client) -> str:
    """Return the address of a client's page."""
    return f"{LIST}{client.pk}/change/"


def filled(browser: Browser, path: str, **changed: Any) -> dict[str, Any]:
    """Return what the form at `path` would post; None takes a field away."""
    form = browser.get(path).context["adminform"].form
    initial = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in initial.items() if value is not None and value is not False}
    return {name: value for name, value in (kept | changed).items() if value is not None}


def add(browser: Browser, kind: str, **changed: Any) -> Any:
    """Send the form of a new client."""
    path = f"{LIST}add/?kind={kind}"
    return browser.post(path, filled(browser, path, **changed))


def change(browser: Browser, client: Client, **changed: Any) -> Any:
    """Send the form of a client that stands."""
    return browser.post(page_of(client), filled(browser, page_of(client), **changed))


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Return what a form that was refused says, by field."""
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)
