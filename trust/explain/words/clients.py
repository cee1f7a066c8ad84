"""What is found of the client: who it is, by which method, and what it may (RFC 6749 sections 2.3, 5.2)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from trust.explain.vocabulary import Found
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    Found.CLIENT_UNKNOWN: Words(
        _("No client has this client_id."),
        _("Compare the client_id with the registered one, and this server with the one that the client is known at."),
    ),
    Found.CLIENT_DISABLED: Words(
        _("The client is disabled."),
        _("Have the client enabled again, if it should work."),
    ),
    Found.CLIENT_ID_UNUSABLE: Words(
        _("The client_id cannot be the address of a client ID metadata document: it %(expected)s."),
        _("Publish the document at an https address with a path, without a query, and send it as it is written there."),
        is_for_all=True,
    ),
    Found.CLIENT_DOCUMENT_UNREACHABLE: Words(
        _("The client ID metadata document could not be fetched (%(expected)s)."),
        _(
            "Have the document answered with status 200, as application/json, of 5 kB at most, within 3 s, without a "
            "redirect, from a public address."
        ),
        is_for_all=True,
    ),
    Found.CLIENT_DOCUMENT_REFUSED: Words(
        _("The client ID metadata document cannot be used. %(about)s: %(came)s %(expected)s"),
        _("Compare the document with what may be registered (docs/clients.md); its client_id is its own address."),
        is_for_all=True,
    ),
    Found.CLIENT_DIFFERS: Words(
        _("The client_id of the parameters is not the one that authenticated, or that the request is of."),
        _("Send the same client_id everywhere, or in one place alone."),
        is_for_all=True,
    ),
    Found.AUTH_METHOD_DIFFERS: Words(
        _("The client authenticated by %(came)s, and is registered for %(expected)s."),
        _("Set the application to the registered token_endpoint_auth_method, or register the one that it uses."),
    ),
    Found.TWO_AUTH_METHODS: Words(
        _("The client authenticated by two methods at once."),
        _("Send the secret in the header or in the body, or an assertion: only one of them."),
        is_for_all=True,
    ),
    Found.CREDENTIALS_UNREADABLE: Words(
        _("The header Authorization cannot be read as Basic credentials."),
        _("Send Basic and the base64 of client_id:client_secret, each form-encoded first."),
    ),
    Found.SECRET_WRONG: Words(
        _("The client secret is wrong."),
        _(
            "Compare the secret in the application's settings with the one that was shown when it was made: no space "
            "or line break at its end, no encoding too many. If it is lost, have a new one made."
        ),
    ),
    Found.SECRET_MISSING: Words(
        _("The client sent no secret, and is registered for %(expected)s."),
        _("Set the secret in the application; an application that can keep none is registered as a public client."),
    ),
    Found.GRANT_TYPE_NOT_ALLOWED: Words(
        _("The client may not use %(came)s; registered are: %(expected)s."),
        _("Register the grant type for the client, or use one that is registered."),
        is_for_all=True,
    ),
    Found.PUBLIC_CLIENT: Words(
        _("A public client has no credentials of its own, which %(about)s needs."),
        _("Use a confidential client."),
        is_for_all=True,
    ),
    Found.NO_PERSON: Words(
        _("A scope that speaks of a person was asked for (%(came)s), and this grant has none."),
        _("Leave openid and offline_access out, or use the authorization code grant."),
        is_for_all=True,
    ),
    Found.INTROSPECTION_NOT_ALLOWED: Words(
        _("The client may not introspect tokens."),
        _("Have introspection allowed for the client: of its own tokens, or of all."),
        is_for_all=True,
    ),
    Found.GLOBAL_REVOCATION_NOT_ALLOWED: Words(
        _("The client may not end all sessions and tokens of people."),
        _("Have an administrator trust the client with global token revocation (x_global_token_revocation)."),
        is_for_all=True,
    ),
    Found.SUBJECT_UNKNOWN: Words(
        _("The subject identifier names nobody here whom this client may have among its people."),
        _(
            "Send the sub that this client was told of the person, with our issuer, or an address that the person has "
            "confirmed."
        ),
        is_for_all=True,
    ),
}
