// The explorer. In a notebook anywidget calls `render`, and questions go to the kernel; on a page `open` asks the
// server. All else is the same. Texts and numbers come from Python; here is only what stands where, and what was chosen.

const WIDE = 780; // px; from here on, the interventions stand beside the chart
const BESIDE = 340; // px that they take there
const NARROW = 560; // px; where there is less room for the chart, it is drawn as for a phone
const PAUSE = 60; // ms without a movement before a question is asked

/** An element with properties, attributes (those with a dash, and `for`, `role`) and children. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  // else JupyterLab takes the arrow keys; set on a container it does not help
  if (["INPUT", "SELECT", "BUTTON", "SUMMARY", "PRE"].includes(made.tagName)) made.dataset.lmSuppressShortcuts = "true";
  return made;
}

const unchanged = () => ({ on: true, days: 0, strength: 1 });
const changes = (change) => !change.on || change.days !== 0 || change.strength !== 1;

/** The state as the part of an address after `#`, such as `policy=baseline&change=closure,-30d,x2&change=alarm,off`. */
function written(state) {
  const link = new URLSearchParams({ policy: state.policy, measure: state.measure, mode: state.mode });
  for (const [id, change] of Object.entries(state.changes)) {
    if (!changes(change)) continue;
    const words = [id];
    if (!change.on) words.push("off");
    if (change.on && change.days) words.push(`${change.days}d`);
    if (change.on && change.strength !== 1) words.push(`x${change.strength}`);
    link.append("change", words.join(","));
  }
  return link.toString();
}

/** The state that a link means; what it does not say is as in `first`. */
function read(link, first) {
  const said = new URLSearchParams(link);
  const state = { ...first, changes: {} };
  for (const name of ["policy", "measure", "mode"]) if (said.get(name)) state[name] = said.get(name);
  for (const text of said.getAll("change")) {
    const [id, ...words] = text.split(",");
    const change = unchanged();
    for (const word of words) {
      if (word === "off") change.on = false;
      else if (word.startsWith("x")) change.strength = Number(word.slice(1));
      else change.days = Number.parseInt(word, 10);
    }
    state.changes[id] = change;
  }
  return state;
}

function later(date, days) {
  return new Date(Date.parse(date) + days * 864e5).toISOString().slice(0, 10);
}

function inWords(item, change) {
  if (!change.on) return "left out";
  const words = [];
  if (item.begins) words.push(change.days ? `${later(item.begins, change.days)}, was ${item.begins}` : item.begins);
  if (change.strength !== 1) words.push(`${change.strength} × as strong`);
  return words.join(", ") || item.kind;
}

