"""The proofs that were used."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of its own: short rows, that come and go quickly."""

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="UsedProof",
            fields=[
                ("digest", models.CharField(max_length=43, primary_key=True, serialize=False, verbose_name="digest")),
                ("forget_at", models.DateTimeField(db_index=True, verbose_name="forgotten at")),
            ],
            options={
                "verbose_name": "used DPoP proof",
                "verbose_name_plural": "used DPoP proofs",
            },
        ),
    ]
