// What the words of a proof show of a product, a grant, or an absence.

const MOST_INTERVALS = 1000;

function requireThat(holds, part, reason) {
  if (!holds) throw new Refused(part, reason);
}

/** The words of a proof whose places and values are shown, and which of them were asked for. */
class ProvedWords {
  constructor(proof) {
    this.proof = proof;
    this.accounts = new Map(proof.accounts.map((account) => [account.name, account]));
    this.words = new Map();
    this.used = new Set();
    this.foundContracts = new Set(["Directory"]);
    for (const account of proof.accounts) {
      for (const { name, keys, value } of account.storage) {
        this.words.set([account.name, name, ...keys.map(hex)].join(" "), value);
      }
    }
  }

  get(contract, name, ...keys) {
    const kept = variable(contract, name);
    const words = keySteps(kept).map((step, at) => hex(keyWord(step, keys[at])));
    const found = [contract, name, ...words].join(" ");
    requireThat(this.words.has(found), `${contract}.${name}`, "word-missing");
    this.used.add(found);
    return unpackWord(kept.word, this.words.get(found));
  }

  shown(contract, name, ...keys) {
    return shownWord(variable(contract, name).word, this.get(contract, name, ...keys));
  }

  found(contract, codeHash) {
    const account = this.accounts.get(contract);
    requireThat(account, contract, "account-missing");
    requireThat(same(account.codeHash, codeHash), contract, "code-replaced");
    this.foundContracts.add(contract);
  }

  requireAllUsed() {
    requireThat(this.used.size === this.words.size, "storage", "word-unused");
    const names = this.proof.accounts.map(({ name }) => name);
    const wanted = [...this.foundContracts].sort();
    requireThat(canonical(names) === canonical(wanted), "accounts", "accounts-other");
  }

  /** Tell whether the directory has a contract of this name, which is where it must be then. */
  located(contract) {
    const place = this.get("Directory", "places", filledBehind(ascii(contract))).value;
    if (!place) return false;
    const location = this.get("Directory", "entryLocations", place - 1n).value;
    const expected = numberOf(predict(this.proof.directory, contract));
    requireThat(location === expected, contract, "address-other");
    this.found(contract, word(this.get("Directory", "entryCodeHashes", place - 1n).value));
    return true;
  }

  /** Tell whether the code of a contract that was found has the address of another in it. */
  names(contract, other) {
    const build = identify(contract, this.accounts.get(contract).code);
    return build.filled.some(([, what]) => what === other);
  }

  /** Refuse a directory without these contracts; those that write into them are found as well. */
  require(...contracts) {
    for (const contract of contracts) requireThat(this.located(contract), contract, "contract-missing");
    for (const contract of contracts) {
      for (const one of DATA.supports[contract] ?? []) if (this.names(contract, one)) this.located(one);
    }
  }
}

/** Return what a proof's words show. */
function factsOf(proof, words) {
  const [{ subject }, teller] = [proof, new Teller(proof, words)];
  try {
    requireThat(words.get("Directory", "sealedAt").value, "Directory", "directory-open");
    if (subject.kind === "absence") return absence(proof, words);
    return subject.kind === "grant" ? teller.grant() : teller.productAlone();
  } catch (error) {
    if (error instanceof Meaningless) throw new Refused("storage", "word-meaningless");
    throw error;
  }
}

function absence({ subject, preimages }, words) {
  const unused = preimages.versions.length || preimages.grant;
  requireThat(!unused, "preimages", "preimage-unused");
  const kept = {
    grant: ["GrantRegistry", "grants"],
    product: ["ProductRegistry", "heads"],
    content: ["ProductRegistry", "firstClaims"],
  };
  const [contract, name] = kept[subject.of];
  // The registry of parties is there for its code, which says which chain it was made on.
  words.require("PartyRegistry", contract);
  const values = Object.values(words.get(contract, name, subject.id));
  requireThat(!values.some(Boolean), contract, "not-absent");
  const id = subject.of === "content" ? hexed(subject.id) : idText(subject.of, subject.id);
  return { absent: { kind: subject.of, id } };
}

/** Tells of products and grants, and of each party once. */
class Teller {
  constructor(proof, words) {
    Object.assign(this, { proof, words, given: proof.preimages, parties: new Set() });
    this.time = proof.asked ?? proof.header.time;
  }

