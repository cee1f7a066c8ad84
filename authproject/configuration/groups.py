"""Groups: the roles of people, with the permissions that staff have by them. Who is in them is no configuration."""

from collections.abc import Mapping
from typing import Final

from accounts.services import groups
from authproject.configuration.section import Entry, WrongEntry, check_members, text_of, texts_of
from oauth.conf import LONGEST_GROUP_NAME

_NEW: Final[Entry] = {"name": "", "permissions": []}


class Groups:
    """The section of groups."""

    name = "groups"
    key = "name"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all groups."""
        return [{"name": name, "permissions": list(may)} for name, may in groups.standing().items()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the group as it would be."""
        check_members(entry, _NEW)
        name, permissions = text_of(entry, "name"), texts_of(entry, "permissions")
        if not name.strip() or len(name) > LONGEST_GROUP_NAME:
            raise WrongEntry("name: is not the name of a group")
        if unknown := sorted(set(permissions) - set(groups.permissions_by_name())):
            raise WrongEntry(f"permissions: {unknown[0]} is not known here")
        return {"name": name, "permissions": sorted(set(permissions))}

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the group, or change what it may."""
        groups.put(name=entry["name"], permissions=entry["permissions"])
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the group."""
        groups.delete(name=key)
