"""Why a sign-in through a provider came to nothing. The reason is for the log; the person gets a plain page."""


class ExternalSignInFailed(Exception):
    """The provider's answer is not to be believed, or belongs to nothing that we asked."""


class ProviderUnavailable(ExternalSignInFailed):
    """The provider cannot be reached, or does not answer as one. Later it may."""
