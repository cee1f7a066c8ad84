"""Types of authorization details (RFC 9396), with their words in both languages and their fields."""

from collections.abc import Mapping
from typing import Final

from authproject.configuration.section import Entry, WrongEntry, check_members, text_of
from oauth.authorization_detail import DetailField, DetailType
from oauth.protocol import rfc9396_detail_type
from oauth.protocol.rfc7591_values import Malformed
from oauth.services import authorization_detail_types as services

_FLAGS: Final = ("asks_each_time", "is_registrable")


class DetailTypes:
    """The section of types."""

    name = "authorization_detail_types"
    key = "type"

    def standing(self, *, with_secrets: bool) -> list[Entry]:
        """Return all types."""
        return [of_type.written() for of_type in services.read().values()]

    def wanted(self, entry: Entry) -> Entry:
        """Return the type as it would be."""
        check_members(entry, DetailType(type="").written())
        for member in set(entry) - {*_FLAGS, "fields"}:
            text_of(entry, member)
        if wrong := [member for member in _FLAGS if not isinstance(entry.get(member, False), bool)]:
            raise WrongEntry(f"{wrong[0]}: must be true or false")
        try:
            fields = rfc9396_detail_type.fields_of(entry.get("fields", []))
        except Malformed as malformed:
            raise WrongEntry(f"fields: {malformed.message}") from malformed
        described = DetailType(**entry | {"fields": fields})
        for problem in rfc9396_detail_type.problems_of(described):
            raise WrongEntry(f"{problem.member}: {problem.message}")
        return described.written()

    def put(self, entry: Entry) -> Mapping[str, str]:
        """Make the type, or change it."""
        fields = tuple(DetailField.read(field) for field in entry["fields"])
        services.put(DetailType(**entry | {"fields": fields}))
        return {}

    def is_spared(self, entry: Entry) -> bool:
        """None is."""
        return False

    def remove(self, key: str) -> None:
        """Delete the type."""
        services.delete(name=key)
