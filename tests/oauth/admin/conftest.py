from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser

from accounts.models import User
from tests.people import MakePerson
from tests.staff import sign_in_strongly

BrowserOf = Callable[..., Browser]


@pytest.fixture
def browser_of(make_person: MakePerson) -> BrowserOf:
    """A browser of staff who gave two factors: a superuser, or one who has these permissions alone."""

    def signed_in(*permissions: str) -> Browser:
        browser = Browser()
        staff = make_person("staff", staff=True, superuser=not permissions)
        staff.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        sign_in_strongly(browser, staff)
        return browser

    return signed_in


@pytest.fixture
def staff_id(db: None) -> Callable[[], object]:
    return lambda: User.objects.get(username="staff").pk
