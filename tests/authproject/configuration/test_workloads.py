"""Trusted issuers and workloads as configuration: out, in again, and wrong ones refused."""

import pytest
from django.core.management.base import CommandError

from oauth.models import TrustedIssuer, Workload
from tests.authproject.configuration.test_export_import import export
from tests.authproject.configuration.test_export_import import put as put
from tests.workloads import CI, JWT_BEARER, KEY, MAIN, know, make_service, trust

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "clients": [{"client_id": "deployer", "grant_types": [JWT_BEARER], "scope": "deploy"}],
    "trusted_issuers": [{"issuer": CI, "name": "CI", "jwks_uri": f"{CI}/keys", "algorithms": ["RS256"]}],
    "workloads": [
        {"name": "deploy", "issuer": CI, "subject": MAIN, "claims": {"repository_id": "74"}, "client_id": "deployer"}
    ],
}


def test_what_is_exported_and_imported_again_changes_nothing(put):
    make_service()
    trust()
    know(name="deploy", claims={"environment": "production"})
    exported = export()
    assert put(exported)[0] == "Nothing was changed.\n"
    TrustedIssuer.objects.all().delete()
    put(exported)
    assert export() == exported
    assert (TrustedIssuer.objects.get().jwks, Workload.objects.get().subject) == (KEY.key_set(), MAIN)


def test_all_of_it_is_made_at_once_and_taken_away_again(put):
    plan, _secrets = put(DOCUMENT)
    assert f"+ trusted_issuers {CI}\n+ workloads deploy\n" in plan
    assert Workload.objects.get().client.client_id == "deployer"
    put({"trusted_issuers": [], "workloads": []}, "--prune", "--yes")
    assert not TrustedIssuer.objects.exists()


@pytest.mark.parametrize(
    ("section", "changed", "said"),
    [
        ("trusted_issuers", {"jwks_uri": ""}, f"trusted_issuers {CI}: jwks_uri: is missing"),
        ("trusted_issuers", {"is_active": "yes"}, "is_active: must be true or false"),
        ("trusted_issuers", {"jwks": []}, "jwks: must be an object"),
        ("trusted_issuers", {"secret": "x"}, "secret: is not known here"),
        ("trusted_issuers", {"algorithms": "RS256"}, "algorithms: must be a list of texts"),
        ("workloads", {"subject": "repo:*"}, "workloads deploy: subject: would be everybody"),
        ("workloads", {"claims": {"a": 1}}, "claims: must be said by a text"),
        ("workloads", {"claims": None}, "claims: must be an object"),
        ("workloads", {"client_id": "nobody"}, "client_id: is not there"),
        ("workloads", {"issuer": "https://nobody.example"}, "issuer: is not among the trusted issuers"),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_is_done(put, section, changed, said):
    with pytest.raises(CommandError) as refused:
        put(DOCUMENT | {section: [DOCUMENT[section][0] | changed]})
    assert said in str(refused.value)
    assert not TrustedIssuer.objects.exists()
