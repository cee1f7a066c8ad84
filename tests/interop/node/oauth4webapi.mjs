/** npm oauth4webapi 3, step by step: each answer of ours is read and judged by its own function. */
import * as oauth from "oauth4webapi";
import { private_key } from "./authentication.mjs";
import { given, tell, visit } from "./conversation.mjs";

const issuer = new URL(given.issuer);
const client = { client_id: given.client_id, id_token_signed_response_alg: given.algorithm };
const authentication = await {
  client_secret_basic: () => oauth.ClientSecretBasic(given.client_secret),
  client_secret_post: () => oauth.ClientSecretPost(given.client_secret),
  private_key_jwt: async () => oauth.PrivateKeyJwt(await private_key(given.jwk)),
  none: () => oauth.None(),
}[given.method]();

const oauth2 = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { algorithm: "oauth2" }),
);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oidc" }));

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();

async function authorize(parameters) {
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: given.redirect_uri,
    response_type: "code",
    scope: "openid profile email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...parameters,
  });
  return oauth.validateAuthResponse(server, client, await visit(address), state); // demands iss (RFC 9207)
}

async function error_of(promise) {
  try {
    await promise;
    return "none";
  } catch (error) {
    return error.error ?? error.cause?.[0]?.parameters?.error ?? String(error);
  }
}

const told = { same_token_endpoint: oauth2.token_endpoint === server.token_endpoint };
told.before_sign_in = await error_of(authorize({ prompt: "none" }));
const answer = await authorize({ prompt: "login" });
const exchange = () =>
  oauth.authorizationCodeGrantRequest(server, client, authentication, answer, given.redirect_uri, verifier);

const response = await exchange();
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
  expectedNonce: nonce,
  requireIdToken: true,
});
await oauth.validateApplicationLevelSignature(server, response);
const claims = oauth.getValidatedIdTokenClaims(tokens);
told.sub = claims.sub;
told.userinfo = await oauth.processUserInfoResponse(
  server,
  client,
  claims.sub,
  await oauth.userInfoRequest(server, client, tokens.access_token),
);

// As a resource server that takes our tokens (RFC 9068).
const call = new Request(new URL("/api/me", issuer), { headers: { authorization: `Bearer ${tokens.access_token}` } });
told.access_token = await oauth.validateJwtAccessToken(server, call, given.issuer);

const renewed = await oauth.processRefreshTokenResponse(
  server,
  client,
  await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token),
);
told.renewed = renewed.access_token !== tokens.access_token;

if (given.method !== "none") {
  told.introspected = await oauth.processIntrospectionResponse(
    server,
    client,
    await oauth.introspectionRequest(server, client, authentication, renewed.access_token),
  );
  told.own_token = await oauth.processClientCredentialsResponse(
    server,
    client,
    await oauth.clientCredentialsGrantRequest(server, client, authentication, { scope: "read" }),
  );
}

told.second_use = await error_of(exchange().then((again) => oauth.processAuthorizationCodeResponse(server, client, again)));
told.after_theft = await error_of(
  oauth.userInfoRequest(server, client, renewed.access_token).then((refused) =>
    oauth.processUserInfoResponse(server, client, claims.sub, refused),
  ),
);
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, authentication, renewed.refresh_token),
);
tell(told);
