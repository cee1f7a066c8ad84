"""DRF's door to the guard: an access token becomes `request.user` and `request.auth`."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from trust.guard import third_parties
from trust.guard.access import NONCE, check_access, presented, use_proof
from trust.guard.bearer import INVALID_TOKEN, Reader, verified
from trust.guard.challenge import Challenge
from trust.guard.context import AccessContext, Principal
from trust.guard.exceptions import Refused
from trust.guard.people import active_person
from trust.lib import clock
from trust.lib.waiting import at_once
from trust.tokens.access_token import AccessToken


class BearerAuthentication(BaseAuthentication):
    """Authenticates by our own access tokens, and refuses a third party's where the view names no scope of it."""

    read: ClassVar[Reader] = staticmethod(verified)

    def authenticate(self, request: Request) -> tuple[Principal, AccessContext] | None:
        """Return who the request speaks for and its AccessContext, or None if it has no such credentials."""
        now, meta = clock.now(), request.META
        authorization = meta.get("HTTP_AUTHORIZATION", "")
        access = check_access(
            authorization,
            lambda: presented(meta.get("HTTP_DPOP"), request.method, request.path),
            now=now,
            read=self.read,
        )
        if access is None:
            return None
        token = access.token
        if access.usable is not None:
            at_once(use_proof(access, now=now))
            meta[NONCE] = access.nonce
        context = AccessContext(token=token, person=self._checked_person(token, request), proof=access.proof)
        if not token.is_first_party:
            # A view may look at request.user when it says what it permits. If this refuses, DRF forgets the user.
            request.user, request.auth = context.principal, context  # type: ignore[assignment]
            third_parties.check_view_names_scope(request, context)
        return context.principal, context

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a request without credentials (RFC 6750 section 3, RFC 9449 section 7.1)."""
        return Challenge(offers_dpop=True).header

    def load_person(self, token: AccessToken, request: Request) -> AbstractBaseUser | None:
        """Return the person that the token speaks for; None if there is none any more or they are disabled.

        A view that tells more of the person than their row does may load both at once: by `load_person_of_token`,
        which takes their id and raises ValueError or ValidationError if it is none.
        """
        load = getattr((request.parser_context or {}).get("view"), "load_person_of_token", active_person)
        try:
            person: AbstractBaseUser | None = load(token.person_id)
        except (ValidationError, ValueError):
            return None
        # Once more, whatever the view's own way of loading says.
        return person if person is not None and person.is_active else None

    def _checked_person(self, token: AccessToken, request: Request) -> AbstractBaseUser | None:
        """Return the person; None for a client that acts as itself, which never is one (RFC 9068 section 5)."""
        if not token.is_person:
            return None
        person = self.load_person(token, request)
        if person is None:
            raise Refused(INVALID_TOKEN)
        return person
