/**
 * npm oauth4webapi 3 as a client that registers itself: its keys and its signed requests lie on its own site, where
 * we fetch them, and it judges each answer by its own function.
 */
import * as oauth from "oauth4webapi";
import { exportJWK } from "jose";
import { given, tell, visit } from "./conversation.mjs";
import { serve, validated } from "./own_site.mjs";

const site = await serve(given.certificate);
const issuer = new URL(given.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));

const { privateKey, publicKey } = await oauth.generateKeyPair(given.algorithm);
const key = { key: privateKey, kid: "ours" };
const jwk = { ...(await exportJWK(publicKey)), kid: key.kid, use: "sig", alg: given.algorithm };
site.documents.set("/jwks.json", ["application/json", JSON.stringify({ keys: [jwk] })]);
site.documents.set("/sector.json", ["application/json", JSON.stringify([given.redirect_uri])]);
const client = await oauth.processDynamicClientRegistrationResponse(
  await oauth.dynamicClientRegistrationRequest(
    server,
    {
      client_name: "Garden Planner",
      redirect_uris: [given.redirect_uri],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "private_key_jwt",
      id_token_signed_response_alg: "RS256",
      userinfo_signed_response_alg: "ES256",
      request_object_signing_alg: given.algorithm,
      subject_type: "pairwise",
      sector_identifier_uri: `${site.origin}/sector.json`,
      jwks_uri: `${site.origin}/jwks.json`,
      request_uris: [`${site.origin}/request.jwt`],
      backchannel_logout_uri: site.logout_uri,
    },
    { initialAccessToken: given.initial_access_token },
  ),
);
const authentication = oauth.PrivateKeyJwt(key);
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();

/** Return where the person is sent: the request in one object, by value or by reference. */
async function address(parameters, by_reference) {
  const object = await oauth.issueRequestObject(
    server,
    client,
    {
      redirect_uri: given.redirect_uri,
      response_type: "code",
      scope: "openid",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...parameters,
    },
    key,
  );
  site.documents.set("/request.jwt", ["application/oauth-authz-req+jwt", object]);
  const url = new URL(server.authorization_endpoint);
  url.searchParams.set("client_id", client.client_id);
  if (by_reference) url.searchParams.set("request_uri", `${site.origin}/request.jwt`);
  else url.searchParams.set("request", object);
  return url;
}

async function error_of(doing) {
  try {
    await doing();
    return "none";
  } catch (error) {
    return error.error ?? error.cause?.[0]?.parameters?.error ?? String(error);
  }
}

/** Send the person there and judge the answer, which must name its issuer (RFC 9207). */
async function authorize(parameters, by_reference = false) {
  return oauth.validateAuthResponse(server, client, await visit(await address(parameters, by_reference)), state);
}

const told = { client_id: client.client_id };
told.before_sign_in = await error_of(() => authorize({ prompt: "none" }));
const claims_wanted = { userinfo: { name: { essential: true }, email_verified: null }, id_token: { auth_time: null } };
const answer = await authorize({ claims: JSON.stringify(claims_wanted) }, true);
const response = await oauth.authorizationCodeGrantRequest(
  server,
  client,
  authentication,
  answer,
  given.redirect_uri,
  verifier,
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
  expectedNonce: nonce,
  requireIdToken: true,
});
await oauth.validateApplicationLevelSignature(server, response);
told.claims = oauth.getValidatedIdTokenClaims(tokens);

const signed = await oauth.userInfoRequest(server, client, tokens.access_token);
told.userinfo = await oauth.processUserInfoResponse(server, client, told.claims.sub, signed);
await oauth.validateApplicationLevelSignature(server, signed);

const renewed = await oauth.processRefreshTokenResponse(
  server,
  client,
  await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token),
);
told.renewed = oauth.getValidatedIdTokenClaims(renewed);
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, authentication, renewed.refresh_token),
);

const bye = new URL(server.end_session_endpoint);
bye.searchParams.set("id_token_hint", tokens.id_token);
await visit(bye);
told.logout = await validated(await site.logout_token, { ...server, client_id: client.client_id, algorithm: "RS256" });
tell(told);
