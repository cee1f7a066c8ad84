"""The brand of an installation: what can be read is taken, what cannot is refused at the start."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from authproject import brand

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><script>alert(1)</script><circle r="5"/></svg>'


@pytest.fixture
def branded(settings, tmp_path):
    (tmp_path / "logo.svg").write_bytes(SVG)
    settings.BRAND_NAME = "한빛 아이디"
    settings.BRAND_LOGO = str(tmp_path / "logo.svg")
    settings.BRAND_COLOR = "#7a1f5c"
    settings.SUPPORT_URL = "mailto:help@example.com"


@pytest.mark.django_db
def test_pages_have_the_brand(client, branded):
    page = client.get("/accounts/login/").content.decode()
    assert "<span>한빛 아이디</span>" in page
    assert '<a href="mailto:help@example.com">Help</a>' in page
    sheet = client.get(re.search(r'href="(/brand\.css\?v=[0-9a-f]+)"', page)[1])
    assert sheet["Content-Type"] == "text/css"
    assert "immutable" in sheet["Cache-Control"]
    assert "--accent: #7a1f5c;\n" in sheet.content.decode()
    logo = client.get(re.search(r'src="(/brand/logo\?v=[0-9a-f]+)"', page)[1])
    assert (logo["Content-Type"], logo.content) == ("image/svg+xml", SVG)


def test_a_logo_runs_nothing_where_it_is_opened(client, branded):
    assert (
        client.get("/brand/logo")["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )


@pytest.mark.django_db
def test_without_a_brand_the_house_has_its_own(client):
    page = client.get("/accounts/login/").content.decode()
    assert "/static/img/mark.svg" in page
    assert "brand.css" not in page
    assert ">Help<" not in page
    assert client.get("/brand.css").status_code == client.get("/brand/logo").status_code == 404


@pytest.mark.parametrize("color", ["#000000", "#0b665c", "#7a1f5c", "#1a56db", "#b3261e", "#4a4a00"])
def test_words_in_the_colour_can_be_read_light_and_dark(color):
    light, dark = brand.stylesheet(color, "").split("@media")
    for sheet, surface in ((light, "#ffffff"), (dark, "#161e1c")):
        said = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", sheet))
        assert brand._contrast(said["accent"], surface) >= 4.5
        assert brand._contrast(said["on-accent"], said["accent"]) >= 4.5
        assert brand._contrast(said["accent-strong"], said["accent-soft"]) >= 4.5


def test_contrast_is_as_the_guidelines_count_it():
    assert brand._contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand._contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"color": "red"}, "BRAND_COLOR must be a colour"),
        ({"color": "#ffee00"}, r"BRAND_COLOR #ffee00 cannot be read on #ffffff: its contrast is 1\.2, 4\.5 is needed"),
        ({"color": "#0b665c", "dark": "#0b665c"}, "BRAND_COLOR_DARK #0b665c cannot be read on #161e1c"),
        ({"color": "#0b665c}body{}"}, "BRAND_COLOR must be a colour"),
        ({"dark": "#62ccb9"}, "BRAND_COLOR_DARK is set without BRAND_COLOR"),
        ({"logo_path": "/nowhere/logo.svg"}, "BRAND_LOGO cannot be read"),
        ({"logo_path": "/etc/passwd"}, "BRAND_LOGO must be one of"),
        ({"support_url": "javascript:alert(1)"}, "SUPPORT_URL must be"),
        ({"support_url": "http://help.example.com"}, "SUPPORT_URL must be"),
    ],
)
def test_what_pages_could_not_be_made_of_is_refused(wrong, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        brand.check(**({"color": "", "dark": "", "logo_path": "", "support_url": ""} | wrong))


def test_a_logo_that_is_too_large_is_refused(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"x" * (256 * 1024 + 1))
    with pytest.raises(ImproperlyConfigured, match="has more than"):
        brand.logo(str(tmp_path / "logo.png"))
