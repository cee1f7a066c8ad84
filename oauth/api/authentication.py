"""Bearer authentication for every API view: the guard's, of a class that the toolkit's permissions recognise."""

from typing import ClassVar

from oauth2_provider.contrib.rest_framework import OAuth2Authentication

from oauth.services import access_tokens
from trust.guard import authentication
from trust.guard.bearer import Reader


class BearerAuthentication(authentication.BearerAuthentication, OAuth2Authentication):
    """The guard's authentication, for opaque tokens too; of the toolkit's class only the name is used."""

    read: ClassVar[Reader] = staticmethod(access_tokens.read)
