"""The outbox looked into: what waits there for an address that is no longer anybody's."""

from collections.abc import Collection

from trust.lib.sealing import SealBroken
from trust.mail.message import unseal_message
from trust.mail.models import OutgoingMail


def forget(addresses: Collection[str]) -> int:
    """Delete the mails that wait for these addresses and for no other; return how many.

    Each has to be opened to see for whom it is: an outbox is short, and what waits long is given up (trust/mail/conf).
    """
    going = [mail.pk for mail in OutgoingMail.objects.iterator() if _is_for(mail, {*map(str.lower, addresses)})]
    return sum(OutgoingMail.objects.by_id(pk).delete()[0] for pk in going)


def _is_for(mail: OutgoingMail, addresses: Collection[str]) -> bool:
    try:
        recipients = {recipient.lower() for recipient in unseal_message(mail.sealed).recipients()}
    except SealBroken:  # nobody will read it either
        return False
    return recipients.issubset(addresses)
