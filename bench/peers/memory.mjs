/**
 * Storage in memory, quicker than the one that the package brings for development: that one forgets all but the
 * last thousand or two, and goes through all of a grant's tokens at each write.
 */
export class Memory {
  constructor(people) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.byUsername = new Map(people.map((person) => [person.username, person]));
    this.grants = new Map();
  }

  person(id) {
    return this.people.get(id);
  }

  personNamed(username) {
    return this.byUsername.get(username);
  }

  adapter(model) {
    return new Adapter(this.grants, model);
  }
}

class Adapter {
  constructor(grants, model) {
    this.grants = grants;
    this.model = model;
    this.payloads = new Map();
    this.uids = new Map();
  }

  async upsert(id, payload) {
    this.payloads.set(id, payload);
    if (payload.uid) this.uids.set(payload.uid, id);
    if (payload.grantId && this.model !== "Session" && this.model !== "Interaction") {
      const members = this.grants.get(payload.grantId);
      if (members) members.push(this, id);
      else this.grants.set(payload.grantId, [this, id]);
    }
  }

  async find(id) {
    return this.payloads.get(id);
  }

  async findByUid(uid) {
    return this.payloads.get(this.uids.get(uid));
  }

  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    this.payloads.get(id).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.payloads.delete(id);
  }

  async revokeByGrantId(grantId) {
    const members = this.grants.get(grantId) ?? [];
    for (let at = 0; at < members.length; at += 2) members[at].payloads.delete(members[at + 1]);
    this.grants.delete(grantId);
  }
}
