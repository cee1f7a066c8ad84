"""The words of the explanations: where a request was refused, and what was found."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Endpoint(TextChoices):
    """Where a request was refused."""

    AUTHORIZATION = "authorization", _("authorization")
    DEVICE = "device", _("device authorization")
    TOKEN = "token", _("token")
    INTROSPECTION = "introspection", _("introspection")
    REVOCATION = "revocation", _("revocation")
    GLOBAL_REVOCATION = "revoke_subject", _("global token revocation")
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
    DETAIL_TYPE_NOT_ALLOWED = "detail_type_not_allowed"
    DETAIL_MALFORMED = "detail_malformed"
    DETAIL_NOT_GRANTED = "detail_not_granted"
    CHALLENGE_MISSING = "challenge_missing"
    CHALLENGE_METHOD = "challenge_method"
    CHALLENGE_MALFORMED = "challenge_malformed"
    REQUEST_TOO_OLD = "request_too_old"
    NOT_PUSHED = "not_pushed"
    REQUEST_URI_PUSHED = "request_uri_pushed"
    OUTSIDE_OBJECT = "outside_object"
    OBJECT_MISSING = "object_missing"
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
    CLIENT_ID_UNUSABLE = "client_id_unusable"
    CLIENT_DOCUMENT_UNREACHABLE = "client_document_unreachable"
    CLIENT_DOCUMENT_REFUSED = "client_document_refused"
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
    ISSUER_UNKNOWN = "issuer_unknown"
    WORKLOAD_NOT_VERIFIED = "workload_not_verified"
    WORKLOAD_NOT_MEANT_SO = "workload_not_meant_so"
    WORKLOAD_UNKNOWN = "workload_unknown"
    WORKLOAD_AMBIGUOUS = "workload_ambiguous"
    GRANT_TYPE_NOT_ALLOWED = "grant_type_not_allowed"
    PUBLIC_CLIENT = "public_client"
    NO_PERSON = "no_person"
    INTROSPECTION_NOT_ALLOWED = "introspection_not_allowed"
    GLOBAL_REVOCATION_NOT_ALLOWED = "global_revocation_not_allowed"
    SUBJECT_UNKNOWN = "subject_unknown"
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
    DEVICE_CODE_USED = "device_code_used"
    DEVICE_CODE_EXPIRED = "device_code_expired"
    # What a token is for, and whose it is
    TARGET_UNKNOWN = "target_unknown"
    TARGET_NOT_GRANTED = "target_not_granted"
    TARGET_NOT_OPENED = "target_not_opened"
    TARGETS_TOO_MANY = "targets_too_many"
    KEY_DIFFERS = "key_differs"
    # A DPoP proof
    DPOP_MISSING = "dpop_missing"
    DPOP_UNREADABLE = "dpop_unreadable"
    DPOP_KEY_UNFIT = "dpop_key_unfit"
    DPOP_NOT_VERIFIED = "dpop_not_verified"
    DPOP_NOT_MEANT_SO = "dpop_not_meant_so"
    DPOP_USED = "dpop_used"
    DPOP_NONCE = "dpop_nonce"
    EXCHANGE_NOT_ALLOWED = "exchange_not_allowed"
    EXCHANGED_NOT_LIVE = "exchanged_not_live"
    EXCHANGED_NOT_MEANT = "exchanged_not_meant"
    EXCHANGES_TOO_MANY = "exchanges_too_many"
    ACTOR_NOT_ALLOWED = "actor_not_allowed"
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
