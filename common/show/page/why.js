// why - who wrote the score of the pinned cell: the largest entries of the table that C makes of the parts of its query
// and key. `Of the row` is each entry less its mean over the keys that may be seen: what all share moves no weight.
import { hint, make, table_row } from "./dom.js";
import { say } from "./words.js";

const WHY_MOST = 8; // entries in the list

export function why_panel(app) {
  const { token, key, layer, head } = app.state;
  const why = app.engine.why(layer, head, token, key);
  const heads = app.engine.meta.why ?? [];
  if (!why) {
    const names = heads.map((one) => `${one.layer}.${one.head}`).join(", ");
    return heads.length ? [hint(say("why_missing", { heads: names }))] : [];
  }
  const { parts, value, centred } = why;
  const name = (at) => `${parts[Math.floor(at / parts.length)]} · ${parts[at % parts.length]}`;
  const order = [...centred.keys()].sort((a, b) => Math.abs(centred[b]) - Math.abs(centred[a]));
  const rest = order.slice(WHY_MOST);
  const sum = (list, entries) => entries.reduce((total, at) => total + list[at], 0).toFixed(3);
  const line = (what, entries) => table_row(what, sum(value, entries), sum(centred, entries));
  const titles = ["why_parts", "why_score", "why_row"].map((word) => make("th", { scope: "col" }, say(word)));
  return [
    make("h2", {}, say("why_title")),
    make("table", { class: "why" },
      make("thead", {}, make("tr", {}, titles)),
      make("tbody", {},
        order.slice(0, WHY_MOST).map((at) => line(name(at), [at])),
        line(say("why_rest", { count: rest.length }), rest),
        line(say("why_sum"), order)),
    ),
  ];
}
