import pytest

from authproject.checks import check_hooks
from tests.accounts.api.client import Api

OWN = {"not_authenticated": "Knock first.", "invalid_token": "That key does not fit."}


@pytest.mark.django_db
def test_a_site_says_its_own_sentences_by_one_line_of_settings(settings):
    settings.API_MESSAGES = "tests.trust.guard.test_messages.OWN"
    api = Api()
    refused = api.get("/api/protected/").json()
    assert (refused["message"], refused["error"]) == ("Knock first.", "not_authenticated")
    api.bearer = "x.y.z"
    assert api.get("/api/protected/").json()["message"] == "That key does not fit."


def test_a_path_that_names_no_mapping_is_told_at_start_up(settings):
    for path in ("no.such.module", "tests.people.PASSWORD"):
        settings.API_MESSAGES = path
        assert [problem.id for problem in check_hooks(None)] == ["authproject.E006"]
    settings.API_MESSAGES = "tests.trust.guard.test_messages.OWN"
    assert check_hooks(None) == []
