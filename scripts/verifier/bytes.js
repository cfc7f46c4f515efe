// Bytes are Uint8Arrays, numbers of a contract are BigInts.

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(raw) {
  return Array.from(raw, (byte) => HEX[byte]).join("");
}

function hexed(raw) {
  return "0x" + hex(raw);
}

/** Return the bytes of hexadecimal digits, which are known to be in pairs. */
function unhex(digits) {
  const raw = new Uint8Array(digits.length / 2);
  for (let at = 0; at < raw.length; at++) raw[at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return raw;
}

function join(...parts) {
  const raw = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    raw.set(part, at);
    at += part.length;
  }
  return raw;
}

function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function isZero(raw) {
  return raw.every((byte) => byte === 0);
}

function ascii(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Return a number as so many bytes, big-endian. */
function numbered(value, size) {
  return unhex(BigInt(value).toString(16).padStart(2 * size, "0"));
}

function numberOf(raw) {
  return raw.length ? BigInt(hexed(raw)) : 0n;
}

/** Fill up to a word of 32 bytes: behind, as Solidity's bytes stand, or before, as numbers do. */
function filledBehind(raw) {
  return join(raw, new Uint8Array(32 - raw.length));
}

function filledBefore(raw) {
  return join(new Uint8Array(32 - raw.length), raw);
}

function word(value) {
  return numbered(value, 32);
}
