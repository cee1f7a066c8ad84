/** npm openid-client 6 as a FAPI 2.0 client, by its README: a key of its own, pushed (signed) requests, DPoP, JARM. */
import * as client from "openid-client";
import { private_key } from "./authentication.mjs";
import { given, tell, visit } from "./conversation.mjs";

const ours = await private_key(given.jwk);
const metadata = { id_token_signed_response_alg: "ES256", authorization_signed_response_alg: "ES256" };
const authentication = client.PrivateKeyJwt(ours);
const config = await client.discovery(new URL(given.issuer), given.client_id, metadata, authentication);
if (given.mode === "signed") client.useJwtResponseMode(config);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
let asked = new URLSearchParams({
  redirect_uri: given.redirect_uri,
  scope: "openid profile email offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});
if (given.mode === "signed") {
  asked = (await client.buildAuthorizationUrlWithJAR(config, asked, ours)).searchParams;
}
const url = await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP });
const led_to = await visit(url);

const checks = { pkceCodeVerifier: verifier, expectedState: state };
const tokens = await client.authorizationCodeGrant(config, led_to, checks, undefined, { DPoP });
const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
tell({
  in_address: [...url.searchParams.keys()],
  in_answer: [...led_to.searchParams.keys()],
  token_type: tokens.token_type,
  sub: userinfo.sub,
  kept: (refreshed.refresh_token ?? tokens.refresh_token) === tokens.refresh_token,
});
