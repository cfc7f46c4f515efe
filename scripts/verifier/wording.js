// Say in plain sentences what a proof shows, what it rests on, and what it does not show.

class Speaker {
  constructor(lang) {
    this.lang = lang;
    this.sentences = DATA.sentences[lang];
    this.between = lang === "zh" ? "、" : ", ";
  }

  say(key, fields = {}) {
    return this.sentences[key].replace(/\{(\w+)(?::(\w+)(?:,(\w+))?)?\}/g, (_, name, way, argument) =>
      this.shown(fields[name], way, argument),
    );
  }

  shown(value, way, argument) {
    if (way === "list") return value.join(this.between);
    if (way === "word") return this.word(value);
    if (way === "reason") return this.sentences[`reason.${value}`] ?? value;
    if (way === "verdict") return this.say(`verdict.${dashed(value)}`).replace(/[.。]+$/, "");
    if (way === "term") {
      const named = (code) => DATA.vocabulary[argument][code]?.[this.lang] ?? this.word(code);
      return value.split("|").map(named).join(this.between);
    }
    return String(value);
  }

  word(code) {
    return this.sentences[`word.${dashed(code)}`] ?? dashed(code);
  }

  /** Return all sentences on a proof that holds, in the order of their weight. */
  all(shown, isExpected) {
    const { proof, facts, restsOn } = shown;
    const found = [this.when(proof)];
    if (facts.absent) found.push(this.proof(`absent.${facts.absent.kind}`, { id: facts.absent.id }));
    else found.push(...this.grants(facts), ...this.product(facts), ...this.parties(facts));
    const place = { directory: addressText(proof.directory), chain: proof.chain };
    found.push(this.proof("rests", { hash: hexed(restsOn) }));
    found.push(this.proof(isExpected ? "directory" : "directory-unknown", place));
    found.push(this.proof("not-shown"));
    return found;
  }

  when({ header, asked }) {
    const told = { block: header.number, time: timeText(header.time) };
    return asked === null ? this.proof("block", told) : this.proof("asked", { asked: timeText(asked), ...told });
  }

  *grants({ grants = [], clauses, against: said }) {
    for (const one of grants) {
      yield this.proof(one.parent === null ? "grant.root" : "grant.below", this.ended(one));
      yield this.proof("grant.standing", { id: one.id, verdict: one.standing });
      yield* this.suspended(one);
    }
    if (!clauses) return;
    yield this.proof("clauses", {
      actions: clauses.actions.join("|"),
      purposes: clauses.purposes.join("|"),
      start: clauses.valid_from ?? grants.at(-1).since,
      until: clauses.valid_until ?? this.proof("no-end"),
    });
    for (const one of said) yield this.proof("against", one);
    if (!said.length) yield this.proof("nothing-against");
  }

  *product({ product, versions, holdings, annotations }) {
    yield this.proof("product", this.ended(product));
    yield this.proof(product.inForce ? "in-force" : "not-in-force", { id: product.id });
    for (const one of versions) {
      yield this.proof("version", one);
      if (one.derivation) {
        const { by, activity, sources } = one.derivation;
        const pins = sources.map((source) => `${source.product}@${source.version}`);
        yield this.proof("derivation", { number: one.number, by, activity, sources: pins });
      }
    }
    for (const one of holdings) {
      yield this.proof("holding", this.ended({ ...one, rights: one.rights.join("|") }));
    }
    for (const one of annotations) yield this.proof("annotation", this.ended(one));
  }

  *parties({ parties }) {
    for (const one of parties) {
      yield this.proof("party", one);
      yield* this.suspended(one);
    }
  }

  *suspended({ id, suspensions }) {
    for (const one of suspensions) yield this.proof("suspended", this.ended({ ...one, id }));
  }

  /** Return what has a beginning with its end in words, where it has none. */
  ended(one) {
    const open = ["to", "endsAt", "until"].filter((name) => name in one && !one[name]);
    return { ...one, ...Object.fromEntries(open.map((name) => [name, this.proof("no-end")])) };
  }

  proof(key, fields) {
    return this.say(`proof.says.${key}`, fields);
  }
}

function dashed(code) {
  return code.toLowerCase().replaceAll("_", "-");
}
