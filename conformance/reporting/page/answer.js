// The answer: what breaks on the way from one column to another, or what deviates in one, by cause.
const KINDS = {
  lost: { short: "lost", says: "No longer holds" },
  otherwise: { short: "otherwise", says: "Deviates in another way" },
  won: { short: "gained", says: "Holds now" },
  appeared: { short: "new, and deviating", says: "Applies now, and deviates" },
  gone: { short: "gone", says: "No longer applies" },
  unanswered: { short: "unanswered", says: "Gives no answer in one of the two" },
  deviates: { short: "deviating", says: "Deviates" },
};
const RANK = Object.keys(KINDS);
const CHANGES = {
  holds: { deviates: "lost", "not-applicable": "gone", unknown: "unanswered" },
  deviates: { holds: "won", deviates: "otherwise", "not-applicable": "gone", unknown: "unanswered" },
  "not-applicable": { deviates: "appeared", unknown: "unanswered" },
  unknown: { holds: "unanswered", deviates: "unanswered", "not-applicable": "unanswered" },
};
// The same as conformance.matrix.comparing.change: a test holds them together.
function change(before, after) {
  if (before === after || [before, after].some(state => state.outcome === "blocked")) return undefined;
  if (before.outcome === after.outcome && before.word === after.word) return undefined;
  return CHANGES[shape(before)][shape(after)];
}

// Which TensorFlow and which Keras a column is; Keras 2 is one, inside TensorFlow or as tf_keras.
const minor = version => /^\d+\.\d+/.exec(version ?? "")?.[0] ?? "";
const kinds = data.columns.map(column => ({ id: column.id, tf: minor(column.tensorflow) || minor(column.id.slice(2)),
  keras: column.flavour === "keras3" ? minor(column.keras) || "3" : "2" }));
const number = version => { const [a, b] = version.split(".").map(Number); return a * 100 + (b || 0); };
const newest = values => [...new Set(values)].sort((a, b) => number(b) - number(a));
// What pip installs with a TensorFlow: the column that is named after it alone.
const usual = tf => kinds.find(kind => kind.tf === tf && !kind.id.includes("keras"))?.keras ?? (number(tf) < 216 ? "2" : newest(kinds.map(kind => kind.keras))[0]);

// The nearest measured column: of the same Keras where Keras 3 decides, then of the nearest TensorFlow.
function nearest(tf, keras) {
  const apart = kind => {
    const other = (kind.keras === "2") !== (keras === "2") ? 1e6 : 0;
    const decides = keras === "2" ? 0 : Math.abs(number(kind.keras) - number(keras)) * 1000;
    return other + decides + Math.abs(number(kind.tf) - number(tf));
  };
  const best = kinds.reduce((a, b) => (apart(b) < apart(a) ? b : a));
  return { id: best.id, exact: best.tf === tf && best.keras === keras };
}

// A choice is written as a column is called: tf2.18-keras3.6, also where no such column was measured.
function written(tf, keras) {
  const near = nearest(tf, keras);
  if (near.exact) return near.id;
  return `tf${tf}${keras === "2" ? (number(tf) < 216 ? "" : "-tf_keras") : keras === usual(tf) ? "" : `-keras${keras}`}`;
}
function meant(text) {
  if (!text) return null;
  const column = kinds.find(kind => kind.id === text || kind.id === `tf${text}`);
  if (column) return { tf: column.tf, keras: column.keras, id: column.id, exact: true };
  const [, tf, legacy, keras] = /^(?:tf)?(\d+\.\d+)[^-]*(?:-(tf_keras)|-keras(\d+\.\d+))?$/.exec(text) ?? [];
  if (!tf) return { unknown: text };
  const which = legacy ? "2" : keras ?? usual(tf);
  return { tf, keras: which, ...nearest(tf, which) };
}
const pair = state => [meant(state.from)?.id, meant(state.to)?.id];
const named = side => (form.elements[`${side}tf`].value ? written(form.elements[`${side}tf`].value, form.elements[`${side}keras`].value) : "");
function choose(side, text) {
  const choice = meant(text), tf = form.elements[`${side}tf`], keras = form.elements[`${side}keras`];
  for (const [list, value] of [[tf, choice?.tf ?? ""], [keras, choice?.keras ?? ""]]) {
    if (value && ![...list.options].some(option => option.value === value)) list.append(el("option", { value }, value));
    list.value = value;
  }
}
function fill() {
  const says = { 2: "2 or tf_keras" };
  for (const side of ["", "to_"]) {
    for (const [name, values] of [["tf", kinds.map(kind => kind.tf)], ["keras", kinds.map(kind => kind.keras)]]) {
      form.elements[side + name].append(el("option", { value: "" }, "–"), ...newest(values).map(value => el("option", { value }, says[value] ?? value)));
    }
  }
}

const about = id => {
  const column = data.columns[place.get(id)];
  return `TensorFlow ${column.tensorflow ?? "unknown"}, Keras ${column.keras ?? "unknown"}, Python ${column.python}`;
};

// Rows that changed, or deviate, together by their cause; the most consequential first.
function causes(from, to, among = claims) {
  const items = new Map();
  for (const claim of among) for (const row of rowsOf(claim)) {
    const before = from ? row.says[place.get(from)] : null, after = row.says[place.get(to)];
    const kind = from ? change(before, after) : after.outcome === "deviates" ? "deviates" : undefined;
    if (!kind) continue;
    const pin = kind === "won" ? before.pin : kind === "gone" || kind === "unanswered" ? null : after.pin;
    const key = pin ? `${kind === "won"} ${pin}` : `${kind} ${claim.id}`;
    if (!items.has(key)) items.set(key, { pin, parts: new Map() });
    const parts = items.get(key).parts, part = parts.get(`${kind} ${claim.id}`) ?? { claim, kind, rows: [], size: 0, core: 0, was: new Map(), is: new Map() };
    parts.set(`${kind} ${claim.id}`, part);
    part.rows.push(row);
    part.size += row.size;
    part.core += row.core ? row.size : 0;
    const count = (map, word) => map.set(word, (map.get(word) ?? 0) + row.size);
    count(part.was, before ? said(before) : row.expected);
    count(part.is, said(after));
  }
  const rank = part => [part.core ? 0 : 1, RANK.indexOf(part.kind), part.claim.rank < 0 ? 999 : part.claim.rank, -part.size];
  const by = (a, b) => { for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return a[n] - b[n]; return 0; };
  const found = [...items.values()].map(item => ({ ...item, parts: [...item.parts.values()].sort((a, b) => by(rank(a), rank(b))) }));
  return found.sort((a, b) => by(rank(a.parts[0]), rank(b.parts[0])));
}

// What to write, for each goal of a cause's recipes: the best way that holds on both sides, or else the
// best of each side; the named ones before other ways to the goal. What was not run is never advised.
// The same as conformance.recipes.standing: a test holds them together.
const goalOf = id => id.split("/")[0];
function advised(named, sides) {
  const holds = (id, side) => data.recipes[id]?.said[place.get(side)] === 1;
  return [...new Set(named.map(goalOf))].map(goal => {
    const ways = [...new Set([...named, ...Object.keys(data.recipes)])].filter(id => goalOf(id) === goal);
    const both = ways.find(id => sides.every(side => holds(id, side)));
    return both ? [[both, sides]] : sides.map(side => [ways.find(id => holds(id, side)), [side]]);
  }).filter(goal => goal.some(([id]) => id));
}
// What a recipe does, without who writes it so.
const doesOf = id => [...document.getElementById(`recipe/${id}`).querySelector(".does").childNodes].filter(node => node.nodeName !== "SMALL").map(node => node.textContent).join("");
function code(id, sides, open, told) {
  const at = document.getElementById(`recipe/${id}`);
  const where = sides.length > 1 ? "holds on both sides" : `holds in ${sides[0]}`;
  const does = doesOf(id);
  if (told.has(id)) return el("p", { class: "write" }, el("strong", {}, `Write, ${where}: `), el("a", { href: `#recipe/${id}` }, does), " (its code stands above)");
  told.add(id);
  const made = el("details", { class: "write" }, el("summary", {}, el("strong", {}, `Write, ${where}: `), does),
    el("pre", { tabindex: "0" }, el("code", {}, at.querySelector("pre").textContent)), el("p", {}, el("a", { href: `#goal/${goalOf(id)}` }, "All ways to it, and where each holds")));
  made.open = open;
  return made;
}
function advice(item, sides, open, told) {
  if (!item.pin) return [];
  const pin = data.pins[item.pin];
  if (pin.no_remedy) return [el("p", { class: "write" }, el("strong", {}, "Nothing to write instead: "), ...ticked(pin.no_remedy))];
  if (!pin.remedies?.length) return [el("p", { class: "write lacking" }, "No way to write it instead was measured.")];
  const found = advised(pin.remedies, sides);
  if (!found.length) return [lacking(pin, sides)];
  return found.flatMap((goal, n) => goal.map(([id, those]) => (id ? code(id, those, open && n === 0, told) : lacking(pin, those))));
}
function lacking(pin, sides) {
  const run = pin.remedies.some(id => sides.some(side => data.recipes[id]?.said[place.get(side)]));
  const where = sides.join(" or ");
  return el("p", { class: "write lacking" }, run ? `No way to write it instead is measured to hold in ${where}.` : `What to write instead was not run in ${where} yet.`);
}

const words = map => [...map].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([word, count]) => (map.size > 1 ? `${word} (${count})` : word)).join(", ");
function partLine({ claim, kind, size, core, was, is, rows }, column, short) {
  const link = el("a", { href: `#${claim.id}@${column}` }, short ? claim.id : claim.statement);
  const amount = `${many(size, "case")}${core ? `, ${core === size ? (size === 1 ? "a core one" : "all core") : `${core} core`}` : ""}`;
  const first = rows.find(row => row.core) ?? rows[0];
  const example = first.element.querySelector(".cases li").textContent;
  return el("li", {}, el("span", { class: `kind ${kind}` }, KINDS[kind].says), " ", link, ` in ${amount}: `,
    el("span", { class: "words" }, kind === "deviates" ? `${words(is)}, not ${words(was)}` : `${words(was)} → ${words(is)}`), short ? "" : " ",
    short ? "" : el("a", { class: "case", href: `#${claim.id}[${example}]@${column}` }, `e.g. ${example}`));
}
function item(each, sides, open, told, short) {
  const made = el("li", { class: "cause" });
  made.append(el("h3", {}, ...(each.pin ? reason(each.pin) : [each.parts[0].claim.statement])));
  made.append(el("ul", { class: "parts" }, ...each.parts.slice(0, 4).map(part => partLine(part, sides.at(-1), short)),
    each.parts.length > 4 ? el("li", {}, `and ${each.parts.length - 4} more claims`) : ""));
  if (each.parts[0].kind !== "won") made.append(el("div", { class: "remedies" }, ...advice(each, sides, open, told)));
  if (each.pin) made.append(el("p", { class: "links" }, ...linksOf(each.pin)));
  return made;
}
function list(items, sides, open, told, short) {
  return el("ol", { class: "causes" }, ...items.map((each, n) => item(each, sides, open(n), told, short)));
}
// A list that is made when it is opened.
function folded(title, items, sides, told) {
  if (!items.length) return "";
  const made = el("details", { class: "fold" }, el("summary", {}, title));
  made.addEventListener("toggle", () => { if (made.children.length === 1) made.append(list(items, sides, () => false, told, true)); });
  return made;
}

function near(side, text) {
  const choice = meant(text);
  if (!choice) return "";
  if (choice.unknown) {
    const alike = id => [...text].filter((_, n) => n && id.includes(text.slice(n - 1, n + 1))).length;
    const best = [...order].sort((a, b) => alike(b) - alike(a)).slice(0, 3);
    return el("p", { class: "near" }, `No column is called ${text.slice(0, 60)}. The nearest: `, ...best.flatMap((id, n) => [n ? ", " : "", link(side, id)]), ".");
  }
  if (choice.exact) return "";
  const why = choice.keras === "2" ? "" : " From TensorFlow 2.16 on it is Keras that decides.";
  return el("p", { class: "near" }, `TensorFlow ${choice.tf} with Keras ${choice.keras} was not measured; the nearest column is `, el("strong", {}, choice.id), ` (${about(choice.id)}).${why}`);
}
function link(side, id) {
  const query = new URLSearchParams(location.search);
  query.set(side, id);
  return el("a", { href: `?${query}` }, id);
}

function answer(state) {
  const box = document.getElementById("answer");
  const notes = [near("from", state.from), near("to", state.to)].filter(Boolean);
  let [from, to] = pair(state);
  if (!from) [from, to] = [to, undefined];
  document.body.classList.toggle("answered", Boolean(from));
  box.hidden = !from && !notes.length;
  box.replaceChildren(...notes);
  if (from) box.prepend(...(to ? upgrade(from, to, notes) : single(from, notes)));
}
const alarming = each => each.parts.some(part => part.kind !== "won" && part.kind !== "gone" && part.kind !== "unanswered");
const inCore = each => each.parts.some(part => part.core);
function upgrade(from, to, notes) {
  const items = causes(from, to), told = new Set(), sides = [from, to];
  const broken = items.filter(alarming), core = broken.filter(inCore), edges = broken.filter(each => !inCore(each));
  const of = kind => items.filter(each => !alarming(each) && each.parts[0].kind === kind);
  const summary = items.length ? `${many(core.length, "thing")} that most code does ${core.length === 1 ? "breaks" : "break"}, ${edges.length} in rarer situations; ${of("won").length} gained, ${of("gone").length} gone.`
    : "Nothing that the cases ask has changed.";
  return [el("h2", {}, `${from} → ${to}`), ...notes, el("p", { class: "env" }, `${about(from)} → ${about(to)}. `, el("strong", {}, summary)),
    core.length ? list(core, sides, () => true, told) : "",
    folded(`In rarer situations: ${edges.length}`, edges, sides, told), folded(`Gained, holds now: ${of("won").length}`, of("won"), sides, told),
    folded(`Gone, no longer applies: ${of("gone").length}`, of("gone"), sides, told), folded(`No answer in one of the two: ${of("unanswered").length}`, of("unanswered"), sides, told)].filter(Boolean);
}
function single(column, notes) {
  const items = causes(null, column), told = new Set();
  const core = items.filter(inCore), edges = items.filter(each => !inCore(each));
  return [el("h2", {}, `In ${column}`), ...notes, el("p", { class: "env" }, `${about(column)}. `,
    el("strong", {}, items.length ? `${many(core.length, "thing")} that most code does ${core.length === 1 ? "is" : "are"} not as documented, ${edges.length} in rarer situations.` : "All that was asked holds.")),
    core.length ? list(core, [column], () => true, told) : "", folded(`In rarer situations: ${edges.length}`, edges, [column], told)].filter(Boolean);
}
