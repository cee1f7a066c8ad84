/**
 * npm openid-client 6 as a client that registers itself and has a key instead of a secret: it signs its requests, is
 * answered by a form, asks for claims by name, and hears of the sign-out by the back channel.
 */
import * as client from "openid-client";
import { exportJWK, generateKeyPair } from "jose";
import { given, tell, visit } from "./conversation.mjs";
import { serve, validated } from "./own_site.mjs";

const site = await serve(given.certificate);
const { privateKey, publicKey } = await generateKeyPair(given.algorithm);
const key = { key: privateKey, kid: "ours" };
const metadata = {
  client_name: "Garden Planner",
  redirect_uris: [given.redirect_uri],
  post_logout_redirect_uris: [given.post_logout_redirect_uri],
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "private_key_jwt",
  token_endpoint_auth_signing_alg: given.algorithm,
  request_object_signing_alg: given.algorithm,
  id_token_signed_response_alg: "ES256",
  userinfo_signed_response_alg: "RS256",
  subject_type: "pairwise",
  default_max_age: 3600,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, use: "sig", alg: given.algorithm }] },
  backchannel_logout_uri: site.logout_uri,
  backchannel_logout_session_required: true,
};
const config = await client.dynamicClientRegistration(
  new URL(given.issuer),
  metadata,
  client.PrivateKeyJwt(key),
  { initialAccessToken: given.initial_access_token },
);
client.enableNonRepudiationChecks(config); // of the id token and of userinfo
const registered = config.clientMetadata();
const told = {
  client_id: registered.client_id,
  not_echoed: Object.keys(metadata).filter(
    (member) => JSON.stringify(registered[member]) !== JSON.stringify(metadata[member]),
  ),
};

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const parameters = {
  redirect_uri: given.redirect_uri,
  scope: "openid offline_access",
  response_mode: "form_post",
  claims: JSON.stringify({
    userinfo: { given_name: { essential: true } },
    id_token: { email: null, acr: { values: ["aal1", "aal2"] } },
  }),
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
};
const answer = await visit(await client.buildAuthorizationUrlWithJAR(config, parameters, key));
told.posted_to = answer.method === "POST" ? answer.url : "nowhere";
const tokens = await client.authorizationCodeGrant(config, answer, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
});
told.claims = tokens.claims();
told.userinfo = await client.fetchUserInfo(config, tokens.access_token, told.claims.sub);

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
told.refreshed = refreshed.claims();
await client.tokenRevocation(config, refreshed.refresh_token);
try {
  await client.refreshTokenGrant(config, refreshed.refresh_token);
} catch (error) {
  told.after_revocation = error.error;
}

const gone_to = await visit(
  client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: given.post_logout_redirect_uri,
    id_token_hint: refreshed.id_token,
    state,
  }),
);
told.gone_to = gone_to.origin + gone_to.pathname;
told.logout = await validated(await site.logout_token, {
  ...config.serverMetadata(),
  client_id: registered.client_id,
  algorithm: "ES256",
});
tell(told);
