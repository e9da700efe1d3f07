// side - the column at the right: whom the pinned token looks at, and the sum behind the pinned cell, line by line.
import { fill, hint, make, table_row } from "./dom.js";
import { say } from "./words.js";
import { why_panel } from "./why.js";

const SIDE_MOST = 12; // keys in the list

export function side_new(app) {
  const element = make("aside", { aria_label: say("side_label") });

  /* A line that pins something: a name, perhaps a bar, a number. */
  const line = (part, name, bar, number) =>
    make("li", {},
      make("button", { class: "plain", onclick: () => app.set(part) },
        make("span", {}, name), bar, make("b", {}, number)));

  /* Whom one token, or several together, look at: the strongest keys as bars. */
  function row_list() {
    const { token, more, layer, head } = app.state;
    const queries = [token, ...more.filter((one) => one !== token)];
    const whole = app.words && app.weights(layer, head).subarray(token * app.engine.n);
    const sums = whole || app.engine.together(layer, head, queries);
    const seen = app.shown().filter((j) => queries.some((i) => app.may(i, j) || sums[j]));
    const order = seen.sort((a, b) => sums[b] - sums[a]).slice(0, SIDE_MOST);
    const names = { token: queries.map((i) => app.labels[i]).join(", ") };
    const bar = (share) => make("i", { style: `width: ${100 * Math.min(1, share)}%` });
    return [
      make("h2", {}, say(queries.length > 1 ? "looks_together" : "looks_at", names)),
      make("ol", { class: "bars" },
        order.map((j) => line({ key: j }, app.labels[j], bar(sums[j]), sums[j].toFixed(4)))),
    ];
  }

  function sum() {
    const { token, key, layer, head } = app.state;
    const e = app.engine;
    const term = e.term(layer, head, token, key);
    const title = make("h2", {}, say("sum_of", { query: app.labels[token], key: app.labels[key] }));
    if (!app.may(token, key)) return [title, make("p", {}, say("sum_masked"))];
    const shown = e.weights(layer, head)[token * e.n + key];
    const count = term.products.length;
    const text = [...term.products].map((value) => value.toFixed(6)).join("\n");
    return [
      title,
      make("table", { class: "sum" },
        make("tbody", {},
          table_row(say("sum_products", { count }), term.score.toFixed(4)),
          table_row(say("sum_scaled", { width: count }) + app.warmth(), (term.scaled - term.bias).toFixed(4)),
          table_row(say("sum_bias"), term.bias.toFixed(4)),
          table_row(say("sum_max"), term.row_max.toFixed(4)),
          table_row(say("sum_exp"), term.exp.toFixed(6)),
          table_row(say("sum_row"), term.row_sum.toFixed(4)),
          table_row(say("sum_weight"), term.weight.toFixed(6)),
          table_row(say("sum_error"), Math.abs(term.weight - shown).toExponential(1))),
      ),
      make("details", {}, make("summary", {}, say("sum_show")), make("pre", { tabIndex: 0 }, text)),
      make("button", { class: "plain", onclick: () => app.copy(text) }, say("copy")),
    ];
  }

  function most() {
    const { layer, head } = app.state;
    const map = app.weights(layer, head);
    const n = app.engine.n;
    const all = app.shown();
    const strongest = (i) => all.reduce((top, j) => (map[i * n + j] > map[i * n + top] ? j : top), all[0]);
    const lines = all.slice(0, 24).map((i) => {
      const key = strongest(i);
      return line({ token: i, key }, `${app.labels[i]} → ${app.labels[key]}`, null, map[i * n + key].toFixed(2));
    });
    const title = say("most_looked");
    return [make("h2", {}, app.state.view === "compare" ? `A: ${title}` : title), make("ul", { class: "most" }, lines)];
  }

  return {
    element,
    draw() {
      const { token, key } = app.state;
      fill(element,
        token === null
          ? [hint(say("side_empty")), ...most()]
          : [...row_list(), ...(key === null || app.words ? [] : [...sum(), ...why_panel(app)])],
        make("p", { class: "hint sinks" }, app.sinks()),
        hint(say("caveat")),
      );
    },
  };
}
