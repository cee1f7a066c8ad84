"""What a preview shows: the claims of each token as JSON, and a trace of who looked."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oauth.admin.preview_form import PreviewForm
from oauth.services import client_review
from trust.lib.origin import origin_of


def shown(request: HttpRequest, form: PreviewForm) -> dict[str, Any]:
    """Return what the page shows of a form that is valid."""
    assert isinstance(request.user, User)
    preview, person = form.preview(), form.cleaned_data["person"]
    client_review.note_preview(
        client_id=form.client.client_id,
        user_id=person.pk,
        scope=tuple(form.cleaned_data["scope"]),
        actor=request.user.pk,
        origin=origin_of(request),
    )
    claims = {_("Access token"): preview.access_token, _("ID token"): preview.id_token, _("Userinfo"): preview.userinfo}
    written = {name: json.dumps(told, ensure_ascii=False, indent=2) for name, told in claims.items() if told}
    return {"person": person, "preview": preview, "claims": written}
