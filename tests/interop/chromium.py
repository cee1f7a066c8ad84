"""Chromium before servers that a certificate authority of the tests has certified."""

import pytest

from tests.browser.conftest import ARGUMENTS, browser
from tests.live_site import LiveSite

__all__ = ["browser", "browser_arguments"]


@pytest.fixture(scope="module")
def browser_arguments(site: LiveSite) -> list[str]:
    """Trust the certificates, rather than overlook what is wrong with them: Chromium keeps no COOP on such pages."""
    assert site.authority
    return [*ARGUMENTS, f"--ignore-certificate-errors-spki-list={site.authority.spki_hash}"]
