"""External providers in the administration: fields instead of JSON, and a secret that goes in and never comes out."""

from typing import Any

from allauth.socialaccount.models import SocialApp
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.external import secret
from accounts.external.conf import DEFAULT_SCOPE
from accounts.external.configuration import TOKEN_AUTH_METHODS, BadConfiguration, check_provider_id, read_settings
from trust.lib.quick_list import QuickList


class ExternalProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the provider gave on registration, and how far it is trusted."""

    provider_id = forms.CharField(
        label=_("id"), max_length=40, help_text=_("It stands in the callback: /accounts/oidc/{id}/login/callback/")
    )
    secret = forms.CharField(
        label=_("client secret"),
        required=False,
        max_length=secret.LONGEST,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown. Leave it empty to keep the one there is."),
    )
    server_url = forms.CharField(label=_("issuer"), help_text=_("Or the discovery URL."))
    scope = forms.CharField(label=_("scopes"), initial=" ".join(DEFAULT_SCOPE))
    trusted_domains = forms.CharField(
        label=_("trusted domains"),
        required=False,
        help_text=_("Addresses in these count as verified where the provider says so; all others get a mail from us."),
    )
    token_auth_method = forms.ChoiceField(
        label=_("authentication at the token endpoint"),
        required=False,
        choices=[("", _("as discovered")), *((method, method) for method in TOKEN_AUTH_METHODS)],
    )
    fetch_userinfo = forms.BooleanField(label=_("ask its userinfo endpoint"), required=False, initial=True)

    class Meta:
        model = SocialApp
        fields = ("name", "provider_id", "client_id", "secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.settings
        shown = {name: " ".join(value) if isinstance(value, list) else value for name, value in known.items()}
        self.initial = {**self.initial, **shown, "secret": ""}
        self.fields["secret"].required = self.instance.pk is None

    def clean_secret(self) -> str:
        """Seal a new secret; an empty one leaves the old."""
        given: str = self.cleaned_data["secret"]
        return secret.sealed(given) if given else str(self.instance.secret)

    def clean_provider_id(self) -> str:
        """Refuse an id that is taken, or that cannot stand in a path."""
        provider_id: str = self.cleaned_data["provider_id"]
        try:
            check_provider_id(provider_id)
        except BadConfiguration as bad:
            raise forms.ValidationError(str(bad)) from bad
        taken = {app.provider_id: app.pk for app in SocialApp.objects.all()}
        if taken.get(provider_id, self.instance.pk) != self.instance.pk:
            raise forms.ValidationError(_("Another provider has this id."))
        return provider_id

    def clean(self) -> dict[str, Any]:
        """Put the settings together and check them as those of the environment are."""
        cleaned = super().clean() or self.cleaned_data
        lists = {name: cleaned.get(name, "").split() for name in ("scope", "trusted_domains")}
        given = {name: cleaned[name] for name in ("server_url", "token_auth_method") if cleaned.get(name)}
        members = {**given, **lists, "fetch_userinfo": cleaned["fetch_userinfo"]}
        try:
            read_settings(members)
        except BadConfiguration as bad:
            raise forms.ValidationError(str(bad)) from bad
        self.instance.settings = members
        return cleaned

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        """Keep it as a provider of the kind that is known here."""
        self.instance.provider = "openid_connect"
        return super().save(commit)


class ExternalProviderAdmin(QuickList):
    """The providers that are kept in the table; those of OIDC_PROVIDERS are not listed here."""

    form = ExternalProviderForm
    list_display = ("name", "provider_id", "client_id")
    fields = (
        "name",
        "provider_id",
        "client_id",
        "secret",
        "server_url",
        "scope",
        "trusted_domains",
        "token_auth_method",
        "fetch_userinfo",
    )
