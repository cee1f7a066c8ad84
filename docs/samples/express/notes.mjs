// An Express service whose notes are for access tokens with the scope `notes.read`.
//
// It verifies tokens by itself, with the published keys; or, given a CLIENT_SECRET, by asking (RFC 7662), which also
// knows of a token that was revoked a moment ago.
import express from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const { ISSUER = "http://127.0.0.1:8000", AUDIENCE = ISSUER, CLIENT_ID, CLIENT_SECRET, NOTES_PORT = "8003" } = process.env;
const NOT_ITS_FAULT = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];
const keys = createRemoteJWKSet(new URL(`${ISSUER}/oauth/jwks`));

// The claims of a good access token (RFC 9068 section 4): never those of an id token.
async function byKeys(token) {
  try {
    const demands = { issuer: ISSUER, audience: AUDIENCE, typ: "at+jwt", algorithms: ["ES256"], requiredClaims: ["exp"] };
    return (await jwtVerify(token, keys, demands)).payload;
  } catch (error) {
    // An issuer that cannot be reached is not the token's fault.
    if (error instanceof errors.JOSEError && !NOT_ITS_FAULT.includes(error.code)) return null;
    throw error;
  }
}

// What the issuer says of a token that is good now (RFC 7662 section 2).
async function byAsking(token) {
  const answer = await fetch(`${ISSUER}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${CLIENT_SECRET}`)}` },
    body: new URLSearchParams({ token }),
  });
  if (!answer.ok) throw new Error(`introspection answered ${answer.status}`);
  const claims = await answer.json();
  return claims.active && claims.aud === AUDIENCE ? claims : null;
}

// Lets in whose token has the scope, and refuses as RFC 6750 section 3.1 has it.
const demand = (scope) => async (request, response, next) => {
  const token = /^bearer +(\S+)$/i.exec(request.get("authorization") ?? "")?.[1];
  const claims = token ? await (CLIENT_SECRET ? byAsking : byKeys)(token) : null;
  const refuse = (status, challenge) => response.status(status).set("WWW-Authenticate", challenge).json({ status });
  if (!claims) return refuse(401, token ? 'Bearer error="invalid_token"' : "Bearer");
  if (!(claims.scope ?? "").split(" ").includes(scope)) {
    return refuse(403, `Bearer error="insufficient_scope", scope="${scope}"`);
  }
  request.claims = claims;
  next();
};

const app = express();
app.get("/notes", demand("notes.read"), (request, response) => {
  response.json({ notes: ["Buy milk"], of: request.claims.sub });
});
app.listen(Number(NOTES_PORT), "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${NOTES_PORT}/`));
