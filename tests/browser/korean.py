"""What a page says to somebody who reads Korean, and which of its words are English."""

from typing import Final

from tests.browser.visitor import Visitor
from tests.korean import english_in

# What a page says: its title, its text, and what is read out instead of shown. Codes and typed-in values are no text,
# nor is what stands there for browsers without scripts while scripts run: it is markup then, which nobody sees.
SAID: Final = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style, code, .who") && !parent.matches("noscript")) texts.push(walker.currentNode.data);
  }
  for (const name of ["alt", "aria-label", "placeholder", "title"]) {
    texts.push(...[...document.querySelectorAll(`[${name}]`)].map(element => element.getAttribute(name)));
  }
  return texts.join(" ");
}"""
# The browser of the tests, as the devices page and the activity name it.
DEVICE: Final = ("Chrome", "Linux")


def english_on(visitor: Visitor, *names: str) -> list[str]:
    """Return the English words of the page that they are at, but what somebody is called."""
    assert visitor.language == "ko"
    return english_in(visitor.page.evaluate(SAID), names=[*(names or ["dana"]), *DEVICE])


def english_at(visitor: Visitor, path: str, *names: str) -> list[str]:
    """Go there, and return the English words of the page."""
    visitor.go(path)
    return english_on(visitor, *names)


def told(visitor: Visitor) -> list[str]:
    """Return the messages at the head of the page."""
    return visitor.page.locator(".messages li").all_inner_texts()
