"""Names of the person and of the site count for nothing in a password."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import ContextValidator

validator = ContextValidator()


@pytest.fixture
def alice():
    return User(
        username="wonderland99",
        email="alice.liddell@rabbit-hole.example",
        name="Alice Pleasance Liddell",
        family_name="앨리스",
    )


@pytest.mark.spec("NIST SP 800-63B-4", "3.1.1.2")
@pytest.mark.parametrize(
    "password",
    [
        pytest.param("authproject-2026", id="the site's name"),
        pytest.param("4uthPr0j3ct-2026", id="the site's name in disguise"),
        pytest.param("Testserver Testserver", id="the host"),
        pytest.param("wonderland99wonder", id="the username and a little"),
        pytest.param("alice.liddell@rabbit-hole.example", id="the address"),
        pytest.param("rabbithole-1234", id="the address's domain"),
        pytest.param("Pleasance_Liddell_1", id="names"),
        pytest.param("앨리스앨리스앨리스앨리스앨리스!", id="a name in Korean"),
        pytest.param("alice authproject 1", id="a name and the site's"),
    ],
)
def test_refuses(alice, password):
    with pytest.raises(ValidationError) as refused:
        validator.validate(password, alice)
    assert refused.value.code == "password_from_context"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "alice has nine cats at home",
        "authproject is my first attempt",
        "liddell-hX83nqPw",
    ],
)
def test_a_name_among_other_words_is_no_harm(alice, password):
    validator.validate(password, alice)


def test_what_is_short_is_in_many_a_sentence_by_chance():
    validator.validate("the quick fox jumps", User(username="fox", email="the@q.example", nickname="jump"))


def test_is_asked_without_a_person_too(settings):
    settings.BRAND_NAME = "R&D Inc."
    validator.validate("no person is known here", None)
    settings.BRAND_NAME = "Umbrella Corporation"
    with pytest.raises(ValidationError):
        validator.validate("umbrellacorporation!", None)
