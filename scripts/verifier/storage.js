// Where contracts keep their words, and how a word is divided. The rules of places are the
// compiler's; which contract keeps what is data of the release.

function variable(contract, name) {
  const found = Object.hasOwn(DATA.layout, contract) ? DATA.layout[contract] : {};
  return Object.hasOwn(found, name) ? found[name] : null;
}

function keySteps({ path }) {
  return path.filter(([step]) => step !== "member");
}

/** Return the place of a word with these keys, each a word of 32 bytes. */
function placeOf({ slot, path }, keys) {
  const given = keys[Symbol.iterator]();
  let place = BigInt(slot);
  for (const [step, detail] of path) {
    if (step === "member") place += BigInt(detail);
    else {
      const key = given.next().value;
      const start = BigInt.asUintN(256, place);
      if (step === "items") place = numberOf(keccak(word(start))) + BigInt(detail) * numberOf(key);
      else place = numberOf(keccak(join(key, word(start))));
    }
  }
  return word(BigInt.asUintN(256, place));
}

/** Return a key as a word: bytes stand at its high end, numbers and addresses at its low end. */
function keyWord([step, kind], value) {
  if (!(value instanceof Uint8Array)) return word(value);
  return step === "key" && kind.startsWith("bytes") ? filledBehind(value) : filledBefore(value);
}

/** Return the fields of a word by name, as numbers; spare bits must be zero. */
function unpackWord(parts, raw) {
  const number = numberOf(raw);
  const values = {};
  let left = 256;
  for (const [name, bits] of parts) {
    left -= bits;
    const value = BigInt.asUintN(bits, number >> BigInt(left));
    if (name) values[name] = value;
    else if (value) throw new Meaningless();
  }
  return values;
}

const EXACT_BITS = 48;

/** Return the fields of a word as JSON: ids and times in text, null for none. */
function shownWord(parts, values) {
  const named = parts.filter(([name]) => name);
  return Object.fromEntries(named.map((part) => [part[0], shownField(part, values[part[0]])]));
}

function shownField([, bits, kind], value) {
  if (["party", "product", "address"].includes(kind)) {
    return value ? idText(kind, numbered(value, ID_BYTES[kind])) : null;
  }
  if (kind === "time") return value ? timeText(value) : null;
  if (kind === "flag") return Boolean(value);
  if (kind === "bytes") return hexed(numbered(value, bits / 8));
  if (Object.hasOwn(DATA.kinds, kind)) {
    return DATA.kinds[kind].mask ? namesOf(kind, value) : nameOf(kind, value);
  }
  return bits <= EXACT_BITS ? Number(value) : String(value);
}
