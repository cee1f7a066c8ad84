"""Debian's Apache with mod_auth_openidc as a relying party: a server of its own on loopback, which speaks TLS."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from tests.interop_external.oidc_provider import free_port
from tests.live_site import LiveSite
from tests.needs import APACHE, APACHE_MODULES

# The addresses below /protected/ are for who is signed in; the callback is one of them, and has no content.
CALLBACK: Final = "/protected/callback"
SIGNED_OUT: Final = "/signed-out.html"
_PAGES: Final = {"protected/plan.html": "The garden plan", "signed-out.html": "Signed out"}
_MODULES: Final = ("mpm_event", "authn_core", "authz_core", "authz_user", "headers", "ssl", "auth_openidc")
_READY_WITHIN: Final = 30.0  # seconds
_CONFIGURATION: Final = """
ServerName 127.0.0.1
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
LogLevel warn auth_openidc:info
Mutex posixsem default
DocumentRoot {folder}/pages
Listen 127.0.0.1:{port}
StartServers 1
SSLEngine on
SSLCertificateFile {folder}/server.pem

OIDCCABundlePath {folder}/authority.pem
OIDCRedirectURI {url}{callback}
OIDCCryptoPassphrase "only for tests"
OIDCSessionType server-cache
OIDCPKCEMethod S256
OIDCScope "openid profile email"
OIDCInfoHook access_token id_token userinfo session
<Location /protected/>
    AuthType openid-connect
    Require valid-user
    Header set Signed-In "expr=%{{REMOTE_USER}}"
</Location>
"""


@dataclass(frozen=True)
class Apache:
    """A running one, and where it keeps what it logs."""

    url: str
    log: Path


def pick_origin() -> str:
    """Return an origin where nobody listens yet, for a client to be registered with."""
    return f"https://127.0.0.1:{free_port()}"


@contextmanager
def apache(site: LiveSite, url: str, directives: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[Apache]:
    """Serve at `url`. Directives are of the module; in their values `{folder}` stands for where `files` are put."""
    with tempfile.TemporaryDirectory(prefix="apache-") as name:
        folder = Path(name)
        _furnish(site, folder, url, directives, files)
        running = Apache(url, folder / "error.log")
        with subprocess.Popen([str(APACHE), "-f", str(folder / "apache.conf"), "-DFOREGROUND"]) as process:
            try:
                _wait_until_ready(running, process, str(folder / "authority.pem"))
                yield running
            finally:
                process.terminate()
                process.wait(timeout=20)


def _furnish(site: LiveSite, folder: Path, url: str, directives: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Put in place what it serves and reads. Started by root it works as nobody of note, who must read it."""
    assert site.authority
    folder.chmod(0o755)
    shutil.copy(site.authority.path, folder / "authority.pem")
    shutil.copy(site.authority.certified("127.0.0.1"), folder / "server.pem")
    pages = {f"pages/{path}": text.encode() for path, text in _PAGES.items()}
    for path, content in (pages | dict(files)).items():
        _make_writable((folder / path).parent)
        (folder / path).write_bytes(content)
    lines = [f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in _MODULES]
    lines += ["User www-data", "Group www-data"] if os.geteuid() == 0 else []
    port = url.rpartition(":")[2]
    lines.append(_CONFIGURATION.format(folder=folder, port=port, url=url, callback=CALLBACK))
    lines += [f"{name} {value.replace('{folder}', str(folder))}" for name, value in directives.items()]
    (folder / "apache.conf").write_text("\n".join(lines) + "\n")


def _make_writable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "www-data")


def _wait_until_ready(running: Apache, process: "subprocess.Popen[bytes]", authority: str) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Apache ended with {process.returncode}: {_logged(running)}")
        try:
            if requests.get(running.url + SIGNED_OUT, verify=authority, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise TimeoutError(f"Apache was not ready in time: {_logged(running)}")


def _logged(running: Apache) -> str:
    return running.log.read_text() if running.log.is_file() else ""
