"""What the house is made of, the same in every deployment: apps, middleware, hooks, doors of libraries.

settings.py takes it in.
"""

from pathlib import Path
from typing import Any, Final

from csp.constants import NONE, SELF

from accounts.conf import MAILED_CODE_ATTEMPTS, MAILED_CODE_LIFETIME

_ROOT: Final = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "authproject.apps.SiteConfig",
    "oauth2_provider",
    "oauth",
    "accounts",
    "trust.keys",
    "trust.revocation",
    "trust.audit",
    "trust.notary",
    "trust.events",
    "trust.explain",
    "trust.limits",
    "trust.dpop",
    "trust.mail",
    "trust.statistics",
    "authproject.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_tasks",
    "authproject.apps.JobsConfig",
]
MIDDLEWARE = [
    # Not there at all while traces are off.
    "authproject.middleware.tracing.TracingMiddleware",
    # Outermost, so that it counts what the others refuse.
    "authproject.middleware.metrics.MetricsMiddleware",
    # The headers next, so that refusals have them too; then nothing is read before the guard has seen it.
    "authproject.middleware.headers.SecurityHeadersMiddleware",
    "authproject.middleware.errors.RefusalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "authproject.middleware.csp.CSPMiddleware",
    "authproject.middleware.input_guard.InputGuardMiddleware",
    "authproject.middleware.probes.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "authproject.middleware.language.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.impersonation.middleware.ImpersonationMiddleware",
    "accounts.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "oauth.views.pending.PendingAuthorizationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "authproject.urls"
WSGI_APPLICATION = "authproject.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "authproject.context_processors.brand",
                "accounts.impersonation.context.impersonation",
            ],
        },
    },
]
# Accounts by JSON, beside the pages: accounts/api/headless. What is open stands in its urls.py.
HEADLESS_CLIENTS = ("browser", "app")
HEADLESS_TOKEN_STRATEGY = "accounts.api.headless.strategy.TokenStrategy"

# --- People -------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.passwords.BoundedArgon2PasswordHasher",
    # Of people who were imported; made anew by the first when they sign in.
    "accounts.passwords.foreign.ForeignPbkdf2PasswordHasher",
    "accounts.passwords.foreign.ForeignScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "name", "given_name", "family_name", "nickname")},
    },
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
    {"NAME": "accounts.passwords.BreachedValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.login.LoginForm",
    "signup": "accounts.forms.signup.SignupForm",
    "change_password": "accounts.forms.password.ChangePasswordForm",
    "reset_password": "accounts.forms.password.ResetPasswordForm",
    "add_email": "accounts.forms.address.AddEmailForm",
    "request_login_code": "accounts.forms.mailed_code.RequestCodeForm",
    "confirm_login_code": "accounts.forms.mailed_code.ConfirmCodeForm",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(MAILED_CODE_LIFETIME.total_seconds())
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = MAILED_CODE_ATTEMPTS
ACCOUNT_EMAIL_NOTIFICATIONS = False  # accounts/services/notices.py tells instead, within the change
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_VALIDATORS = "accounts.models.user.USERNAME_VALIDATORS"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SOCIALACCOUNT_ADAPTER = "accounts.external.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.external.forms.SignupForm",
    "disconnect": "accounts.external.forms.DisconnectForm",
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.one_time_code.AuthenticateForm",
    "reauthenticate": "accounts.forms.one_time_code.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way: clocks drift

# --- Who sees the site as another person (accounts/impersonation): what they may open and send, by the names of the
# addresses. All else is refused them, what will be added to the site as well, until it is named here.
SEEN_WHILE_IMPERSONATING: Final = frozenset(
    {
        *("front", "brand_stylesheet", "brand_logo", "client_logo", "explanation", "forward_auth_refused"),
        *("account_overview", "account_profile", "account_email", "account_sessions", "account_activity"),
        *("account_apps", "account_tokens", "mfa_index", "socialaccount_connections"),
        *("authorization", "account_impersonation_over"),
    }
)
SENT_WHILE_IMPERSONATING: Final = frozenset({"account_impersonation_stop", "authorization", "set_language"})
_METADATA: Final = ("openid-configuration", "oauth-authorization-server", "oauth-protected-resource")
# They go by what a program sends with its request, and by no cookie.
ASKED_BY_PROGRAMS: Final = frozenset(
    {
        *("token", "introspection", "revocation", "global_token_revocation", "userinfo", "jwks"),
        *("pushed_authorization_request", "device_authorization", "registration", "registration_management"),
        *("api_token", "api_token_passkey", "api_token_refresh", "api_token_verify", "api_token_logout"),
        *("api_sessions", "api_session", "api_me", "api_protected", "api_user_info", "api_personal_access_token"),
        *("forward_auth", "api_schema", "health_live", "health_ready", "metrics"),
        *(rf"^\.well-known/{of}/?$" for of in _METADATA),
    }
)

# --- Hooks: what happens below is told upwards by dotted path, checked at start-up ---------------------------
SESSION_ENDED: list[str] = [
    "oauth.services.grants.session_ended",
    "oauth.services.personal_access_tokens.session_ended",
    "oauth.jobs.back_channel_logout.session_ended",
]
PERSON_EXPORT: list[str] = ["oauth.services.person_export.person_export"]
PERSON_ADMIN_PANELS: list[str] = [
    "oauth.admin.person_panels.connected_apps",
    "oauth.admin.person_panels.personal_access_tokens",
]
PERSON_ERASED: list[str] = ["oauth.services.person_erased.person_erased"]
ROLE_ENDED: list[str] = ["oauth.services.service_accounts.role_ended"]
SIGN_IN_JUDGED: list[str] = ["authproject.metrics.count_sign_in"]
REFUSALS_NOTED: list[str] = ["oauth.services.refusals.complete"]
TOKEN_ISSUED: list[str] = ["authproject.metrics.count_token"]
# What follows the audit trail: told in the worker, after events were sealed, up to which place (through: int).
AUDIT_SEALED: list[str] = ["trust.events.jobs.audit_sealed"]
LIMIT_HIT: list[str] = ["authproject.metrics.count_limit"]
PERSON_MADE: list[str] = ["authproject.metrics.count_person"]

# --- The API and the toolkit --------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["oauth.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["trust.guard.parsers.JSONParser", "rest_framework.parsers.FormParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "trust.guard.negotiation.ContentNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "trust.guard.errors.render_exception",
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.Client"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth.AuthorizationCode"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth.RefreshToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth.IDToken"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth.DeviceAuthorization"
# The toolkit's engine is not mounted; should anything of it be, it runs by RFC 9700.
_gates: Final = [
    "IMPLICIT_GRANT",
    "PASSWORD_GRANT",
    "PKCE_METHOD",
    "ACCESS_TOKEN_TRANSPORT",
    "AUTHZ_RESPONSE_ISS",
    "TOKEN_STORAGE",
]
OAUTH2_PROVIDER: dict[str, Any] = {f"COMPLIANT_BCP_RFC9700_{gate}": True for gate in _gates} | {
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# --- What a page may load -----------------------------------------------------------------------------------
_nothing: Final = ["default-src", "base-uri", "object-src", "frame-ancestors"]
_own: Final = ["script-src", "style-src", "font-src", "connect-src", "form-action"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{directive: [NONE] for directive in _nothing},
        **{directive: [SELF] for directive in _own},
        "img-src": [SELF, "data:"],
    }
}
