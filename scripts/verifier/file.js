// A proof as its file states it, nothing of it believed.

function readCanonical(raw) {
  if (raw.length > DATA.limits.bytes) throw new Unreadable("/", "proposal-too-long");
  // No text of a proof has anything to escape.
  if (raw.includes(0x5c) || isDeep(raw, DATA.limits.depth)) throw new Unreadable("/", "not-json");
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    value = new Parser(text.replace(/^\uFEFF/, "")).whole();
  } catch {
    throw new Unreadable("/", "not-json");
  }
  if (canonical(value) + "\n" !== text) throw new Unreadable("/", "proposal-not-canonical");
  return value;
}

/** Return the proof in a file's bytes. */
function readProof(raw) {
  const value = readCanonical(raw);
  if (!(value instanceof Map) || value.get("format") !== DATA.format) {
    throw new Unreadable("/format", "proof-format");
  }
  const given = new Node(value).object(DATA.fields);
  const subject = readSubject(given.subject);
  const product = ["product", "version"].includes(subject.kind) ? subject.id : null;
  return {
    subject,
    chain: BigInt(given.chain.integer(DATA.limits.chain)),
    directory: given.directory.id("address"),
    header: readHeader(given.header),
    asked: given.asked.maybe((node) => node.time()),
    neighbour: given.neighbour.maybe(readHeader),
    accounts: given.accounts.list(DATA.limits.accounts).map(readAccount),
    preimages: readPreimages(given.preimages, product),
    shown: canonical(value.get("shown")),
  };
}

function readSubject(node) {
  const kind = node.value instanceof Map ? node.value.get("kind") : undefined;
  if (kind === "version") {
    const given = node.object(["kind", "id", "version"]);
    const version = given.version.integer(DATA.limits.version);
    if (!version) throw given.version.refused("proof-version");
    return { kind, id: given.id.id("product"), version };
  }
  if (kind === "absence") return readAbsence(node.object(["kind", "of", "id"]));
  const given = node.object(["kind", "id"]);
  if (kind === "product") return { kind, id: given.id.id("product"), version: 0 };
  if (kind === "grant") return { kind, id: given.id.id("grant") };
  throw given.kind.refused("proof-subject");
}

function readAbsence(given) {
  const of = given.of.text();
  if (of === "content") return { kind: "absence", of, id: given.id.bytes(32) };
  if (of !== "product" && of !== "grant") throw given.of.refused("proof-subject");
  return { kind: "absence", of, id: given.id.id(of) };
}

const ACCOUNT = ["address", "balance", "code", "codeHash", "name", "nonce", "proof", "storage", "storageHash"];

function readAccount(node) {
  const given = node.object(ACCOUNT);
  return {
    name: given.name.text(),
    address: given.address.id("address"),
    nonce: given.nonce.quantity(),
    balance: given.balance.quantity(),
    storageHash: given.storageHash.bytes(32),
    codeHash: given.codeHash.bytes(32),
    code: given.code.long(DATA.limits.code),
    proof: readNodes(given.proof),
    storage: given.storage.list(DATA.limits.words).map(readWord),
  };
}

function readWord(node) {
  const given = node.object(["name", "keys", "value", "proof"]);
  return {
    name: given.name.text(),
    keys: given.keys.list(DATA.limits.keys).map((key) => key.bytes(32)),
    value: given.value.bytes(32),
    proof: readNodes(given.proof),
  };
}

function readNodes(node) {
  return node.list(DATA.limits.nodes).map((one) => one.long(DATA.limits.node));
}

function readPreimages(node, product) {
  const given = node.object(["versions", "grant"]);
  const grant = given.grant.maybe(readGrant);
  const named = grant ? grant.clauses.product : product;
  return { grant, versions: given.versions.list(2).map((one) => readVersion(one, named)) };
}

function readGrant(node) {
  const given = node.object(["clauses", "above"]);
  // What can be unpacked has one packed form.
  const clauses = unpackClauses(given.clauses.long(DATA.limits.clauses));
  return { clauses, above: given.above.list(DATA.limits.ancestors).map((one) => one.bytes(32)) };
}

function readVersion(node, product) {
  const names = ["number", "contentRoot", "metadataHash", "claim", "salt", "derivation"];
  const given = node.object(names);
  if (product === null) throw node.refused("proposal-count");
  const number = given.number.integer(DATA.limits.version);
  return {
    number,
    contentRoot: given.contentRoot.bytes(32),
    metadataHash: given.metadataHash.bytes(32),
    claim: given.claim.integer(DATA.limits.chain),
    salt: given.salt.amount(2n ** 64n - 1n),
    derivation: given.derivation.maybe((one) => readDerivation(one, product, number)),
  };
}

function readDerivation(node, product, version) {
  const names = ["by", "at", "activity", "purposes", "method", "agents", "sources"];
  const given = node.object(names);
  return {
    product,
    version,
    by: given.by.id("party"),
    at: given.at.time(),
    activity: given.activity.word("Activity"),
    purposes: given.purposes.mask("Purpose"),
    method: given.method.maybe((one) => notZero(one, one.bytes(32))),
    agents: given.agents.list(DATA.limits.sources).map((one) => one.id("party")),
    sources: given.sources.list(DATA.limits.sources).map(readSource),
  };
}

function readSource(node) {
  const given = node.object(["product", "version", "grant"]);
  return {
    product: given.product.id("product"),
    version: given.version.integer(DATA.limits.version),
    grant: given.grant.maybe((one) => notZero(one, one.id("grant"))),
  };
}

/** Return bytes; zero has a spelling of its own, which is null. */
function notZero(node, raw) {
  if (isZero(raw)) throw node.refused("proposal-not-canonical");
  return raw;
}
