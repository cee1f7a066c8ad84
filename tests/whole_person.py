"""A person of whom something is held everywhere: for what has to give it all out, and to lose it all."""

import json
import re
import uuid
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail

from accounts.models import DataExport, Invitation, KnownDevice, Session, SignInChallenge, User
from oauth.models import Client, ClientSession, DeviceAuthorization, IDToken, PairwiseSubject, PersonalAccessToken
from tests.clients import Application, make_client
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin
from trust.limits import guesses
from trust.limits.conf import ONE_TIME_CODE, SIGN_IN

# Each is found in the database wherever something of hers is in clear.
MARKS: Final = ("alice", "Liddell", "+82 10 5555 1234", "198.51.100.77", "Wonderbrowser")
HOME: Final = Origin("198.51.100.77", "Wonderbrowser/1.0")
SECRETS: Final = (
    *("factor-secret", "challenge-digest", "device-digest", "user-code-digest", "device-code-digest"),
    "personal-token-digest",
)


def hold_everything(alice: User) -> Application:
    """Leave something of Alice everywhere that something of a person can be; return an application that she uses."""
    alice.name, alice.family_name, alice.phone_number = "Alice Liddell", "Liddell", "+82 10 5555 1234"
    alice.attributes = {"department": "Liddell & Daughters"}
    alice.save()
    alice.groups.add(Group.objects.create(name="editors"))
    EmailAddress.objects.create(user=alice, email="liddell@alice.example", verified=True)
    application = _with_an_application(alice)
    _with_ways_to_sign_in(alice)
    _with_traces(alice)
    return application


def _with_an_application(alice: User) -> Application:
    client = make_client(access_token_format="opaque", user=alice)
    application = Application(client)
    application.sign_in()
    application.tokens(scope="openid offline_access")
    session = Session.objects.of_user(alice.pk).get()
    Session.objects.by_id(session.pk).update(client_address=HOME.client_address, user_agent=HOME.user_agent)
    PairwiseSubject.objects.create(user=alice, sector="app.example")
    names = {"person": alice.pk, "subject": str(alice.pk), "told_session_id": str(session.pk)}
    ClientSession.objects.get_or_create(session=session, client=client, defaults=names)
    IDToken.objects.create(user=alice, application=client, expires=clock.now(), scope="openid")
    device = {"device_code": "device-code-digest", "user_code": "user-code-digest", "expires": clock.now()}
    DeviceAuthorization.objects.create(user=alice, application=client, client_address=HOME.client_address, **device)
    return application


def _with_ways_to_sign_in(alice: User) -> None:
    TOTP.activate(alice, "factor-secret")
    RecoveryCodes.activate(alice)
    data = {"name": "Liddell's key", "credential": "factor-secret"}
    Authenticator.objects.create(user=alice, type="webauthn", data=data)
    told = {"iss": "https://idp.example", "sub": "4711", "email": "alice@idp.example", "name": "Alice Liddell"}
    SocialAccount.objects.create(user=alice, provider="corp", uid="u" * 64, extra_data=told)
    personal = {"digest": "personal-token-digest", "scope": "profile", "expires_at": clock.now()}
    PersonalAccessToken.objects.create(id=uuid.uuid4(), user=alice, name="Liddell's backups", **personal)
    SignInChallenge.objects.create(digest="challenge-digest", user=alice, auth_time=clock.now(), expires_at=clock.now())
    KnownDevice.objects.create(user=alice, digest="device-digest", last_seen=clock.now())


def _with_traces(alice: User) -> None:
    people = ContentType.objects.get_for_model(User)
    entry = {"content_type": people, "action_flag": CHANGE}
    LogEntry.objects.create(user=alice, object_id="1", object_repr="somebody", **entry)
    by = User.objects.create_user("root", "root@example.com", is_staff=True, is_superuser=True)
    LogEntry.objects.create(user=by, object_id=str(alice.pk), object_repr="alice", change_message="alice", **entry)
    DataExport.objects.create(user=alice, sealed="sealed")
    Invitation.objects.create(email="bob@example.com", digest="i", invited_by=alice, expires_at=clock.now())
    record("sign_in.refused", subject=alice.pk, origin=HOME, identifier="alice@example.com")
    record("sign_in.refused", origin=HOME, identifier="Liddell@Alice.example")
    record("invitation.sent", actor=by.pk, identifier="alice@example.com")
    record("invitation.sent", actor=alice.pk, identifier="bob@example.com")
    Invitation.objects.create(email="alice@example.com", digest="a", expires_at=clock.now(), used_at=clock.now())
    record("person.changed", subject=by.pk, actor=alice.pk, origin=HOME)
    record("person.deactivated", subject=alice.pk, actor=by.pk, origin=Origin("192.0.2.1", "Rootbrowser"))
    guesses.GuessCounter.objects.all().delete()
    for policy in (SIGN_IN, ONE_TIME_CODE):
        guesses.GuessCounter.objects.start(guesses.key_of(policy, str(alice.pk)), forget_at=clock.now())
    for address in ("alice@example.com", "liddell@alice.example", "bob@example.com"):
        send_mail("Hello", "A link", None, [address])


def places_with(*marks: str) -> dict[str, list[str]]:
    """Return which tables hold one of these texts in clear, and in which columns."""
    found: dict[str, list[str]] = {}
    pattern = re.compile("|".join(map(re.escape, marks)), re.IGNORECASE)
    for model in apps.get_models():
        columns = {name for row in _rows(model) for name, value in row.items() if pattern.search(_text(value))}
        if columns:
            found[model._meta.label] = sorted(columns)
    return found


def owner_of(client_id: str) -> object:
    return Client.objects.by_client_id(client_id).get().user_id


def _rows(model: Any) -> list[dict[str, Any]]:
    return list(model._base_manager.values())


def _text(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
