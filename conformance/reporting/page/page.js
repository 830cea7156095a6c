"use strict";
// The matrix, its filters and its rows. Without these scripts the page can be read; with them, asked.
const data = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const matrix = document.querySelector(".matrix");
const order = data.columns.map(column => column.id);
const place = new Map(order.map((id, n) => [id, n]));
const states = data.states.map(([outcome, word, pin, reason, unstable]) => ({ outcome, word, pin, reason, unstable }));
const claims = [...matrix.querySelectorAll("tr[data-claim]")].map(row => {
  const section = document.querySelector(`details.claim[data-claim="${row.dataset.claim}"]`);
  return { id: row.dataset.claim, family: row.closest("tbody").dataset.family, row, section,
    statement: row.cells[0].textContent, rank: data.order.indexOf(row.dataset.claim), rows: null };
});

function el(name, about = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(about)) key === "class" ? (made.className = value) : made.setAttribute(key, value);
  made.append(...inside.filter(each => each !== "" && each != null));
  return made;
}
// What stands between backticks is code.
function ticked(text) {
  const parts = text.split("`");
  return parts.length % 2 ? parts.map((part, n) => (n % 2 ? el("code", {}, part) : part)) : [text];
}
// Why a pin deviates, and what to read on: the page says both below a claim, and they are copied from there.
const whys = new Map([...document.querySelectorAll(".why > li")].map(li => [li.querySelector(".pin").textContent, li]));
const copied = nodes => [...nodes].map(node => node.cloneNode(true));
const reason = pin => copied(whys.get(pin).firstElementChild.childNodes);
const linksOf = pin => copied(whys.get(pin).childNodes).slice(1);
// A file of the project, from where this page lies.
function linked(path) {
  const [room, ...rest] = path.split("/");
  return [data.rooms[room], ...rest].join("/");
}
const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
// Neighbours that are equal are written once: `4*3 7` is three times 4, then 7.
const unpacked = text => text.split(" ").flatMap(part => {
  const [value, count] = part.split("*");
  return Array(+(count ?? 1)).fill(value);
});

// The rows of a claim, with what each says column by column, read the first time they are asked for.
function rowsOf(claim) {
  claim.rows ??= [...claim.section.querySelectorAll(".row")].map(element => {
    const says = unpacked(element.dataset.s).map(code => states[code]);
    return { claim, element, says, core: element.querySelector("small").textContent.startsWith("core"),
      expected: element.querySelector("b").textContent, size: element.querySelectorAll(".cases li").length };
  });
  return claim.rows;
}
const SHAPES = { holds: "holds", deviates: "deviates", "not-applicable": "not-applicable", blocked: "not-applicable" };
const shape = state => SHAPES[state.outcome] ?? "unknown";
const said = state => state.word ?? state.outcome.replace("-", " ");

// A strip of bars, one for neighbouring columns of a group that say the same.
function strip(says, told) {
  const made = el("span", { class: "strip", "aria-hidden": "true" });
  let run = null, last = null;
  order.forEach((id, n) => {
    const group = data.columns[n].group;
    if (last !== null && group !== last) made.append(el("s", { class: `g${group}` }));
    if (group !== last || says[n] !== says[n - 1]) {
      const { kind, text, more } = told(says[n]);
      run = el("span", { class: `run ${kind} g${group} ${more ?? ""}`, "data-c": id, title: text });
      run.style.setProperty("--n", 0);
      run.append(el("em", {}, kind === "holds" && !text ? "" : text));
      made.append(run);
    }
    const size = +run.style.getPropertyValue("--n") + 1;
    run.style.setProperty("--n", size);
    run.classList.toggle("narrow", size < 4);
    last = group;
  });
  return made;
}
const ofCase = state => ({ kind: shape(state), text: state.outcome === "blocked" ? "blocked" : state.word ?? (state.outcome === "not-applicable" ? "–" : "?"),
  more: (state.pin ? "pinned " : "") + (state.unstable ? "unstable" : "") });
const ofRecipe = word => ({ kind: word === 1 ? "holds" : word === 0 ? "unknown" : word === "not applicable" ? "not-applicable" : "deviates",
  text: word === 1 ? "holds" : word === 0 ? "not run" : word });

