"""Configuration of devices to copy: how one asks for its codes, shows one, and waits for its person (RFC 8628)."""

import json
import shlex
from urllib.parse import quote_plus

from oauth.admin.connecting import Connection, literal
from oauth.admin.service_snippets import address, proof
from oauth.vocabulary import AuthMethod, GrantType


def curl(to: Connection) -> str:
    """Return the commands of a shell."""
    return f"""\
# 1. Ask for the codes, and show `user_code` and `verification_uri`:
curl --fail-with-body {proof(to)} \\
  --data-urlencode {shlex.quote(f"scope={to.scope}")} \\
  {address(to, "device-authorization")}

# 2. Ask every 5 seconds, until it is no more authorization_pending; 5 seconds less often after each slow_down:
curl {proof(to)} \\
  --data-urlencode grant_type={GrantType.DEVICE_CODE.value} \\
  --data-urlencode device_code=THE-DEVICE-CODE \\
  {address(to, "token")}
"""


def requests(to: Connection) -> str:
    """Return a program in Python."""
    members, proof_of_it = {"client_id": to.client_id}, ""
    if to.auth_method is AuthMethod.CLIENT_SECRET_POST:
        members["client_secret"] = to.secret
    elif to.auth_method is not AuthMethod.NONE:
        pair = ", ".join(literal(quote_plus(one)) for one in (to.client_id, to.secret))  # RFC 6749 section 2.3.1
        proof_of_it = f"\n        auth=({pair}),"
    return f"""\
# pip install requests
import time

import requests



def ask(path, **form):
    return requests.post(
        {literal(f"{to.issuer}/oauth/")} + path,{proof_of_it}
        data={{**{json.dumps(members)}, **form}},
        timeout=10,
    ).json()


device = ask("device-authorization", scope={literal(to.scope)})
interval = device["interval"]
print("Open", device["verification_uri"], "and type", device["user_code"])  # or show verification_uri_complete as QR

while True:
    time.sleep(interval)
    answer = ask("token", grant_type="{GrantType.DEVICE_CODE.value}", device_code=device["device_code"])
    if answer.get("error") == "slow_down":
        interval += 5
    elif answer.get("error") != "authorization_pending":
        break

token = answer["access_token"]  # a KeyError says that the person refused, or that nobody came within ten minutes
"""
