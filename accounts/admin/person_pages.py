"""The pages round a person's form: everything that is kept of them, and the questions before anything is done."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.admin.panels import panels_of
from accounts.admin.person_actions import PERSON_ACTIONS, NotDone, PersonAction, Question
from accounts.models import Session, User
from accounts.services import sessions
from accounts.services.staff_power import may_act_on
from accounts.views import recent_proof
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList

_BY_NAME: Final = {action.name: action for action in PERSON_ACTIONS}
_QUESTION: Final = "admin/accounts/user/question.html"


class PersonPages(QuickList):
    """Pages that are no form of the model."""

    change_form_template = "admin/accounts/user/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the questions' addresses."""
        guard = self.admin_site.admin_view
        return [
            path("<uuid:pk>/do/<slug:name>/", guard(self.ask), name="accounts_user_ask"),
            path("<uuid:pk>/sessions/<uuid:sid>/end/", guard(self.end_session), name="accounts_user_end_session"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show beside the form what hangs on the person, and what may be done for them."""
        user = context.get("original")
        if user is not None:
            staff = request.user
            offered = [action for action in PERSON_ACTIONS if action.may(staff, user) and action.offered(user)]
            context = context | {"panels": panels_of(user, staff), "person_actions": offered}
        return super().render_change_form(request, context, *args, **kwargs)

    def ask(self, request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
        """Ask whether something is meant, and do it."""
        action, user = _BY_NAME.get(name), self._person(request, pk)
        if action is None:
            raise Http404("no such action")
        if not action.may(request.user, user):
            raise PermissionDenied("this is for others to do, or not to be done to them")
        if not action.offered(user):
            messages.info(request, _("There is nothing to be done."))
            return _back(user)
        form = action.form(request.POST if request.method == "POST" else None)
        if action.wants_proof and not recent_proof.signed_in_now(request):
            return recent_proof.to_prove_again(request)
        if form.is_valid():
            return self._do(request, action, user, form)
        return self._question(request, user, action.label, question=action.question, form=form)

    def end_session(self, request: HttpRequest, pk: uuid.UUID, sid: uuid.UUID) -> HttpResponse:
        """Ask whether one session of a person is to end, and end it."""
        user = self._person(request, pk)
        session = Session.objects.of_user(user.pk).by_id(sid).first()
        if session is None:
            raise Http404("no such session of theirs")
        if not (request.user.has_perm("accounts.change_session") and may_act_on(request.user, user)):
            raise PermissionDenied("sessions are ended by others")
        if request.method != "POST":
            asked = _(
                "The device is signed out, and the tokens that applications got by this sign-in end with it. A session "
                "that an application keeps of its own ends if the application takes back-channel logout."
            )
            return self._question(request, user, _("End this session"), question=asked, session=session)
        if sessions.end(session_id=sid, reason="administrator", actor=request.user.pk, origin=origin_of(request)):
            messages.success(request, _("The session was ended."))
        return _back(user)

    def _person(self, request: HttpRequest, pk: uuid.UUID) -> User:
        if not self.has_view_permission(request):
            raise PermissionDenied("people are for others to see")
        user: User | None = self.get_object(request, str(pk))
        if user is None:
            raise Http404("nobody")
        return user

    def _do(self, request: HttpRequest, action: PersonAction, user: User, form: Question) -> HttpResponse:
        assert isinstance(request.user, User)
        try:
            led_to = action.act(request, user, request.user, form)
        except NotDone as why:
            messages.error(request, str(why))
            return _back(user)
        if led_to is None:
            messages.success(request, _("%(action)s: done.") % {"action": action.label})
        return led_to or _back(user)

    def _question(self, request: HttpRequest, user: User, title: Any, **context: Any) -> HttpResponse:
        page = self.admin_site.each_context(request) | {"opts": self.opts, "original": user, "title": title}
        return TemplateResponse(request, _QUESTION, page | context)


def _back(user: User) -> HttpResponse:
    return redirect("admin:accounts_user_change", user.pk)
