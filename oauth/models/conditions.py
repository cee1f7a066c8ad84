"""What statements about grants ask of people, in both languages that the house speaks to databases."""

from typing import Final

from django.db.models import Case, JSONField, Value, When

from accounts.models.conditions import ROLES_SQL, roles_of
from oauth.vocabulary import ROLES


def roles_in_scope() -> Case:
    """Return the roles of the person `user_id`, none if the column `scope` does not have them."""
    none = Value([], output_field=JSONField())
    return Case(When(scope__contains=ROLES, then=roles_of("user_id")), default=none, output_field=JSONField())


# The same in SQL of PostgreSQL, of the row `this`.
ROLES_IN_SCOPE_SQL: Final = f"CASE WHEN this.scope LIKE '%%{ROLES}%%' THEN {ROLES_SQL} ELSE '{{}}' END"
