// A block's header, whose hash is computed from its fields: the profile "ethereum" alone.

const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]{0,63})$/;
const ANY_BYTES = /^0x(?:[0-9a-f]{2})*$/;

/** Return the fields that a header has, in their order: a later one only with all before it. */
function presentFields(fields) {
  const { mandatory, later } = DATA.header;
  const missing = later.findIndex(([name]) => !fields.has(name));
  return [...mandatory, ...(missing < 0 ? later : later.slice(0, missing))];
}

function isField(kind, value) {
  if (typeof value !== "string") return false;
  if (kind === DATA.header.quantity) return QUANTITY.test(value);
  return ANY_BYTES.test(value) && (kind === DATA.header.any || value.length === 2 + 2 * kind);
}

function readHeader(node) {
  const given = node.object(["profile", "hash", "fields"]);
  if (given.profile.text() !== DATA.header.profile) throw given.profile.refused("proof-profile");
  const fields = given.fields.value;
  if (!(fields instanceof Map)) throw given.fields.refused("proposal-not-object");
  const present = presentFields(fields);
  if (fields.size > present.length || !present.every(([name, kind]) => isField(kind, fields.get(name)))) {
    throw given.fields.refused("proof-header");
  }
  const items = present.map(([name, kind]) => {
    const said = fields.get(name);
    return kind === DATA.header.quantity ? shortest(BigInt(said)) : unhex(said.slice(2));
  });
  const hash = keccak(rlp(items));
  if (!same(given.hash.bytes(32), hash)) throw given.hash.refused("proof-header-hash");
  return {
    hash,
    number: BigInt(fields.get("number")),
    time: BigInt(fields.get("timestamp")),
    stateRoot: unhex(fields.get("stateRoot").slice(2)),
    parent: unhex(fields.get("parentHash").slice(2)),
  };
}
