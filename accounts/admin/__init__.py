"""The administration of people, sessions, roles and external providers.

allauth's own pages for addresses and factors are taken away: by them any staff member could give a superuser's
account an address of their own and reset its password, or read the sealed secrets. A person's page shows both.
So are its pages for external accounts and their tokens: by them, an account of one's own could be given to another.
"""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth import admin as _registered_first  # noqa: F401
from django.contrib.auth.models import Group

from accounts.admin import external_provider, group, invitation, session, user
from trust.jobs import admin as _jobs  # noqa: F401

__all__ = ["external_provider", "group", "invitation", "session", "user"]

admin.site.unregister([EmailAddress, Authenticator, Group, SocialAccount, SocialApp, SocialToken])
admin.site.register(SocialApp, external_provider.ExternalProviderAdmin)
admin.site.register(Group, group.RoleAdmin)
