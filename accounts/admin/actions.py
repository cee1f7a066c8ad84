"""What staff do to several people of the list at once: asked first, each person by the same rules as alone."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.person_actions import PERSON_ACTIONS, NotDone, PersonAction, Question
from accounts.models import User

# What is done for a reason of one person is done to one.
_ALONE: Final = {"reset_factors", "mail_confirmation"}
ListAction = Callable[[Any, HttpRequest, "QuerySet[User]"], HttpResponse | None]


def list_actions(actor: object) -> dict[str, tuple[ListAction, str, Any]]:
    """Return the actions of the list that somebody may use, as Django wants them."""
    allowed = [action for action in PERSON_ACTIONS if action.name not in _ALONE and action.may(actor)]
    return {action.name: (_for_chosen(action), action.name, action.label) for action in allowed}


def _for_chosen(action: PersonAction) -> ListAction:
    def run(model_admin: Any, request: HttpRequest, chosen: "QuerySet[User]") -> HttpResponse | None:
        if "confirmed" in request.POST:
            _act(request, action, chosen)
            return None
        page = model_admin.admin_site.each_context(request) | {
            "opts": model_admin.opts,
            "title": action.label,
            "question": action.question,
            "chosen": list(chosen),
            "action_name": action.name,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/user/question_of_many.html", page)

    return run


def _act(request: HttpRequest, action: PersonAction, chosen: Iterable[User]) -> None:
    actor = request.user
    assert isinstance(actor, User)
    done = spared = 0
    for user in chosen:
        try:
            if not action.offered(user):
                continue
            if action.may(actor, user):
                action.act(request, user, actor, Question())
                done += 1
            else:
                spared += 1
        except NotDone as why:
            messages.error(request, f"{user}: {why}")
    if done:
        text = ngettext("Done for %(count)d person.", "Done for %(count)d people.", done)
        messages.success(request, text % {"count": done})
    if spared:
        text = ngettext("%(count)d person was spared: ", "%(count)d people were spared: ", spared)
        rule = _("staff are for those who manage staff, superusers for superusers, and nobody shuts themselves out.")
        messages.error(request, f"{text % {'count': spared}}{rule}")
