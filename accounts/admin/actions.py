"""What staff do to people in the list: shut out, let in, sign out. Superusers are touched by superusers alone."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services import people
from trust.lib.origin import Origin, origin_of


def may_act_on(actor: object, user: User) -> bool:
    """Tell whether a staff member may act on a person at all."""
    return isinstance(actor, User) and (actor.is_superuser or not user.is_superuser)


@admin.action(description=_("Activate the selected people"), permissions=["change"])
def activate(model_admin: object, request: HttpRequest, chosen: "QuerySet[User]") -> None:
    """Let people in again."""
    _each(request, chosen, lambda user, actor, origin: people.activate(user=user, actor=actor, origin=origin))


@admin.action(description=_("Deactivate the selected people and end their sessions"), permissions=["change"])
def deactivate(model_admin: object, request: HttpRequest, chosen: "QuerySet[User]") -> None:
    """Shut people out at once; nobody shuts themselves out."""
    others = [user for user in chosen if user != request.user]
    if len(others) < len(chosen):
        messages.error(request, _("You cannot deactivate yourself."))
    _each(request, others, lambda user, actor, origin: people.deactivate(user=user, actor=actor, origin=origin))


@admin.action(description=_("End all sessions of the selected people"), permissions=["change"])
def end_sessions(model_admin: object, request: HttpRequest, chosen: "QuerySet[User]") -> None:
    """Sign people out everywhere."""
    _each(
        request,
        chosen,
        lambda user, actor, origin: people.sign_out(user=user, reason="administrator", actor=actor.pk, origin=origin),
    )


def _each(request: HttpRequest, chosen: Iterable[User], act: Callable[[User, User, Origin], object]) -> None:
    actor, origin = request.user, origin_of(request)
    assert isinstance(actor, User)
    done = spared = 0
    for user in chosen:
        if may_act_on(actor, user):
            act(user, actor, origin)
            done += 1
        else:
            spared += 1
    if done:
        text = ngettext("Done for %(count)d person.", "Done for %(count)d people.", done)
        messages.success(request, text % {"count": done})
    if spared:
        messages.error(request, _("Only a superuser may act on a superuser."))
