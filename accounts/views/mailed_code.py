"""Sign-in by a code in a mail, in place of allauth's pages at the same addresses: ours count, and tell nobody apart.

An address that nobody proved gets no code but the link that proves it. A code would prove it as well, but sign its
person in to an account that a stranger may have made, with a password of theirs, and wait in (pre-hijacking).
"""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.forms.mailed_code import RequestCodeForm
from accounts.models import User


class RequestCodeView(allauth_views.RequestLoginCodeView):
    """Ask for a code."""

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        """Send the code, or what else there is to say to the address; then go on to the same page."""
        send_code(self.request, email=form.cleaned_data["email"], person=form.person, redirect_url=self.get_next_url())
        return redirect(self.get_success_url())


class ConfirmCodeView(allauth_views.ConfirmLoginCodeView):
    """Take the code. The second factor, if there is one, is asked for after it."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form see whose code it is."""
        return {**super().get_form_kwargs(), "process": self._process}


def send_code(request: HttpRequest, *, email: str, person: User | None, redirect_url: str | None) -> None:
    """Begin a sign-in that waits for its code, whether or not anybody can ever give one."""
    # Asked of nobody too: time must not tell what the answer does not.
    is_proved = (person or User(email=email)).has_verified_email
    unproved = person is not None and not is_proved
    login = Login(user=None if unproved else person, email=email, redirect_url=redirect_url)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(LoginCodeVerificationProcess.initial_state(user=login.user, email=email))
    stage.state["initiated_by_user"] = True
    process = LoginCodeVerificationProcess(stage=stage)
    process.send(skip_enumeration_mails=unproved)
    process.persist()
    if person is not None and unproved:
        for address in person.emailaddress_set.all():  # type: ignore[attr-defined]  # allauth's
            if address.email == email:
                address.send_confirmation(request)