// What a claim's rows show beside their words is made when the claim is first opened.
function dress(claim) {
  if (claim.dressed) return;
  claim.dressed = true;
  const rows = claim.section.querySelector(".rows");
  rows?.prepend(document.getElementById("heads").content.cloneNode(true));
  for (const row of rowsOf(claim)) row.element.querySelector("summary").append(strip(row.says, ofCase));
}
function dressRow(row) {
  if (row.dressed) return;
  row.dressed = true;
  const { element, claim } = row;
  const runs = element.querySelector(".runs");
  const told = new Map();
  row.says.forEach((state, n) => told.set(state, [...(told.get(state) ?? []), n]));
  const lines = [...told].sort(([a], [b]) => (a.outcome === "holds") - (b.outcome === "holds"));
  runs.replaceChildren(...lines.map(([state, where]) => el("li", { class: shape(state) }, el("strong", {}, state.outcome.replace("-", " ")),
    ` in ${spread(where)}${state.word ? `: ${state.word}` : ""}.`, state.reason ? el("q", {}, state.reason) : "",
    ...(state.pin ? [" ", ...reason(state.pin), " ", el("small", {}, `pin ${state.pin}`)] : []),
    state.unstable ? el("strong", {}, " Unstable: it did not say the same in all runs.") : "")));
  const items = casesOf(row);
  for (const item of items) {
    item.id = `${claim.id}[${item.textContent}]`;
    const link = el("a", { href: `#${item.id}` }, item.textContent);
    item.replaceChildren(link);
  }
  const made = data.functions[element.dataset.f];
  if (made) {
    const [path, slug, line] = made;
    const situation = items[0].textContent.slice(slug.length + 1);
    const node = `${data.paths[path]}::test_${slug.replaceAll("-", "_")}${situation ? `[${situation}]` : ""}`;
    element.append(el("p", { class: "run-it" }, "Run it: ", el("code", {}, `pytest "${node}"`), items.length > 1 ? ", or another of these situations. " : ". ",
      el("a", { href: `${linked(data.paths[path])}#L${line}` }, "Source"), el("small", {}, ` ${data.paths[path]}, line ${line}`)));
  }
}
const casesOf = row => [...row.element.querySelectorAll(".cases li")];

// Columns in words: neighbours of one group as a range.
function spread(numbers) {
  if (numbers.length === order.length) return "every column";
  const parts = [];
  for (const n of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === n - 1 && data.columns[n].group === data.columns[n - 1].group) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([a, b]) => (a === b ? order[a] : `${order[a]} to ${order[b]}`)).join(", ");
}

function tests(state) {
  const wanted = [];
  const words = tokens(state.q);
  if (words.length) wanted.push(row => isFound(words, row.claim, row));
  if (state.only === "pinned") wanted.push(row => row.says.some(said => said.pin));
  if (state.only === "unstable") wanted.push(row => row.says.some(said => said.unstable || shape(said) === "unknown"));
  const [from, to] = pair(state);
  if (from && to) wanted.push(row => change(row.says[place.get(from)], row.says[place.get(to)]));
  return wanted;
}

function apply(state) {
  const wanted = tests(state);
  const words = tokens(state.q);
  let shown = 0, cases = 0;
  for (const claim of claims) {
    const rows = wanted.length ? rowsOf(claim) : claim.rows ?? [];
    let any = 0;
    for (const row of rows) {
      const fits = wanted.every(test => test(row));
      if (row.element.hidden === fits) row.element.hidden = !fits;
      any += fits ? row.size : 0;
    }
    const bare = !rows.length && wanted.length === 1 && words.length && isFound(words, claim);
    const fits = (!state.family || claim.family === state.family) && (!wanted.length || any > 0 || bare);
    claim.row.hidden = claim.section.hidden = !fits;
    const rest = claim.section.querySelector(".rest");
    if (rest) rest.hidden = wanted.length > 0 && !rest.querySelector(".row:not([hidden])");
    shown += fits ? 1 : 0;
    cases += fits ? (wanted.length ? any : claim.size ??= claim.section.querySelectorAll(".cases li").length) : 0;
  }
  for (const block of document.querySelectorAll("[data-family]")) {
    block.hidden = !block.querySelector("[data-claim]:not([hidden])");
  }
  document.querySelector(".none").hidden = shown > 0;
  document.getElementById("shown").textContent = `${many(shown, "claim")} of ${claims.length}, ${many(cases, "case")}`;
  columns(state);
  stop();
}

