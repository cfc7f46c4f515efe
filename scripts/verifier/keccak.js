// Keccak-256, the hash of Ethereum. Source: the Keccak reference, version 3.0; the padding is
// Keccak's own (one bit), not that of SHA-3. A lane of 64 bits is two numbers of 32, low then high.

const RATE = 136;
const ROUNDS = 24;

const ROUND_CONSTANTS = new Int32Array(2 * ROUNDS);

for (let round = 0, register = 1; round < ROUNDS; round++) {
  for (let step = 0; step < 7; step++) {
    register = ((register << 1) ^ ((register >> 7) * 0x71)) & 0xff;
    const bit = (1 << step) - 1;
    if (register & 2) ROUND_CONSTANTS[2 * round + (bit >> 5)] ^= 1 << (bit & 31);
  }
}

/** The lanes in the order in which rho and pi move them: the place of each one's low half. */
const LANES = new Int32Array(24);
/** How far each is turned. */
const TURNS = new Int32Array(24);

for (let step = 0, x = 1, y = 0; step < 24; step++) {
  const next = (2 * x + 3 * y) % 5;
  x = y;
  y = next;
  LANES[step] = 2 * (x + 5 * y);
  TURNS[step] = (((step + 1) * (step + 2)) / 2) % 64;
}

/** Where the neighbours of the ten halves of a row are: one lane on, two on, one back. */
const [ON, ON_TWO, BACK] = [2, 4, 8].map((by) => Int32Array.from({ length: 10 }, (_, at) => (at + by) % 10));
const sums = new Int32Array(10);

/** Mix a state of 25 lanes in place. */
function permute(state) {
  for (let round = 0; round < ROUNDS; round++) {
    mixColumns(state);
    turnLanes(state);
    mixRows(state);
    state[0] ^= ROUND_CONSTANTS[2 * round];
    state[1] ^= ROUND_CONSTANTS[2 * round + 1];
  }
}

function mixColumns(state) {
  for (let at = 0; at < 10; at++) {
    sums[at] = state[at] ^ state[at + 10] ^ state[at + 20] ^ state[at + 30] ^ state[at + 40];
  }
  for (let x = 0; x < 10; x += 2) {
    const low = sums[ON[x]];
    const high = sums[ON[x + 1]];
    const addedLow = sums[BACK[x]] ^ ((low << 1) | (high >>> 31));
    const addedHigh = sums[BACK[x + 1]] ^ ((high << 1) | (low >>> 31));
    for (let y = x; y < 50; y += 10) {
      state[y] ^= addedLow;
      state[y + 1] ^= addedHigh;
    }
  }
}

function turnLanes(state) {
  let low = state[2];
  let high = state[3];
  for (let step = 0; step < 24; step++) {
    const at = LANES[step];
    const turn = TURNS[step];
    const first = turn < 32 ? low : high;
    const second = turn < 32 ? high : low;
    const by = turn & 31;
    low = state[at];
    high = state[at + 1];
    state[at] = by ? (first << by) | (second >>> (32 - by)) : first;
    state[at + 1] = by ? (second << by) | (first >>> (32 - by)) : second;
  }
}

function mixRows(state) {
  for (let y = 0; y < 50; y += 10) {
    for (let x = 0; x < 10; x++) sums[x] = state[y + x];
    for (let x = 0; x < 10; x++) state[y + x] = sums[x] ^ (~sums[ON[x]] & sums[ON_TWO[x]]);
  }
}

/** Return the Keccak-256 digest of bytes. */
function keccak(data) {
  const padded = new Uint8Array((Math.floor(data.length / RATE) + 1) * RATE);
  padded.set(data);
  padded[data.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const view = new DataView(padded.buffer);
  const state = new Int32Array(50);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let at = 0; at < RATE / 4; at++) state[at] ^= view.getInt32(block + 4 * at, true);
    permute(state);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let at = 0; at < 8; at++) digest.setInt32(4 * at, state[at], true);
  return new Uint8Array(digest.buffer);
}
