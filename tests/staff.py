"""Staff as the administration wants them: signed in with two factors, a moment ago."""

from django.test import Client

from accounts.middleware import SID_KEY
from accounts.models import Session, User
from accounts.vocabulary import Acr


def sign_in_strongly(client: Client, user: User) -> Session:
    """Sign a browser in as if by password and code, and return the Session."""
    client.force_login(user)
    session: Session = Session.objects.get(pk=client.session[SID_KEY])
    session.acr, session.amr = Acr.AAL2, "mfa otp pwd"
    session.save(update_fields=["acr", "amr"])
    return session
