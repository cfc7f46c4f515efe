// The page: take a file and a block hash, and say what is shown. Whatever is shown is set as text.

const state = { lang: "en", file: null, raw: null };
const at = (id) => document.getElementById(id);

/** Make an element with a class and content: texts and elements. */
function made(tag, name, ...content) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content);
  return element;
}

const MARKED =
  /((?:party|product|grant)1[02-9a-z]{10,}(?:@[0-9]+)?|0x[0-9a-fA-F]{8,}|`[^`]+`|[0-9-]{10}T[0-9:]{8}Z)/;

/** Return a sentence with its ids, digests, commands and times marked. */
function sentence(text) {
  return text.split(MARKED).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.endsWith("Z") ? made("time", "", part) : made("code", "", part.replaceAll("`", ""));
  });
}

/** Check a file, and return the verdict as data: a code with its fields. */
function verdictOf(raw, blockHash, directory) {
  try {
    return { code: "shown", ...check(raw, blockHash, directory) };
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Refused) {
      const { code, where, part, reason } = error;
      return { code, where, part, reason };
    }
    console.error(error);
    return { code: "fault" };
  }
}

/** Return the bytes of a block hash as it was typed, null for anything else. */
function typedHash(text) {
  const found = /^(?:0x)?([0-9a-f]{64})$/i.exec(text.trim());
  return found ? unhex(found[1]) : null;
}

/** Return the bytes of an address as it was typed: with a right checksum, where it has one. */
function typedAddress(text) {
  const said = text.trim();
  if (!/^0x[0-9a-f]{40}$/i.test(said)) return null;
  const raw = unhex(said.slice(2));
  const plain = [said.slice(2).toLowerCase(), said.slice(2).toUpperCase()].includes(said.slice(2));
  return plain || addressText(raw) === said ? raw : null;
}

function show() {
  const speaker = new Speaker(state.lang);
  const say = (key, fields) => speaker.say(`verifier.${key}`, fields);
  document.documentElement.lang = state.lang === "zh" ? "zh-Hans" : "en";
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.replaceChildren(...sentence(say(element.dataset.say)));
  }
  for (const lang of ["en", "zh"]) at(lang).setAttribute("aria-pressed", String(lang === state.lang));
  at("chosen").textContent = state.file ? say("chosen", chosen()) : say("choose");
  at("drop").classList.toggle("filled", Boolean(state.raw));

  const [hash, directory] = [typedHash(at("hash").value), typedAddress(at("directory").value)];
  const given = { hash: at("hash").value.trim() !== "", directory: at("directory").value.trim() !== "" };
  mark("hash", given.hash && !hash, say("hash-unfit"), whichBlock(say) ?? say("hash-help"));
  mark("directory", given.directory && !directory, say("directory-unfit"), say("directory-help"));

  const ready = state.raw && (!given.directory || directory) && hash;
  const verdict = ready ? verdictOf(state.raw, hash, directory) : unreadable();
  at("verdict").replaceChildren(...(verdict ? told(verdict, speaker, say) : []));
  at("verdict").className = verdict ? (verdict.code === "shown" ? "holds" : "fails") : "";
}

function chosen() {
  return { name: state.file.name, size: state.file.size.toLocaleString("en") };
}

/** Say what is wrong with a field, or what it is for. */
function mark(id, unfit, wrong, help) {
  at(id).setAttribute("aria-invalid", String(unfit));
  at(`${id}-note`).textContent = unfit ? wrong : help;
  at(`${id}-note`).classList.toggle("wrong", unfit);
}

/** Say of which block the hash is wanted, once there is a file that can be read. */
function whichBlock(say) {
  if (!state.raw) return null;
  try {
    const { neighbour, header, chain } = readProof(state.raw);
    return say("which-block", { block: (neighbour ?? header).number, chain });
  } catch {
    return null;
  }
}

/** Return the verdict on a file that cannot be a proof, whatever the block hash. */
function unreadable() {
  if (!state.raw) return null;
  try {
    readProof(state.raw);
    return null;
  } catch (error) {
    const { code, where, reason } = error;
    return error instanceof Unreadable ? { code, where, reason } : { code: "fault" };
  }
}

/** Return the elements that tell a verdict. */
function told(verdict, speaker, say) {
  if (verdict.code !== "shown") return refusal(verdict, speaker, say);
  const isExpected = at("directory").value.trim() !== "";
  const lines = speaker.all(verdict, isExpected);
  // The last three say what all before rests on, and what it does not show.
  const [[when, ...shown], limits] = [lines.slice(0, -3), lines.slice(-3)];
  if (DATA.localChains.includes(Number(verdict.proof.chain))) {
    limits.push(say("local", { chain: verdict.proof.chain }));
  }
  const facts = made("pre", "", JSON.stringify(verdict.facts, null, 2));
  return [
    made("h2", "", say("holds")),
    made("p", "when", ...sentence(when)),
    made("ul", "shown", ...shown.map((line) => made("li", "", ...sentence(line)))),
    made("h3", "", say("limits")),
    made("ul", "limits", ...limits.map((line) => made("li", "", ...sentence(line)))),
    made("details", "", made("summary", "", say("facts")), facts),
  ];
}

function refusal(verdict, speaker, say) {
  if (verdict.code === "fault") return [made("h2", "", say("fails")), made("p", "", say("fault"))];
  const heading = verdict.code === "proof-refused" ? "fails" : "unreadable";
  return [
    made("h2", "", say(heading)),
    made("p", "", ...sentence(speaker.say(`error.${verdict.code}`, verdict))),
    made("p", "hint", ...sentence(speaker.say(`hint.${verdict.code}`))),
  ];
}

async function take(file) {
  if (!file) return;
  Object.assign(state, { file, raw: null });
  show();
  // One byte more than a proof can have is enough to refuse it.
  const raw = new Uint8Array(await file.slice(0, DATA.limits.bytes + 1).arrayBuffer());
  if (state.file !== file) return;
  state.raw = raw;
  show();
}

function begin() {
  state.lang = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  for (const lang of ["en", "zh"]) {
    at(lang).addEventListener("click", () => {
      state.lang = lang;
      show();
    });
  }
  at("file").addEventListener("change", (event) => take(event.target.files[0]));
  at("hash").addEventListener("input", show);
  at("directory").addEventListener("input", show);
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      at("drop").classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files[0]);
    });
  }
  show();
}

begin();
