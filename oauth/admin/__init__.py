"""The administration of clients, scopes and resources, consents and grants.

The toolkit registers pages of its own for our models; they are taken away here, since they show what ours must
not: whole values of tokens and codes, and secrets as form fields.
"""

from django.contrib import admin

from oauth.models import AccessToken, AuthorizationCode, Client, IDToken, RefreshToken

for model in (AccessToken, AuthorizationCode, Client, IDToken, RefreshToken):
    admin.site.unregister(model)

# Ours take the places that are free now.
from oauth.admin import (  # noqa: E402
    authorization_detail_type,
    client,
    client_session,
    consent,
    grant,
    initial_access_token,
    personal_access_token,
    resource,
    scope,
    trusted_issuer,
    workload,
)

__all__ = [
    "authorization_detail_type",
    "client",
    "client_session",
    "consent",
    "grant",
    "initial_access_token",
    "personal_access_token",
    "resource",
    "scope",
    "trusted_issuer",
    "workload",
]
