from tests.oauth.admin.conftest import browser_of as browser_of
