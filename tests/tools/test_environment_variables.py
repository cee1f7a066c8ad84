"""Variables are found in .env.example, in its order, with the kind and default that the settings read."""

import pytest

from tools.environment_variables import Variable, variables

EXAMPLE = """\
# A word before the first section is no variable: NAME.

# --- Who we are
# The origin
# that people see.
ISSUER=https://id.example.com
# PORT=8000
"""


def one(example, settings=""):
    [found] = variables(example, settings)
    return found


def test_comments_above_a_variable_say_what_it_is():
    issuer, port = variables(EXAMPLE, "")
    assert issuer == Variable("ISSUER", "Who we are", "The origin that people see.", "text", "")
    assert (port.name, port.section, port.meaning) == ("PORT", "Who we are", "")


@pytest.mark.parametrize(
    ("source", "kind", "default"),
    [
        ('PORT = env("PORT")', "text", ""),
        ('PORT = env("PORT", default="on") != "off"', "text", "on"),
        ('PORT: Final[int] = env.int("PORT", default=8000)', "number", "8000"),
        ('PORT = env.bool("PORT", default=False)', "on or off", "off"),
        ('PORT = env.list("PORT", default=[])', "list", ""),
        ('DATABASES = {"default": prepared(env.db_url("PORT", default=f"{x}"))}', "URL", ""),
        ('OTHER = env("OTHER", default="x")', "text", ""),
    ],
)
def test_kind_and_default_are_those_of_the_settings(source, kind, default):
    found = one("# PORT=8000\n", source)
    assert (found.kind, found.default) == (kind, default)
