/** The key of a client that has one, as the libraries want it. */
import { importJWK } from "jose";

/** Return the private key of a JWK, by its algorithm and its id. */
export async function private_key(jwk) {
  const { alg, kid } = JSON.parse(jwk);
  return { key: await importJWK(JSON.parse(jwk), alg), kid };
}
