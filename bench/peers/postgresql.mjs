/** Storage in PostgreSQL: a table of payloads by model and id, prepared statements, a pool in each process. */
import pg from "pg";

const connections = 10; // of each process; more were no quicker
const tables = `
  CREATE TABLE IF NOT EXISTS payloads (
    model text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    grant_id text,
    uid text,
    user_code text,
    consumed_at timestamptz,
    expires_at timestamptz,
    PRIMARY KEY (model, id)
  );
  CREATE INDEX IF NOT EXISTS payloads_by_grant ON payloads (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_by_uid ON payloads (uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_by_user_code ON payloads (user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS payloads_by_end ON payloads (expires_at);
  CREATE TABLE IF NOT EXISTS people (
    id text PRIMARY KEY, username text UNIQUE NOT NULL, password_hash text NOT NULL, claims jsonb NOT NULL
  )`;

export async function createTables(url, people) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(tables);
  for (const { id, username, password_hash, claims } of people) {
    await client.query("INSERT INTO people VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", [
      id,
      username,
      password_hash,
      claims,
    ]);
  }
  await client.end();
}

const columns = "payload, extract(epoch from consumed_at)::bigint AS consumed";
const alive = "(expires_at IS NULL OR expires_at > now())";
const statements = {
  upsert: `INSERT INTO payloads (model, id, payload, grant_id, uid, user_code, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      uid = excluded.uid, user_code = excluded.user_code, expires_at = excluded.expires_at`,
  find: `SELECT ${columns} FROM payloads WHERE model = $1 AND id = $2 AND ${alive}`,
  findByUid: `SELECT ${columns} FROM payloads WHERE model = $1 AND uid = $2 AND ${alive}`,
  findByUserCode: `SELECT ${columns} FROM payloads WHERE model = $1 AND user_code = $2 AND ${alive}`,
  consume: "UPDATE payloads SET consumed_at = now() WHERE model = $1 AND id = $2",
  destroy: "DELETE FROM payloads WHERE model = $1 AND id = $2",
  revoke: "DELETE FROM payloads WHERE grant_id = $1 AND model = $2",
  person: "SELECT * FROM people WHERE id = $1",
  personNamed: "SELECT * FROM people WHERE username = $1",
};

export class PostgreSQL {
  constructor(url) {
    this.pool = new pg.Pool({ connectionString: url, max: connections });
  }

  async run(name, values) {
    return (await this.pool.query({ name, text: statements[name], values })).rows;
  }

  async person(id) {
    return (await this.run("person", [id]))[0];
  }

  async personNamed(username) {
    return (await this.run("personNamed", [username]))[0];
  }

  adapter(model) {
    return new Adapter(this, model);
  }
}

class Adapter {
  constructor(storage, model) {
    this.storage = storage;
    this.model = model;
  }

  async upsert(id, payload, seconds) {
    const { grantId = null, uid = null, userCode = null } = payload;
    await this.storage.run("upsert", [this.model, id, payload, grantId, uid, userCode, seconds ?? null]);
  }

  async find(id) {
    return payloadOf(await this.storage.run("find", [this.model, id]));
  }

  async findByUid(uid) {
    return payloadOf(await this.storage.run("findByUid", [this.model, uid]));
  }

  async findByUserCode(code) {
    return payloadOf(await this.storage.run("findByUserCode", [this.model, code]));
  }

  async consume(id) {
    await this.storage.run("consume", [this.model, id]);
  }

  async destroy(id) {
    await this.storage.run("destroy", [this.model, id]);
  }

  async revokeByGrantId(grantId) {
    await this.storage.run("revoke", [grantId, this.model]);
  }
}

function payloadOf([row]) {
  if (!row) return undefined;
  return row.consumed ? { ...row.payload, consumed: Number(row.consumed) } : row.payload;
}
