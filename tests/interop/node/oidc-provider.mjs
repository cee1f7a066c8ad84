// An OpenID provider that is not ours: npm oidc-provider with its own pages for development, on loopback.
// node oidc-provider.mjs <port> <redirect_uri> [client_auth_method]

import { Provider } from "oidc-provider";

const [port, redirectUri, authMethod = "client_secret_basic"] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "us",
      client_secret: "our secret, + & so on",
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: authMethod,
    },
  ],
  claims: { openid: ["sub"], profile: ["name", "given_name"], email: ["email", "email_verified"] },
  cookies: { keys: ["only for tests"] },
  // Whoever signs in is who they say: `dave@elsewhere` has that address, `carol` one at corp.example.
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id} of corp`,
      email: id.includes("@") ? `${id}.example` : `${id}@corp.example`,
      email_verified: true,
    }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
