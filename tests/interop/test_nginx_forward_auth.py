"""The samples of deploy/nginx, served by nginx: a site behind it whose visitors have to sign in with us."""

import json
import re
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from django.conf import settings

from oauth.models import Client
from tests.clients import make_client
from tests.live_site import free_port, live_site
from tests.loopback import Authority
from tests.needs import nginx as found_nginx
from tests.people import PASSWORD

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]
SAMPLES = Path(settings.BASE_DIR) / "deploy/nginx"
MAIN = """daemon off;
pid {0}/pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    uwsgi_temp_path {0}/uwsgi;
    scgi_temp_path {0}/scgi;
    include {0}/site.conf;
    include {0}/protected-site.conf;
}}
"""


class Wiki(BaseHTTPRequestHandler):
    """The site: it tells what it was told."""

    def do_GET(self):
        body = json.dumps({name.lower(): value for name, value in self.headers.items()} | {"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - as the library calls it

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def wiki():
    with ThreadingHTTPServer(("127.0.0.1", 0), Wiki) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def placed(folder, name, changes):
    text = (SAMPLES / name).read_text()
    for old, new in changes.items():
        assert old in text, (name, old)
        text = text.replace(old, new)
    (folder / name).write_text(text)


@contextmanager
def nginx(folder, authority, *, site, ours, wiki, server):
    places = {"/etc/nginx/": f"{folder}/", "    listen [::]:443 ssl http2;\n": ""}
    placed(
        folder,
        "site.conf",
        places
        | {
            "127.0.0.1:8000": f"127.0.0.1:{server}",
            "    listen [::]:80 default_server;\n": "",
            "listen 80 default_server": f"listen 127.0.0.1:{free_port()}",
            "listen 443 ssl": f"listen 127.0.0.1:{ours} ssl",
        },
    )
    placed(
        folder,
        "protected-site.conf",
        places | {"listen 443 ssl": f"listen 127.0.0.1:{site} ssl", "127.0.0.1:9000": f"127.0.0.1:{wiki}"},
    )
    placed(folder, "forward-auth.inc", {"id.example.com": "127.0.0.1"})
    placed(folder, "forward.inc", {})
    certificate = authority.certified("localhost", "127.0.0.1")
    placed(
        folder,
        "tls.inc",
        {"/etc/nginx/tls/fullchain.pem": str(certificate), "/etc/nginx/tls/privkey.pem": str(certificate)},
    )
    (folder / "nginx.conf").write_text(MAIN.format(folder))
    command = [str(found_nginx()), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with subprocess.Popen(command) as process:
        try:
            deadline = time.monotonic() + 20
            while not (folder / "pid").exists():
                assert process.poll() is None, "nginx ended"
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def browser_of(authority):
    """Return what keeps cookies and follows redirects, and trusts the authority alone."""
    browser = requests.Session()
    browser.trust_env = False  # a bundle of certificates named there would be trusted instead
    browser.verify = str(authority.path)
    browser.headers["accept"] = "text/html"
    return browser


def signed_in(browser, page):
    """Fill in the form of the sign-in page."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    form = {"csrfmiddlewaretoken": token, "login": "alice", "password": PASSWORD}
    return browser.post(page.url, form, headers={"referer": page.url, "accept": "text/html"})


def test_a_site_behind_nginx_knows_who_is_signed_in(person, tmp_path):
    authority = Authority(tmp_path)
    ours, site = free_port(), free_port()
    origin = f"https://localhost:{site}"
    make_client(
        "wiki",
        redirect_uris=f"{origin}/.authproject/callback",
        scopes="openid profile email roles",
        skip_authorization=True,
    )
    browser = browser_of(authority)
    environment = {"ISSUER": f"https://127.0.0.1:{ours}", "TRUSTED_PROXY_COUNT": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    with wiki() as behind, live_site(**environment) as server:
        port = int(server.url.rpartition(":")[2])
        with nginx(tmp_path, authority, site=site, ours=ours, wiki=behind, server=port):
            page = browser.get(f"{origin}/pages/1?a=%2F&b")
            assert page.url.startswith(f"https://127.0.0.1:{ours}/accounts/login/")
            told = signed_in(browser, page)
            assert (told.status_code, told.url) == (200, f"{origin}/pages/1?a=%2F&b"), told.text
            assert told.json()["remote-user"] == "alice"
            assert told.json()["remote-email"] == person.email
            assert told.json()["path"] == "/pages/1?a=%2F&b"

            forged = {"Remote-User": "admin", "Remote-Groups": "administrators"}
            again = browser.post(f"{origin}/write", data="x", headers=forged).json()
            assert (again["remote-user"], again.get("remote-groups")) == ("alice", None)

            refused = browser_of(authority).get(f"{origin}/api", headers=forged | {"accept": "*/*"})
            assert refused.status_code == 401
            assert browser.get(f"{origin}/.authproject/check").status_code == 404

            Client.objects.update(is_active=False)
            time.sleep(2)  # as long as another process may know the client as it was
            assert browser.get(f"{origin}/pages/2").status_code == 403
