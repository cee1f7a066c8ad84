"""The groups of staff: which permissions each has, by patterns, so that those of apps to come are among them.

They are made by `manage.py migrate`. Whatever an operator gives them besides stays, and what an operator takes away is
not given again. A group of the same name that was there before is somebody's role, and left alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import StaffGroup


@dataclass(frozen=True, slots=True)
class Rights:
    """Permissions as app_label.codename, by patterns; what is in `but` is none of them."""

    patterns: tuple[str, ...]
    but: tuple[str, ...] = ()

    def include(self, name: str) -> bool:
        """Tell whether a permission is one of them."""
        return _is_like(name, self.patterns) and not _is_like(name, self.but)


# What Django's own tables would be written by, round the services: no page asks for it.
_BY_HAND: Final = (
    *("admin.*", "auth.*_permission", "contenttypes.*", "sessions.*", "accounts.*_knowndevice"),
    *("accounts.*_signinchallenge", "accounts.*_dataexport", "account.*", "mfa.*", "limits.*", "mail.*"),
)
# Who names a provider whose word is taken for an address can sign in as anybody: superusers alone do. Nor does anybody
# else see the site as another person, unless an operator gives that to a group.
_FOR_SUPERUSERS: Final = (
    *("socialaccount.add_*", "socialaccount.change_*", "socialaccount.delete_*"),
    "accounts.impersonate_user",
)
_OF_CLIENTS: Final = (
    *("client", "scope", "resource", "authorizationdetailtype", "consent", "refreshtoken", "clientsession"),
    *("initialaccesstoken", "trustedissuer", "workload"),
)
STAFF_GROUPS: Final[Mapping[str, Rights]] = {
    "support": Rights(
        (
            *("accounts.view_user", "accounts.send_links"),
            *("accounts.view_session", "accounts.change_session", "explain.view_*"),
            *("oauth.view_personalaccesstoken", "oauth.change_personalaccesstoken"),
        )
    ),
    "client manager": Rights((*(f"oauth.*_{model}" for model in _OF_CLIENTS), "explain.view_*")),
    "auditor": Rights(("*.view_*", "audit.export_*"), but=_BY_HAND),
    "administrator": Rights(("*",), but=(*_BY_HAND, *_FOR_SUPERUSERS)),
}


@transaction.atomic
def provide() -> None:
    """Make the groups that were never made, and give each the permissions that it was never given."""
    permissions = {f"{each.content_type.app_label}.{each.codename}": each for each in _permissions()}
    for kind, rights in STAFF_GROUPS.items():
        staff_group, is_new = StaffGroup.objects.get_or_create(kind=kind)
        if is_new:
            staff_group.group = _new_group(kind)
            staff_group.save(update_fields=["group"])
        _give(staff_group, [permission for name, permission in permissions.items() if rights.include(name)])


def _give(staff_group: StaffGroup, permissions: Iterable[Permission]) -> None:
    if staff_group.group is None:
        return
    given = set(staff_group.given.values_list("pk", flat=True))
    new = [permission for permission in permissions if permission.pk not in given]
    staff_group.group.permissions.add(*new)
    staff_group.given.add(*new)


def _new_group(kind: str) -> Group:
    group, is_new = Group.objects.get_or_create(name=kind)
    return group if is_new else _new_group(f"{kind} (staff)")


def _permissions() -> Iterable[Permission]:
    return Permission.objects.select_related("content_type")


def _is_like(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
