"""Somebody who follows a page: one shell after another that know the same variables, files, a site, and a browser."""

import json
import os
import re
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.house import HOUSE
from tests.live_site import LiveSite, database_url, job_worker, live_site
from tests.recipes.browser import Browser
from tests.recipes.pages import Block, is_like
from tests.recipes.programs import free_port, run, serving

_SITE_OF_PAGES: Final = "127.0.0.1:8000"
_OTHER_PORT: Final = re.compile(r"(127\.0\.0\.1:|localhost:|--port |_PORT=)(?!8000)(\d{4})\b")
_PORT_OF_APP: Final = "8765"  # of docs/samples/python-web
_SOON: Final = 20.0  # seconds that a page is reloaded for
# Each block runs in a shell of its own, which begins with what the last one knew.
_SHELL: Final = """
set -eu -o pipefail
. {state}
{content}
{{
    for name in $(compgen -v | grep -E '^[A-Z][A-Z_]*$' | grep -vE '^({not_kept})$'); do declare -p "$name"; done
    declare -f
}} > {state}
"""
# What bash has of its own, and what is given anew.
_NOT_KEPT: Final = (
    "BASH.*|DIRSTACK|EUID|FUNCNAME|GROUPS|PPID|SHELLOPTS|UID|APP_PORT|BROWSER|DATABASE_URL|ISSUER|PYTHONPATH"
)


class Reader:
    """Follows the blocks of a page in a clone; `make_expired` returns a token like another, but expired."""

    def __init__(self, clone: Path, at_end: ExitStack, make_expired: Callable[[str], str]) -> None:
        self._folder, self._state = clone, clone.with_name("shell-state")
        self._at_end, self._site_at_end = at_end, at_end.enter_context(ExitStack())
        self._make_expired = make_expired
        self._site: LiveSite | None = None
        self._browser: Browser | None = None
        self._ports: dict[str, int] = {}
        self._printed = ""
        self._state.touch()

    def follow(self, block: Block) -> None:
        """Do what a block says, or compare it with what came out of the block before."""
        content = self._here(block.content)
        match block.language, block.how.split():
            case (("python" | "json"), [name]):
                (self._folder / name).write_text(content, encoding="utf-8")
            case "sh" | "python", how:
                self._do(content, how, block)
            case "json", []:
                assert is_like(json.loads(self._printed), json.loads(content)), self._differs(block, content)
            case "text", []:
                assert is_like(self._printed.strip(), content.strip()), self._differs(block, content)
            case "text", ["browser", url, *deed]:
                self._look(self._here(url), deed, content.strip(), block)
                assert content.strip() in self._printed, self._differs(block, content)
            case _:
                raise AssertionError(f"{block.place}: nobody knows how to follow ```{block.language} {block.how}")

    def _do(self, content: str, how: list[str], block: Block) -> None:
        match block.language, how:
            case "python", []:
                self._run(f"{sys.executable} - <<'PYTHON'\n{content}\nPYTHON", block)
            case "sh", ["site", *others]:
                self._start_site(content, worker=others == ["worker"])
            case "sh", ["background"]:
                self._start_program(content)
            case "sh", ["later"]:
                self._let_token_expire()
                self._run(content, block)
            case "sh", []:
                self._run(content, block)
            case _:
                raise AssertionError(f"{block.place}: nobody knows how to do ```{block.language} {block.how}")

    def _look(self, url: str, deed: list[str], awaited: str, block: Block) -> None:
        """Open a page in the browser, as a `text browser` block says."""
        assert self._browser, "the page did not start the site"
        match deed:
            case []:
                self._printed = self._browser.visit(url)
            case ["asks"]:
                self._printed = self._browser.asked(url)
            case ["press", *words]:
                self._printed = self._browser.press(url, " ".join(words))
            case ["soon"]:
                self._reload(url, awaited)
            case _:
                raise AssertionError(f"{block.place}: nobody knows how to look at ```{block.language} {block.how}")

    def _reload(self, url: str, awaited: str) -> None:
        assert self._browser
        deadline = time.monotonic() + _SOON
        while awaited not in (page := self._browser.visit(url)) and time.monotonic() < deadline:
            time.sleep(0.2)
        self._printed = page

    def _here(self, content: str) -> str:
        """Return what a page says with the addresses of this test, and this very Python."""
        content = _OTHER_PORT.sub(lambda found: f"{found[1]}{self._port(found[2])}", content)
        if self._site:
            content = content.replace(_SITE_OF_PAGES, self._site.url.removeprefix("http://"))
        return re.sub(r"(?<![\w/])\.venv/bin(?=/)", str(Path(sys.executable).parent), content)

    def _port(self, port_of_page: str) -> int:
        return self._ports.setdefault(port_of_page, free_port())

    def _start_site(self, content: str, *, worker: bool) -> None:
        """Start the site as a line of variables and `make run` says, in place of the one that runs."""
        variables, command, _ = content.partition("make run")
        assert command, content
        self._site_at_end.close()
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PYTHONPATH", str(self._folder))
            for variable in shlex.split(variables):
                environment.setenv(*variable.split("=", 1))
            self._site = self._site_at_end.enter_context(live_site(own_issuer=True))
            if worker:
                self._site_at_end.enter_context(job_worker(self._site))
        self._browser = Browser(self._site.url)

    def _start_program(self, content: str) -> None:
        """Start a program that goes on running, and wait until it listens: on the port that the page names, if any."""
        ports = [port for port in self._ports.values() if str(port) in content]
        command = ["bash", "-c", f". {self._state}; exec env {content.strip().removesuffix('&')}"]
        self._at_end.enter_context(
            serving(
                command,
                port=ports[0] if ports else self._port(_PORT_OF_APP),
                folder=self._folder,
                environment=self._environment(),
            )
        )

    def _let_token_expire(self) -> None:
        known = self._state.read_text(encoding="utf-8")
        expired = re.sub(r'(?<= TOKEN=")[^"]+', lambda found: self._make_expired(found.group()), known)
        assert expired != known, "the page has no TOKEN yet"
        self._state.write_text(expired, encoding="utf-8")

    def _run(self, content: str, block: Block) -> None:
        shell = _SHELL.format(state=self._state, content=content, not_kept=_NOT_KEPT)
        status, self._printed, complained = run(
            ["bash", "-c", shell], folder=self._folder, environment=self._environment()
        )
        assert status == 0, f"{block.place}: status {status}\n{self._printed}\n{complained}"

    def _environment(self) -> dict[str, str]:
        browser = f"{sys.executable} -m tests.recipes.browser %s"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return os.environ | {
            "PATH": path, "ISSUER": self._site.url if self._site else "", "BROWSER": browser, "APP_PORT": str(self._port(_PORT_OF_APP)),
            "DATABASE_URL": database_url(), "PYTHONPATH": str(HOUSE),
        }  # fmt: skip

    def _differs(self, block: Block, said: str) -> str:
        return f"{block.place}: the page says\n{said}\nbut there came\n{self._printed}"
