"""The filter of the trail: period, action, who, client and session at once, each looked up by an index."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PersonField(forms.CharField):
    """A person, by id or by username."""

    def clean(self, value: Any) -> uuid.UUID | None:
        """Return the person's id, also if they are gone, or None if nobody is asked for."""
        given = super().clean(value)
        if not given:
            return None
        try:
            return uuid.UUID(given)
        except ValueError:
            return _id_of(given)


class DayField(forms.DateField):
    """A day, of years with which one can calculate."""

    widget = forms.DateInput({"type": "date"})
    default_validators = [MinValueValidator(date(1970, 1, 2)), MaxValueValidator(date(9000, 1, 1))]


class TrailForm(forms.Form):
    """What staff look for. Whatever is left empty counts for all."""

    since = DayField(label=_("From (UTC)"), required=False)
    until = DayField(label=_("Until, that day included"), required=False)
    action = forms.CharField(label=_("Action"), max_length=64, required=False)
    person = PersonField(label=_("Person (ID or username)"), max_length=254, required=False)
    by = PersonField(label=_("Done by (ID or username)"), max_length=254, required=False)
    client = forms.CharField(label=_("Client ID"), max_length=255, required=False)
    session = forms.UUIDField(label=_("Session ID"), required=False)


class TrailFilter(admin.ListFilter):
    """The form beside the list."""

    title = _("what happened")
    template = "admin/audit/auditevent/filter.html"
    names = tuple(TrailForm.base_fields)

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        """Take what is ours of an address."""
        super().__init__(request, params, model, model_admin)
        for name in self.names:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = TrailForm(self.used_parameters or None)

    def has_output(self) -> bool:
        """Tell that it is always there."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """Return the names that are ours in an address."""
        return list(self.names)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Return what else stands in the address, for the form to keep."""
        for name, value in changelist.params.items():
            if name not in self.names:
                yield {"name": name, "value": value}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list, to nothing if something is asked for that cannot be."""
        if not self.form.is_bound:
            return queryset
        return narrowed(queryset, self.form.cleaned_data) if self.form.is_valid() else queryset.none()

    def asked(self) -> dict[str, str]:
        """Return what was asked for, people by their ids alone: it is recorded when it is exported."""
        found = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        return {name: str(value) for name, value in found.items() if value}


def narrowed(events: Any, asked: dict[str, Any]) -> Any:
    """Return the events that were asked for."""
    if asked["person"]:
        events = events.about(asked["person"])
    if asked["by"]:
        events = events.done_by(asked["by"])
    if asked["session"]:
        events = events.of_session(asked["session"])
    if asked["client"]:
        events = events.of_client(asked["client"])
    if asked["action"]:
        events = events.of_action(asked["action"])
    if asked["since"]:
        events = events.from_moment(_midnight(asked["since"]))
    return events.until_moment(_midnight(asked["until"]) + timedelta(days=1)) if asked["until"] else events


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _id_of(username: str) -> uuid.UUID:
    people: Any = get_user_model()._default_manager
    try:
        found: uuid.UUID = people.get_by_natural_key(username).pk
    except get_user_model().DoesNotExist as unknown:
        raise forms.ValidationError(_("Nobody has this ID or username.")) from unknown
    return found
