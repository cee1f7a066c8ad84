"""The doors in the OpenAPI document: allauth's own description of them, as far as they are open here.

Its components get a prefix, for it names some as we do; what it says of doors that we have not is left out.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml
from allauth.headless.spec.internal import schema as librarys

from accounts.api.headless.urls import DOORS

Document = dict[str, Any]

TAG: Final = "account"
_PREFIX: Final = "Account"
_ROOT: Final = "/api/account"
_REF: Final = re.compile(r"#/components/(\w+)/(\w+)")
# Flows, members and parts of the configuration that we have not.
_CLOSED: Final = {
    *("provider_redirect", "provider_signup", "provider_token", "verify_phone"),
    *("phone", "provider", "socialaccount", "usersessions", "passwordless"),
}
_STRING: Final = {"type": "string"}
# What our answers have beside allauth's members (accounts/api/headless/answers.py).
_OF_ERRORS: Final = dict.fromkeys(("detail", "code", "message", "error"), _STRING)
_ERRORS: Final = (
    "ErrorResponse",
    "AuthenticationResponse",
    "ForbiddenResponse",
    "ConflictResponse",
    "SessionGoneResponse",
)
_PAIR: Final = {
    "refresh_token": {**_STRING, "description": "For POST /api/token/refresh/ (`app` clients only)."},
    "token_type": {**_STRING, "example": "Bearer"},
    "expires_in": {"type": "integer", "description": "Of the access token, in seconds."},
}
_CSRF: Final = {
    "name": "X-CSRFToken",
    "in": "header",
    "required": False,
    "description": "Only needed when `client` is equal to `browser`: what the answer before had in this header.",
    "schema": _STRING,
}
_DESCRIPTION: Final = """\
Accounts by JSON for our own web and mobile apps, in the form of django-allauth's headless API.

`browser` is a script on our own origin: the session cookie says who it is, and each answer has the CSRF token for the \
next request in the header `X-CSRFToken`. `app` is a program without cookies: while somebody signs in it sends \
`X-Session-Token`, and when they are, `meta` has the token pair of POST /api/token/; from then on it sends the access \
token as bearer. Errors have `detail`, `code`, `message` and `error`, as everywhere, beside allauth's own members."""


def add_doors(result: Document, generator: Any, request: Any, public: bool) -> Document:  # noqa: FBT001
    """Add the doors to the document. Named in settings as a postprocessing hook of drf-spectacular."""
    ours = copy.deepcopy(_described())
    result["paths"] |= ours["paths"]
    for kind, components in ours["components"].items():
        result["components"].setdefault(kind, {}).update(components)
    result.setdefault("tags", []).append({"name": TAG, "description": _DESCRIPTION})
    return result


@cache
def _described() -> Document:
    """Return the paths and components of the doors; read once, for it is long."""
    described = _librarys()
    paths = {path: operations for path, operations in map(_as_open, described["paths"].items()) if operations}
    _adapt(described["components"])
    components = _reached(paths, described["components"])
    renamed = _REF.sub(rf"#/components/\1/{_PREFIX}\2", json.dumps({"paths": paths, "components": components}))
    document: Document = json.loads(renamed.replace("/_allauth/", f"{_ROOT}/"))
    document["components"] = {
        kind: {f"{_PREFIX}{name}": component for name, component in named.items()}
        for kind, named in document["components"].items()
    }
    return document


def _librarys() -> Document:
    """Return allauth's document, with what depends on the settings filled in."""
    text = resources.files("allauth.headless.spec").joinpath("doc/openapi.yaml").read_text("utf-8")
    described: Document = json.loads(json.dumps(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))  # noqa: S506 - both are safe
    librarys.specify_user(described)
    librarys.specify_signup_fields(described)
    cut: Document = _without_closed(described)
    return cut


def _without_closed(said: Any) -> Any:
    """Return what is said without closed members, and without the alternatives and examples that are about them."""
    if isinstance(said, dict):
        return {name: _without_closed(each) for name, each in said.items() if name not in _CLOSED}
    if isinstance(said, list):
        return [_without_closed(each) for each in said if not _is_closed(each)]
    return said


def _is_closed(said: Any) -> bool:
    if isinstance(said, str):
        return said in _CLOSED
    if not isinstance(said, dict):
        return False
    is_about = _CLOSED.intersection(said.get("properties", {})).intersection(said.get("required", ()))
    return (
        bool(is_about) or str(said.get("id")) in _CLOSED or said.get("$ref") == "#/components/parameters/PasswordLess"
    )


def _as_open(item: tuple[str, Document]) -> tuple[str, Document]:
    """Return a path as we have it, with the methods that its door answers; none if there is no door."""
    path, operations = item
    door = DOORS.get(path.partition("/v1/")[2])
    methods = {method.lower() for method in door.methods()} if door and "{client}" in path else set()
    open_ = {method: _operation(path, method, said) for method, said in operations.items() if method in methods}
    return f"{path}/", open_


def _operation(path: str, method: str, said: Document) -> Document:
    words = path.partition("/v1/")[2].replace("-", "_").replace("/", "_")
    parameters = [*said.get("parameters", ()), *([] if method == "get" else [_CSRF])]
    return {
        **said,
        "operationId": f"account_{words}_{method}",
        "tags": [TAG],
        "parameters": parameters,
        "security": [{"bearerAuth": []}, {}],
    }


def _adapt(components: Document) -> None:
    """Say what differs here: errors, the pair, sessions by the ids of the house, no telephone, no providers."""
    schemas = components["schemas"]
    for name in _ERRORS:
        schemas[name].setdefault("properties", {}).update(_OF_ERRORS)
    schemas["BaseAuthenticationMeta"]["properties"] |= _PAIR
    schemas["Session"]["properties"] |= {"id": {**_STRING, "format": "uuid"}, "kind": _STRING}
    schemas["EndSessions"]["properties"]["sessions"]["items"] = {**_STRING, "format": "uuid"}
    schemas["BaseSignup"]["properties"]["invitation"] = {**_STRING, "description": "The secret of a mailed invitation."}


def _reached(paths: Document, components: Document) -> Document:
    """Return the components that the paths refer to, and those that these refer to."""
    reached: Document = {}
    waiting = list(_references(paths))
    while waiting:
        kind, name = waiting.pop()
        if name not in reached.setdefault(kind, {}):
            reached[kind][name] = components[kind][name]
            waiting.extend(_references(components[kind][name]))
    return reached


def _references(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((found[1], found[2]) for found in _REF.finditer(json.dumps(said)))
