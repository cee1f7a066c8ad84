"""A device authorization (RFC 8628): a device without a browser waits while its person decides elsewhere.

Both codes are kept by digest. What became of it is told by dates: approved or denied by a person, used by the device.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractDeviceGrant

from accounts.models import Session
from accounts.vocabulary import Acr
from oauth.models.client import Client
from oauth.models.conditions import roles_in_scope
from oauth.vocabulary import OFFLINE_ACCESS
from trust.lib.clock import DatabaseNow
from trust.lib.elapsed import SecondsSince
from trust.lib.statements import update_returning

_SLOWER_BY: Final = 5  # seconds (RFC 8628 section 3.5)
_SLOWEST: Final = 600  # seconds: as long as a device code lives
_LENIENCE: Final = 1  # second: clocks and networks are not exact, and a device that slowed down once stays slow


class DeviceAuthorizationQuerySet(models.QuerySet["DeviceAuthorization"]):
    """Device authorizations by code, state and owner."""

    def by_digest(self, digest: str) -> "DeviceAuthorizationQuerySet":
        """The one whose device code has this SHA-256."""
        return self.filter(device_code=digest)

    def by_user_code(self, digest: str) -> "DeviceAuthorizationQuerySet":
        """The one whose user code has this keyed digest."""
        return self.filter(user_code=digest)

    def by_pk(self, pk: int) -> "DeviceAuthorizationQuerySet":
        """The one of this row."""
        return self.filter(pk=pk)

    def of_client(self, client_pk: int) -> "DeviceAuthorizationQuerySet":
        """Those of one client."""
        return self.filter(application_id=client_pk)

    def of_user(self, user_id: uuid.UUID) -> "DeviceAuthorizationQuerySet":
        """Those that one person decided."""
        return self.filter(user_id=user_id)

    def granted_to(self, user_id: uuid.UUID, client_pk: int) -> "DeviceAuthorizationQuerySet":
        """Those that one person allowed one client."""
        return self.filter(user_id=user_id, application_id=client_pk, approved_at__isnull=False)

    def offline(self) -> "DeviceAuthorizationQuerySet":
        """Those whose grant will survive a sign-out."""
        return self.filter(scope__contains=OFFLINE_ACCESS)

    def undecided(self) -> "DeviceAuthorizationQuerySet":
        """Those that wait for a person, by the database's clock, of clients that are in use."""
        client = Client.objects.active().filter(pk=OuterRef("application_id"))
        waiting = self.filter(approved_at__isnull=True, denied_at__isnull=True, used_at__isnull=True)
        return waiting.filter(Exists(client), expires__gt=DatabaseNow())

    def decide(self, **columns: Any) -> bool:
        """Take a decision, once: of several at the same time, one wins."""
        return self.undecided().update(**columns) == 1

    def poll(self, columns: Sequence[str]) -> tuple[Any, ...] | None:
        """Note that the device asked and return `columns`; who asks too early waits longer from now on."""
        early = Q(since_poll__lt=F("interval") - _LENIENCE)
        rows = self.annotate(since_poll=SecondsSince(F("last_polled")))
        values = {
            "last_polled": DatabaseNow(),
            "polled_early": Case(When(early, then=Value(True)), default=Value(False)),
            "interval": Case(When(early, then=Least(F("interval") + _SLOWER_BY, _SLOWEST)), default=F("interval")),
        }
        return update_returning(rows, values, columns)

    def bound_as(self, *, client_pk: int, client_version: datetime, jkt: str) -> "DeviceAuthorizationQuerySet":
        """Those that this client, as it is known, may redeem with this key for their person."""
        known = Client.objects.active().admitting(OuterRef("user_id")).unchanged_since(client_version)
        return self.of_client(client_pk).filter(Exists(known.by_pk(client_pk)), dpop_jkt__in=("", jkt))

    def with_sign_in(self) -> "DeviceAuthorizationQuerySet":
        """Those with what their session says of the sign-in, with `roles`, and what a code has besides: nothing."""
        session = Session.objects.filter(pk=OuterRef("session_id"))
        nothing = Value("", output_field=models.TextField())
        annotated: DeviceAuthorizationQuerySet = self.annotate(
            auth_time=Subquery(session.values("auth_time")),
            amr=Subquery(session.values("amr")),
            session_acr=Subquery(session.values("acr")),
            roles=roles_in_scope(),
            nonce=nothing,
            claims=nothing,
        )
        return annotated

    def redeem(self, columns: Sequence[str]) -> tuple[Any, ...] | None:
        """Use one that was approved and return `columns`; of several at once, one wins. The session must be alive."""
        session = Session.objects.alive().filter(pk=OuterRef("session_id"))
        redeemable = self.filter(
            Exists(session), approved_at__isnull=False, used_at__isnull=True, expires__gt=DatabaseNow()
        )
        return update_returning(redeemable, {"used_at": DatabaseNow()}, columns)

    def spend(self) -> None:
        """Use these up, whatever became of their sessions. Waits for an exchange that is under way."""
        self.filter(used_at__isnull=True).update(used_at=DatabaseNow())

    def over_since(self, moment: datetime) -> "DeviceAuthorizationQuerySet":
        """Those that nothing needs any more."""
        return self.filter(expires__lt=moment).order_by("expires")

    def never_granted(self) -> "DeviceAuthorizationQuerySet":
        """Those that no tokens came of."""
        return self.filter(Q(used_at__isnull=True) | Q(approved_at__isnull=True))


