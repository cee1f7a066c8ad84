"""What is held about a person here, for the copy of their data: never a token's value, or what one is found by."""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from accounts.models import User
from oauth.models import ClientSession, Consent, PersonalAccessToken, RefreshToken

REFRESH_TOKEN: Final = (
    *("id", "grant", "scope", "resource", "authorization_details", "offline", "claims", "auth_time", "amr", "acr"),
    *("created", "rotated_at", "expires_at", "revoked"),
)
AUTHORIZATION_CODE: Final = (
    *("grant", "scope", "resource", "authorization_details", "claims"),
    *("redirect_uri", "created", "expires", "used_at"),
)
ACCESS_TOKEN: Final = (
    *(
        "jti",
        "grant",
        "scope",
        "authorization_details",
        "subject",
        "userinfo_claims",
        "auth_time",
        "created",
        "expires",
    ),
)
DEVICE_AUTHORIZATION: Final = (
    *("grant", "scope", "authorization_details", "client_address", "user_agent", "created", "expires"),
    *("approved_at", "denied_at", "used_at"),
)
CLIENT_SESSION: Final = ("person", "subject", "told_session_id", "created", "logout")
PAIRWISE_SUBJECT: Final = ("sector", "subject")
PERSONAL_ACCESS_TOKEN: Final = ("id", "name", "scope", "created", "expires_at", "last_used_at")


def person_export(*, user_id: uuid.UUID) -> dict[str, Any]:
    """Return what clients were allowed, given and told about a person. A hook of PERSON_EXPORT."""
    person: Any = User.objects.by_id(user_id).get()
    return {
        "connected_apps": [_consent(row) for row in Consent.objects.of_user(user_id)],
        "refresh_tokens": _at_clients(
            REFRESH_TOKEN, RefreshToken.objects.of_user(user_id).select_related("application")
        ),
        "authorization_codes": _at_clients(
            AUTHORIZATION_CODE, person.oauth_authorizationcode.select_related("application")
        ),
        "access_tokens": _at_clients(ACCESS_TOKEN, person.oauth_accesstoken.select_related("application")),
        "device_authorizations": _at_clients(
            DEVICE_AUTHORIZATION, person.oauth_deviceauthorization.select_related("application")
        ),
        "personal_access_tokens": [
            _named(PERSONAL_ACCESS_TOKEN, row) for row in PersonalAccessToken.objects.of_user(user_id)
        ],
        "pairwise_subjects": [_named(PAIRWISE_SUBJECT, row) for row in person.pairwise_subjects.order_by("pk")],
        "client_sessions": [_client_session(row) for row in ClientSession.objects.of_person(user_id).with_client()],
        "own_clients": [{"client_id": row.client_id, "name": row.name} for row in person.oauth_client.order_by("pk")],
    }


def _consent(row: Consent) -> dict[str, Any]:
    client = {"client_id": row.client.client_id, "client_name": row.client.name}
    return {**client, **_named(("scope", "declined", "authorization_details", "created", "updated"), row)}


def _client_session(row: ClientSession) -> dict[str, Any]:
    return {"client_id": row.client.client_id, "session": row.session_id, **_named(CLIENT_SESSION, row)}


def _at_clients(names: Iterable[str], rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"client_id": row.application.client_id, **_named(names, row)} for row in rows]


def _named(names: Iterable[str], row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
