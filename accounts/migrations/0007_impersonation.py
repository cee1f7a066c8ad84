"""Sessions of a person that staff began, to see the site as they do: the columns are empty, the index is made online."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from trust.lib.online_index import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("accounts", "0006_staff_groups")]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': [('send_links', 'send links by which a password is set or an address confirmed'), ('reset_factors', 'take second factors away'), ('manage_staff', 'manage staff: say who is, in which groups, and act on them'), ('impersonate_user', 'see the site as a person does')], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
        migrations.AddField(
            model_name='session',
            name='impersonated_from',
            field=models.UUIDField(editable=False, null=True, verbose_name='impersonated from the session'),
        ),
        migrations.AddField(
            model_name='session',
            name='impersonator',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='impersonated by'),
        ),
        AddIndexOnline(
            model_name='session',
            index=models.Index(condition=models.Q(('impersonator__isnull', False)), fields=['impersonator'], name='accounts_session_impersonator'),
        ),
    ]
