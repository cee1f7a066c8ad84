"""The administration of people, sessions and roles.

allauth's own pages for addresses and factors are taken away: by them any staff member could give a superuser's
account an address of their own and reset its password, or read the sealed secrets. A person's page shows both.
"""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth import admin as _registered_first  # noqa: F401
from django.contrib.auth.models import Group

from accounts.admin import group, session, user

__all__ = ["group", "session", "user"]

admin.site.unregister([EmailAddress, Authenticator, Group])
admin.site.register(Group, group.RoleAdmin)
