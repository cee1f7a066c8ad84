"""Device authorizations as we keep them (RFC 8628). Nothing ever wrote to their table."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# docs/upgrading.md
BESIDE_THE_OLD_CODE = "The table is empty wherever the release before ran: nothing wrote to it, and nothing does there."
_NAME = "deviceauthorization"


class Migration(migrations.Migration):
    """The columns that a device authorization has beside the toolkit's."""

    dependencies = [("oauth", "0007_profiles_and_bindings")]

    operations = [
        migrations.AlterField(
            _NAME,
            "device_code",
            models.CharField(editable=False, max_length=100, verbose_name="digest of the device code"),
        ),
        migrations.AlterField(
            _NAME,
            "user_code",
            models.CharField(editable=False, max_length=100, verbose_name="keyed digest of the user code"),
        ),
        migrations.AlterField(
            _NAME, "status", models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)
        ),
        migrations.AlterField(
            _NAME, "client_id", models.CharField(blank=True, db_default="", default="", editable=False, max_length=100)
        ),
        migrations.AlterField(_NAME, "last_checked", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            _NAME,
            "application",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            _NAME, "grant", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="grant")
        ),
        migrations.AddField(
            _NAME,
            "session",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="accounts.session",
                verbose_name="session",
            ),
        ),
        migrations.AddField(
            _NAME,
            "acr",
            models.CharField(
                blank=True,
                choices=[("aal1", "one factor"), ("aal2", "two factors"), ("phr", "phishing-resistant")],
                default="",
                max_length=8,
                verbose_name="authentication level told",
            ),
        ),
        migrations.AddField(_NAME, "resource", models.JSONField(blank=True, default=list, verbose_name="resources")),
        migrations.AddField(
            _NAME,
            "authorization_details",
            models.TextField(blank=True, default="", verbose_name="authorization details"),
        ),
        migrations.AddField(
            _NAME, "act", models.CharField(blank=True, default="", max_length=255, verbose_name="who acts")
        ),
        migrations.AddField(
            _NAME,
            "dpop_jkt",
            models.CharField(blank=True, default="", max_length=43, verbose_name="key that it is bound to"),
        ),
        migrations.AddField(
            _NAME,
            "client_address",
            models.CharField(blank=True, default="", max_length=45, verbose_name="address"),
        ),
        migrations.AddField(
            _NAME,
            "user_agent",
            models.CharField(blank=True, default="", max_length=255, verbose_name="user agent"),
        ),
        migrations.AddField(
            _NAME,
            "created",
            models.DateTimeField(auto_now_add=True, default=None, verbose_name="asked"),
            preserve_default=False,
        ),
        migrations.AddField(
            _NAME, "last_polled", models.DateTimeField(editable=False, null=True, verbose_name="last asked again")
        ),
        migrations.AddField(
            _NAME,
            "polled_early",
            models.BooleanField(default=False, editable=False, verbose_name="asked again too early"),
        ),
        migrations.AddField(
            _NAME, "approved_at", models.DateTimeField(editable=False, null=True, verbose_name="approved")
        ),
        migrations.AddField(_NAME, "denied_at", models.DateTimeField(editable=False, null=True, verbose_name="denied")),
        migrations.AddField(_NAME, "used_at", models.DateTimeField(editable=False, null=True, verbose_name="used")),
        migrations.AddIndex(_NAME, models.Index(fields=["expires"], name="oauth_device_by_end")),
        migrations.AddConstraint(
            _NAME, models.UniqueConstraint(fields=("user_code",), name="oauth_device_user_code_once")
        ),
        migrations.AddConstraint(
            _NAME,
            models.CheckConstraint(
                condition=models.Q(("approved_at__isnull", True), ("denied_at__isnull", True), _connector="OR"),
                name="oauth_device_decided_once",
            ),
        ),
        migrations.AddConstraint(
            _NAME,
            models.CheckConstraint(
                condition=models.Q(
                    ("approved_at__isnull", True),
                    models.Q(("session__isnull", False), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="oauth_device_approved_by_somebody",
            ),
        ),
    ]
