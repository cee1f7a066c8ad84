"""Bearer authentication for every API view: the guard's, of a class that the toolkit's permissions recognise."""

from oauth2_provider.contrib.rest_framework import OAuth2Authentication

from trust.guard import authentication


class BearerAuthentication(authentication.BearerAuthentication, OAuth2Authentication):
    """The guard's authentication; of the toolkit's class only the name is used, never its engine."""
