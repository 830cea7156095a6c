// Anchors, clicks and keys: #family/claim, #family/claim[case], either with @column; #goal/… and #recipe/….
function parsed() {
  const text = decodeURIComponent(location.hash);
  const [, claim, situation, column] = /^#?([^[@]+)(\[[^@]*\])?(?:@(.+))?$/.exec(text) ?? [];
  return { claim, situation, column: place.has(column) ? column : "" };
}
const bare = item => item.textContent;
// The number that a case measured in a column; one that has none of its own has that of the case before.
function measured(item, column) {
  let at = item;
  while (at && !at.dataset.m) at = at.previousElementSibling;
  return at ? unpacked(at.dataset.m)[place.get(column)] : "-";
}
function sentence({ claim, situation, column }, row, item) {
  const where = `in ${column} (${about(column)})`;
  if (!situation) return `${where.replace("in", "In")}: ${document.getElementById(`${claim}@${column}`).textContent}.`;
  const state = row.says[place.get(column)], value = measured(item, column);
  return `${situation} ${where}: ${state.outcome.replace("-", " ")}${state.word ? `, observed ${state.word}` : ""}${value === "-" ? "" : `, measured ${value}`}.`;
}
function go() {
  for (const element of document.querySelectorAll(".claims .here")) element.classList.remove("here");
  for (const element of document.querySelectorAll(".at")) element.hidden = true;
  const asked = parsed();
  const recipe = /^(goal|recipe)\//.test(asked.claim ?? "") && document.getElementById(asked.claim);
  if (recipe) { if (recipe.matches("details")) recipe.open = true; dressGoals(); setTimeout(() => recipe.scrollIntoView({ block: "start" })); return; }
  const claim = claims.find(each => each.id === asked.claim);
  if (!claim) return;
  if (claim.row.hidden) reset();
  claim.section.open = true;
  dress(claim);
  let target = claim.section, row = null, item = null;
  if (asked.situation) {
    const name = asked.situation.slice(1, -1);
    row = rowsOf(claim).find(each => (item = casesOf(each).find(li => bare(li) === name)));
  }
  if (row) {
    if (row.element.hidden) reset();
    for (let at = row.element; at; at = at.parentElement.closest("details")) at.open = true;
    dressRow(row);
    item.classList.add("here");
    row.element.classList.add("here");
    target = row.element;
  }
  if (asked.column) at(claim, asked, row, item);
  target.querySelector("summary").focus({ preventScroll: true });
  // After the browser has gone to the anchor by itself.
  setTimeout(() => target.scrollIntoView({ block: "start" }));
}
// What was clicked: the claim in a column, what fails there first, each with cause, remedy, script and link.
function at(claim, asked, row, item) {
  const box = claim.section.querySelector(".at");
  const told = new Set(), items = row ? [] : causes(null, asked.column, [claim]);
  const pin = row?.says[place.get(asked.column)].pin;
  const mine = pin ? causes(null, asked.column, [claim]).filter(each => each.pin === pin) : items;
  box.replaceChildren(el("p", {}, sentence(row ? asked : { ...asked, situation: "" }, row, item)), mine.length ? list(mine, [asked.column], () => false, told) : "");
  box.hidden = false;
  for (const each of rowsOf(claim)) {
    const bars = [...each.element.querySelectorAll(".run")];
    bars.filter(bar => place.get(bar.dataset.c) <= place.get(asked.column)).at(-1)?.classList.add("here");
  }
  if (row) row.element.querySelector("summary").after(box); else claim.section.querySelector(".body").prepend(box);
}
function dressGoals() {
  const box = document.querySelector(".goals");
  if (!box || box.dataset.dressed) return;
  box.dataset.dressed = "yes";
  for (const way of box.querySelectorAll(".row")) way.querySelector("summary").append(strip(data.recipes[way.id.slice("recipe/".length)].said, ofRecipe));
}

