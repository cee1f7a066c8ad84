
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('explain', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='explanation',
            name='endpoint',
            field=models.CharField(choices=[('authorization', 'authorization'), ('device', 'device authorization'), ('token', 'token'), ('introspection', 'introspection'), ('revocation', 'revocation'), ('revoke_subject', 'global token revocation'), ('registration', 'registration'), ('sign_in', 'sign-in')], max_length=16, verbose_name='endpoint'),
        ),
    ]
