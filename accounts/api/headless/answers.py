"""The answers: allauth's documented shape, and in an error's body the members of every error under /api/ beside it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from trust.guard.challenge import Challenge
from trust.guard.refusal import Refusal

# How long to wait where allauth's own limit, the second line, does not say: its usual window, in seconds.
_SECOND_LINE_WAIT: Final = 60
_BY_STATUS: Final = {
    400: "invalid",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "invalid_token",
    415: "unsupported_media_type",
    429: "throttled",
}
# A step that waits, as allauth calls it, and what POST /api/token/ would say.
_BY_STEP: Final = {"mfa_authenticate": "mfa_required", "verify_email": "email_unverified"}
_BY_ERROR: Final = {
    "email_password_mismatch": "invalid_credentials",
    "username_password_mismatch": "invalid_credentials",
    "invalid_login": "invalid_credentials",
    "enter_current_password": "invalid_credentials",
    "incorrect_password": "invalid_credentials",
    "incorrect_code": "invalid_code",
    "passkey_refused": "invalid_passkey",
}
# A field of a form that the wire has under another name, or not at all.
_ON_THE_WIRE: Final = {"password1": "password", "password2": None}
_CLOSED_FLOWS: Final = {"provider_redirect", "provider_token", "provider_signup"}


def completed(response: HttpResponse) -> HttpResponse:
    """Return an answer of allauth's as we give it."""
    body = _body(response)
    flows = body.get("data", {}).get("flows") if isinstance(body.get("data"), dict) else None
    if flows is not None:
        body["data"]["flows"] = [flow for flow in flows if flow["id"] not in _CLOSED_FLOWS]
    if response.status_code < 400:
        return _with(response, body) if flows is not None else response
    if "errors" in body:
        body["errors"] = _renamed(body["errors"])
    refusal = _refusal(response.status_code, body)
    # allauth's members stand as they are: `errors` is its list here.
    return _said(refusal, {**refusal.body(), "status": refusal.status, **body}, response)


def refused(refusal: Refusal) -> HttpResponse:
    """Return a refusal of ours, in both shapes."""
    return _said(refusal, {"status": refusal.status, **refusal.body()})


def _refusal(status: int, body: Mapping[str, Any]) -> Refusal:
    code = _code(status, body)
    first: Mapping[str, Any] = next(iter(body.get("errors", ())), {})
    detail = "" if code in _BY_ERROR.values() else str(first.get("message", ""))
    challenge = Challenge(error="insufficient_user_authentication") if code == _AGAIN else None
    return Refusal(
        status=status,
        code=code,
        detail=detail,
        challenge=challenge,
        retry_after=_SECOND_LINE_WAIT if status == 429 else None,
    )


_AGAIN: Final = "insufficient_user_authentication"


def _code(status: int, body: Mapping[str, Any]) -> str:
    if status == 401:
        return _of_401(body)
    codes = {_BY_ERROR.get(error.get("code", ""), "") for error in body.get("errors", ())}
    return codes.pop() if len(codes) == 1 and all(codes) else _BY_STATUS.get(status, "invalid")


def _of_401(body: Mapping[str, Any]) -> str:
    if body.get("meta", {}).get("is_authenticated"):
        return _AGAIN
    waiting = [flow["id"] for flow in body.get("data", {}).get("flows", ()) if flow.get("is_pending")]
    return _BY_STEP.get(waiting[0], "not_authenticated") if waiting else "not_authenticated"


def _renamed(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [
        {**error, "param": _ON_THE_WIRE.get(error["param"], error["param"])} for error in errors if "param" in error
    ]
    return [error for error in errors if "param" not in error] + [error for error in named if error["param"]]


def _body(response: HttpResponse) -> dict[str, Any]:
    """Return the JSON object of an answer; anything else that the library says is not for programs."""
    if not isinstance(response, JsonResponse):
        return {}
    body: dict[str, Any] = json.loads(response.content)
    return body


def _with(response: HttpResponse, body: Mapping[str, Any]) -> HttpResponse:
    response.content = json.dumps(body).encode()
    return response


def _said(refusal: Refusal, body: Mapping[str, Any], response: HttpResponse | None = None) -> HttpResponse:
    said = response if isinstance(response, JsonResponse) else JsonResponse({}, status=refusal.status)
    for name, value in refusal.headers().items():
        said.headers[name] = value
    return _with(said, body)
