from django.db import migrations, models

from trust.lib.online_index import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("oauth", "0011_trusted_issuers")]

    operations = [
        migrations.AddField(
            model_name='resource',
            name='is_registrable',
            field=models.BooleanField(db_default=False, default=False, verbose_name='open to unknown clients'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('registration_source', 'cimd')), fields=['name', 'client_id'], name='oauth_client_published'),
        ),
        AddIndexOnline(
            model_name='client',
            index=models.Index(condition=models.Q(('is_active', True), ('registration_source', 'cimd'), ('reviewed', False)), fields=['created'], name='oauth_client_just_published'),
        ),
    ]
