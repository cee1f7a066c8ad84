"""Configuration of services to copy: a token of their own, and what somebody else's token says."""

import json
import shlex
from urllib.parse import quote_plus

from oauth.admin.connecting import Connection, literal
from oauth.vocabulary import AuthMethod


def curl(to: Connection) -> str:
    """Return the commands of a shell."""
    asked = f" \\\n  --data-urlencode {shlex.quote(f'scope={to.scope}')}" if to.scope else ""
    token = f"""\
curl --fail-with-body {proof(to)} \\
  --data grant_type=client_credentials{asked} \\
  {address(to, "token")}
"""
    if not to.introspects:
        return token
    return f"""\
{token}
# What a token says that somebody sent to this API:
curl --fail-with-body {proof(to)} \\
  --data-urlencode token=THE-TOKEN \\
  {address(to, "introspect")}
"""


def requests(to: Connection) -> str:
    """Return a program in Python."""
    members = {"grant_type": "client_credentials"} | ({"scope": to.scope} if to.scope else {})
    if to.auth_method is AuthMethod.CLIENT_SECRET_POST:
        members |= {"client_id": to.client_id, "client_secret": to.secret}
        proof = ""
    else:
        pair = ", ".join(literal(quote_plus(one)) for one in (to.client_id, to.secret))  # RFC 6749 section 2.3.1
        proof = f"\n    auth=({pair}),"
    return f"""\
# pip install requests
import requests

answer = requests.post(
    {literal(f"{to.issuer}/oauth/token")},{proof}
    data={json.dumps(members)},
    timeout=10,
)
answer.raise_for_status()
token = answer.json()  # "access_token" is good for "expires_in" seconds: keep it that long
"""


def proof(to: Connection) -> str:
    """Return how curl says who the client is."""
    if to.auth_method is AuthMethod.NONE:
        return f"--data-urlencode {shlex.quote(f'client_id={to.client_id}')}"
    if to.auth_method is AuthMethod.CLIENT_SECRET_POST:
        pair = (f"client_id={to.client_id}", f"client_secret={to.secret}")
        return " ".join(f"--data-urlencode {shlex.quote(one)}" for one in pair)
    return f"--user {shlex.quote(f'{quote_plus(to.client_id)}:{quote_plus(to.secret)}')}"  # RFC 6749 section 2.3.1


def address(to: Connection, name: str) -> str:
    """Return the address of an endpoint, as a word of a shell."""
    return shlex.quote(f"{to.issuer}/oauth/{name}")
