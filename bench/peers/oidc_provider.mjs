/**
 * npm oidc-provider as its documentation would have it in production: behind a proxy, with keys of its own, its
 * storage behind its adapter interface. What every system here knows is read from the file BENCH_WORLD.
 * DATABASE_URL: tokens in PostgreSQL, PROCESSES processes; without it in memory, which no two processes share.
 */
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";
import { Memory } from "./memory.mjs";
import { authorizationCodes, guardedView, login } from "./routes.mjs";

const world = JSON.parse(readFileSync(process.env.BENCH_WORLD, "utf8"));
const { DATABASE_URL: database, PORT: port, PROCESSES: processes = "1" } = process.env;

if (database && cluster.isPrimary) {
  const { createTables } = await import("./postgresql.mjs");
  await createTables(database, world.people);
  for (let count = 0; count < Number(processes); count += 1) cluster.fork();
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      for (const worker of Object.values(cluster.workers)) worker.kill("SIGKILL");
      process.exit(0);
    });
  }
} else {
  serve(database ? new (await import("./postgresql.mjs")).PostgreSQL(database) : new Memory(world.people));
}

function serve(storage) {
  const client = (known, grant_types) => ({
    client_id: known.client_id,
    client_secret: known.client_secret,
    token_endpoint_auth_method: "client_secret_post",
    grant_types,
    response_types: grant_types.includes("authorization_code") ? ["code"] : [],
    redirect_uris: grant_types.includes("authorization_code") ? [world.redirect_uri] : [],
    id_token_signed_response_alg: world.id_token_alg,
    scope: known.scope,
  });
  const provider = new Provider(world.issuer, {
    adapter: (model) => storage.adapter(model),
    clients: [
      client(world.machine, ["client_credentials"]),
      client(world.app, ["authorization_code", "refresh_token"]),
    ],
    claims: {
      openid: ["sub"],
      profile: ["name", "given_name", "family_name", "preferred_username"],
      email: ["email", "email_verified"],
    },
    cookies: { keys: [world.cookie_key] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256"] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: (_context, by, token) => by.clientId === token.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => ({
          scope: "read profile email",
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    findAccount: async (_context, id) => {
      const person = await storage.person(id);
      return person && { accountId: id, claims: () => ({ sub: id, ...person.claims }) };
    },
    // Always, as ours: the default demands offline_access of some clients.
    issueRefreshToken: async (_context, { grantTypes }) => grantTypes.includes("refresh_token"),
    rotateRefreshToken: true,
    jwks: { keys: world.private_keys },
    scopes: ["openid", "profile", "email", "offline_access", "read"],
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      ClientCredentials: 600,
      Grant: 30 * 24 * 3600,
      IdToken: 3600,
      RefreshToken: 30 * 24 * 3600,
    },
  });
  provider.proxy = true;
  provider.use(guardedView(provider, storage));
  provider.use(login(provider, storage, world));
  provider.use(authorizationCodes(provider, world));
  provider.listen(Number(port), "127.0.0.1");
}
