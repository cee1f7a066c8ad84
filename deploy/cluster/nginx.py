"""nginx in front of the nodes, by the very files of deploy/nginx: only addresses and places are put in."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.cluster.machine import Failed, found, free_port
from deploy.cluster.program import Program

_FILES: Final = Path(__file__).resolve().parent.parent / "nginx"
_INCLUDED: Final = ("forward.inc", "tls.inc")
_DAYS: Final = timedelta(days=30)
# Around the site's own file: what the distribution's nginx.conf says elsewhere, every place within the folder.
_MAIN: Final = """daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 2;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Nginx:
    """The proxy, with a certificate of its own for 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written yet."""
        self.port = free_port()
        self._folder = folder
        self._program = Program(
            [found("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")],
            folder / "output.log",
            environment={"PATH": os.environ["PATH"]},
        )

    @property
    def certificate(self) -> Path:
        """The file of the certificate, for who wants to trust it."""
        return self._folder / "tls" / "fullchain.pem"

    def start(self, nodes: Sequence[int]) -> None:
        """Start it before the nodes on these ports."""
        self._folder.mkdir()
        for name in _INCLUDED:
            self._place(name, {"/etc/nginx/": f"{self._folder}/"} if name == "tls.inc" else {})
        self._place("site.conf", self._addresses(nodes))
        (self._folder / "nginx.conf").write_text(_MAIN.format(folder=self._folder))
        (self._folder / "tls").mkdir()
        _certify(self.certificate, self._folder / "tls" / "privkey.pem")
        self._program.start()
        self._program.wait_until((self._folder / "pid").exists)

    def stop(self) -> None:
        """Stop it."""
        self._program.stop()

    def kill(self) -> None:
        """Kill it as a machine dies."""
        self._program.kill()

    def _addresses(self, nodes: Sequence[int]) -> dict[str, str]:
        servers = [line for line in (_FILES / "site.conf").read_text().splitlines() if " 127.0.0.1:8000 " in line]
        return {
            "/etc/nginx/": f"{self._folder}/",
            **{line: "\n".join(line.replace(":8000", f":{port}") for port in nodes) for line in servers},
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80 default_server": f"listen 127.0.0.1:{free_port()}",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
        }

    def _place(self, name: str, changes: dict[str, str]) -> None:
        text = (_FILES / name).read_text()
        for old, new in changes.items():
            if old not in text:
                raise Failed(f"deploy/nginx/{name} has no {old!r} any more")
            text = text.replace(old, new)
        (self._folder / name).write_text(text)


def _certify(certificate: Path, key: Path) -> None:
    """Write a certificate that vouches for itself. Browsers remember nothing (HSTS) of an address of numbers."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "two nodes on this machine")])
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _DAYS)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