  productAlone() {
    const { id, version } = this.proof.subject;
    requireThat(!this.given.grant, "preimages", "preimage-unused");
    return { ...this.product(id, version), parties: this.toldParties() };
  }

  // ---- grants

  grant() {
    const preimage = this.given.grant;
    requireThat(preimage, "preimages", "preimage-missing");
    this.words.require("PartyRegistry", "GrantRegistry");
    const { clauses, above } = preimage;
    const path = this.path([...above, clausesHash(clauses)]);
    const grants = path.map((id, at) => this.oneGrant(id, path[at - 1]));
    const told = clausesJson(clauses);
    const last = grants.at(-1);
    const between = last.grantor === told.grantor && last.grantee === told.grantee;
    const linked = grants.every((one, at) => !at || grants[at - 1].grantee === one.grantor);
    requireThat(between && linked, "GrantRegistry", "sides-other");
    const product = this.product(clauses.product, Number(clauses.version));
    const shown = { grants, ...product, parties: this.toldParties() };
    const spent = path.filter((one) => this.isSpent(one)).map((one) => idText("grant", one));
    return { ...shown, clauses: told, against: against(shown, clauses, this.time, spent) };
  }

  /** Return the ids of the grants from the root down; the last is the one. */
  path(hashes) {
    const { chain, directory, subject } = this.proof;
    const domain = separator(chain, predict(directory, "GrantRegistry"));
    const path = [];
    for (const hash of hashes) path.push(termsDigest(domain, path.at(-1), hash));
    requireThat(same(path.at(-1), subject.id), "preimages", "grant-other");
    return path;
  }

  oneGrant(id, above) {
    const state = this.words.get("GrantRegistry", "grants", id);
    requireThat(Object.values(state).some(Boolean), "GrantRegistry", "nothing-there");
    this.heard(state.grantor, state.grantee);
    const unlimited = state.remaining === BigInt(DATA.rules.unlimited);
    return {
      id: idText("grant", id),
      parent: above ? idText("grant", above) : null,
      ...shownWord(variable("GrantRegistry", "grants").word, state),
      remaining: unlimited ? null : String(state.remaining),
      period: state.periodic ? this.words.shown("GrantRegistry", "periods", id) : null,
      suspensions: this.intervals("GrantRegistry", "suspension", id),
      standing: standingOf(state, this.time),
    };
  }

  /** Tell whether a grant has a quota for each period, of which nothing is left. */
  isSpent(id) {
    if (!this.words.get("GrantRegistry", "grants", id).periodic) return false;
    return isSpent(this.words.get("GrantRegistry", "periods", id), this.time);
  }

  // ---- products

  product(id, version) {
    this.words.require("PartyRegistry", "ProductRegistry");
    this.derives = this.words.located("Lineage");
    const head = this.words.get("ProductRegistry", "heads", id);
    requireThat(Object.values(head).some(Boolean), "ProductRegistry", "nothing-there");
    const chosen = version || Number(head.latest);
    requireThat(chosen <= head.latest, "ProductRegistry", "version-missing");
    this.heard(head.applicant);
    const expired = head.until && head.until <= this.time;
    const registered = head.state === BigInt(member("ProductState", "REGISTERED"));
    return {
      product: {
        id: idText("product", id),
        ...shownWord(variable("ProductRegistry", "heads").word, head),
        inForce: Boolean(registered && !expired),
        code: this.code(id, head),
      },
      versions: this.versions(id, head, chosen),
      holdings: this.holdings(id, head),
      annotations: this.intervals("ProductRegistry", "annotation", id).map((one) => ({
        ...one,
        kind: nameOf("AnnotationKind", one.kind),
      })),
    };
  }

  /** Return what the registration code of a product is made of, null for one without. */
  code(id, head) {
    const open = head.profile === BigInt(member("Profile", "OPEN"));
    if (open || !this.words.located("CertificateRegistry")) return null;
    const told = this.words.shown("CertificateRegistry", "codeRecords", id);
    if (!told.registrar) return null;
    const kept = this.words.get("PartyRegistry", "registrars", told.registrar);
    this.heard(kept.party);
    const { registrar, month, serial, profile } = told;
    const seat = Array.from(numbered(kept.seat, 3), seatCharacter).join("");
    return { registrar, month, serial, profile, seat, party: partyText(kept.party) };
  }