/** Build the explorer in `root`. `ask` sends a question and promises the answer; `keep` keeps a link. */
function explore(root, { subject, ask, link, keep }) {
  let state = read(link, subject.first);
  let asked = 0; // counts what was asked, so that an answer to an older question is not shown
  let timer = 0;
  const byId = (list, id) => list.find((entry) => entry.id === id);
  const policy = () => byId(subject.policies, state.policy) ?? subject.policies[0];
  const change = (id) => state.changes[id] ?? unchanged();

  // What is always there
  const finding = element("p", { className: "finding" });
  const live = element("p", { className: "unseen", role: "status", "aria-live": "polite" });
  const chart = element("img", { alt: "" });
  const rows = element("tbody");
  const progress = element("p", { className: "small" });
  const covers = element("p", { className: "small" });
  const meaning = element("p", { className: "small" });
  const failed = element("p", { className: "small" });
  const items = element("div");
  const yaml = element("pre", { tabIndex: 0, "aria-label": "The policy as YAML" });
  const copied = element("span", { className: "small", role: "status" });
  const over = element("p", {});
  const overCovers = element("p", { className: "small" });
  const overButton = element("button", { type: "button" }, "Draw what is uncertain");
  const describe = element("p", { className: "about" });

  const select = (label, name, list) => {
    const box = element("select", {}, ...list.map((entry) => element("option", { value: entry.id }, entry.label)));
    box.addEventListener("change", () => {
      state = { ...state, [name]: box.value };
      if (name === "policy") showItems();
      changed();
    });
    return [box, element("label", {}, label, box)];
  };
  const [policyBox, policyLabel] = select("Policy to begin with", "policy", subject.policies);
  const [measureBox, measureLabel] = select("Measure", "measure", subject.measures);
  const [modeBox, modeLabel] = select("Chart", "mode", subject.modes);

  const copy = (label, text) => {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        copied.textContent = "Copied.";
      } catch {
        copied.textContent = "The browser does not let this page copy; select the text instead.";
      }
    });
    return button;
  };
  const reset = element("button", { type: "button" }, "Undo all changes");
  reset.addEventListener("click", () => {
    state = { ...state, changes: {} };
    showItems();
    changed();
  });

  const interventions = element(
    "section", { className: "interventions", "aria-label": "Interventions" },
    element("div", { className: "row" }, element("h2", {}, "Interventions"), reset), describe, items,
  );
  const outcome = element(
    "section", { className: "outcome", "aria-label": "Outcome" },
    chart, progress,
    element("table", {}, element("caption", { className: "unseen" }, "Explored policy and baseline"), rows),
    meaning, covers, failed,
  );
  const draws = subject.draws.length
    ? [element("h2", {}, "Over what nobody knows"), overButton, over, overCovers]
    : [];
  const more = element(
    "section", { className: "more", "aria-label": "More" }, ...draws,
    element("h2", {}, "To keep it"),
    element("p", { className: "small" }, "Paste this under “policies:” in the scenario file."), yaml,
    element(
      "div", { className: "row" }, copy("Copy YAML", () => yaml.textContent),
      copy("Copy link", () => (keep.address ? keep.address(written(state)) : written(state))), copied,
    ),
  );
  root.classList.add("regpressure");
  root.replaceChildren(
    element("h1", {}, subject.name), element("p", { className: "about" }, subject.description),
    element("div", { className: "choices" }, policyLabel, measureLabel, modeLabel), finding, live,
    element("div", { className: "grid" }, outcome, interventions, more),
  );
  const wide = () => root.clientWidth >= WIDE;
  const narrow = () => root.clientWidth - (wide() ? BESIDE : 0) < NARROW;
  let drawnNarrow = narrow();
  const fit = () => {
    root.classList.toggle("wide", wide());
    if (narrow() !== drawnNarrow) changed();
  };
  new ResizeObserver(fit).observe(root);

  /** The controls of one intervention or rule. */
  function knobs(item) {
    const what = element("span", { className: "what" });
    const box = element("details", {}, element("summary", {}, `${item.label} `, what));
    const on = element("input", { type: "checkbox" });
    const inner = [element("label", {}, on, ` ${item.kind === "rule" ? "rule" : "intervention"} in force`)];
    const put = (part) => {
      state = { ...state, changes: { ...state.changes, [item.id]: { ...change(item.id), ...part } } };
      show();
      changed();
    };
    on.addEventListener("change", () => put({ on: on.checked }));
    let date = null;
    let strength = null;
    if (item.begins && item.low < item.high) {
      date = element("input", { type: "range", min: item.low, max: item.high, step: 1 });
      date.addEventListener("input", () => put({ days: Number(date.value) }));
      inner.push(element("label", {}, "begins ", element("output"), date));
    }
    if (item.strong) {
      strength = element("input", { type: "range", min: 0, max: subject.strengths.length - 1, step: 1 });
      strength.addEventListener("input", () => put({ strength: subject.strengths[Number(strength.value)] }));
      inner.push(element("label", {}, "strength ", element("output"), strength));
    }
    const about = [item.kind === "rule" ? "" : item.kind, item.source].filter(Boolean).join(" · ");
    inner.push(element("p", { className: "small" }, about));
    if (item.kind !== "rule" && !item.strong) {
      inner.push(element("p", { className: "small" }, "Strength would change nothing about it."));
    }
    box.append(element("div", { className: "knobs" }, ...inner));
    const label = (input, words) => {
      input.setAttribute("aria-valuetext", words);
      input.setAttribute("aria-label", `${input === date ? "begins" : "strength"}, ${item.label}`);
      input.previousElementSibling.textContent = words;
    };
    function show() {
      const now = change(item.id);
      on.checked = now.on;
      what.textContent = inWords(item, now);
      box.classList.toggle("changed", changes(now));
      if (date) {
        date.value = now.days;
        date.disabled = !now.on;
        const days = `${Math.abs(now.days)} ${Math.abs(now.days) === 1 ? "day" : "days"}`;
        const shift = now.days ? ` (${days} ${now.days > 0 ? "later" : "earlier"})` : "";
        label(date, later(item.begins, now.days) + shift);
      }
      if (strength) {
        const nearest = subject.strengths.map((each) => Math.abs(Math.log(each / now.strength)));
        strength.value = nearest.indexOf(Math.min(...nearest));
        strength.disabled = !now.on;
        label(strength, now.strength === 1 ? "as it is" : `${now.strength} × as strong`);
      }
    }
    show();
    if (changes(change(item.id))) box.open = true;
    return box;
  }

  function showItems() {
    const known = new Set(policy().items.map((item) => item.id));
    const kept = Object.entries(state.changes).filter(([id]) => known.has(id));
    state = { ...state, changes: Object.fromEntries(kept) };
    describe.textContent = policy().description;
    items.replaceChildren(...policy().items.map(knobs));
    if (!policy().items.length) items.append(element("p", { className: "small" }, "This policy does nothing."));
  }

  function showChoices() {
    policyBox.value = state.policy;
    measureBox.value = state.measure;
    modeBox.value = state.mode;
    meaning.textContent = byId(subject.measures, state.measure)?.meaning ?? "";
  }

  function changed() {
    showChoices();
    keep(written(state));
    asked += 1;
    finding.classList.add("busy");
    over.textContent = "";
    overCovers.textContent = "";
    overButton.disabled = false;
    clearTimeout(timer);
    timer = setTimeout(refine, PAUSE, asked);
  }

  /** One question at a time; those that are out of date when their turn comes are not asked. */
  let turn = Promise.resolve();
  function inTurn(number, question) {
    const before = turn;
    const mine = before.then(() => (number === asked ? ask(question).catch((error) => ({ problem: String(error.message ?? error) })) : null));
    turn = mine.then(() => null);
    return mine;
  }

  /** Ask with few replications, then with more, until something changes. */
  async function refine(number) {
    drawnNarrow = narrow();
    const question = { ...state, narrow: drawnNarrow };
    for (const [step, replications] of subject.steps.entries()) {
      const answer = await inTurn(number, { ...question, replications });
      if (answer === null || number !== asked) return;
      showAnswer(answer, step === subject.steps.length - 1);
      if (answer.problem) return;
      if (yaml.textContent !== answer.yaml) yaml.textContent = answer.yaml;
    }
  }

  function showAnswer(answer, last) {
    finding.classList.remove("busy");
    finding.classList.toggle("problem", Boolean(answer.problem));
    finding.textContent = answer.problem ?? answer.finding;
    if (answer.problem || last) live.textContent = finding.textContent;
    if (answer.problem) {
      rows.replaceChildren();
      progress.textContent = "The chart still shows the last answer.";
      root.dataset.answered = "problem";
      return;
    }
    chart.src = `data:image/svg+xml,${encodeURIComponent(answer.chart.svg)}`;
    chart.alt = answer.chart.words;
    rows.replaceChildren(
      ...answer.rows.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value))),
    );
    const most = subject.steps.at(-1);
    progress.textContent = last
      ? `${answer.replications} replications, seed ${subject.seed}.`
      : `${answer.replications} of ${most} replications so far.`;
    covers.textContent = answer.covers;
    failed.textContent = answer.failed;
    root.dataset.answered = `${written(state)} ${answer.replications}`;
  }

  overButton.addEventListener("click", async () => {
    const number = asked;
    overButton.disabled = true;
    over.textContent = "Drawing; the file's values and the changes stay as they are meanwhile.";
    for (const count of subject.draws) {
      const answer = await inTurn(number, { ...state, draws: count });
      if (answer === null || number !== asked) return;
      if (answer.problem) {
        over.textContent = answer.problem;
        overButton.disabled = false;
        return;
      }
      over.textContent = answer.finding;
      overCovers.textContent = `${count} of ${subject.draws.at(-1)} draws. ${answer.covers}`;
    }
    live.textContent = over.textContent;
  });

  showItems();
  fit();
  changed();
  return (link) => {
    state = read(link, subject.first);
    showItems();
    changed();
  };
}

