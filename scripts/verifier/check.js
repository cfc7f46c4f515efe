// Check a proof without any network: everything that its file states is computed again.
//
// 1. The file is canonical JSON of the known format, and its headers hash to what they say.
// 2. The block hash that is trusted is the one that the proof rests on.
// 3. Each account stands in the state of the block, at the address that the directory gave it, with
//    code that is known and answers to the contracts of this directory alone.
// 4. Each word of storage stands in its account, at the place that its name and keys come to.
// 5. The words are all that the statement is read from, and they come to the statement in the file.

/** Return what a proof shows; it is as good as the block hash that it is given. */
function check(raw, blockHash, directory = null) {
  const proof = readProof(raw); // 1
  requireTime(proof);
  const restsOn = (proof.neighbour ?? proof.header).hash;
  requireThat(same(restsOn, blockHash), "header", "block-other"); // 2
  requireThat(!directory || same(directory, proof.directory), "directory", "directory-other");
  for (const account of proof.accounts) requireAccount(proof, account);
  const words = new ProvedWords(proof);
  const facts = factsOf(proof, words); // 5
  words.requireAllUsed();
  requireThat(canonical(facts) === proof.shown, "shown", "statement-other");
  return { proof, restsOn, facts };
}

function requireTime({ header, neighbour, asked }) {
  requireThat((neighbour === null) === (asked === null), "neighbour", "neighbour-alone");
  if (neighbour === null) return;
  const next = same(neighbour.parent, header.hash) && neighbour.number === header.number + 1n;
  requireThat(next, "neighbour", "neighbour-other");
  requireThat(header.time <= asked && asked < neighbour.time, "asked", "time-outside");
}

function requireAccount(proof, account) { // 3
  const { name, address, code } = account;
  const fits = name.length <= 32 && /^[\x01-\x7f]*$/.test(name);
  const expected = name === "Directory" ? proof.directory : fits && predict(proof.directory, name);
  requireThat(expected && same(address, expected), name, "address-other");
  requireThat(same(keccak(code), account.codeHash), name, "code-other");
  const build = identify(name, code);
  requireThat(build && build.layout === DATA.layoutNumber, name, "code-unknown");
  requireThat(isWired(build, code, address, proof), name, "code-elsewhere");
  const found = proved(name, proof.header.stateRoot, address, account.proof);
  const numbers = [account.nonce, account.balance].map((said) => shortest(BigInt(said)));
  const stated = rlp([...numbers, account.storageHash, account.codeHash]);
  requireThat(found && same(found, stated), name, "account-other");
  requireStorage(account);
}

function requireStorage(account) { // 4
  let last = -1n;
  for (const { name, keys, value, proof } of account.storage) {
    const part = `${account.name}.${name}`;
    const kept = variable(account.name, name);
    requireThat(kept && keySteps(kept).length === keys.length, part, "word-unknown");
    const place = placeOf(kept, keys);
    requireThat(numberOf(place) > last, part, "words-unordered");
    last = numberOf(place);
    const found = stored(proved(part, account.storageHash, place, proof), part);
    requireThat(same(found, value), part, "value-other");
  }
}

/** Return a storage word from its leaf: RLP of its shortest bytes, no leaf for zero. */
function stored(found, part) {
  if (found === null) return new Uint8Array(32);
  let value;
  try {
    value = unrlp(found);
  } catch (error) {
    if (error instanceof Broken) throw new Refused(part, "leaf-malformed");
    throw error;
  }
  const isWord = value instanceof Uint8Array && value.length > 0 && value.length <= 32 && value[0];
  requireThat(isWord, part, "leaf-malformed");
  return filledBefore(value);
}

function proved(part, root, preimage, nodes) {
  try {
    return valueAt(root, keccak(preimage), nodes);
  } catch (error) {
    if (error instanceof Broken) throw new Refused(part, "nodes-broken");
    throw error;
  }
}
