"""Migrations on PostgreSQL may take longer than a request."""

import pytest
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_migrations_outlast_the_statement_timeout_of_requests() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")
        emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() != ("0",)
