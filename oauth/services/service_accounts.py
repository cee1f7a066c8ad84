"""Service accounts: clients that act as themselves, and the roles that they have then: the names of groups.

Such a client is no person: a role opens what a guard says (HasRole), and nothing of the administration.
"""

from accounts.models import User
from accounts.services import staff_power
from oauth.models import Client
from trust.audit.record import record
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


def roles_of(client_pk: int) -> tuple[str, ...]:
    """Return the roles of a client as they are now."""
    return tuple(Client.objects.role_names(client_pk))


def may_act_on(actor: object, client: Client) -> bool:
    """Tell whether a member of staff may change a client: one with roles only who could give people all of these.

    Who gives a client another secret or another key could use it, and have its roles.
    """
    roles = {group.pk for group in client.roles.all()}
    return not roles or (isinstance(actor, User) and roles.issubset(group.pk for group in staff_power.grantable(actor)))


def role_ended(*, group_id: int) -> None:
    """Kill the tokens that name a role which is renamed or deleted. A hook of ROLE_ENDED."""
    for client_id in Client.objects.having_role(group_id).values_list("client_id", flat=True):
        revoke(Kind.CLIENT, client_id)
        record("client.roles_changed", client_id=client_id)
