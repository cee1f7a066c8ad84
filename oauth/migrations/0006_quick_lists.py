"""Indexes for the administration's lists of clients and of sessions at them: made while people sign in."""

from django.db import migrations, models

from trust.lib.online_index import AddIndexOnline
from trust.lib.prefix_index import PrefixIndex

_BY_NAME = ['name', 'client_id']
# docs/upgrading.md
BESIDE_THE_OLD_CODE = "The Python changes no row: it lets the database look at a table."


def look_at_clients(apps, schema_editor):
    """Let PostgreSQL know what the new indexes find: until it looked, it takes them for of no use."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('ANALYZE oauth_client')


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('oauth', '0005_two_client_secrets'),
    ]

    operations = [
        AddIndexOnline(
            model_name='client',
            index=models.Index(fields=_BY_NAME, name='oauth_client_by_name'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('is_active', False)), fields=_BY_NAME, name='oauth_client_disabled'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('reviewed', False)), fields=_BY_NAME, name='oauth_client_unreviewed'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('registration_source', 'dcr')), fields=_BY_NAME, name='oauth_client_registered'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('client_type', 'public')), fields=_BY_NAME, name='oauth_client_public'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('skip_authorization', True)), fields=_BY_NAME, name='oauth_client_unasked'),
        ),
        AddIndexOnline(
            model_name='client',
            index=PrefixIndex(fields=['name'], name='oauth_client_find_name'),
        ),
        AddIndexOnline(
            model_name='client',
            index=PrefixIndex(fields=['client_id'], name='oauth_client_find_client_id'),
        ),
        AddIndexOnline(
            model_name='clientsession',
            index=models.Index(condition=models.Q(('logout', ''), _negated=True), fields=['logout', 'id'], name='oauth_client_session_told'),
        ),
        migrations.RunPython(look_at_clients, migrations.RunPython.noop),
    ]
