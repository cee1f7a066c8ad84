"""The site as an installed app, and Django's admin behind our own AdminSite."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class SiteConfig(AppConfig):
    """The site: its commands and its checks."""

    name = "authproject"
    label = "authproject"
    verbose_name = "authproject"

    def ready(self) -> None:
        """Register the deploy checks and let migrations run longer than a request may."""
        from django.db.models.signals import pre_migrate

        from authproject import checks  # noqa: F401 - it registers them
        from authproject.postgresql.migrating import lift_statement_timeout

        # Django tells of no app without models, as this one is.
        pre_migrate.connect(lift_statement_timeout, sender=apps.get_app_config("accounts"))


class AdminSiteConfig(AdminConfig):
    """Django's admin, whose site is ours."""

    default_site = "authproject.admin_site.AuthAdminSite"


class JobsConfig(TasksAppConfig):
    """The job queue, under a name that staff understand."""

    verbose_name = _("Jobs")  # type: ignore[assignment]  # it may be lazy, as Django has it
