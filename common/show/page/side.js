// side - the column at the right: whom the pinned token looks at, and the sum behind the pinned cell, line by line.
import { fill, hint, make } from "./dom.js";
import { say } from "./words.js";
import { why_panel } from "./why.js";

const SIDE_MOST = 12; // keys in the list

export function side_new(app) {
  const element = make("aside", { aria_label: say("side_label") });

  /* A line that pins something: a name, perhaps a bar, a number. */
  const line = (part, name, bar, number) =>
    make("li", {}, make("button", { class: "plain", onclick: () => app.set(part) }, make("span", {}, name), bar, make("b", {}, number)));

  /* Whom one token, or several together, look at: the strongest keys as bars. */
  function row_list() {
    const { token, more, layer, head } = app.state;
    const queries = [token, ...more.filter((one) => one !== token)];
    const whole = app.state.show === "words" && app.weights(layer, head).subarray(token * app.engine.n);
    const sums = whole || app.engine.together(layer, head, queries);
    const order = app.shown().filter((j) => queries.some((i) => app.may(i, j) || sums[j]))
      .sort((a, b) => sums[b] - sums[a]);
    return [
      make("h2", {},
        say(queries.length > 1 ? "looks_together" : "looks_at",
          { token: queries.map((i) => app.labels[i]).join(", ") }),
      ),
      make("ol", { class: "bars" },
        order.slice(0, SIDE_MOST).map((j) => {
          const bar = make("i");
          bar.style.width = 100 * Math.min(1, sums[j]) + "%";
          return line({ key: j }, app.labels[j], bar, sums[j].toFixed(4));
        }),
      ),
    ];
  }

  function sum() {
    const { token, key, layer, head } = app.state;
    const e = app.engine;
    const term = e.term(layer, head, token, key);
    const title = make("h2", {}, say("sum_of", { query: app.labels[token], key: app.labels[key] }));
    if (!app.may(token, key)) return [title, make("p", {}, say("sum_masked"))];
    const shown = e.weights(layer, head)[token * e.n + key];
    const line = (name, value) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value));
    const text = [...term.products].map((value) => value.toFixed(6)).join("\n");
    return [
      title,
      make("table", { class: "sum" },
        make("tbody", {},
          line(say("sum_products", { count: term.products.length }), term.score.toFixed(4)),
          line(say("sum_scaled", { width: term.products.length }) + app.warmth(), (term.scaled - term.bias).toFixed(4)),
          line(say("sum_bias"), term.bias.toFixed(4)),
          line(say("sum_max"), term.row_max.toFixed(4)),
          line(say("sum_exp"), term.exp.toFixed(6)),
          line(say("sum_row"), term.row_sum.toFixed(4)),
          line(say("sum_weight"), term.weight.toFixed(6)),
          line(say("sum_error"), Math.abs(term.weight - shown).toExponential(1))),
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
    return [
      make("h2", {}, say("most_looked")),
      make("ul", { class: "most" },
        all.slice(0, 24).map((i) => {
          const best = all.reduce((top, j) => (map[i * n + j] > map[i * n + top] ? j : top), all[0]);
          return line({ token: i, key: best }, `${app.labels[i]} → ${app.labels[best]}`, null, map[i * n + best].toFixed(2));
        }),
      ),
    ];
  }

  return {
    element,
    draw() {
      const { token, key } = app.state;
      const sinks = app.sinks();
      fill(element,
        token === null
          ? [hint(say("side_empty")), ...most()]
          : [...row_list(), ...(key === null || app.state.show === "words" ? [] : [...sum(), ...why_panel(app)])],
        make("p", { class: "hint sinks" }, sinks),
        hint(say("caveat")),
      );
    },
  };
}
