// Canonical JSON (RFC 8785) as proofs use it: no escapes, no double keys, one spelling for a value.

class NotJson extends Error {}

/** A number that is not written as a whole one, which no field of a proof is. */
class Fraction {
  constructor(value) {
    this.value = value;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const BLANKS = /[ \t\n\r]*/y;

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value();
    this.blanks();
    if (this.at !== this.text.length) throw new NotJson();
    return value;
  }

  value() {
    this.blanks();
    const first = this.text[this.at];
    if (first === "{") return this.object();
    if (first === "[") return this.list();
    if (first === '"') return this.string();
    for (const [name, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(name, this.at)) {
        this.at += name.length;
        return value;
      }
    }
    return this.number();
  }

  object() {
    const found = new Map();
    this.at++;
    if (this.taken("}")) return found;
    do {
      this.blanks();
      if (this.text[this.at] !== '"') throw new NotJson();
      const key = this.string();
      this.expect(":");
      found.set(key, this.value());
    } while (this.taken(","));
    this.expect("}");
    return found;
  }

  list() {
    const found = [];
    this.at++;
    if (this.taken("]")) return found;
    do found.push(this.value());
    while (this.taken(","));
    this.expect("]");
    return found;
  }

  string() {
    const end = this.text.indexOf('"', this.at + 1);
    const found = this.text.slice(this.at + 1, end);
    // eslint-disable-next-line no-control-regex
    if (end < 0 || /[\x00-\x1f]/.test(found)) throw new NotJson();
    this.at = end + 1;
    return found;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw new NotJson();
    this.at = NUMBER.lastIndex;
    const value = Number(found[0]);
    if (found[1] !== undefined || found[2] !== undefined) {
      if (!Number.isFinite(value)) throw new NotJson();
      return new Fraction(value);
    }
    if (!Number.isSafeInteger(value)) throw new NotJson();
    return value;
  }

  blanks() {
    BLANKS.lastIndex = this.at;
    BLANKS.exec(this.text);
    this.at = BLANKS.lastIndex;
  }

  taken(sign) {
    this.blanks();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  expect(sign) {
    if (!this.taken(sign)) throw new NotJson();
  }
}

/** Return a value as canonical JSON; keys are sorted by their UTF-16 units, as JavaScript does. */
function canonical(value) {
  if (value instanceof Fraction) return String(value.value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

/** Tell whether brackets outside of quotes are nested more than so deep. */
function isDeep(raw, most) {
  let depth = 0;
  let quoted = false;
  for (const byte of raw) {
    if (byte === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > most) return true;
  }
  return false;
}
