from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("oauth", "0009_personal_access_tokens")]

    operations = [
        migrations.CreateModel(
            name='AuthorizationDetailType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=255, unique=True, verbose_name='type')),
                ('title_en', models.CharField(max_length=120, verbose_name='what it allows, in English')),
                ('title_ko', models.CharField(blank=True, default='', max_length=120, verbose_name='what it allows, in Korean')),
                ('description_en', models.CharField(blank=True, default='', max_length=255, verbose_name='more about it, in English')),
                ('description_ko', models.CharField(blank=True, default='', max_length=255, verbose_name='more about it, in Korean')),
                ('fields', models.JSONField(blank=True, default=list, verbose_name='fields')),
                ('asks_each_time', models.BooleanField(default=True, verbose_name='people are asked each time')),
                ('is_registrable', models.BooleanField(default=False, verbose_name='for clients that register themselves')),
            ],
            options={
                'verbose_name': 'authorization detail type',
                'verbose_name_plural': 'authorization detail types',
                'ordering': ('type',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('type', ''), _negated=True), models.Q(('title_en', ''), _negated=True)), name='oauth_detail_type_is_named')],
            },
        ),
        migrations.AddField(
            model_name='consent',
            name='authorization_details',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='authorization details'),
        ),
        migrations.AddField(
            model_name='consent',
            name='declined',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='unticked'),
        ),
        migrations.AddField(
            model_name='client',
            name='required_scopes',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='scopes that cannot be unticked'),
        ),
    ]
