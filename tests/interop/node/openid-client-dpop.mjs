/** npm openid-client 6 with DPoP, by its README: a code bound to a key by dpop_jkt, bound tokens, nonces as they come. */
import * as client from "openid-client";
import { given, tell, visit } from "./conversation.mjs";

const authentication = given.method === "none" ? client.None() : client.ClientSecretPost(given.client_secret);
const config = await client.discovery(new URL(given.issuer), given.client_id, undefined, authentication);
const keys = await client.randomDPoPKeyPair(given.algorithm);
const DPoP = client.getDPoPHandle(config, keys);
const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair(given.algorithm));

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const led_to = await visit(
  client.buildAuthorizationUrl(config, {
    redirect_uri: given.redirect_uri,
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    dpop_jkt: await DPoP.calculateThumbprint(),
    state,
  }),
);

async function error_of(promise) {
  try {
    return (await promise).status ?? "none";
  } catch (error) {
    return error.error ?? error.cause?.[0]?.parameters?.error ?? error.code;
  }
}

const checks = { pkceCodeVerifier: verifier, expectedState: state };
const told = { by_another_key: await error_of(client.authorizationCodeGrant(config, led_to, checks, undefined, { DPoP: other })) };
const tokens = await client.authorizationCodeGrant(config, led_to, checks, undefined, { DPoP });
told.token_type = tokens.token_type;
told.userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });

const api = new URL("/api/user_info/", given.issuer);
const ask = (token, options) => client.fetchProtectedResource(config, token, api, "GET", undefined, undefined, options);
told.api = (await ask(tokens.access_token, { DPoP })).status;
told.again = (await ask(tokens.access_token, { DPoP })).status;
told.as_bearer = await error_of(ask(tokens.access_token));
told.with_another_key = await error_of(ask(tokens.access_token, { DPoP: other }));

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
told.refreshed = refreshed.token_type;
told.refreshed_by_another_key = await error_of(
  client.refreshTokenGrant(config, refreshed.refresh_token, undefined, { DPoP: other }),
);
tell(told);
