// Ids as text: Bech32m (BIP-350) for parties, products and grants, EIP-55 for addresses.

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32M = 0x2bc830a3;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const ID_BYTES = { party: 8, product: 20, grant: 32, address: 20 };

function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((factor, bit) => {
      if ((top >> bit) & 1) check ^= factor;
    });
  }
  return check >>> 0;
}

function spread(prefix) {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** Return groups of `to` bits from groups of `from`, filled up with zeros. */
function regrouped(values, from, to) {
  const found = [];
  let [held, bits] = [0, 0];
  for (const value of values) {
    held = ((held << from) | value) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      found.push((held >> bits) & ((1 << to) - 1));
    }
  }
  if (bits && to < from) found.push((held << (to - bits)) & ((1 << to) - 1));
  return found;
}

function bech32m(prefix, raw) {
  const groups = regrouped(raw, 8, 5);
  const check = polymod([...spread(prefix), ...groups, 0, 0, 0, 0, 0, 0]) ^ BECH32M;
  const checks = [25, 20, 15, 10, 5, 0].map((shift) => (check >>> shift) & 31);
  return `${prefix}1${[...groups, ...checks].map((group) => ALPHABET[group]).join("")}`;
}

function addressText(raw) {
  const digits = hex(raw);
  const check = hex(keccak(ascii(digits)));
  return "0x" + Array.from(digits, (digit, at) => (check[at] >= "8" ? digit.toUpperCase() : digit)).join("");
}

/** Return an id of a kind as text. */
function idText(kind, raw) {
  return kind === "address" ? addressText(raw) : bech32m(kind, raw);
}

/** Return the bytes of an id in its one text form, null for any other text. */
function idBytes(kind, text) {
  const size = ID_BYTES[kind];
  let raw;
  if (kind === "address") {
    if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return null;
    raw = unhex(text.slice(2));
  } else {
    const groups = Array.from(text.slice(kind.length + 1, -6), (character) => ALPHABET.indexOf(character));
    if (groups.includes(-1)) return null;
    raw = Uint8Array.from(regrouped(groups, 5, 8));
  }
  // The text that the bytes come to has the right prefix, length, padding and check characters.
  return raw.length === size && idText(kind, raw) === text ? raw : null;
}

const LATEST_SHOWN = 253402300799n;

/** Return seconds since 1970 as ISO 8601 in UTC. */
function timeText(seconds) {
  if (BigInt(seconds) > LATEST_SHOWN) throw new Meaningless();
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19) + "Z";
}

/** Return the seconds since 1970 of a time in its one text form, null for any other text. */
function timeSeconds(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text)) return null;
  const seconds = Date.parse(text) / 1000;
  if (!(seconds > 0 && seconds < 2 ** 32) || timeText(seconds) !== text) return null;
  return BigInt(seconds);
}
