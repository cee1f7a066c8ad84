"""Each page is followed from its first block to its last, against a site that runs, and says the truth."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from tests.recipes.pages import RECIPES, blocks
from tests.recipes.reader import Reader
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock

pytestmark = [pytest.mark.curl, pytest.mark.django_db(transaction=True)]

PAGES = [
    "signed-tokens", "sign-in-by-code", "username-and-password", "roles", "guard-a-python-api",
    "external-provider", "register-a-client", "claims-for-an-application", "sign-out-everywhere",
    pytest.param("guard-an-express-api", marks=pytest.mark.node),
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_the_truth(name: str, clone: Path) -> None:
    with ExitStack() as at_end:
        reader = Reader(clone, at_end, expired)
        for block in blocks(RECIPES / f"{name}.md"):
            reader.follow(block)


def expired(token: str) -> str:
    """Return the token as it would be had it been issued an hour ago: signed by the keys that the site has."""
    claims = jwt.decode(token, options={"verify_signature": False})
    ago = int(timedelta(hours=1).total_seconds())
    claims |= {name: claims[name] - ago for name in ("iat", "exp", "auth_time")}
    return ring.sign(claims, typ="at+jwt", algorithm=Algorithm.ES256, now=clock.now())
