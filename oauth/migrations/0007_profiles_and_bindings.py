import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# docs/upgrading.md
BESIDE_THE_OLD_CODE = "The constraint is of columns made here, which the release before leaves at their defaults."


class Migration(migrations.Migration):

    dependencies = [("auth", "0012_alter_user_first_name_max_length"), ("oauth", "0006_quick_lists")]

    operations = [
        migrations.AddField(
            model_name='accesstoken',
            name='act',
            field=models.JSONField(default=None, null=True, verbose_name='who acts'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='authorization_details',
            field=models.JSONField(default=None, null=True, verbose_name='authorization details'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='cnf',
            field=models.JSONField(default=None, null=True, verbose_name='key that it is bound to'),
        ),
        migrations.AddField(
            model_name='authorizationcode',
            name='act',
            field=models.CharField(blank=True, db_default='', default='', max_length=255, verbose_name='who acts'),
        ),
        migrations.AddField(
            model_name='authorizationcode',
            name='authorization_details',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='authorization details'),
        ),
        migrations.AddField(
            model_name='authorizationcode',
            name='dpop_jkt',
            field=models.CharField(blank=True, db_default='', default='', max_length=43, verbose_name='key that it is bound to'),
        ),
        migrations.AddField(
            model_name='client',
            name='authorization_details_types',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='types of authorization details'),
        ),
        migrations.AddField(
            model_name='client',
            name='authorization_signed_response_alg',
            field=models.CharField(blank=True, db_default='', default='', max_length=5, verbose_name='authorization response algorithm'),
        ),
        migrations.AddField(
            model_name='client',
            name='dpop_bound_access_tokens',
            field=models.BooleanField(db_default=False, default=False, verbose_name='tokens bound to a key (DPoP)'),
        ),
        migrations.AddField(
            model_name='client',
            name='introspection_signed_response_alg',
            field=models.CharField(blank=True, db_default='', default='', max_length=5, verbose_name='introspection response algorithm'),
        ),
        migrations.AddField(
            model_name='client',
            name='may_revoke_subjects',
            field=models.BooleanField(db_default=False, default=False, verbose_name='may end all that a person is signed in to'),
        ),
        migrations.AddField(
            model_name='client',
            name='profile',
            field=models.CharField(blank=True, choices=[('', 'none'), ('fapi2', 'FAPI 2.0 security profile')], db_default='', default='', max_length=16, verbose_name='profile'),
        ),
        migrations.AddField(
            model_name='client',
            name='require_pushed_authorization_requests',
            field=models.BooleanField(db_default=False, default=False, verbose_name='authorization requests pushed alone'),
        ),
        migrations.AddField(
            model_name='client',
            name='require_signed_request_object',
            field=models.BooleanField(db_default=False, default=False, verbose_name='authorization requests signed alone'),
        ),
        migrations.AddField(
            model_name='client',
            name='roles',
            field=models.ManyToManyField(blank=True, related_name='service_accounts', to='auth.group', verbose_name='roles that it has when it acts as itself'),
        ),
        migrations.AddField(
            model_name='client',
            name='rotates_refresh_tokens',
            field=models.BooleanField(db_default=True, default=True, verbose_name='refresh tokens are replaced'),
        ),
        migrations.AddField(
            model_name='client',
            name='token_exchange',
            field=models.CharField(choices=[('none', 'nothing'), ('delegation', 'a token that names who acts (delegation)'), ('impersonation', 'a token that names nobody beside the person (impersonation)')], db_default='none', default='none', max_length=16, verbose_name='may exchange tokens for'),
        ),
        migrations.AddField(
            model_name='refreshtoken',
            name='act',
            field=models.CharField(blank=True, db_default='', default='', max_length=255, verbose_name='who acts'),
        ),
        migrations.AddField(
            model_name='refreshtoken',
            name='authorization_details',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='authorization details'),
        ),
        migrations.AddField(
            model_name='refreshtoken',
            name='dpop_jkt',
            field=models.CharField(blank=True, db_default='', default='', max_length=43, verbose_name='key that it is bound to'),
        ),
        migrations.AddField(
            model_name='resource',
            name='access_token_format',
            field=models.CharField(blank=True, choices=[('jwt', 'signed (JWT)'), ('opaque', 'opaque')], db_default='', default='', max_length=6, verbose_name='access token format'),
        ),
        migrations.AddField(
            model_name='resource',
            name='access_token_lifetime',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='access token lifetime in seconds'),
        ),
        migrations.AddField(
            model_name='resource',
            name='client',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='resources', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL, verbose_name='client that introspects its tokens'),
        ),
        migrations.AlterField(
            model_name='accesstoken',
            name='audience',
            field=models.CharField(max_length=500, verbose_name='audience'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('access_token_lifetime__isnull', True), ('access_token_lifetime__range', (60, 3600)), _connector='OR'), name='oauth_resource_lifetime_in_bounds'),
        ),
    ]
