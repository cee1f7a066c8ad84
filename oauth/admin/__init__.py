"""The administration of clients.

The toolkit registers pages of its own for our models; they are taken away here, since they show what ours must
not: whole values of tokens and codes, and secrets as form fields.
"""

from django.contrib import admin

from oauth.models import AccessToken, AuthorizationCode, Client, IDToken, RefreshToken

for model in (AccessToken, AuthorizationCode, Client, IDToken, RefreshToken):
    admin.site.unregister(model)
