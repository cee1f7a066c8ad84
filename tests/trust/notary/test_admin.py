"""The signed heads in the administration: seen by who may, taken away as a file that verifies."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from tests.trail import make_trail, verify
from trust.audit.models import SignedHead
from trust.lib import clock
from trust.notary import heads

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/signedhead/"


@pytest.fixture
def head() -> SignedHead:
    make_trail(3)
    signed = heads.sign_next(now=clock.now())
    assert signed is not None
    return signed


@pytest.fixture
def auditor(client: Client, make_person: MakePerson) -> Client:
    user = make_person("auditor", staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_signedhead"))
    sign_in_strongly(client, user)
    return client


def test_the_file_is_what_audit_verify_reads(auditor: Client, head: SignedHead, tmp_path: Path) -> None:
    make_file = auditor.get(f"{LIST}{head.pk}/head.json")
    assert make_file.headers["Content-Disposition"] == 'attachment; filename="audit-head-3.json"'
    kept = tmp_path / "head.json"
    kept.write_bytes(make_file.content)
    status, said = verify(head=kept)
    assert status == 0, said
    assert "Compared with the head that you gave, of place 3" in said


def test_the_pages_say_whose_key_it_is_and_no_private_one(auditor: Client, head: SignedHead) -> None:
    assert f"{LIST}{head.pk}/head.json" in auditor.get(LIST).content.decode()
    page = auditor.get(f"{LIST}{head.pk}/change/").content.decode()
    assert "by a key of this site" in page
    assert bytes(head.chain_hash).hex() in page
    assert "d" not in json.loads(auditor.get(f"{LIST}{head.pk}/head.json").content)["jwk"]
    SignedHead.objects.filter(pk=head.pk).update(sequence=2)
    assert "by no key that this site has now" in auditor.get(f"{LIST}{head.pk}/change/").content.decode()


def test_a_row_that_somebody_wrote_is_no_error(auditor: Client) -> None:
    made = SignedHead.objects.create(
        kind="head", at=clock.now(), sequence=1, chain_hash=b"x", count=1, jws="<script>", jwk=["no key"]
    )
    assert auditor.get(LIST).status_code == 200
    assert auditor.get(f"{LIST}{made.pk}/change/").status_code == 200
    assert auditor.get(f"{LIST}{made.pk}/head.json").status_code == 404
    assert auditor.get(f"{LIST}999999/head.json").status_code == 404


def test_nobody_else_sees_or_changes_them(client: Client, auditor: Client, head: SignedHead, make_person: Any) -> None:
    for verb in ("change", "delete"):
        assert auditor.post(f"{LIST}{head.pk}/{verb}/", {"post": "yes"}).status_code == 403
    assert auditor.get(f"{LIST}add/").status_code == 403
    stranger = Client()
    sign_in_strongly(stranger, make_person("support", staff=True))
    for path in (LIST, f"{LIST}{head.pk}/change/", f"{LIST}{head.pk}/head.json"):
        assert stranger.get(path).status_code == 403
        assert Client().get(path).status_code == 302
