"""What a browser posts to a client in the response mode form_post: the fields of the page's form."""

import html
import re
from typing import Any


def posted(page: Any) -> tuple[str, dict[str, str]]:
    """Return where the page's form is sent, and what it says. Raises if the page has no such form."""
    text = page.content.decode()
    main = text[text.index("<main") :]
    form = re.search(r'<form [^>]*method="post" action="(https?:[^"]*)"[^>]*>(.*?)</form>', main, re.DOTALL)
    assert form, main
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    return html.unescape(form[1]), {html.unescape(name): html.unescape(value) for name, value in fields}
