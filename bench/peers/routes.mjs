/** What stands before the provider: a guarded view, a sign-in by JSON, and the codes that the bench exchanges. */
import { verify } from "@node-rs/argon2";

/** A view of six lines that the bearer token opens. */
export const guardedView = (provider, storage) => async (context, next) => {
  if (context.path !== "/api/me") return next();
  const token = await provider.AccessToken.find(context.get("authorization").slice("Bearer ".length));
  if (!token?.isValid) return context.throw(401);
  const person = await storage.person(token.accountId);
  context.body = { id: token.accountId, ...person.claims };
};

/** A username and a password for an access token. */
export const login = (provider, storage, world) => async (context, next) => {
  if (context.path !== "/login") return next();
  const { username, password } = await jsonOf(context.req);
  const person = await storage.personNamed(username);
  if (!person || !(await verify(person.password_hash, password))) return context.throw(401);
  const client = await provider.Client.find(world.app.client_id);
  const grant = grantOf(provider, { accountId: person.id, clientId: client.clientId, scope: world.scope });
  const grantId = await grant.save();
  const token = new provider.AccessToken({ accountId: person.id, client, grantId, scope: world.scope, gty: "login" });
  context.body = { access_token: await token.save(), token_type: "Bearer", expires_in: token.expiration };
};

/** So many new codes, as the authorization endpoint would have issued them: each of a grant of its own. */
export const authorizationCodes = (provider, world) => async (context, next) => {
  if (context.path !== "/bench/codes") return next();
  const { count, seconds, scope, challenge, resource } = await jsonOf(context.req);
  const client = await provider.Client.find(world.app.client_id);
  const until = Date.now() + seconds * 1000;
  const codes = [];
  const issue = async () => {
    while (codes.length < count && Date.now() < until) {
      const accountId = world.people[codes.length % world.people.length].id;
      const place = codes.push(null) - 1;
      const grant = grantOf(provider, { accountId, clientId: client.clientId, scope, resource });
      const grantId = await grant.save();
      codes[place] = await new provider.AuthorizationCode({
        accountId,
        client,
        grantId,
        scope,
        resource,
        redirectUri: world.redirect_uri,
        codeChallenge: challenge,
        codeChallengeMethod: "S256",
        authTime: Math.floor(Date.now() / 1000),
        amr: ["pwd"],
      }).save();
    }
  };
  await Promise.all(Array.from({ length: 20 }, issue));
  context.body = codes.join("\n");
};

function grantOf(provider, { accountId, clientId, scope, resource }) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(scope);
  if (resource) grant.addResourceScope(resource, scope);
  return grant;
}

async function jsonOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
