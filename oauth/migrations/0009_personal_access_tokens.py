"""Personal access tokens, and which scopes people may give them: at first those that tell of themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_TELL_OF_ONESELF = ["profile", "email", "address", "phone", "roles"]
# docs/upgrading.md
BESIDE_THE_OLD_CODE = "The Python fills a column that the old code does not know."


def let_people_give(apps, schema_editor):
    """Let people give what tells of themselves; of other scopes an administrator says so."""
    apps.get_model("oauth", "Scope").objects.filter(name__in=_TELL_OF_ONESELF).update(is_personal=True)


class Migration(migrations.Migration):

    dependencies = [("oauth", "0008_device_flow"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="scope",
            name="is_personal",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="for personal access tokens"
            ),
        ),
        migrations.RunPython(let_people_give, migrations.RunPython.noop),
        migrations.CreateModel(
            name="PersonalAccessToken",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="digest")),
                ("scope", models.TextField(verbose_name="scope")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="personal_access_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "personal access token",
                "verbose_name_plural": "personal access tokens",
            },
        ),
        migrations.AddIndex(
            model_name="personalaccesstoken",
            index=models.Index(fields=["expires_at"], name="oauth_personal_by_end"),
        ),
        migrations.AddConstraint(
            model_name="personalaccesstoken",
            constraint=models.UniqueConstraint(fields=("digest",), name="oauth_personal_once"),
        ),
    ]
