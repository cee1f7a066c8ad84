"""What statements about grants ask of people and clients, in both languages that the house speaks to databases."""

from typing import Final

from django.db.models import Case, JSONField, Value, When

from accounts.models.conditions import roles_of, roles_sql
from oauth.vocabulary import ROLES


def roles_in_scope() -> Case:
    """Return the roles of the person `user_id`, none if the column `scope` does not have them."""
    none = Value([], output_field=JSONField())
    return Case(When(scope__contains=ROLES, then=roles_of("user_id")), default=none, output_field=JSONField())


# The same in SQL of PostgreSQL, of the row `this`.
ROLES_IN_SCOPE_SQL: Final = f"CASE WHEN this.scope LIKE '%%{ROLES}%%' THEN {roles_sql('this.user_id')} ELSE '{{}}' END"
# Whether the client `this.application_id` is `asked.client_pk` as it is known, active, and open to `this.user_id`.
CLIENT_ADMITS_SQL: Final = """EXISTS (SELECT 1 FROM oauth_client client
        WHERE client.id = this.application_id AND client.id = asked.client_pk
        AND client.updated = asked.client_version AND client.is_active
        AND (NOT EXISTS (SELECT 1 FROM oauth_client_groups open_to WHERE open_to.client_id = client.id)
            OR EXISTS (SELECT 1 FROM oauth_client_groups open_to
                JOIN accounts_user_groups belongs ON belongs.group_id = open_to.group_id
                WHERE open_to.client_id = client.id AND belongs.user_id = this.user_id)))"""