// Groups that are hidden, and the two columns that are compared: the others are folded away.
function columns(state) {
  const hidden = new Set(state.hide);
  data.groups.forEach((_, group) => document.body.classList.toggle(`hide-${group}`, hidden.has(String(group))));
  const parts = data.groups.map((_, group) => [group, data.columns.filter(column => column.group === group).length]).filter(([group]) => !hidden.has(String(group)));
  const first = parts.length ? parts[0][0] : -1;
  document.body.dataset.first = first;
  for (const part of document.querySelectorAll(".claims, .goals")) part.style.setProperty("--cols", parts.map(([, n]) => `repeat(${n},minmax(0,1fr))`).join(" 8px ") || "1fr");
  const [from, to] = pair(state);
  const compared = [from, to].filter(Boolean);
  for (const cell of matrix.querySelectorAll(".here")) cell.classList.remove("here");
  const lines = [...matrix.tBodies].flatMap(body => [...body.rows]).filter(row => row.dataset.claim);
  for (const id of compared) {
    matrix.tHead.rows[1].cells[place.get(id) + 1].classList.add("here");
    for (const row of lines) row.cells[place.get(id) + 1].classList.add("here");
  }
  const folded = compared.length === 2 && !state.all;
  document.querySelector(".toggle.all").hidden = compared.length < 2;
  matrix.classList.toggle("folded", folded);
  for (const cell of matrix.querySelectorAll(".moved")) cell.remove();
  if (folded) for (const claim of claims) if (!claim.row.hidden) claim.row.append(movedCell(claim, from, to));
}
function movedCell(claim, from, to) {
  const count = {};
  for (const row of rowsOf(claim)) {
    const kind = change(row.says[place.get(from)], row.says[place.get(to)]);
    if (kind) count[KINDS[kind].short] = (count[KINDS[kind].short] ?? 0) + row.size;
  }
  return el("td", { class: "moved" }, Object.entries(count).map(([name, n]) => `${n} ${name}`).join(", "));
}

// The state of the page is the query of its address.
const FIELDS = ["q", "family", "only", "from", "to", "all"];
function read() {
  const query = new URLSearchParams(location.search);
  return { ...Object.fromEntries(FIELDS.map(name => [name, query.get(name) ?? ""])), hide: (query.get("hide") ?? "").split(",").filter(Boolean) };
}
function show(state) {
  for (const name of ["q", "family", "only"]) form.elements[name].value = state[name];
  form.elements.all.checked = Boolean(state.all);
  for (const box of form.elements.group.length ? form.elements.group : [form.elements.group]) box.checked = !state.hide.includes(box.value);
  choose("", state.from);
  choose("to_", state.to);
  apply(state);
  answer(state);
  found(state);
}
function chosen() {
  const groups = form.elements.group.length ? [...form.elements.group] : [form.elements.group];
  return { q: form.elements.q.value, family: form.elements.family.value, only: form.elements.only.value, from: named(""), to: named("to_"),
    all: form.elements.all.checked ? "1" : "", hide: groups.filter(box => !box.checked).map(box => box.value) };
}
function remember(state, replace) {
  const query = new URLSearchParams(Object.entries({ ...state, hide: state.hide.join(",") }).filter(([, value]) => value));
  history[replace ? "replaceState" : "pushState"](null, "", (query.size ? `?${query}` : location.pathname) + location.hash);
}
const EMPTY = { q: "", family: "", only: "", from: "", to: "", all: "", hide: [] };
function reset(event) {
  event?.preventDefault();
  remember(EMPTY);
  show(EMPTY);
}

// One stop for the tabulator in the matrix, on a cell that can be seen; arrows move from cell to cell.
const seen = cell => cell.querySelector("a") && cell.tagName === "TD" && getComputedStyle(cell).display !== "none";
const shownRows = () => claims.map(claim => claim.row).filter(row => !row.hidden);
function stop() {
  const now = matrix.querySelector('td a[tabindex="0"]');
  if (now && !now.closest("tr").hidden && seen(now.parentElement)) return;
  now?.setAttribute("tabindex", -1);
  const row = shownRows()[0];
  [...(row?.cells ?? [])].find(seen)?.querySelector("a").setAttribute("tabindex", 0);
}
function move(event) {
  const link = event.target.closest("td a");
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -99], End: [0, 99] }[event.key];
  if (!link || !step) return;
  event.preventDefault();
  const rows = shownRows(), line = link.closest("tr");
  const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(line) + step[0]))];
  const at = [...line.cells].filter(seen).indexOf(link.closest("td")) + step[1];
  const cells = [...row.cells].filter(seen);
  const next = cells[Math.max(0, Math.min(cells.length - 1, at))].querySelector("a");
  link.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
