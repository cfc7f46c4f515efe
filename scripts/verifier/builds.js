// The contracts of a directory: where they are, and whether their code is one that is known.

/** Return the address that the contract of a name has or will get from a directory. */
function predict(directory, name) {
  const proxy = unhex(DATA.proxyHash);
  const salted = keccak(join(Uint8Array.of(0xff), directory, filledBehind(ascii(name)), proxy));
  return keccak(rlp([salted.slice(-20), Uint8Array.of(1)])).slice(-20);
}

/** Return the build that a contract's code is of, null for one that is not known. */
function identify(contract, code) {
  const known = DATA.builds.filter((build) => build.contract === contract);
  return known.find((build) => maskedHash(code, build) === build.hash) ?? null;
}

function maskedHash(code, { filled }) {
  if (filled.some(([start]) => start + 32 > code.length)) return null;
  const blank = code.slice();
  for (const [start] of filled) blank.fill(0, start, start + 32);
  return hex(keccak(blank));
}

/** Tell whether what the constructor filled in is what it is in one deployment. */
function isWired({ filled }, code, here, proof) {
  return filled.every(
    ([start, what]) =>
      what === "free" || same(code.subarray(start, start + 32), filling(what, here, proof)),
  );
}

function filling(what, here, { directory, chain }) {
  const texts = { name: DATA.terms.name, version: DATA.terms.version };
  if (what === "chain") return word(chain);
  if (what === "separator") return separator(chain, here);
  if (Object.hasOwn(texts, what)) return shortText(texts[what]);
  if (what.endsWith("-hash")) return keccak(ascii(texts[what.slice(0, -5)]));
  return filledBefore(what === "self" ? here : predict(directory, what));
}

/** Return a text as a short one is kept: its bytes, then how many in the last. */
function shortText(text) {
  const raw = filledBehind(ascii(text));
  raw[31] = text.length;
  return raw;
}
