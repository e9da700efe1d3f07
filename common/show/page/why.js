// why - who wrote the score of the pinned cell: the largest entries of the table that C makes of the parts of its query
// and key. `Of the row` is each entry less its mean over the keys that may be seen: what all share moves no weight.
import { hint, make } from "./dom.js";
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
  const order = [...centred.keys()].sort((a, b) => Math.abs(centred[b]) - Math.abs(centred[a]));
  const rest = order.slice(WHY_MOST);
  const sum = (list, of) => of.reduce((total, at) => total + list[at], 0);
  const line = (name, a, b) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, a.toFixed(3)), make("td", {}, b.toFixed(3)));
  const name = (at) => `${parts[Math.floor(at / parts.length)]} · ${parts[at % parts.length]}`;
  return [
    make("h2", {}, say("why_title")),
    make("table", { class: "why" },
      make("thead", {}, make("tr", {}, ["why_parts", "why_score", "why_row"].map((word) => make("th", { scope: "col" }, say(word))))),
      make("tbody", {},
        order.slice(0, WHY_MOST).map((at) => line(name(at), value[at], centred[at])),
        line(say("why_rest", { count: rest.length }), sum(value, rest), sum(centred, rest)),
        line(say("why_sum"), sum(value, order), sum(centred, order))),
    ),
  ];
}