/** In a notebook: questions are messages to the kernel. */
function render({ model, el }) {
  const waiting = new Map();
  let number = 0;
  const receive = (message) => {
    waiting.get(message.number)?.(message.answer);
    waiting.delete(message.number);
  };
  model.on("msg:custom", receive);
  const ask = (question) =>
    new Promise((resolve) => {
      number += 1;
      waiting.set(number, resolve);
      model.send({ number, question });
    });
  const keep = (link) => {
    model.set("link", link);
    model.save_changes();
  };
  explore(el, { subject: model.get("subject"), ask, link: model.get("link"), keep });
  return () => model.off("msg:custom", receive);
}

/** On a page: questions go to the server, and the state is kept in the address. */
async function open(root) {
  const ask = async (question) => {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question) };
    let response;
    try {
      response = await fetch("answer", options);
    } catch {
      throw new Error("The program that answers has ended; start `regpressure explore` again.");
    }
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const keep = (link) => history.replaceState(null, "", `#${link}`);
  keep.address = (link) => `${location.origin}${location.pathname}#${link}`;
  const subject = await (await fetch("subject")).json();
  document.title = `${subject.name} · regpressure explore`;
  const follow = explore(root, { subject, ask, link: location.hash.slice(1), keep });
  addEventListener("hashchange", () => follow(location.hash.slice(1)));
}

const page = document.getElementById("regpressure-explorer");
if (page) open(page);

export default { render };
