"""Hooks are named by dotted paths, and looked at when the site starts."""

from typing import Any

import pytest

from authproject.checks import check_hooks


@pytest.mark.parametrize("name", ["SESSION_ENDED", "PERSON_EXPORT", "PERSON_ERASED"])
@pytest.mark.parametrize("path", ["no.such.module", "oauth.services.grants.nonesuch", "tests.people.PASSWORD"])
def test_a_path_that_names_nothing_to_call_is_told_at_start_up(settings: Any, name: str, path: str) -> None:
    setattr(settings, name, [path])
    (problem,) = check_hooks(None)
    assert (problem.id, name in problem.msg, path in problem.msg) == ("authproject.E005", True, True)


def test_ours_can_be_called(settings: Any) -> None:
    assert settings.PERSON_EXPORT
    assert settings.PERSON_ERASED
    assert check_hooks(None) == []
