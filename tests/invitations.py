"""Invitations as staff send them, and the path of the link that came by mail."""

import re

from accounts.models import User
from accounts.services import invitations, people
from tests.mail_queue import deliver_mail
from trust.lib.origin import Origin


def invite(email: str = "dana@example.com") -> str:
    """Invite an address; return the path of the link in its mail."""
    root = User.objects.by_username("root").first() or people.create_person(
        username="root", email="root@example.com", password=None, verified=True, staff=True, superuser=True
    )
    invitations.invite(email=email, actor=root, origin=Origin())
    [message] = [message for message in deliver_mail() if message.to == [email]]
    found = re.search(r"http://testserver(/accounts/invitation/\S+)", str(message.body))
    assert found
    return found[1]
