import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import Http404

from authproject.refusals import refusal_of


@pytest.mark.parametrize(
    "error", [KeyError("x"), ValueError("a bug"), Http404(), PermissionDenied(), SuspiciousOperation(), None]
)
def test_leaves_bugs_and_djangos_own_refusals_alone(error: Exception | None) -> None:
    assert refusal_of(error) is None


@pytest.mark.django_db
def test_takes_wrong_sql_for_a_bug_on_every_database() -> None:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert refusal_of(raised.value) is None


def test_takes_a_lost_connection_for_an_outage() -> None:
    refusal = refusal_of(OperationalError("server closed the connection unexpectedly"))
    assert refusal is not None
    assert (refusal.status, refusal.code) == (503, "temporarily_unavailable")
