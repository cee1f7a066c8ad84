"""Messages of Django templates for Babel, found by Django's own reading of its translation tags."""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract_template(
    template: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[object, ...]]:
    """Yield line, function, messages and comments of each translate, blocktranslate and _("...") of a template.

    Django turns the template into calls of gettext and blanks all else, for xgettext; parentheses around the
    whole make Python's tokenizer, which Babel uses, indifferent to its indentation.
    """
    calls = templatize(template.read().decode("utf-8"))
    return extract_python(BytesIO(f"({calls}\n)".encode()), keywords, comment_tags, options)
