"""A FastAPI service whose notes are for access tokens with the scope `notes.read`.

It verifies tokens by itself, with the published keys; or, given a CLIENT_SECRET, by asking (RFC 7662), which also
knows of a token that was revoked a moment ago.
"""

import os
from typing import Annotated, Any

import jwt
import requests
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
AUDIENCE = os.environ.get("AUDIENCE", ISSUER)
CLIENT = os.environ.get("CLIENT_ID", ""), os.environ.get("CLIENT_SECRET", "")
DEMANDS: jwt.types.Options = {"require": ["exp", "sub"]}
keys = jwt.PyJWKClient(f"{ISSUER}/oauth/jwks")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
app = FastAPI()


def by_keys(token: str) -> dict[str, Any] | None:
    """Return the claims of a good access token (RFC 9068 section 4): never those of an id token."""
    try:
        key = keys.get_signing_key_from_jwt(token)
        whole = jwt.decode_complete(token, key, algorithms=["ES256"], issuer=ISSUER, audience=AUDIENCE, options=DEMANDS)
    except jwt.PyJWKClientConnectionError:
        raise  # the issuer cannot be reached: that is not the token's fault
    except jwt.PyJWTError:
        return None
    return dict(whole["payload"]) if whole["header"].get("typ") == "at+jwt" else None


def by_asking(token: str) -> dict[str, Any] | None:
    """Return what the issuer says of a token that is good now (RFC 7662 section 2)."""
    answer = requests.post(f"{ISSUER}/oauth/introspect", data={"token": token}, auth=CLIENT, timeout=5)
    answer.raise_for_status()
    claims: dict[str, Any] = answer.json()
    return claims if claims["active"] and claims.get("aud") == AUDIENCE else None


def reader(bearer: Bearer) -> dict[str, Any]:
    """Let in who may read notes; refuse as RFC 6750 section 3.1 has it."""
    claims = (by_asking if CLIENT[1] else by_keys)(bearer.credentials) if bearer else None
    if claims is None:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"' if bearer else "Bearer"})
    if "notes.read" not in claims.get("scope", "").split():
        raise HTTPException(403, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="notes.read"'})
    return claims


@app.get("/notes")
def notes(claims: Annotated[dict[str, Any], Depends(reader)]) -> dict[str, Any]:
    """Return the notes of whom the token speaks for."""
    return {"notes": ["Buy milk"], "of": claims["sub"]}
