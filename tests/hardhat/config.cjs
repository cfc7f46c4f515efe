// The second kind of node that the tests run on: `anvil`, beside this, says what is asked of its network.
"use strict";

const path = require("node:path");

const { subtask } = require("hardhat/config");
const names = require("hardhat/builtin-tasks/task-names");

const { Ways } = require("./ways.cjs");

subtask(names.TASK_NODE_GET_PROVIDER).setAction(async (given, _, runSuper) =>
  new Ways(await runSuper(given)),
);

subtask(names.TASK_NODE_SERVER_READY).setAction(async ({ address, port }) => {
  console.log(`Listening on ${address}:${port}`);
});

module.exports = {
  networks: { hardhat: { ...JSON.parse(process.env.TEST_NETWORK), loggingEnabled: false } },
  // Nothing is compiled with it.
  paths: { root: process.cwd(), sources: path.join(process.cwd(), "contracts") },
};
