"""`manage.py create_client`: registers a client, or changes the named members of one that stands, and prints it."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.management.scripting import read_documents, refusal
from oauth.errors import OAuthError
from oauth.models import Client
from oauth.protocol.rfc7591_metadata import client_information, written
from oauth.protocol.rfc7591_registration import check_client_id, check_secret, described
from oauth.services import client_review, client_secrets, clients, registration, scopes

# By option: the member of the metadata that it sets. Most options are called as their members are.
_LISTS: Final = {
    "scopes": "scope",
    "default_scopes": "x_default_scopes",
    "required_scopes": "x_required_scopes",
    "groups": "x_groups",
    "roles": "x_roles",
    **{
        name: name
        for name in (
            *("grant_types", "redirect_uris", "post_logout_redirect_uris", "contacts", "request_uris"),
            *("default_acr_values", "authorization_details_types"),
        )
    },
}
_TEXTS: Final = {
    "name": "client_name",
    "auth_method": "token_endpoint_auth_method",
    "introspects": "x_introspects",
    "pkce": "x_pkce",
    "profile": "x_profile",
    "token_exchange": "x_token_exchange",
    "access_token_format": "x_access_token_format",
    "id_token_alg": "id_token_signed_response_alg",
    **{
        name: name
        for name in (
            *("client_id", "client_secret", "client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri"),
            *("backchannel_logout_uri", "request_object_signing_alg", "token_endpoint_auth_signing_alg"),
            *("subject_type", "sector_identifier_uri", "userinfo_signed_response_alg"),
            *("authorization_signed_response_alg", "introspection_signed_response_alg"),
        )
    },
}
_SECONDS: Final = {"access_token_lifetime": "x_access_token_lifetime", "default_max_age": "default_max_age"}
_FLAGS: Final = {
    "skip_consent": "x_skip_consent",
    "require_pushed_authorization_requests": "require_pushed_authorization_requests",
    "require_signed_request_object": "require_signed_request_object",
    "dpop_bound_access_tokens": "dpop_bound_access_tokens",
    "refresh_rotation": "x_refresh_rotation",
    "global_token_revocation": "x_global_token_revocation",
}
# Members whose value may be null: none. Any other that is null is as good as not named.
_NULLABLE: Final = frozenset({"jwks", "default_max_age"})
_MOST_DIGITS: Final = 10
_HELP: Final = {
    "auth_method": "client_secret_basic, client_secret_post, private_key_jwt or none (default: one of the first two)",
    "introspects": "none, own or all (default: own for confidential clients)",
    "pkce": "required or optional (default: required)",
    "access_token_format": "jwt or opaque (default: jwt)",
    "id_token_alg": "RS256, ES256 or EdDSA (default: RS256)",
    "client_id": "make this client, or change it if it stands",
    "required_scopes": "those that people cannot untick when they are asked to consent",
    "groups": "the groups that may sign in (default: everybody); made where there are none",
    "roles": "groups whose roles it has when it acts as itself, by scope roles; made where there are none",
    "jwks_uri": "where the client publishes its public keys",
    "backchannel_logout_uri": "where logout tokens are posted",
    "subject_type": "public or pairwise (default: public)",
    "sector_identifier_uri": "a document of the redirect URIs among which pairwise people have one sub",
    "userinfo_signed_response_alg": "RS256, ES256 or EdDSA (default: not signed)",
    "request_object_signing_alg": "what request objects are signed with, or none",
    "token_endpoint_auth_signing_alg": "what the assertions of private_key_jwt are signed with",
    "request_uris": "the addresses that request objects may be fetched from",
    "default_acr_values": "aal1, aal2, phr: the one wanted most first",
    "default_max_age": "whoever signed in longer ago signs in again",
    "access_token_lifetime": "default: 600",
    "profile": "fapi2: the FAPI 2.0 security profile, for clients with a key of their own (docs/fapi.md)",
    "require_pushed_authorization_requests": "authorization requests are pushed alone (RFC 9126)",
    "require_signed_request_object": "authorization requests are signed objects alone (RFC 9101)",
    "dpop_bound_access_tokens": "tokens are bound to a key alone (DPoP, RFC 9449)",
    "refresh_rotation": "refresh tokens are replaced at each use (default); off with private_key_jwt or DPoP alone",
    "authorization_signed_response_alg": "RS256 (default), ES256 or EdDSA: answers signed where asked for (JARM)",
    "introspection_signed_response_alg": "RS256, ES256 or EdDSA: introspection answered as a JWT (RFC 9701)",
    "authorization_details_types": "the types of authorization details that it may ask for (RFC 9396)",
    "token_exchange": "none (default), delegation or impersonation (RFC 8693)",
    "global_token_revocation": "it may end all sessions and tokens of a person",
}


class Command(BaseCommand):
    """Register clients from options or from RFC 7591 metadata; a second time the same changes nothing."""

    help = "Register a client, or change the named members of one that stands, and print it as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take options for one client, or --json for one or many."""
        for name in _LISTS:
            flags = {f"--{name.replace('_', '-')}"} | ({"--redirect-uri"} if name == "redirect_uris" else set())
            words = _HELP.get(name, "separated by spaces or commas; may be repeated")
            parser.add_argument(*sorted(flags), dest=name, nargs="*", action="extend", metavar="VALUE", help=words)
        for name in _TEXTS:
            parser.add_argument(f"--{name.replace('_', '-')}", metavar="VALUE", help=_HELP.get(name))
        parser.add_argument("--type", metavar="VALUE", help="confidential or public (default: confidential)")
        for name in _SECONDS:
            parser.add_argument(f"--{name.replace('_', '-')}", metavar="SECONDS", help=_HELP[name])
        for name in _FLAGS:
            flag = f"--{name.replace('_', '-')}"
            parser.add_argument(flag, action=BooleanOptionalAction, default=None, help=_HELP.get(name))
        parser.add_argument("--json", metavar="FILE", help="RFC 7591 metadata, one client or a list; - is stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all or none, and print what stands now."""
        named = _metadata(options)
        if options["json"] is None:
            printed: object = _put_all([named])[0]
        elif named:
            raise refusal("--json takes no other options: name the members in the file")
        else:
            documents, is_list = read_documents(options["json"])
            stands = _put_all(documents)
            printed = stands if is_list else stands[0]
        self.stdout.write(json.dumps(printed, ensure_ascii=False, indent=2))


def _metadata(options: Mapping[str, Any]) -> dict[str, object]:
    """Return the options that were given as the members that they set."""
    metadata: dict[str, object] = {
        member: options[name] for name, member in _TEXTS.items() if options[name] is not None
    }
    for name, member in _LISTS.items():
        if options[name] is not None:
            metadata[member] = " ".join(options[name]).replace(",", " ").split()
    metadata |= {member: options[name] for name, member in _FLAGS.items() if options[name] is not None}
    for name, member in _SECONDS.items():
        if (seconds := options[name]) is not None:
            metadata[member] = _number(str(seconds)) if seconds or member not in _NULLABLE else None
    return metadata | _method_of_type(options["type"], metadata.get("token_endpoint_auth_method"))


def _number(text: str) -> int | str:
    """Return the number that an option is; what is none is for the rules to refuse."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else text


def _method_of_type(kind: str | None, method: object) -> dict[str, object]:
    """Return the method that makes a client public: none (RFC 7591 section 2)."""
    if kind not in {None, Client.CLIENT_PUBLIC, Client.CLIENT_CONFIDENTIAL}:
        raise refusal(f"--type: {kind} is neither confidential nor public")
    is_public = kind == Client.CLIENT_PUBLIC
    if (is_public and method not in {None, "none"}) or (kind == Client.CLIENT_CONFIDENTIAL and method == "none"):
        raise refusal(f"--auth-method: {method} is not for a {kind} client")
    return {"token_endpoint_auth_method": "none"} if is_public else {}


@transaction.atomic
def _put_all(documents: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    registration.wait_for_turn()
    many = len(documents) > 1
    return [_put(document, f"client {place}:" if many else "") for place, document in enumerate(documents, 1)]


def _put(document: Mapping[str, object], place: str) -> dict[str, object]:
    """Make a client, or change the one of its client_id, and return what it is now. Raises CommandError."""
    document = {name: value for name, value in document.items() if value is not None or name in _NULLABLE}
    client_id, secret = _chosen(document, "client_id", place), _chosen(document, "client_secret", place)
    stands = clients.known(client_id) if client_id else None
    if stands and client_review.describes_itself(stands):
        raise refusal(place, "client_id: is of a client that describes itself at this address; delete that one first")
    try:
        before = clients.metadata_of(stands) if stands else None
        metadata = described(document, before=before, default_scopes=scopes.given_by_default())
    except OAuthError as wrong:
        raise refusal(place, wrong.description) from wrong
    if secret and not metadata.has_secret:
        raise refusal(place, "client_secret: a client that is public, or has a key, has none")
    if stands is None:
        made, secret = registration.register(metadata=metadata, client_id=client_id, secret=secret)
        return client_information(written(metadata), client_id=made.client_id, issued_at=made.created, secret=secret)
    registration.change(client_pk=stands.pk, metadata=metadata)
    if secret:
        client_secrets.rotate(client_pk=stands.pk, secret=secret)
    return client_information(written(metadata), client_id=client_id, issued_at=stands.created)


def _chosen(document: Mapping[str, object], member: str, place: str) -> str:
    """Return the id or the secret that somebody chose, checked, or nothing."""
    value = document.get(member)
    if value is None:
        return ""
    check = check_client_id if member == "client_id" else check_secret
    problem = check(value) if isinstance(value, str) else "must be a text"
    if problem:
        raise refusal(place, f"{member}:", problem)
    return str(value)
