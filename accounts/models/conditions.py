"""What statements of other tables ask of people and sessions, in both languages that the house speaks to databases."""

from typing import Final

from django.contrib.auth.models import Group
from django.db.models import F, OuterRef

from trust.lib.subqueries import ListSubquery


def roles_of(column: str) -> ListSubquery:
    """Return the sorted names of the groups of the person whom a column of the outer query names."""
    return ListSubquery(Group.objects.filter(user=OuterRef(column)).order_by("name").values(one=F("name")))


def roles_sql(person: str) -> str:
    """Return the same in SQL of PostgreSQL; `person` is the column that names the person."""
    return f"""ARRAY(SELECT named.name FROM auth_group named
        JOIN accounts_user_groups belongs ON belongs.group_id = named.id
        WHERE belongs.user_id = {person} ORDER BY named.name)"""  # noqa: S608 - made of our own words alone


# Whether the person `this.user_id` may sign in.
PERSON_ACTIVE_SQL: Final = """EXISTS (SELECT 1 FROM accounts_user person
        WHERE person.id = this.user_id AND person.is_active)"""
# Whether the session `this.session_id` is alive, of a person who is active.
SESSION_ALIVE_SQL: Final = """EXISTS (SELECT 1 FROM accounts_session session WHERE session.id = this.session_id
        AND session.ended_at IS NULL AND session.expires_at > clock_timestamp() AND EXISTS (
            SELECT 1 FROM accounts_user person WHERE person.id = session.user_id AND person.is_active))"""
