"""The words of the explanations: where a request was refused, and what was found."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Endpoint(TextChoices):
    """Where a request was refused."""

    AUTHORIZATION = "authorization", _("authorization")
    TOKEN = "token", _("token")
    INTROSPECTION = "introspection", _("introspection")
    REVOCATION = "revocation", _("revocation")
    REGISTRATION = "registration", _("registration")
    SIGN_IN = "sign_in", _("sign-in")


class Found(StrEnum):
    """What a check found. Each has its words in trust/explain/words."""

    # Any request
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_REPEATED = "parameter_repeated"
    PARAMETER_TOO_LONG = "parameter_too_long"
    UNREADABLE = "unreadable"
    CONTENT_TYPE = "content_type"
    LIMITED = "limited"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_BEHIND = "clock_behind"
    TOO_LONG_LIVED = "too_long_lived"
    TIME_MISSING = "time_missing"
    # An authorization request
    REDIRECT_URI_MISSING = "redirect_uri_missing"
    REDIRECT_URI_DIFFERS = "redirect_uri_differs"
    FORM_POST_IMPOSSIBLE = "form_post_impossible"
    VALUE_UNSUPPORTED = "value_unsupported"
    VALUE_MALFORMED = "value_malformed"
    PROMPT_CONTRADICTS = "prompt_contradicts"
    SCOPE_NOT_ALLOWED = "scope_not_allowed"
    CHALLENGE_MISSING = "challenge_missing"
    CHALLENGE_METHOD = "challenge_method"
    CHALLENGE_MALFORMED = "challenge_malformed"
    REQUEST_TOO_OLD = "request_too_old"
    OUTSIDE_OBJECT = "outside_object"
    OBJECT_UNREADABLE = "object_unreadable"
    OBJECT_UNSIGNED = "object_unsigned"
    OBJECT_NOT_VERIFIED = "object_not_verified"
    OBJECT_NOT_MEANT_SO = "object_not_meant_so"
    REQUEST_URI_UNREGISTERED = "request_uri_unregistered"
    REQUEST_URI_UNREACHABLE = "request_uri_unreachable"
    PAGE_NEEDED = "page_needed"
    LEVEL_OUT_OF_REACH = "level_out_of_reach"
    PERSON_NOT_ADMITTED = "person_not_admitted"
    OTHER_PERSON = "other_person"
    PERSON_REFUSED = "person_refused"
    # A client
    CLIENT_UNKNOWN = "client_unknown"
    CLIENT_DISABLED = "client_disabled"
    CLIENT_DIFFERS = "client_differs"
    AUTH_METHOD_DIFFERS = "auth_method_differs"
    TWO_AUTH_METHODS = "two_auth_methods"
    CREDENTIALS_UNREADABLE = "credentials_unreadable"
    SECRET_WRONG = "secret_wrong"
    SECRET_MISSING = "secret_missing"
    ASSERTION_UNREADABLE = "assertion_unreadable"
    ASSERTION_NOT_VERIFIED = "assertion_not_verified"
    ASSERTION_NOT_MEANT_SO = "assertion_not_meant_so"
    ASSERTION_USED = "assertion_used"
    GRANT_TYPE_NOT_ALLOWED = "grant_type_not_allowed"
    PUBLIC_CLIENT = "public_client"
    NO_PERSON = "no_person"
    INTROSPECTION_NOT_ALLOWED = "introspection_not_allowed"
    # A code or a refresh token
    CODE_UNKNOWN = "code_unknown"
    CODE_OF_ANOTHER_CLIENT = "code_of_another_client"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    CODE_REDIRECT_URI = "code_redirect_uri"
    VERIFIER_MISSING = "verifier_missing"
    VERIFIER_MALFORMED = "verifier_malformed"
    VERIFIER_WRONG = "verifier_wrong"
    VERIFIER_UNEXPECTED = "verifier_unexpected"
    REFRESH_TOKEN_UNKNOWN = "refresh_token_unknown"
    REFRESH_TOKEN_EXPIRED = "refresh_token_expired"
    REFRESH_TOKEN_OF_ANOTHER_CLIENT = "refresh_token_of_another_client"
    REFRESH_TOKEN_SUPERSEDED = "refresh_token_superseded"
    REFRESH_TOKEN_ENDED = "refresh_token_ended"
    SIGN_IN_OVER = "sign_in_over"
    # A registration
    REGISTRATION_CLOSED = "registration_closed"
    REGISTRATION_TOKEN_MISSING = "registration_token_missing"
    REGISTRATION_TOKEN_WRONG = "registration_token_wrong"
    METADATA_REFUSED = "metadata_refused"
    # A sign-in
    ACCOUNT_UNKNOWN = "account_unknown"
    PASSWORD_WRONG = "password_wrong"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ADDRESS_UNPROVED = "address_unproved"
    SECOND_FACTOR_WRONG = "second_factor_wrong"
    CHALLENGE_OVER = "challenge_over"
    PASSKEY_WRONG = "passkey_wrong"
    MAILED_CODE_WRONG = "mailed_code_wrong"
    EXTERNAL_SIGN_IN_FAILED = "external_sign_in_failed"
