// What the tests tell a node to do and Hardhat calls otherwise: give up blocks, stand still. All
// that a client asks goes to Hardhat as it is.
"use strict";

const zlib = require("node:zlib");

const { RLP } = require("@ethereumjs/rlp");
const { ProviderWrapper } = require("hardhat/plugins");

const PUSHES = ["eth_sendRawTransaction", "eth_sendTransaction"];
const MAKERS = [...PUSHES, "evm_mine", "hardhat_mine"];

// Return the signed bytes of a transaction of EIP-1559, such as Hardhat makes of what it signs.
function raw(sent) {
  if (sent === null || sent.type !== "0x2") return null;
  const bytes = (text) => (BigInt(text || 0) === 0n ? "0x" : text.replace(/^0x0+/, "0x").replace(/^0x(.(..)*)$/, "0x0$1"));
  const { chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas, to, value, input, v, r, s } = sent;
  const numbers = [chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas].map(bytes);
  const fields = [...numbers, to ?? "0x", bytes(value), input, [], ...[v, r, s].map(bytes)];
  return `0x02${Buffer.from(RLP.encode(fields)).toString("hex")}`;
}

class Ways extends ProviderWrapper {
  // Snapshots by the block that was the last one when they were taken.
  snapshots = new Map();
  // What was sent, by its hash: Hardhat gives no signed bytes back.
  raws = new Map();
  // Seconds from one block to the next, null where the clock runs.
  interval = null;
  forks = 0;
  waiting = Promise.resolve();

  // Whatever may change the chain comes one after the other, in the order in which it arrived.
  request({ method, params = [] }) {
    const own = Ways.OWN[method];
    const turn = own || MAKERS.includes(method) || /^(evm|hardhat)_/.test(method);
    if (!turn) return this.tell(method, ...params);
    const made = this.waiting.then(() =>
      own ? own.apply(this, params) : MAKERS.includes(method) ? this.make(method, params) : this.tell(method, ...params),
    );
    this.waiting = made.catch(() => null);
    return made;
  }

  tell(method, ...params) {
    return this._wrappedProvider.request({ method, params });
  }

  async head() {
    return Number(await this.tell("eth_blockNumber"));
  }

  // Do what may make a block, from which there is a way back.
  async make(method, given) {
    const timed = method === "evm_mine" && typeof given[0] === "object" && given[0] !== null;
    const params = timed ? [given[0].timestamp].filter((time) => time !== undefined) : given;
    const before = await this.remember();
    try {
      const told = await this.tell(method, ...params);
      if (method === "eth_sendRawTransaction") this.raws.set(told, params[0]);
      return told;
    } catch (error) {
      // Hardhat tells of a transaction that failed in its block by an error that has its hash.
      if (method === "eth_sendRawTransaction" && error.transactionHash) this.raws.set(error.transactionHash, params[0]);
      throw error;
    } finally {
      if (this.interval !== null && (await this.head()) !== before) await this.still();
    }
  }

  async remember() {
    const head = await this.head();
    if (!this.snapshots.has(head)) this.snapshots.set(head, await this.tell("evm_snapshot"));
    return head;
  }

  async still() {
    const { timestamp } = await this.tell("eth_getBlockByNumber", "latest", false);
    await this.tell("evm_setNextBlockTimestamp", Number(timestamp) + this.interval);
  }

  // Go back to a snapshot; with it go those that were taken after it.
  async revert(id) {
    const done = await this.tell("evm_revert", id);
    if (done) for (const [block, one] of this.snapshots) if (BigInt(one) >= BigInt(id)) this.snapshots.delete(block);
    return done;
  }

  async rollback(depth) {
    const block = (await this.head()) - Number(depth);
    if (!this.snapshots.has(block)) throw new Error(`there is no way back to block ${block}`);
    await this.revert(this.snapshots.get(block));
  }

  // Put as many new blocks in the place of the last ones: with those transactions that are placed.
  async reorganise(depth, placed) {
    const pending = await this.tell("eth_pendingTransactions");
    const automine = await this.tell("hardhat_getAutomine");
    await this.rollback(depth);
    await this.tell("evm_setAutomine", false);
    // Even a block as empty as the one before, at the same time, is another one.
    this.forks += 1;
    await this.tell("hardhat_setPrevRandao", `0x${this.forks.toString(16).padStart(64, "0")}`);
    for (let number = 0; number < depth; number += 1) {
      for (const [raw, place] of placed) if (place === number) await this.make("eth_sendRawTransaction", [raw]);
      await this.make("evm_mine", []);
    }
    await this.tell("evm_setAutomine", automine);
    // What waited in the pool waits there still.
    for (const { hash } of pending) await this.make("eth_sendRawTransaction", [this.raws.get(hash)]).catch(() => null);
  }

  static OWN = {
    async evm_revert(id) {
      return this.revert(id);
    },
    async anvil_rollback(depth) {
      await this.rollback(depth);
      return null;
    },
    async anvil_reorg(depth, placed) {
      await this.reorganise(depth, placed);
      return null;
    },
    async anvil_setBlockTimestampInterval(seconds) {
      this.interval = seconds;
      await this.still();
      return null;
    },
    async anvil_setTime(seconds) {
      const { timestamp } = await this.tell("eth_getBlockByNumber", "pending", false);
      const ahead = seconds - Number(timestamp);
      await (ahead < 0 ? this.tell("evm_setNextBlockTimestamp", seconds) : this.tell("evm_increaseTime", ahead));
      return null;
    },
    // The dev chain takes one when it stops: no other run of this node can begin from it.
    async anvil_dumpState() {
      return `0x${zlib.gzipSync("{}").toString("hex")}`;
    },
    // The dev chain keeps the signed bytes of all that others send.
    async eth_getRawTransactionByHash(hash) {
      return this.raws.get(hash) ?? raw(await this.tell("eth_getTransactionByHash", hash));
    },
  };
}

module.exports = { Ways };