document.addEventListener("toggle", event => {
  if (event.target.matches(".claim[open]")) dress(claims.find(claim => claim.section === event.target));
  if (event.target.matches(".claim .row[open]")) {
    const claim = claims.find(each => each.section.contains(event.target));
    dressRow(rowsOf(claim).find(row => row.element === event.target));
  }
}, true);
document.addEventListener("click", event => {
  // A bar leads to the case in that column.
  const run = event.target.closest(".claims .run");
  if (run) {
    event.preventDefault();
    const box = run.getBoundingClientRect(), count = +run.style.getPropertyValue("--n");
    const column = order[place.get(run.dataset.c) + Math.min(count - 1, Math.floor((event.clientX - box.left) / (box.width / count)))];
    location.hash = `#${run.closest(".claim").dataset.claim}[${bare(run.closest(".row").querySelector(".cases li"))}]@${column}`;
  }
  const instead = event.target.closest("[data-q]");
  if (instead) { form.elements.q.value = instead.dataset.q; const state = chosen(); remember(state); show(state); form.elements.q.focus(); }
  if (event.target.closest(".copy")) navigator.clipboard?.writeText(document.querySelector(".which code").textContent).then(() => { event.target.textContent = "Copied"; });
});
document.addEventListener("mouseover", event => {
  const cell = event.target.closest(".matrix td:not(.moved)");
  if (cell?.cellIndex && !cell.title && cell.querySelector("a")) cell.title = cell.textContent;
});
for (const link of matrix.querySelectorAll("td a[id]")) Object.assign(link, { href: `#${link.id}`, tabIndex: -1 });
matrix.addEventListener("keydown", move);
document.addEventListener("keydown", event => {
  const writing = event.target.matches("input, select");
  if (event.key === "/" && !writing) { event.preventDefault(); form.elements.q.focus(); }
  if (event.key === "Escape" && !writing) {
    const open = event.target.closest("details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  }
});

// A TensorFlow alone is enough: its Keras is what pip installs with it, or what can be in it.
function complete(target) {
  for (const side of ["", "to_"]) {
    const tf = form.elements[`${side}tf`], keras = form.elements[`${side}keras`];
    if (target === tf) keras.value = tf.value && usual(tf.value);
    if (target === keras && keras.value && !tf.value) tf.value = kinds.filter(kind => kind.keras === keras.value).at(-1).tf;
    if (target === keras && !keras.value) tf.value = "";
  }
}
function changed(event) {
  const typing = event.type === "input" && event.target.name === "q";
  if (typing ? false : event.type === "input" || event.target.name === "q") return;
  complete(event.target);
  const state = chosen();
  // What is typed becomes one entry of the history, not one for each letter.
  remember(state, typing && new URLSearchParams(location.search).has("q"));
  apply(state);
  if (typing) found(state);
  else { answer(state); found(state); }
}
document.addEventListener("input", event => { if (event.target.form === form) changed(event); });
document.addEventListener("change", event => { if (event.target.form === form) changed(event); });
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", reset);
document.querySelector(".again").addEventListener("click", reset);
window.addEventListener("popstate", () => show(read()));
window.addEventListener("hashchange", go);

document.documentElement.classList.add("js");
fill();
form.hidden = false;
const state = read();
if (Object.values(state).some(value => value.length)) show(state); else apply(state);
if (document.querySelector(".goals")) new IntersectionObserver((seen, self) => { if (seen.some(each => each.isIntersecting)) { self.disconnect(); dressGoals(); } }, { rootMargin: "600px" }).observe(document.querySelector(".goals"));
if (location.hash) window.addEventListener("load", go);
// What is searched is read before anybody types, a claim at a time.
const idle = window.requestIdleCallback ?? (work => setTimeout(work, 50));
const readOn = (n = 0) => { if (n < claims.length) { rowsOf(claims[n]).forEach(docOfRow); idle(() => readOn(n + 1)); } };
window.addEventListener("load", () => idle(() => readOn()));
