/** A program's own site on loopback: it publishes documents by path, and hears of logouts by the back channel. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { createRemoteJWKSet, jwtVerify } from "jose";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** Serve with the key and the certificate of a file; return the origin, the documents, and the logout that comes. */
export async function serve(certificate) {
  const pem = readFileSync(certificate);
  const documents = new Map();
  const site = { documents, logout_uri: "", logout_token: null };
  const server = createServer({ key: pem, cert: pem });
  site.logout_token = new Promise((heard) => {
    server.on("request", async (request, response) => {
      if (request.method === "POST" && request.url === "/logout") {
        const form = new URLSearchParams(await text(request));
        heard(form.get("logout_token"));
        return response.writeHead(200, { "cache-control": "no-store" }).end();
      }
      const [type, content] = documents.get(request.url) ?? [];
      return type ? response.writeHead(200, { "content-type": type }).end(content) : response.writeHead(404).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.origin = `https://127.0.0.1:${server.address().port}`;
  site.logout_uri = `${site.origin}/logout`;
  return site;
}

/** Return the claims of a logout token that holds (Back-Channel Logout 1.0 section 2.6). */
export async function validated(logout_token, { issuer, jwks_uri, client_id, algorithm }) {
  const { payload } = await jwtVerify(logout_token, createRemoteJWKSet(new URL(jwks_uri)), {
    issuer,
    audience: client_id,
    algorithms: [algorithm],
    typ: "logout+jwt",
    requiredClaims: ["iat", "exp", "jti", "events"],
    maxTokenAge: "2 minutes",
  });
  if (typeof payload.events[EVENT] !== "object") throw new Error("no logout event");
  if ("nonce" in payload) throw new Error("a nonce, as in an id token");
  if (!payload.sub && !payload.sid) throw new Error("nobody is named");
  return payload;
}
