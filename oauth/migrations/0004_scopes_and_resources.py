from django.db import migrations, models

# As they were when this migration was written: name, whether a new client may ask for it.
_BUILT_IN = (
    ('openid', True),
    ('profile', True),
    ('email', True),
    ('address', False),
    ('phone', False),
    ('roles', False),
    ('offline_access', True),
)
_LONGEST_NAME = 255
# docs/upgrading.md
BESIDE_THE_OLD_CODE = "The rows are of a table that is made here, which the release before does not know."


def add_those_that_are_used(apps, schema_editor):
    """Give each scope its row: the built-in ones, and whatever clients were registered for."""
    scopes = apps.get_model('oauth', 'Scope').objects
    for name, is_default in _BUILT_IN:
        scopes.get_or_create(name=name, defaults={'is_offered': True, 'is_default': is_default})
    used = set()
    for words in apps.get_model('oauth', 'Client').objects.values_list('scopes', flat=True).distinct().iterator():
        used.update(name for name in words.split() if len(name) <= _LONGEST_NAME)
    for name in sorted(used):
        scopes.get_or_create(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ('oauth', '0003_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True, verbose_name='name')),
                ('title_en', models.CharField(blank=True, default='', max_length=120, verbose_name='what it allows, in English')),
                ('title_ko', models.CharField(blank=True, default='', max_length=120, verbose_name='what it allows, in Korean')),
                ('description_en', models.CharField(blank=True, default='', max_length=255, verbose_name='more about it, in English')),
                ('description_ko', models.CharField(blank=True, default='', max_length=255, verbose_name='more about it, in Korean')),
                ('is_offered', models.BooleanField(default=False, verbose_name='named in the metadata')),
                ('is_default', models.BooleanField(default=False, verbose_name='given to new clients')),
            ],
            options={
                'verbose_name': 'scope',
                'verbose_name_plural': 'scopes',
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='oauth_scope_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifier', models.CharField(max_length=500, unique=True, verbose_name='identifier')),
                ('name_en', models.CharField(max_length=80, verbose_name='name in English')),
                ('name_ko', models.CharField(blank=True, default='', max_length=80, verbose_name='name in Korean')),
                ('scopes', models.ManyToManyField(blank=True, related_name='resources', to='oauth.scope', verbose_name='scopes')),
            ],
            options={
                'verbose_name': 'resource',
                'verbose_name_plural': 'resources',
                'ordering': ('identifier',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('identifier', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='oauth_resource_is_named')],
            },
        ),
        migrations.RunPython(add_those_that_are_used, migrations.RunPython.noop),
    ]
