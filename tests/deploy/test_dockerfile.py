"""deploy/Dockerfile by the rules that linters of such files have; their numbers are hadolint's."""

import re
from typing import Final

from tests.architecture.house import HOUSE

_TEXT: Final = (HOUSE / "deploy" / "Dockerfile").read_text()
_JOINED: Final = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", _TEXT, flags=re.MULTILINE))
INSTRUCTIONS: Final = [line.split(None, 1) for line in _JOINED.splitlines() if line.strip()]


def _all(name: str) -> list[str]:
    return [rest[0] for instruction, *rest in INSTRUCTIONS if instruction == name]


def test_images_are_of_a_named_version() -> None:
    """DL3006, DL3007."""
    defaults = dict(argument.split("=", 1) for argument in _all("ARG") if "=" in argument)
    for image in _all("FROM"):
        named = re.sub(r"\$\{(\w+)\}", lambda found: defaults[found[1]], image.split()[0])
        assert re.fullmatch(r"[a-z]+:\d+\.\d+[\w.-]*", named), named


def test_it_does_not_end_as_root() -> None:
    """DL3002: by number, so that Kubernetes can see it."""
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", _all("USER")[-1])
    names = [instruction for instruction, *_ in INSTRUCTIONS]
    assert "RUN" not in names[names.index("USER") :]


def test_packages_are_installed_without_what_they_recommend_and_their_lists_are_taken_away() -> None:
    """DL3009, DL3014, DL3015."""
    for run in _all("RUN"):
        if "apt-get install" in run:
            assert "--yes" in run
            assert "--no-install-recommends" in run
            assert "rm -rf /var/lib/apt/lists/*" in run


def test_nothing_is_fetched_that_is_not_pinned() -> None:
    """DL3013, DL3020, DL3042."""
    assert _all("ADD") == []
    assert any("PIP_NO_CACHE_DIR=1" in each for each in _all("ENV"))
    for command in re.findall(r"pip install [^&;]*", " ".join(_all("RUN"))):
        assert "-r requirements" in command or "pip freeze" in command, command


def test_folders_are_absolute_and_commands_are_lists() -> None:
    """DL3000, DL3025, DL4003, DL4004."""
    assert all(folder.startswith("/") for folder in _all("WORKDIR"))
    assert len(_all("CMD")) == len(_all("ENTRYPOINT")) == len(_all("HEALTHCHECK")) == 1
    assert all(each.startswith("[") for each in (*_all("CMD"), *_all("ENTRYPOINT")))


def test_no_secret_and_no_sudo_is_in_it() -> None:
    """DL3004."""
    assert "sudo" not in _JOINED
    assert not re.search(r"(SECRET_KEY|SEALING_KEYS|PASSWORD|TOKEN)\s*=", _JOINED)


def test_what_the_build_needs_stays_behind() -> None:
    """The last stage takes the site and its environment, and no compiler."""
    last = _JOINED.rsplit("FROM ", 1)[1]
    assert "apt-get" not in last
    assert re.findall(r"COPY --from=build (\S+)", last) == ["/venv", "/site"]
    assert "ARGON2_CFFI_USE_SSE2=1" in _JOINED  # the password hasher, built for the processor
