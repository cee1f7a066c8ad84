"""deploy/nginx as nginx itself reads it."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import HOUSE
from tests.live_site import free_port
from tests.loopback import Authority
from tests.needs import nginx

pytestmark = pytest.mark.nginx

FOLDER = HOUSE / "deploy" / "nginx"
SAMPLES = [["site.conf"], ["site.conf", "protected-site.conf"], ["compose.conf"]]


@pytest.mark.parametrize("samples", SAMPLES, ids=lambda each: each[-1])
def test_nginx_takes_the_samples(samples: list[str], tmp_path: Path) -> None:
    certified = Authority(tmp_path).certified("id.example.com").read_text()
    (tmp_path / "tls").mkdir()
    for name in ("fullchain.pem", "privkey.pem"):
        (tmp_path / "tls" / name).write_text(certified)
    free = {"443": free_port(), "80": free_port()}
    for path in FOLDER.iterdir():
        moved = path.read_text().replace("/etc/nginx/", f"{tmp_path}/")
        moved = re.sub(
            r"listen (\[::\]:)?(\d+)\b(?!\.)",
            lambda found: f"listen 127.0.0.{2 if found[1] else 1}:{free[found[2]]}",
            moved,
        )
        (tmp_path / path.name).write_text(moved)
    included = "".join(f"include {tmp_path}/{name};" for name in samples)
    top = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {included} }}"
    (tmp_path / "nginx.conf").write_text(top)
    program = nginx()
    assert program
    done = subprocess.run(
        [program, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr
