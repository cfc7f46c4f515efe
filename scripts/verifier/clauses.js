// The clauses of a grant: their packed form, their rules, and their hash by EIP-712.

function member(vocabulary, name) {
  return DATA.kinds[vocabulary].members.find(([known]) => known === name)[1];
}

function nameOf(vocabulary, value) {
  const found = DATA.kinds[vocabulary].members.find(([, known]) => BigInt(known) === BigInt(value));
  if (!found) throw new Meaningless();
  return found[0];
}

/** Return the words of a mask, in the order of their bits; bits without a word are left out. */
function namesOf(vocabulary, value) {
  const mask = BigInt(value);
  return DATA.kinds[vocabulary].members.filter(([, bit]) => mask & BigInt(bit)).map(([name]) => name);
}

/** Return the clauses in a packed form by their names: numbers, bytes, and a list of territories. */
function unpackClauses(packed) {
  const { layout, head, fixed, optional, bytes, territories } = DATA.codec;
  const unreadable = () => new Unreadable("/", "clauses-unreadable");
  if (packed.length < head || packed[0] !== layout) throw unreadable();
  const found = {};
  let at = 1;
  const part = (length) => {
    if (at + length > packed.length) throw unreadable();
    return packed.subarray(at, at + length);
  };
  const take = ([name, length]) => {
    const raw = part(length);
    at += length;
    found[name] = bytes.includes(name) ? raw : numberOf(raw);
  };
  fixed.forEach(take);
  const options = Number(numberOf(packed.subarray(head - 2, head)));
  if (options >> (optional.length + 1)) throw unreadable();
  at = head;
  optional.forEach((group, bit) => {
    if ((options >> bit) & 1) {
      if (isZero(part(group.reduce((sum, [, length]) => sum + length, 0)))) throw unreadable();
      group.forEach(take);
    } else {
      for (const [name, length] of group) found[name] = bytes.includes(name) ? new Uint8Array(length) : 0n;
    }
  });
  found.territory = [];
  if ((options >> optional.length) & 1) {
    const [count] = part(1);
    at++;
    if (!count || count > territories || at + 4 * count !== packed.length) throw unreadable();
    for (let last = 0n; at < packed.length; at += 4) {
      const code = numberOf(packed.subarray(at, at + 4));
      if (code <= last) throw unreadable();
      found.territory.push((last = code));
    }
  }
  if (at !== packed.length) throw unreadable();
  requireRules(found);
  return found;
}

function requireRules(raw) {
  const rules = DATA.rules;
  const require = (holds) => {
    if (!holds) throw new Unreadable("/", "clause-refused");
  };
  const known = (name, vocabulary) =>
    require(DATA.kinds[vocabulary].members.some(([, value]) => BigInt(value) === raw[name]));
  const within = (value, least, most) => require(value >= BigInt(least) && value <= BigInt(most));
  for (const [name, vocabulary] of Object.entries(rules.enumerations)) known(name, vocabulary);
  for (const [name, vocabulary] of Object.entries(rules.masks)) {
    require(!(raw[name] & ~BigInt(DATA.kinds[vocabulary].all)));
  }
  require(raw.rights || raw.template === BigInt(member("Template", "ENTRUSTMENT")));
  require(raw.actions && raw.purposes);
  within(raw.noticeDays, 0, rules.noticeDays);
  if (raw.subDelegation === 0n) require(!raw.depth);
  else within(raw.depth, 1, rules.depth);
  within(raw.validFrom, 0, rules.time);
  if (raw.validUntil) within(raw.validUntil, raw.validFrom + 1n, rules.time);
  if (raw.quotaUnit === 0n) require(!raw.quotaTotal && !raw.periodQuota && !raw.periodLength);
  else {
    within(raw.quotaTotal, 1, BigInt(rules.unlimited) - 1n);
    within(raw.periodQuota, 0, raw.quotaTotal);
    require((raw.periodQuota === 0n) === (raw.periodLength === 0n));
  }
  const priced = raw.currency || raw.unitPrice || raw.capPrice;
  if (raw.priceModel === 0n) require(!priced);
  else {
    require(!raw.capPrice || raw.unitPrice <= raw.capPrice);
    require(!priced || raw.priceModel !== BigInt(member("PriceModel", "FREE")));
  }
}

/** Return clauses as JSON that a person can read. */
function clausesJson(raw) {
  const none = (value, show) => (value instanceof Uint8Array ? isZero(value) : !value) ? null : show(value);
  const time = (value) => none(value, timeText);
  if (raw.offerUntil > BigInt(DATA.rules.time)) throw new Unreadable("/", "clause-refused");
  return {
    rights: namesOf("Right", raw.rights),
    actions: namesOf("Action", raw.actions),
    purposes: namesOf("Purpose", raw.purposes),
    environment: namesOf("Environment", raw.environment),
    obligations: namesOf("Obligation", raw.obligations),
    form: nameOf("Form", raw.form),
    template: nameOf("Template", raw.template),
    mode: nameOf("Mode", raw.mode),
    sub_delegation: nameOf("SubDelegation", raw.subDelegation),
    derived_rights: nameOf("DerivedRights", raw.derivedRights),
    text: none(raw.text, hexed),
    agreement: none(raw.agreement, hexed),
    scope: none(raw.scope, hexed),
    filing: none(raw.filing, hexed),
    product: idText("product", raw.product),
    version: Number(raw.version),
    grantor: idText("party", numbered(raw.grantor, 8)),
    grantee: idText("party", numbered(raw.grantee, 8)),
    valid_from: time(raw.validFrom),
    valid_until: time(raw.validUntil),
    quota: none(raw.quotaUnit, (unit) => ({
      unit: nameOf("QuotaUnit", unit),
      total: String(raw.quotaTotal),
      per_period: String(raw.periodQuota),
      period: Number(raw.periodLength),
    })),
    territory: raw.territory.map(Number),
    depth: Number(raw.depth),
    notice_days: Number(raw.noticeDays),
    price: none(raw.priceModel, (model) => ({
      model: nameOf("PriceModel", model),
      currency: Number(raw.currency),
      unit_price: String(raw.unitPrice),
      cap_price: String(raw.capPrice),
    })),
    offer_until: time(raw.offerUntil),
    acceptance_days: Number(raw.acceptanceDays),
    service_party: none(raw.serviceParty, (party) => idText("party", numbered(party, 8))),
    replaces: none(raw.replaces, (grant) => idText("grant", grant)),
    salt: String(raw.salt),
  };
}

function clausesHash(raw) {
  const words = DATA.terms.clauses.map(([, name]) => {
    const value = raw[name];
    if (Array.isArray(value)) return keccak(join(...value.map(word)));
    return value instanceof Uint8Array ? filledBehind(value) : word(value);
  });
  return keccak(join(keccak(ascii(DATA.terms.clausesType)), ...words));
}

/** Return the domain separator of EIP-712 for a contract on a chain. */
function separator(chain, contract) {
  const head = [DATA.terms.domainType, DATA.terms.name, DATA.terms.version];
  return keccak(join(...head.map((text) => keccak(ascii(text))), word(chain), filledBefore(contract)));
}

/** Return the id of the grant of clauses, by their hash, under a parent or none. */
function termsDigest(domain, parent, clauses) {
  const terms = keccak(join(keccak(ascii(DATA.terms.termsType)), parent ?? new Uint8Array(32), clauses));
  return keccak(join(Uint8Array.of(0x19, 0x01), domain, terms));
}
