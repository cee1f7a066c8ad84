"""The jobs in the administration: the library's pages, as quick as our own."""

from django.contrib import admin
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from trust.lib.read_only_admin import ReadOnlyAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobAdmin(ReadOnlyAdmin, DBTaskResultAdmin):  # type: ignore[misc]  # theirs may be asked without a request
    """Jobs, the latest first. The library's filter by queue would read all rows to find their names."""

    list_filter = ("status",)  # type: ignore[assignment]  # theirs has three
