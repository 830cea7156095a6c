"use strict";
// Filters, keys and anchors. Without this script everything can be read; with it, found.
const data = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const matrix = document.querySelector(".matrix");
const order = data.columns.map(column => column.id);
const claims = [...matrix.querySelectorAll("tr[data-claim]")].map(row => {
  const section = document.querySelector(`details.claim[data-claim="${row.dataset.claim}"]`);
  return { id: row.dataset.claim, family: row.closest("tbody").dataset.family, row, section, cases: null };
});

// What a row of cases says in each column, read from its bars the first time it is asked for.
function rowsOf(claim) {
  claim.cases ??= [...claim.section.querySelectorAll(".row")].map(element => {
    const words = new Map();
    for (const run of element.querySelectorAll(".run")) {
      const first = order.indexOf(run.dataset.c);
      const said = run.className.replace(" here", "") + run.textContent;
      for (let n = 0; n < +run.style.getPropertyValue("--n"); n++) words.set(order[first + n], { run, said });
    }
    return { element, words, size: element.querySelectorAll(".cases li").length, text: null };
  });
  return claim.cases;
}

const word = (row, column) => row.words.get(column).said.replace(/g\d+| pinned/g, "");
const text = row => (row.text ??= row.element.textContent.toLowerCase());
const claimText = claim => (claim.text ??= (claim.row.cells[0].textContent + claim.section.querySelector("summary").textContent
  + claim.section.querySelector("blockquote").textContent).toLowerCase());

function wanted(state) {
  const query = state.q.trim().toLowerCase();
  const tests = [];
  if (query) tests.push((row, claim) => claimText(claim).includes(query) || text(row).includes(query));
  if (state.only === "pinned") tests.push(row => row.element.querySelector(".run.pinned"));
  if (state.only === "unstable") tests.push(row => row.element.querySelector(".run.unstable, .run.unknown"));
  if (state.from && state.to) tests.push(row => word(row, state.from) !== word(row, state.to));
  return tests;
}

function apply(state) {
  const tests = wanted(state);
  let shown = 0, cases = 0;
  for (const claim of claims) {
    let any = false;
    const rows = tests.length ? rowsOf(claim) : claim.cases ?? [];
    for (const row of rows) {
      const fits = tests.every(test => test(row, claim));
      row.element.hidden = !fits;
      any ||= fits;
    }
    if (!rows.length && tests.length) any = !state.only && !state.from && claimText(claim).includes(state.q.trim().toLowerCase());
    const fits = (!state.family || claim.family === state.family) && (!tests.length || any);
    claim.row.hidden = claim.section.hidden = !fits;
    const rest = claim.section.querySelector(".rest");
    if (rest) rest.hidden = tests.length && ![...rest.querySelectorAll(".row")].some(row => !row.hidden);
    if (fits) {
      shown += 1;
      cases += tests.length ? rows.reduce((sum, row) => sum + (row.element.hidden ? 0 : row.size), 0) : claim.section.querySelectorAll(".cases li").length;
    }
  }
  for (const block of document.querySelectorAll("[data-family]")) {
    block.hidden = !block.querySelector("[data-claim]:not([hidden])");
  }
  document.querySelector(".none").hidden = shown > 0;
  document.getElementById("shown").textContent = `${shown} of ${claims.length} claims, ${cases} cases`;
  columns(state);
}

function columns(state) {
  const hidden = new Set(state.hide);
  const size = new Map();
  for (const id of order) size.set(data.groups[id], (size.get(data.groups[id]) ?? 0) + 1);
  for (const group of size.keys()) document.body.classList.toggle(`hide-${group}`, hidden.has(String(group)));
  const parts = [...size].filter(([group]) => !hidden.has(String(group)));
  const first = parts.length ? parts[0][0] : -1;
  // The gap before a group belongs to it: the first one shown has none.
  for (const gap of document.querySelectorAll(".strip > s")) gap.style.display = gap.className === `g${first}` ? "none" : "";
  document.querySelector(".claims").style.setProperty("--cols", parts.map(([, n]) => `repeat(${n},minmax(0,1fr))`).join(" 8px ") || "1fr");
  const compared = state.from && state.to ? [state.from, state.to] : [];
  matrix.classList.toggle("compares", compared.length > 0);
  for (const cell of matrix.querySelectorAll(".here")) cell.classList.remove("here");
  for (const id of compared) {
    const place = order.indexOf(id) + 1;
    for (const row of matrix.tBodies) for (const line of row.rows) line.cells[place]?.classList.add("here");
    matrix.tHead.rows[1].cells[place].classList.add("here");
  }
}