  /** Return version 1, which the id proves, and the chosen one, as far as they differ. */
  versions(id, head, chosen) {
    const numbers = chosen === 1 ? [1] : [1, chosen].sort((one, other) => one - other);
    const given = this.given.versions.map(({ number }) => number);
    requireThat(canonical(given) === canonical(numbers), "preimages", "versions-other");
    return this.given.versions.map((one) => this.version(id, head, one));
  }

  version(id, head, given) {
    const digest = this.digest(id, given.number);
    const holds = given.number === 1 ? this.isFirst(id, head, given) : this.isLater(id, given, digest);
    requireThat(holds, "preimages", "digest-other");
    return {
      number: given.number,
      contentRoot: hexed(given.contentRoot),
      metadataHash: hexed(given.metadataHash),
      digest: hexed(digest),
      claim: given.claim,
      claimedAt: this.claimed(id, given),
      derivation: this.derivation(id, given),
    };
  }

  isFirst(id, head, { contentRoot, metadataHash, salt }) {
    const { chain, directory } = this.proof;
    const registry = filledBefore(predict(directory, "ProductRegistry"));
    const preimage = [word(chain), registry, word(head.applicant), contentRoot, metadataHash, word(salt)];
    return same(keccak(join(...preimage)).slice(0, 20), id);
  }

  isLater(id, { number, contentRoot, metadataHash, salt }, digest) {
    const before = this.digest(id, number - 1);
    return same(keccak(join(contentRoot, metadataHash, before)), digest) && !salt;
  }

  digest(id, number) {
    if (number === 1) return filledBehind(id);
    return word(this.words.get("ProductRegistry", "versions", id, number).value);
  }

  /** Return since when the content is claimed for this version of the product. */
  claimed(id, { number, contentRoot, claim }) {
    const found = claim
      ? this.words.get("ProductRegistry", "claims", contentRoot, claim)
      : this.words.get("ProductRegistry", "firstClaims", contentRoot);
    const own = found.product === numberOf(id) && found.version === BigInt(number);
    requireThat(own, "preimages", "claim-other");
    return timeText(found.firstAt);
  }

  /** Return what the version was made of; null where nothing is kept of that. */
  derivation(id, { number, derivation: told }) {
    const kept = this.derives ? this.words.get("Lineage", "derivations", id, number).value : 0n;
    if (!told && !kept) return null;
    const holds = told && numberOf(derivationDigest(told)) === kept;
    requireThat(holds, "preimages", "derivation-other");
    return derivationJson(told);
  }

  /** Return who held which rights when; before any moved, the applicant has them all. */
  holdings(id, head) {
    const name = "ProductRegistry";
    const count = Number(this.words.get(name, "holdingCounts", id).value);
    requireFew(count);
    if (!count) {
      const { applicant, rights, since } = shownWord(variable(name, "heads").word, head);
      return [{ party: applicant, rights, from: since, to: null }];
    }
    return Array.from({ length: count }, (_, index) => {
      const told = this.words.shown(name, "holdings", id, index);
      this.heard(this.words.get(name, "holdings", id, index).party);
      return told;
    });
  }

  // ---- parties and intervals

  /** Note parties that are named, to tell of them once. */
  heard(...parties) {
    parties.filter(Boolean).forEach((party) => this.parties.add(party));
  }

  toldParties() {
    const named = [...this.parties].sort((one, other) => (one < other ? -1 : 1));
    return named.map((party) => ({
      id: partyText(party),
      ...this.words.shown("PartyRegistry", "parties", party),
      identityHash: this.words.shown("PartyRegistry", "identities", party).value,
      suspensions: this.intervals("PartyRegistry", "suspension", party),
    }));
  }

  /** Return all intervals of a log, ended ones included; makers are named, not told of. */
  intervals(contract, name, subject) {
    const { total } = this.words.get(contract, `${name}Counts`, subject);
    requireFew(total);
    return Array.from({ length: Number(total) }, (_, index) =>
      this.words.shown(contract, `${name}s`, subject, index),
    );
  }
}

function requireFew(count) {
  requireThat(count <= MOST_INTERVALS, "storage", "too-many");
}

function partyText(party) {
  return idText("party", numbered(party, 8));
}

