/** npm openid-client 6, by its README: discovery, the code flow with every check, and what one does with the tokens. */
import * as client from "openid-client";
import { private_key } from "./authentication.mjs";
import { given, tell, visit } from "./conversation.mjs";

const authentication = await {
  client_secret_basic: () => client.ClientSecretBasic(given.client_secret),
  client_secret_post: () => client.ClientSecretPost(given.client_secret),
  private_key_jwt: async () => client.PrivateKeyJwt(await private_key(given.jwk)),
  none: () => client.None(),
}[given.method]();

const config = await client.discovery(
  new URL(given.issuer),
  given.client_id,
  { id_token_signed_response_alg: given.algorithm },
  authentication,
);
client.enableNonRepudiationChecks(config); // the id token's signature, beside the TLS that it came by

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const led_to = await visit(
  client.buildAuthorizationUrl(config, {
    redirect_uri: given.redirect_uri,
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    max_age: "3600",
    state,
    nonce,
  }),
);
const tokens = await client.authorizationCodeGrant(config, led_to, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 3600,
  idTokenExpected: true,
});
const { sub } = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const api = await client.fetchProtectedResource(
  config,
  refreshed.access_token,
  new URL("/api/user_info/", given.issuer),
  "GET",
);

const told = { sub, userinfo, scope: tokens.scope, refreshed_sub: refreshed.claims().sub, api: api.status };
if (given.method !== "none") {
  told.introspected = await client.tokenIntrospection(config, refreshed.access_token);
  told.own_token = await client.clientCredentialsGrant(config, { scope: "read" });
}
await client.tokenRevocation(config, refreshed.refresh_token);
try {
  await client.refreshTokenGrant(config, refreshed.refresh_token);
} catch (error) {
  told.after_revocation = error.error;
}
const bye = client.buildEndSessionUrl(config, {
  post_logout_redirect_uri: given.post_logout_redirect_uri,
  id_token_hint: refreshed.id_token,
  state,
});
const gone_to = await visit(bye);
told.gone_to = gone_to.origin + gone_to.pathname;
told.state_came_back = gone_to.searchParams.get("state") === state;
tell(told);
