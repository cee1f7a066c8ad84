/**
 * What a program here is given and what it tells, as lines of JSON. Its person's browser is on the other side:
 * an address goes out, and the address where it led comes back, with the form that was posted to it, if any.
 */
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function hear() {
  const { value } = await lines.next();
  return JSON.parse(value);
}

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

export const given = await hear();

/** Send the person's browser to an address; return where it led: the URL, or the request if a form was posted. */
export async function visit(address) {
  say({ visit: String(address) });
  const { url, form } = await hear();
  const posted = Object.keys(form).length > 0;
  return posted ? new Request(url, { method: "POST", body: new URLSearchParams(form) }) : new URL(url);
}

/** Tell what came of it, and end. */
export function tell(facts) {
  say({ told: facts });
  process.exit(0);
}
