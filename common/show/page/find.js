// find - heads by pattern: which of them put most of their weight on the next token, on the one before, on separators,
// on the cell that is pinned, on tokens with a text that is typed.
import { choice, fill, hint, make } from "./dom.js";
import { say } from "./words.js";

/* Heads by the share of their weight that goes where a pattern says: buttons that jump there. */
export function find_new(app) {
  const rows = ["next", "previous", "self", "first_token", "sep", "punctuation", "same_word", "induction"]; // measures
  const out = make("div", { class: "found" });
  let again = null; // what was asked last
  const now = () => JSON.stringify([app.engine.rule, app.state.temperature]);
  const search = (text) => {
    const { tokens } = app.engine.meta;
    const low = text.trim().toLowerCase();
    const read = (at) => [tokens[at], app.labels[at].replace(/ #\d+$/, "")].map((one) => one.toLowerCase());
    const at = [...tokens.keys()];
    const same = at.filter((j) => read(j).includes(low));
    const found = same.length || !low ? same : at.filter((j) => read(j).some((one) => one.includes(low)));
    if (!found.length) return fill(out, low && say("find_none"));
    const cells = Uint8Array.from({ length: at.length ** 2 }, (_, cell) => found.includes(cell % at.length));
    look(cells, { key: found[0] });
    out.prepend(hint(say("find_keys", { keys: found.map((j) => app.labels[j]).join(", ") })));
  };
  const look = (name, also = {}) => {
    let pattern = name;
    if (name === "brush") {
      pattern = new Uint8Array(app.engine.n ** 2);
      if (app.state.token !== null) pattern[app.state.token * app.engine.n + (app.state.key ?? app.state.token)] = 1;
    }
    fill(out, app.engine.find(pattern).slice(0, 8).map(({ layer, head, value }) =>
      make("button", { class: "chip", onclick: () => app.set({ layer, head, ...also }) },
        `${layer}.${head}`, make("small", {}, ` ${value.toFixed(2)}`))));
  };
  const all = [
    ["", say("find_choose")],
    ...rows.map((name) => [name, name.replaceAll("_", " ")]),
    ["brush", say("find_cell")],
  ];
  const ask = (f, value) => {
    again = { f, value, under: now() };
    f(value);
  };
  const typed = make("input", { type: "search", oninput: () => ask(search, typed.value) });
  const element = make("div", {},
    choice(say("find"), all, "", (name) => ask((one) => (one ? look(one) : fill(out)), name)),
    make("label", { class: "field" }, make("span", {}, say("find_text")), typed),
    out);
  return { element, draw: () => again && again.under !== now() && ask(again.f, again.value) };
}
