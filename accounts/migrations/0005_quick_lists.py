"""Indexes for the administration's list of people: made while people sign in, which a million of them take some seconds."""

from django.db import migrations, models

from trust.lib.online_index import AddIndexOnline
from trust.lib.prefix_index import PrefixIndex


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0004_indexes'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        AddIndexOnline(
            model_name='user',
            index=models.Index(fields=['-created', '-id'], name='accounts_user_by_created'),
        ),
        AddIndexOnline(
            model_name='user',
            index=models.Index(condition=models.Q(('is_active', False)), fields=['username'], name='accounts_user_shut_out'),
        ),
        AddIndexOnline(
            model_name='user',
            index=models.Index(condition=models.Q(('is_staff', True)), fields=['username'], name='accounts_user_staff'),
        ),
        AddIndexOnline(
            model_name='user',
            index=PrefixIndex(fields=['username'], name='accounts_user_find_username'),
        ),
        AddIndexOnline(
            model_name='user',
            index=PrefixIndex(fields=['email'], name='accounts_user_find_email'),
        ),
        AddIndexOnline(
            model_name='user',
            index=PrefixIndex(fields=['name'], name='accounts_user_find_name'),
        ),
        AddIndexOnline(
            model_name='user',
            index=PrefixIndex(fields=['given_name'], name='accounts_user_find_given_name'),
        ),
        AddIndexOnline(
            model_name='user',
            index=PrefixIndex(fields=['family_name'], name='accounts_user_find_family_name'),
        ),
    ]