// The state of the filters is the query of the address.
function read() {
  const query = new URLSearchParams(location.search);
  const known = id => (order.includes(id) ? id : "");
  return { q: query.get("q") ?? "", family: query.get("family") ?? "", only: query.get("only") ?? "",
    from: known(query.get("from")), to: known(query.get("to")), hide: (query.get("hide") ?? "").split(",").filter(Boolean) };
}

function show(state) {
  for (const name of ["q", "family", "only", "from", "to"]) form.elements[name].value = state[name];
  for (const box of form.querySelectorAll("[name=group]")) box.checked = !state.hide.includes(box.value);
  apply(state);
}

function chosen() {
  const hide = [...form.querySelectorAll("[name=group]")].filter(box => !box.checked).map(box => box.value);
  return { ...Object.fromEntries(["q", "family", "only", "from", "to"].map(name => [name, form.elements[name].value])), hide };
}

function remember(state, replace) {
  const query = new URLSearchParams(Object.entries({ ...state, hide: state.hide.join(",") }).filter(([, value]) => value));
  const address = (query.size ? `?${query}` : location.pathname) + location.hash;
  history[replace ? "replaceState" : "pushState"](null, "", address);
}

function changed(event) {
  const typing = event.type === "input" && event.target.name === "q";
  if (event.type === "input" && !typing) return;
  if (event.type === "change" && event.target.name === "q") return;
  const state = chosen();
  // What is typed becomes one entry of the history, not one for each letter.
  remember(state, typing && new URLSearchParams(location.search).has("q"));
  apply(state);
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", event => event.preventDefault());
function reset(event) {
  event.preventDefault();
  const state = { q: "", family: "", only: "", from: "", to: "", hide: [] };
  remember(state);
  show(state);
}
form.addEventListener("reset", reset);
document.querySelector(".again").addEventListener("click", reset);

// Anchors: #family/claim, #family/claim[case], and either with @column.
function parsed() {
  const [, claim, situation, column] = /^#?([^[@]+)(\[[^@]*\])?(?:@(.+))?$/.exec(decodeURIComponent(location.hash)) ?? [];
  return { claim, anchor: claim + (situation ?? ""), situation, column: order.includes(column) ? column : "" };
}

// The number that a case measured in a column: `0.5*3` is three columns with the same one.
function number(id, place) {
  let left = place;
  for (const part of document.getElementById(id).dataset.m.split(" ")) {
    const [value, count] = part.split("*");
    left -= +(count ?? 1);
    if (left < 0) return value;
  }
  return "-";
}

function named(id) {
  const column = data.columns[order.indexOf(id)];
  return `${id} (TensorFlow ${column.tensorflow ?? "unknown"}, Keras ${column.keras ?? "unknown"}, Python ${column.python})`;
}

function sentence({ claim, anchor, situation, column }, row) {
  if (!situation) return `In ${named(column)}: ${document.getElementById(`${claim}@${column}`).querySelector(".sr").textContent}.`;
  const run = row.words.get(column).run;
  const kind = [...run.classList].find(name => ["holds", "deviates", "not-applicable", "unknown"].includes(name));
  const value = number(anchor, order.indexOf(column));
  return `${situation} in ${named(column)}: ${kind.replace("-", " ")}, observed ${run.textContent}${value === "-" ? "" : `, measured ${value}`}.`;
}

function go() {
  for (const element of document.querySelectorAll(".claims .here")) element.classList.remove("here");
  for (const element of document.querySelectorAll(".at")) element.hidden = true;
  const place = parsed();
  const claim = claims.find(each => each.id === place.claim);
  if (!claim) return;
  if (claim.row.hidden) reset(new Event("reset"));
  claim.section.open = true;
  let target = claim.section;
  const item = place.situation && document.getElementById(place.anchor);
  const row = item && rowsOf(claim).find(each => each.element.contains(item));
  if (item) {
    if (row.element.hidden) reset(new Event("reset"));
    for (let at = item.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    item.classList.add("here");
    row.element.classList.add("here");
    target = row.element;
  }
  if (place.column) {
    const at = claim.section.querySelector(".at");
    at.textContent = sentence(place, row);
    at.hidden = false;
    for (const each of rowsOf(claim)) each.words.get(place.column).run.classList.add("here");
    if (row) row.element.querySelector(".more").prepend(at); else claim.section.querySelector(".body").prepend(at);
  }
  target.querySelector("summary").focus({ preventScroll: true });
  // After the browser has gone to the anchor by itself.
  setTimeout(() => target.scrollIntoView({ block: "start" }));
}

// A bar leads to the case in that column.
document.querySelector(".claims").addEventListener("click", event => {
  const run = event.target.closest(".run");
  if (run) {
    event.preventDefault();
    const box = run.getBoundingClientRect();
    const count = +run.style.getPropertyValue("--n");
    const place = Math.min(count - 1, Math.floor((event.clientX - box.left) / (box.width / count)));
    const column = order[order.indexOf(run.dataset.c) + place];
    location.hash = `#${run.closest(".row").querySelector(".cases li").id}@${column}`;
  }
});
document.addEventListener("mouseover", event => {
  const cell = event.target.closest(".matrix td[id]");
  if (cell && !cell.title) cell.title = `${cell.id.split("@")[1]}: ${cell.querySelector(".sr").textContent}`;
  const run = event.target.closest(".run");
  if (run && !run.title) run.title = run.textContent;
});

// A case's name is a link to itself, made when it is first seen.
document.querySelector(".claims").addEventListener("toggle", event => {
  if (!event.target.matches(".row")) return;
  for (const item of event.target.querySelectorAll(".cases li:not(:has(a))")) {
    const link = document.createElement("a");
    link.href = `#${item.id}`;
    link.append(...item.childNodes);
    item.append(link);
  }
}, true);

// One stop for the tabulator in the matrix; arrows move from cell to cell.
const links = () => [...matrix.tBodies].flatMap(body => [...body.rows]).filter(row => row.dataset.claim && !row.hidden);
for (const link of matrix.querySelectorAll("td a")) {
  link.href = `#${link.parentElement.id}`;
  link.tabIndex = -1;
}
const firstLink = matrix.querySelector("td a");
if (firstLink) firstLink.tabIndex = 0;
matrix.addEventListener("keydown", event => {
  const link = event.target.closest("td a");
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -99], End: [0, 99] }[event.key];
  if (!link || !step) return;
  event.preventDefault();
  const rows = links();
  const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(link.closest("tr")) + step[0]))];
  const seen = cell => cell.id && getComputedStyle(cell).display !== "none";
  const cells = [...row.cells].filter(seen);
  const at = [...link.closest("tr").cells].filter(seen).indexOf(link.closest("td"));
  const next = cells[Math.max(0, Math.min(cells.length - 1, at + step[1]))].querySelector("a");
  link.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
document.addEventListener("keydown", event => {
  const writing = event.target.matches("input, select");
  if (event.key === "/" && !writing) { event.preventDefault(); form.elements.q.focus(); }
  if (event.key === "Escape" && !writing) {
    const open = event.target.closest("details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  }
});

window.addEventListener("popstate", () => show(read()));
window.addEventListener("hashchange", go);
form.hidden = false;
const state = read();
if (Object.values(state).some(value => value.length)) show(state); else apply(state);
if (location.hash) window.addEventListener("load", go);
