"""Types of authorization details (RFC 9396): their words in both languages, and their fields."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from oauth.admin.described import DescribedForm
from oauth.authorization_detail import DetailField, DetailType
from oauth.models import AuthorizationDetailType
from oauth.protocol import rfc9396_detail_type
from oauth.protocol.rfc7591_values import Malformed
from oauth.services import authorization_detail_types
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList
from trust.lib.strict_json import MalformedJson, parse_json


class DetailFieldsField(forms.CharField):
    """The fields of a type as JSON. Its value is a list, as it is kept."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **named: Any) -> None:
        """Take what a column of JSON gives its field; nothing of it is needed."""
        super().__init__(**named)

    def prepare_value(self, value: Any) -> Any:
        """Show what is kept over several lines; what was typed is shown as it was."""
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False, indent=2)

    def to_python(self, value: Any) -> Any:
        """Return the fields that were typed."""
        try:
            written = parse_json(str(value or "[]").encode("utf-8", "surrogatepass"))
            return [field.written() for field in rfc9396_detail_type.fields_of(written)]
        except MalformedJson as malformed:
            raise forms.ValidationError(_("This is no JSON, or a name stands in it twice."), code="json") from malformed
        except Malformed as malformed:
            said = f"{malformed.value}: " if malformed.value else ""
            raise forms.ValidationError(f"{said}{gettext(malformed.message)}", code="fields") from malformed

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether other fields were typed."""
        try:
            return not self.disabled and self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True


class AuthorizationDetailTypeForm(DescribedForm):
    """What can be said of a type, held to the rules of every door."""

    class Meta:
        """Every column; the type is chosen once."""

        model = AuthorizationDetailType
        fields = (
            *("type", "title_en", "title_ko", "description_en", "description_ko"),
            *("fields", "asks_each_time", "is_registrable"),
        )
        field_classes: ClassVar = {"fields": DetailFieldsField}
        help_texts: ClassVar = {
            "type": _("What clients ask for, such as payment_initiation. It cannot be changed: clients know it."),
            "title_en": _("People read it when they are asked to consent."),
            "title_ko": _("Empty: the English one."),
            "description_en": _("A second line below it, where there is more to say."),
            "fields": _(
                "A JSON list of the fields beside actions, datatypes, identifier, locations and privileges: "
                '[{"name": "amount", "kind": "money", "required": true, "label_en": "Amount", "label_ko": ""}]. '
                "A kind is text, number, money or list. Any other field is refused."
            ),
            "asks_each_time": _("No consent before stands for this one: as it should be for what moves money."),
            "is_registrable": _("A client that registers itself may name it. Others are given it on their page."),
        }
        widgets: ClassVar = {
            **{
                name: forms.TextInput(attrs={"class": "vLargeTextField"})
                for name in ("title_en", "title_ko", "description_en", "description_ko")
            },
            "fields": forms.Textarea(attrs={"rows": 12, "cols": 80, "spellcheck": "false", "class": "json"}),
        }

    def described(self) -> DetailType:
        """Return what was typed."""
        fields = tuple(DetailField.read(field) for field in self.cleaned_data["fields"])
        return DetailType(**{"type": self.instance.type, **self.cleaned_data, "fields": fields})

    def problems(self) -> Any:
        """Return what is wrong with it."""
        return rfc9396_detail_type.problems_of(self.described())


@admin.register(AuthorizationDetailType)
class AuthorizationDetailTypeAdmin(QuickList):
    """The list and the form of types. Whatever is written, a service writes it."""

    form = AuthorizationDetailTypeForm
    fields = AuthorizationDetailTypeForm.Meta.fields
    list_display = ("type", "title", "asks_each_time", "is_registrable")
    search_fields = ("^type",)
    search_help_text = _("The beginning of a type.")
    ordering = ("type",)

    @admin.display(description=_("what people read"))
    def title(self, of_type: AuthorizationDetailType) -> str:
        """Return what people are asked, in the language of whoever looks."""
        return ((get_language() or "").startswith("ko") and of_type.title_ko) or of_type.title_en

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed: the type."""
        return ("type",) if obj else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no action: types are deleted one at a time."""
        return {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        described = form.described()
        authorization_detail_types.put(described, actor=request.user.pk, origin=origin_of(request))
        obj.pk = AuthorizationDetailType.objects.by_type(described.type).get().pk

    def delete_model(self, request: HttpRequest, obj: AuthorizationDetailType) -> None:
        """Delete by a service."""
        authorization_detail_types.delete(name=obj.type, actor=request.user.pk, origin=origin_of(request))
