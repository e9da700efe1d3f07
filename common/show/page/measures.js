// measures - what a head is like, in numbers: a card a measure (formula, range and source on a click), the chosen one
// through depth and as an index of all heads, a map of heads by two measures, and heads found by pattern.
import { Board, board_walk } from "./board.js";
import { choice, fill, make } from "./dom.js";
import { model_index } from "./model.js";
import { figures_new } from "./figures.js";
import { say } from "./words.js";

export function measures_view(app) {
  const cards = make("div", { class: "cards" });
  const made = figures_new(app);
  const pickers = make("div", { class: "row" });
  let across = null; // the measure of the map's other axis
  const third_of = (w) => (app.narrow() ? w - 60 : Math.min(380, (w - 120) / 2));
  const list = () => app.engine.measure_list();
  const spaced = (name) => name.replaceAll("_", " ");
  const chosen = () => list().find(({ name }) => name === app.state.measure)?.name ?? list()[0].name;
  const other = () => across ?? list()[Math.min(1, list().length - 1)].name;

  /* The least and the most of a measure over all heads: the scale is this run's own, and says so. */
  function range(name) {
    const value = (layer, head) => app.engine.measures(layer, head)[name];
    const all = app.engine.every().map((one) => value(...one));
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return { least, most, at: (layer, head) => (value(layer, head) - least) / (most - least || 1) };
  }

  function draw_cards() {
    const mine = app.engine.measures(app.state.layer, app.state.head);
    const twin = app.engine.tensor("twin")?.data;
    const one = app.state.layer * app.engine.heads + app.state.head;
    const all = app.engine.layers * app.engine.heads;
    fill(cards,
      list().map(({ name, formula, range: ends, reading, reference }, place) =>
        make("details", {
          class: name === chosen() ? "card chosen" : "card",
          open: app.open_cards.has(name),
          ontoggle: (event) => app.open_cards[event.target.open ? "add" : "delete"](name),
        },
          make("summary", {}, make("span", {}, spaced(name)), make("b", {}, mine[name].toFixed(4))),
          make("p", { class: "formula" }, formula),
          make("p", {}, reading),
          make("p", { class: "quiet" },
            say("card_range", { range: ends }),
            " ",
            twin ? say("card_twin", { value: twin[place * all + one].toFixed(4) }) : "",
            " ",
            reference),
          make("button", { class: "plain", onclick: () => app.set({ measure: name }) }, say("card_show"))
        ),
      ),
    );
  }

  function paint(pen, w) {
    const name = chosen();
    const scale = range(name);
    const quiet = pen.small;
    const { layers, heads } = app.engine;
    const third = third_of(w);
    const left = 44;
    const tall = 150;
    pen.text(say("measure_index", { name: spaced(name), least: scale.least.toFixed(3), most: scale.most.toFixed(3) }),
      0, 12, { size: 12.5, bold: true });
    model_index(pen, [left, 30, third], app, scale.at);
    for (let layer = 0; layer < layers; layer++)
      pen.text(String(layer), left - 8, 30 + (layer + 0.5) * Math.min(third / heads, 26), { align: "right", ...quiet });
    const top = 30 + Math.min(third / heads, 26) * layers + 46;
    const x = (layer) => left + (layer + 0.5) * (third / layers);
    pen.text(say("measure_depth"), 0, top - 18, { size: 12.5, bold: true });
    for (const at of [0, 0.5, 1]) {
      pen.line(left, top + tall * (1 - at), left + third, top + tall * (1 - at), pen.theme.rule);
      pen.text((scale.least + at * (scale.most - scale.least)).toFixed(2), left - 6, top + tall * (1 - at),
        { align: "right", ...quiet });
    }
    for (let layer = 0; layer < layers; layer++) {
      const all = Array.from({ length: heads }, (_, head) => scale.at(layer, head));
      const [low, high] = [Math.min(...all), Math.max(...all)];
      pen.rect(x(layer) - 6, top + tall * (1 - high), 12, Math.max(1, tall * (high - low)), pen.theme.quiet, 0.25);
      all.forEach((value, head) =>
        pen.rect(x(layer) - 2, top + tall * (1 - value) - 2, 4, 4,
          head === app.state.head ? pen.theme.accent : pen.theme.quiet),
      );
      if (layer)
        pen.line(x(layer - 1), top + tall * (1 - scale.at(layer - 1, app.state.head)), x(layer),
          top + tall * (1 - scale.at(layer, app.state.head)), pen.theme.accent, 1, 2);
      pen.text(String(layer), x(layer), top + tall + 14, { align: "center", ...quiet });
    }
    const [mx, my] = app.narrow() ? [left, top + tall + 70] : [left + third + 70, 30];
    const cross = range(other());
    const height = Math.min(third, 300);
    const axes = { x: spaced(other()), y: spaced(name) };
    pen.text(say("measure_map", axes), app.narrow() ? 0 : mx, my - 18, { size: 12.5, bold: true });
    pen.frame(mx, my, third, height, pen.theme.rule);
    for (const [layer, head] of app.engine.every()) {
      const here = layer === app.state.layer && head === app.state.head;
      const at = [
        mx + 10 + (third - 20) * cross.at(layer, head),
        my + height - 10 - (height - 20) * scale.at(layer, head),
      ];
      pen.rect(at[0] - (here ? 5 : 3), at[1] - (here ? 5 : 3), here ? 10 : 6, here ? 10 : 6,
        here ? pen.theme.accent : pen.theme.quiet, here ? 1 : 0.3 + (0.7 * layer) / layers);
      if (!here) continue;
      pen.rect(at[0] + 6, at[1] - 8, 30, 16, pen.theme.paper, 0.8);
      pen.text(`${layer}.${head}`, at[0] + 9, at[1], { size: 11.5, bold: true, colour: pen.theme.accent });
    }
    pen.text(say("map_shade"), mx, my + height + 16, quiet);
  }

  const tall = (w) => {
    const third = third_of(w);
    const index = Math.min(third / app.engine.heads, 26) * app.engine.layers;
    return index + (app.narrow() ? 270 + third + 90 : 270) + 20;
  };
  const board = new Board(app, {
    label: say("measures_label"),
    role: "group",
    paint,
    size: (w) => [w, Math.max(tall(w), 370)],
    key: (name) => board_walk(app, name),
    click: (x, y) => {
      const w = board.element.clientWidth;
      const third = third_of(w);
      const cw = third / app.engine.heads;
      const layer = Math.floor((y - 30) / Math.min(cw, 26));
      const head = Math.floor((x - 44) / cw);
      if (layer >= 0 && layer < app.engine.layers && head >= 0 && head < app.engine.heads) app.set({ layer, head });
    },
  });
  return {
    board,
    element: make("div", { class: "measures" }, pickers, board.element, made.element, cards),
    over() {},
    draw() {
      const names = list().map(({ name }) => [name, spaced(name)]);
      fill(pickers,
        choice(say("measure"), names, chosen(), (name) => app.set({ measure: name })),
        choice(say("against"), names, other(), (name) => {
          across = name;
          board.draw();
        }),
      );
      draw_cards();
      made.draw();
      board.draw();
    },
  };
}
