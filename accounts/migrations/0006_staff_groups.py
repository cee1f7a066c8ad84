"""Permissions of their own for what support does, and what is remembered of the groups of staff (services/staff_groups.py)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_quick_lists'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': [('send_links', 'send links by which a password is set or an address confirmed'), ('reset_factors', 'take second factors away'), ('manage_staff', 'manage staff: say who is, in which groups, and act on them')], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
        migrations.CreateModel(
            name='StaffGroup',
            fields=[
                ('kind', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('given', models.ManyToManyField(related_name='+', to='auth.permission')),
                ('group', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='auth.group')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