class DeviceAuthorization(AbstractDeviceGrant):
    """A device that waits for its person. `grant` names the authorization in tokens, as a code's does.

    `client_address` and `user_agent` are the device's: the page shows them to whoever is asked. `dpop_jkt`, `resource`,
    `authorization_details` and `act` are as an authorization code has them.
    """

    user_id: uuid.UUID | None
    application_id: int
    session_id: uuid.UUID | None
    device_code = models.CharField(_("digest of the device code"), max_length=100, editable=False)
    user_code = models.CharField(_("keyed digest of the user code"), max_length=100, editable=False)
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, on_delete=models.CASCADE, verbose_name=_("client")
    )
    grant = models.UUIDField(_("grant"), default=uuid.uuid4, editable=False, unique=True)
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, verbose_name=_("session"))
    acr = models.CharField(_("authentication level told"), max_length=8, choices=Acr.choices, blank=True, default="")
    resource = models.JSONField(_("resources"), default=list, blank=True)
    authorization_details = models.TextField(_("authorization details"), blank=True, default="")
    act = models.CharField(_("who acts"), max_length=255, blank=True, default="")
    dpop_jkt = models.CharField(_("key that it is bound to"), max_length=43, blank=True, default="")
    client_address = models.CharField(_("address"), max_length=45, blank=True, default="")
    user_agent = models.CharField(_("user agent"), max_length=255, blank=True, default="")
    created = models.DateTimeField(_("asked"), auto_now_add=True)
    last_polled = models.DateTimeField(_("last asked again"), null=True, editable=False)
    polled_early = models.BooleanField(_("asked again too early"), default=False, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    denied_at = models.DateTimeField(_("denied"), null=True, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)
    # The toolkit's, which the release before reads in copies of people's data. Nothing else looks at them; the next
    # release has them dropped (docs/upgrading.md).
    status = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    client_id = models.CharField(max_length=100, blank=True, default="", db_default="", editable=False)
    last_checked = models.DateTimeField(null=True, editable=False)

    objects = DeviceAuthorizationQuerySet.as_manager()

    class Meta(AbstractDeviceGrant.Meta):
        """Found by either code; spent by client, person and session (the foreign keys' indexes); cleared by expires."""

        verbose_name = _("device authorization")
        verbose_name_plural = _("device authorizations")
        indexes = [models.Index(name="oauth_device_by_end", fields=["expires"])]
        constraints = [
            *AbstractDeviceGrant.Meta.constraints,
            models.UniqueConstraint(fields=["user_code"], name="oauth_device_user_code_once"),
            models.CheckConstraint(
                name="oauth_device_decided_once",
                condition=Q(approved_at__isnull=True) | Q(denied_at__isnull=True),
            ),
            models.CheckConstraint(
                name="oauth_device_approved_by_somebody",
                condition=Q(approved_at__isnull=True) | Q(user__isnull=False, session__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Name the row: what is in it is the person's."""
        return str(self.pk)
