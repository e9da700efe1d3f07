// find - heads by pattern: which of them put most of their weight on the next token, on the one before, on separators,
// on the cell that is pinned.
import { choice, fill, make } from "./dom.js";
import { say } from "./words.js";

/* Heads by the share of their weight that goes where a pattern says: buttons that jump there. */
export function find_new(app) {
  const rows = ["next", "previous", "self", "first_token", "sep", "punctuation", "same_word", "induction"].filter(
    (name) => app.engine.measure_list().some((measure) => measure.name === name),
  );
  const out = make("div", { class: "found" });
  const look = (name) => {
    let pattern = name;
    if (name === "brush") {
      pattern = new Uint8Array(app.engine.n ** 2);
      if (app.state.token !== null) pattern[app.state.token * app.engine.n + (app.state.key ?? app.state.token)] = 1;
    }
    fill(
      out,
      app.engine
        .find(pattern)
        .slice(0, 8)
        .map(({ layer, head, value }) =>
          make(
            "button",
            { class: "chip", onclick: () => app.set({ layer, head }) },
            `${layer}.${head}`,
            make("small", {}, ` ${value.toFixed(2)}`),
          ),
        ),
    );
  };
  const all = [
    ["", say("find_choose")],
    ...rows.map((name) => [name, name.replaceAll("_", " ")]),
    ["brush", say("find_cell")],
  ];
  return make(
    "div",
    {},
    choice(say("find"), all, "", (name) => (name ? look(name) : fill(out))),
    out,
  );
}
