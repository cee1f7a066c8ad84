"""The administration of clients, consents and grants.

The toolkit registers pages of its own for our models; they are taken away here, since they show what ours must
not: whole values of tokens and codes, and secrets as form fields.
"""

from django.contrib import admin

from oauth.models import AccessToken, AuthorizationCode, Client, IDToken, RefreshToken

for model in (AccessToken, AuthorizationCode, Client, IDToken, RefreshToken):
    admin.site.unregister(model)

from oauth.admin import client, consent, grant  # noqa: E402 - ours take the places that are free now

__all__ = ["client", "consent", "grant"]