function seatCharacter(byte) {
  return byte < 0x80 ? String.fromCharCode(byte) : `\\x${HEX[byte]}`;
}

function derivationDigest(told) {
  const array = (items) => keccak(join(word(32), word(items.length), ...items));
  const source = ({ product, version, grant }) =>
    join(filledBehind(product), word(version), grant ?? new Uint8Array(32));
  return keccak(
    join(
      filledBehind(told.product),
      word(told.version),
      filledBefore(told.by),
      word(told.at),
      word(told.activity),
      word(told.purposes),
      told.method ?? new Uint8Array(32),
      array(told.agents.map(filledBefore)),
      array(told.sources.map(source)),
    ),
  );
}

function derivationJson(told) {
  return {
    by: idText("party", told.by),
    at: timeText(told.at),
    activity: nameOf("Activity", told.activity),
    purposes: namesOf("Purpose", told.purposes),
    method: told.method && hexed(told.method),
    agents: told.agents.map((one) => idText("party", one)),
    sources: told.sources.map(({ product, version, grant }) => ({
      product: idText("product", product),
      version,
      grant: grant && idText("grant", grant),
    })),
  };
}

// ---- what stands against the use of a grant

const HALTED = ["SUSPENDED", "REVOKED_SUSPENDED", "ENDED_SUSPENDED"];
const REVOKED = ["REVOKED", "REVOKED_SUSPENDED"];
const BELOW = {
  GRANT_REVOKED: "ANCESTOR_REVOKED",
  GRANT_ENDED: "ANCESTOR_ENDED",
  GRANT_SUSPENDED: "ANCESTOR_SUSPENDED",
  // Nothing can rest on an offer that never began.
  GRANT_VOIDED: "GRANT_UNKNOWN",
};

/** Return what a grant's own word says of it at a time: "OK", or why it cannot be used. */
function standingOf(state, time) {
  const stage = nameOf("GrantStage", state.stage);
  if (stage === "VOIDED") return "GRANT_VOIDED";
  if (state.endsAt && state.endsAt <= time) return REVOKED.includes(stage) ? "GRANT_REVOKED" : "GRANT_ENDED";
  return HALTED.includes(stage) ? "GRANT_SUSPENDED" : "OK";
}

/** Tell whether nothing is left of the period that a time falls into; none is gone back to. */
function isSpent({ firstAt, length, index, used, limit }, time) {
  if (time >= firstAt && !length) throw new Meaningless();
  const current = time >= firstAt ? (time - firstAt) / length : 0n;
  return (current > index ? 0n : used) >= limit;
}

/** Return what stands against any use of a grant at a time, in the contract's order. */
function against({ grants, product, parties }, clauses, time, spent) {
  const found = [];
  const say = (verdict, subject) => found.push({ verdict, subject });
  const isActive = (id) => {
    const party = parties.find((one) => one.id === id);
    if (!party) throw new Meaningless();
    return party.standing === "ACTIVE";
  };
  const [above, last] = [grants.slice(0, -1), grants.at(-1)];
  for (const one of above) {
    if (one.standing !== "OK") say(BELOW[one.standing], one.id);
    if (!isActive(one.grantor)) say("ANCESTOR_PARTY_SUSPENDED", one.grantor);
  }
  if (last.standing !== "OK") say(last.standing, last.id);
  if (!isActive(last.grantor)) say("GRANTOR_SUSPENDED", last.grantor);
  if (!isActive(last.grantee)) say("GRANTEE_SUSPENDED", last.grantee);
  if (time < clauses.validFrom) say("NOT_STARTED", product.id);
  if (product.state !== "REGISTERED") say("PRODUCT_NOT_IN_FORCE", product.id);
  else if (!product.inForce) say("PRODUCT_EXPIRED", product.id);
  if (product.seizures) say("PRODUCT_SEIZED", product.id);
  if (product.controls) say("PRODUCT_CONTROLLED", product.id);
  if (last.remaining === "0") say("QUOTA_EXCEEDED", last.id);
  else if (spent.includes(last.id)) say("PERIOD_EXCEEDED", last.id);
  for (const one of above) {
    if (one.remaining === "0" || spent.includes(one.id)) say("ANCESTOR_EXHAUSTED", one.id);
  }
  return found;
}
