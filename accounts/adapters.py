"""The door through which allauth comes in: its decisions answered by ours."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and mail as we want them."""


class MFAAdapter(DefaultMFAAdapter):
    """Factors, their secrets sealed."""
