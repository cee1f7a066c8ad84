"""What is made of settings is made once, and anew when a setting changes."""

from django.conf import settings as current

from trust.lib.settled import settled


def test_is_made_once_for_each_argument_until_a_setting_changes(settings):
    made = []

    @settled(2)
    def title(of: str) -> str:
        made.append(of)
        return f"{of} {current.SITE_TITLE}"

    settings.SITE_TITLE = "one"
    assert [title("a"), title("b"), title("a")] == ["a one", "b one", "a one"]
    assert made == ["a", "b"]
    settings.SITE_TITLE = "two"
    assert [title("a"), title("b")] == ["a two", "b two"]


def test_keeps_no_more_than_it_is_told_to():
    made = []

    @settled(2)
    def same(of: int) -> int:
        made.append(of)
        return of

    assert [same(number) for number in (1, 2, 3, 1)] == [1, 2, 3, 1]
    assert made == [1, 2, 3, 1]
