"""Authorization requests that clients push (RFC 9126), kept beside those that came by a form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Expands only: the last release keeps its own rows, which nobody pushed."""

    dependencies = [("oauth", "0012_client_documents")]

    operations = [
        migrations.AddField(
            model_name="storedrequest",
            name="pushed_by",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=255, verbose_name="pushed by"
            ),
        ),
        migrations.AddField(
            model_name="storedrequest",
            name="arrived_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="first brought by a browser"),
        ),
    ]
