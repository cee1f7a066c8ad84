import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("oauth", "0010_authorization_details")]

    operations = [
        migrations.CreateModel(
            name="TrustedIssuer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("issuer", models.CharField(max_length=255, unique=True, verbose_name="issuer")),
                (
                    "jwks_uri",
                    models.CharField(blank=True, default="", max_length=2048, verbose_name="address of its keys"),
                ),
                ("jwks", models.JSONField(blank=True, default=None, null=True, verbose_name="its keys")),
                ("algorithms", models.CharField(blank=True, default="", max_length=100, verbose_name="algorithms")),
                ("audience", models.CharField(blank=True, default="", max_length=2048, verbose_name="audience")),
                ("is_single_use", models.BooleanField(default=True, verbose_name="each assertion once")),
                ("is_active", models.BooleanField(default=True, verbose_name="trusted")),
            ],
            options={
                "verbose_name": "trusted issuer",
                "verbose_name_plural": "trusted issuers",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("jwks__isnull", False), ("jwks_uri", "")),
                            models.Q(models.Q(("jwks_uri", ""), _negated=True), ("jwks__isnull", True)),
                            _connector="OR",
                        ),
                        name="oauth_trusted_issuer_has_keys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="oauth_trusted_issuer_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Workload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("subject", models.CharField(max_length=500, verbose_name="subject")),
                ("claims", models.JSONField(blank=True, default=dict, verbose_name="further claims")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workloads",
                        to="oauth.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workloads",
                        to="oauth.trustedissuer",
                        verbose_name="trusted issuer",
                    ),
                ),
            ],
            options={
                "verbose_name": "workload",
                "verbose_name_plural": "workloads",
                "ordering": ("name",),
                "indexes": [models.Index(fields=["issuer", "subject"], name="oauth_workload_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("subject", ""), _negated=True)
                        ),
                        name="oauth_workload_is_named",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="exchanged_from",
            field=models.JSONField(default=None, null=True, verbose_name="tokens that it was exchanged from"),
        ),
    ]
