// Reads typed data as a JSON list on stdin and writes the digests that a wallet's library computes.
import { createRequire } from "node:module";

const require = createRequire(process.argv[2]);
const { SignTypedDataVersion, TypedDataUtils, recoverTypedSignature } =
  require("@metamask/eth-sig-util");

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const asked = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const version = SignTypedDataVersion.V4;
const answers = asked.map(({ data, signature }) => ({
  digest: TypedDataUtils.eip712Hash(data, version).toString("hex"),
  signer: recoverTypedSignature({ data, signature, version }),
}));
process.stdout.write(JSON.stringify(answers));
