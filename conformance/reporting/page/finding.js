// Finding: words in any order, spaces and hyphens alike, also those that people use for a claim; ranked.
const plain = text => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const tokens = query => [...new Set(plain(query).split(" ").filter(Boolean))];
const stem = word => word.replace(/(ing|ed|es|s|e)$/, "");
const doc = text => { const words = plain(text); return { words: ` ${words} `, joined: words.replaceAll(" ", "") }; };
// What people call the same.
const alike = token => data.alike.find(group => group.includes(token)) ?? [token];
const hit = (token, where) => Math.max(...alike(token).map(word => one(word, where)));
// 2 where a word begins so, 1 where it is within one, 0 where it is not there.
function one(token, { words, joined }) {
  if (words.includes(` ${token}`)) return 2;
  const root = stem(token);
  if (root.length > 3 && words.includes(` ${root}`)) return 2;
  return words.includes(token) || (token.length > 4 && joined.includes(token)) ? 1 : 0;
}
const docOf = claim => (claim.doc ??= doc(`${claim.statement} ${claim.id} ${claim.row.dataset.also} ${claim.section.querySelector("blockquote").textContent}`));
const nameOf = claim => (claim.named ??= doc(`${claim.statement} ${claim.row.dataset.also}`));
const docOfRow = row => (row.doc ??= doc(`${row.element.querySelector(".does").textContent} ${casesOf(row).map(item => item.textContent).join(" ")} ${[...new Set(row.says.map(state => state.pin))].join(" ")}`));
const isFound = (words, claim, row) => words.every(word => hit(word, docOf(claim)) || (row && hit(word, docOfRow(row))));
const goals = [...document.querySelectorAll(".goal")].map(element => ({ element, id: element.id.split("/")[1], wants: element.querySelector("h3").textContent,
  doc: doc(`${element.id} ${element.dataset.also} ${element.querySelector("h3").textContent} ${[...element.querySelectorAll(".does")].map(does => does.textContent).join(" ")}`) }));

function score(words, claim) {
  let sum = 0;
  for (const word of words) {
    const named = hit(word, nameOf(claim));
    const own = named ? 4 * named : 2 * hit(word, docOf(claim));
    const rows = own ? 0 : rowsOf(claim).filter(row => hit(word, docOfRow(row))).length;
    if (!own && !rows) return 0;
    sum += own || Math.min(1, rows / 10);
  }
  return sum;
}
const byScore = (things, value) => things.map(thing => [value(thing), thing]).filter(([sum]) => sum > 0).sort((a, b) => b[0] - a[0]).map(([, thing]) => thing);

function found(state) {
  const box = document.getElementById("found"), words = tokens(state.q);
  box.hidden = !words.length;
  if (!words.length) return;
  const those = byScore(claims.filter(claim => !claim.row.hidden), claim => score(words, claim));
  const wanted = byScore(goals, goal => (words.every(word => hit(word, goal.doc)) ? words.reduce((sum, word) => sum + hit(word, goal.doc), 0) : 0));
  const columns = pair(state).filter(Boolean);
  const lines = [...those.slice(0, 6).map(claim => claimLine(claim, columns)), ...wanted.slice(0, 4).map(goal => goalLine(goal, columns))];
  box.replaceChildren(el("h2", {}, lines.length ? `${many(those.length, "claim")}${wanted.length ? ` and ${many(wanted.length, "goal")}` : ""}` : "Nothing has all of these words"),
    ...(lines.length ? [el("ul", { class: "results" }, ...lines)] : suggestions(words)));
}
function claimLine(claim, columns) {
  const since = claim.section.querySelector(".since").textContent;
  const here = columns.map(id => ` In ${id}: ${claim.row.cells[place.get(id) + 1].textContent}.`).join("");
  return el("li", {}, el("a", { href: `#${claim.id}${columns.length ? `@${columns.at(-1)}` : ""}` }, claim.statement), el("small", {}, since, el("strong", {}, here)));
}
function goalLine(goal, columns) {
  const ways = [...goal.element.querySelectorAll(".row")].map(way => way.id.slice("recipe/".length));
  const best = ways.find(id => columns.every(column => data.recipes[id].said[place.get(column)] === 1)) ;
  const holds = id => data.recipes[id].said.filter(word => word === 1).length;
  const most = ways.reduce((a, b) => (holds(b) > holds(a) ? b : a));
  const id = columns.length ? best : most;
  const does = id && doesOf(id);
  const told = columns.length ? (id ? `Holds in ${columns.join(" and ")}: ${does}` : `No way is measured to hold in ${columns.join(" and ")}.`) : `Holds in ${holds(id)} of ${order.length} columns: ${does}`;
  return el("li", { class: "wants" }, el("a", { href: `#goal/${goal.id}` }, goal.wants), el("small", {}, told));
}

// Where nothing is found: words that are near, and claims with some of the words.
let known = null;
function suggestions(words) {
  known ??= [...new Set([...claims.map(claim => docOf(claim).words), ...goals.map(goal => goal.doc.words)].join(" ").split(" "))].filter(word => word.length > 2);
  const lacking = words.filter(word => !claims.some(claim => hit(word, docOf(claim))));
  const near = lacking.flatMap(word => {
    const best = known.map(other => [apart(word, other), other]).sort((a, b) => a[0] - b[0])[0];
    return best && best[0] <= Math.max(1, word.length / 3) ? [[word, best[1]]] : [];
  });
  const some = byScore(claims, claim => words.filter(word => hit(word, docOf(claim))).length).slice(0, 4);
  const made = [];
  if (near.length) {
    const query = words.map(word => near.find(([from]) => from === word)?.[1] ?? word).join(" ");
    made.push(el("p", {}, "Did you mean ", el("button", { type: "button", class: "instead", "data-q": query }, query), "?"));
  }
  if (some.length) made.push(el("p", {}, "With some of the words:"), el("ul", { class: "results" }, ...some.map(claim => claimLine(claim, []))));
  const tries = ["unfreeze", "fine-tune", "MC dropout", "GAN", "recompile", "moving_mean", "regularizer", "checkpoint"];
  made.push(el("p", {}, "Others look for ", ...tries.flatMap((word, n) => [n ? ", " : "", el("button", { type: "button", class: "instead", "data-q": word }, word)]), "."));
  return made;
}
// How many letters are apart.
function apart(a, b) {
  if (Math.abs(a.length - b.length) > 3) return 9;
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    let last = row[0]++;
    for (let j = 1; j <= b.length; j++) {
      const kept = row[j];
      row[j] = Math.min(row[j] + 1, row[j - 1] + 1, last + (a[i - 1] === b[j - 1] ? 0 : 1));
      last = kept;
    }
  }
  return row[b.length];
}
