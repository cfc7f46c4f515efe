// RLP and the proofs of Merkle-Patricia trees. Source: the Yellow Paper, appendices B and D.
// Reading is strict: every item has one encoding, and one way through a tree has one proof.

class Broken extends Error {}

/** Return an integer's shortest big-endian bytes; zero has none. */
function shortest(value) {
  const digits = value.toString(16);
  return value === 0n ? new Uint8Array(0) : unhex(digits.padStart(digits.length + (digits.length % 2), "0"));
}

function rlp(item) {
  if (item instanceof Uint8Array) {
    return item.length === 1 && item[0] < 0x80 ? item : join(lengthOf(item.length, 0x80), item);
  }
  const inner = join(...item.map(rlp));
  return join(lengthOf(inner.length, 0xc0), inner);
}

function lengthOf(size, offset) {
  if (size <= 55) return Uint8Array.of(offset + size);
  const digits = shortest(BigInt(size));
  return join(Uint8Array.of(offset + 55 + digits.length), digits);
}

/** Return the one item that bytes are: bytes, or a list of items. */
function unrlp(data) {
  const [item, end] = itemAt(data, 0);
  if (end !== data.length) throw new Broken("bytes follow the item");
  return item;
}

function itemAt(data, at) {
  if (at >= data.length) throw new Broken("the data end within an item");
  if (data[at] < 0x80) return [data.subarray(at, at + 1), at + 1];
  const offset = data[at] >= 0xc0 ? 0xc0 : 0x80;
  let [start, end] = spanAt(data, at, offset);
  if (offset === 0x80) {
    if (end - start === 1 && data[start] < 0x80) throw new Broken("a single byte carries a length");
    return [data.subarray(start, end), end];
  }
  const items = [];
  while (start < end) {
    const [item, next] = itemAt(data, start);
    items.push(item);
    start = next;
  }
  if (start !== end) throw new Broken("a list's items overrun it");
  return [items, end];
}

function spanAt(data, at, offset) {
  let size = data[at] - offset;
  let start = at + 1;
  if (size > 55) {
    const digits = data.subarray(start, start + size - 55);
    start += size - 55;
    if (digits[0] === 0) throw new Broken("a length starts with a zero byte");
    size = Number(numberOf(digits));
    if (size <= 55) throw new Broken("a length takes more bytes than it needs");
  }
  if (start + size > data.length) throw new Broken("the data end within an item");
  return [start, start + size];
}

const EMPTY_ROOT = keccak(rlp(new Uint8Array(0)));

/** Return the value of a key under a root, null where the nodes show that it has none. */
function valueAt(root, key, nodes) {
  if (!nodes.length && same(root, EMPTY_ROOT)) return null;
  const given = nodes[Symbol.iterator]();
  const found = walk(named(root, given), nibbles(key), given);
  if (!given.next().done) throw new Broken("nodes follow the last one");
  return found;
}

function walk(node, left, given) {
  for (;;) {
    if (node instanceof Uint8Array || ![2, 17].includes(node.length)) {
      if (node instanceof Uint8Array && !node.length) return null;
      throw new Broken("a node is neither a branch nor a way");
    }
    if (node.length === 17) {
      if (!left.length) return valueOf(node[16]);
      [node, left] = [node[left[0]], left.slice(1)];
    } else {
      const [way, leaf] = wayOf(node[0]);
      const here = way.every((step, at) => step === left[at]);
      if (leaf) return here && left.length === way.length ? bytesOf(node[1]) : null;
      if (!here) return null;
      [node, left] = [node[1], left.slice(way.length)];
    }
    if (node instanceof Uint8Array && node.length) node = named(node, given);
  }
}

/** Return the next node, which must be the one of this hash. */
function named(name, given) {
  const { value: raw, done } = given.next();
  if (done) throw new Broken("a node is missing");
  if (name.length !== 32 || !same(keccak(raw), name)) {
    throw new Broken("a node is not the one that the node above names");
  }
  return unrlp(raw);
}

function wayOf(raw) {
  if (!(raw instanceof Uint8Array) || !raw.length) throw new Broken("a way has no steps");
  const [flag, ...rest] = nibbles(raw);
  const odd = Boolean(flag & 1);
  if (flag > 3 || (!odd && rest[0])) throw new Broken("a way is written otherwise than it is");
  return [odd ? rest : rest.slice(1), Boolean(flag & 2)];
}

function bytesOf(item) {
  if (!(item instanceof Uint8Array)) throw new Broken("a value is a list");
  return item;
}

function valueOf(item) {
  return bytesOf(item).length ? item : null;
}

function nibbles(raw) {
  return Array.from(raw).flatMap((byte) => [byte >> 4, byte & 15]);
}
