"""The extractor finds what Django would translate, and nothing else."""

from io import BytesIO

import pytest

from tools.template_messages import extract_template
from tools.translations import _KEYWORDS


def messages(template: str) -> list[object]:
    found = extract_template(BytesIO(template.encode()), _KEYWORDS, ("Translators:",), {})
    return [(function, text) for _line, function, text, _comments in found]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('<p>{% trans "Sign in" %}</p>', ("gettext", "Sign in")),
        ("{% translate 'Sign in' as title %}", ("gettext", "Sign in")),
        ('{% translate "May" context "month" %}', ("pgettext", ("month", "May"))),
        ('{{ name|default:_("nobody") }}', ("_", "nobody")),
        ('{{ _("always") }}', ("_", "always")),
        ('{% include "x.html" with title=_("Devices") %}', ("_", "Devices")),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", ("gettext", "Hello %(name)s")),
        (
            "{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}",
            ("gettext", "two lines"),
        ),
        (
            '{% blocktrans context "list" %}open{% endblocktrans %}',
            ("pgettext", ("list", "open")),
        ),
        ("{% translate '유니코드 “quotes”' %}", ("gettext", "유니코드 “quotes”")),
    ],
)
def test_finds_the_message_of(template: str, expected: object) -> None:
    assert messages(template) == [expected]


def test_finds_both_forms_of_a_plural() -> None:
    template = "{% blocktrans count n=n %}{{ n }} device{% plural %}{{ n }} devices{% endblocktrans %}"
    [(function, text)] = messages(template)
    assert function == "ngettext"
    assert tuple(text)[:2] == ("%(n)s device", "%(n)s devices")


def test_is_not_confused_by_indentation_quotes_and_brackets() -> None:
    template = (
        "      <a title='it''s \"(\">\n  {% if x %}\n)]}\n    {% trans \"one\" %}\n {% endif %}\n{% trans 'two' %}"
    )
    assert [text for _function, text in messages(template)] == ["one", "two"]


def test_leaves_comments_and_plain_text_alone() -> None:
    assert messages("<p>plain</p>{# {% trans 'no' %} #}{% comment %}{% trans 'no' %}{% endcomment %}") == []
