// Read a document strictly: every key expected, each value of its type and in its one spelling.

/** The file is no proof of the known format: at which place, and why. */
class Unreadable extends Error {
  constructor(where, reason) {
    super(reason);
    Object.assign(this, { code: "proof-unreadable", where, reason });
  }
}

/** The proof does not hold: which part of it, and why. */
class Refused extends Error {
  constructor(part, reason) {
    super(reason);
    Object.assign(this, { code: "proof-refused", part, reason });
  }
}

/** Words say something that no contract of this ledger says. */
class Meaningless extends Error {}

class Node {
  constructor(value, where = "") {
    this.value = value;
    this.where = where;
  }

  refused(reason) {
    return new Unreadable(this.where || "/", reason);
  }

  object(keys) {
    if (!(this.value instanceof Map)) throw this.refused("proposal-not-object");
    for (const key of keys) {
      if (!this.value.has(key)) throw new Unreadable(`${this.where}/${key}`, "proposal-missing");
    }
    const found = Object.create(null);
    for (const [key, inner] of this.value) {
      if (!keys.includes(key)) throw new Unreadable(`${this.where}/${key}`, "proposal-unknown-key");
      found[key] = new Node(inner, `${this.where}/${key}`);
    }
    return found;
  }

  list(most) {
    if (!Array.isArray(this.value)) throw this.refused("proposal-not-list");
    if (this.value.length > most) throw this.refused("proposal-count");
    return this.value.map((inner, at) => new Node(inner, `${this.where}/${at}`));
  }

  maybe(read) {
    return this.value === null ? null : read(this);
  }

  text(most = 256) {
    if (typeof this.value !== "string" || [...this.value].length > most) {
      throw this.refused("proposal-not-text");
    }
    return this.value;
  }

  integer(most) {
    if (typeof this.value !== "number" || this.value < 0 || this.value > most) {
      throw this.refused("proposal-not-integer");
    }
    return this.value;
  }

  amount(most) {
    const said = this.text();
    if (!/^(0|[1-9][0-9]*)$/.test(said) || BigInt(said) > most) throw this.refused("proposal-not-amount");
    return BigInt(said);
  }

  time() {
    const found = timeSeconds(this.text(8192));
    if (found === null) throw this.refused("proposal-not-time");
    return found;
  }

  id(kind) {
    const found = idBytes(kind, this.text(8192));
    if (found === null) throw this.refused(`proposal-not-${kind}`);
    return found;
  }

  bytes(size) {
    const said = this.text(8192);
    if (!/^0x([0-9a-f]{2})*$/.test(said)) throw this.refused("proposal-not-hex");
    if (said.length !== 2 + 2 * size) throw this.refused("proposal-length");
    return unhex(said.slice(2));
  }

  /** Return bytes of which there may be more than a text elsewhere has room for. */
  long(most) {
    const said = this.value;
    if (typeof said !== "string" || said.length > 2 + 2 * most || !/^0x([0-9a-f]{2})*$/.test(said)) {
      throw this.refused("proposal-not-hex");
    }
    return unhex(said.slice(2));
  }

  quantity() {
    const said = this.text();
    if (!QUANTITY.test(said)) throw this.refused("proposal-not-amount");
    return said;
  }

  /** Return the value of one word of a vocabulary. */
  word(vocabulary) {
    const said = this.text();
    const found = DATA.kinds[vocabulary].members.find(([name]) => name === said);
    if (!found) throw this.refused("proposal-word");
    return found[1];
  }

  mask(vocabulary) {
    const bits = this.list(64).map((inner) => inner.word(vocabulary));
    if (bits.some((bit, at) => at && bit <= bits[at - 1])) throw this.refused("proposal-order");
    return bits.reduce((sum, bit) => sum + bit, 0);
  }
}
