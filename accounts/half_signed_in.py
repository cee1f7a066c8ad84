"""A sign-in that waits for its second factor or for its mail: allauth keeps it in the browser's session."""

from typing import Final

from allauth.account.internal.flows.login import clear_authentication_records
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

_PASSWORD: Final = "signing_in_under"


def going_to(request: HttpRequest) -> str:
    """Return the path that the sign-in leads to when it is done; empty if there is none, or it leads nowhere."""
    waiting = request.session.get(LOGIN_SESSION_KEY)
    return (waiting.get("redirect_url") or "") if isinstance(waiting, dict) else ""


def begin(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Note, at its beginning, which password a sign-in is under."""
    request.session[_PASSWORD] = user.get_session_auth_hash()


def end_if_overtaken(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Tell, at the end of a sign-in, whether the password was replaced meanwhile; what was proved under it is void.

    Else who gave a stolen password, and had yet to give a code, would come in after the reset that shut them out.
    """
    under = request.session.pop(_PASSWORD, None)
    if under is None or constant_time_compare(under, user.get_session_auth_hash()):
        return False
    clear_authentication_records(request)
    return True
