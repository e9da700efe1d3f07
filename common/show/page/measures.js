// measures - what a head is like, in numbers: a card a measure (formula, range and source on a click), the chosen one
// through depth and as an index of all heads, a map of heads by two measures, and heads found by pattern.
import { Board, board_walk } from "./board.js";
import { choice, draw_kept, fill, make } from "./dom.js";
import { colour_css, colour_of } from "./colour.js";
import { figures_new } from "./figures.js";
import { say } from "./words.js";

const MEASURES_LEFT = 44;
const MEASURES_TOP = 30; // of the index and of the map
const MEASURES_DEPTH = 150; // how high the curve through depth is

export function measures_view(app) {
  const cards = make("div", { class: "cards" });
  const made = figures_new(app);
  const pickers = make("div", { class: "row" });
  let across = null; // the measure of the map's other axis
  const third_of = (w) => (app.narrow() ? w - 60 : Math.min(380, (w - 120) / 2));
  const line_of = (w) => Math.min(third_of(w) / app.engine.heads, 26); // the height of a layer in the index
  const depth_top = (w) => MEASURES_TOP + line_of(w) * app.engine.layers + 46;
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
    fill(cards, list().map(({ name, formula, range: ends, reading, reference }, place) => {
      const beside = twin ? say("card_twin", { value: twin[place * all + one].toFixed(4) }) : "";
      return make("details", {
        class: name === chosen() ? "card chosen" : "card",
        open: app.open_cards.has(name),
        ontoggle: (event) => app.open_cards[event.target.open ? "add" : "delete"](name),
      }, [
        make("summary", {}, make("span", {}, spaced(name)), make("b", {}, mine[name].toFixed(4))),
        make("p", { class: "formula" }, formula),
        make("p", {}, reading),
        make("p", { class: "quiet" }, say("card_range", { range: ends }), " ", beside, " ", reference),
        make("button", { class: "plain", onclick: () => app.set({ measure: name }) }, say("card_show")),
      ]);
    }));
  }

  /* Layers x heads, shaded by the measure. */
  function paint_index(pen, w, name, scale) {
    const { layers, heads } = app.engine;
    const { layer: own_layer, head: own_head } = app.state;
    const [cw, ch] = [third_of(w) / heads, line_of(w)];
    const [x, y] = [(head) => MEASURES_LEFT + head * cw, (layer) => MEASURES_TOP + layer * ch];
    const ends = { least: scale.least.toFixed(3), most: scale.most.toFixed(3) };
    pen.text(say("measure_index", { name: spaced(name), ...ends }), 0, 12, { size: 12.5, bold: true });
    for (const [layer, head] of app.engine.every())
      pen.rect(x(head), y(layer), cw - 2, ch - 2, colour_css(colour_of(pen.theme, scale.at(layer, head))));
    pen.frame(x(own_head) - 1, y(own_layer) - 1, cw, ch, pen.theme.accent, 2);
    for (let layer = 0; layer < layers; layer++)
      pen.text(String(layer), MEASURES_LEFT - 8, y(layer + 0.5), { align: "right", ...pen.small });
  }

  /* Layer by layer: all heads as points, and a line through the one that is shown. */
  function paint_depth(pen, w, scale) {
    const { layers, heads } = app.engine;
    const { head: own } = app.state;
    const top = depth_top(w);
    const right = MEASURES_LEFT + third_of(w);
    const x = (layer) => MEASURES_LEFT + (layer + 0.5) * (third_of(w) / layers);
    const y = (value) => top + MEASURES_DEPTH * (1 - value);
    pen.text(say("measure_depth"), 0, top - 18, { size: 12.5, bold: true });
    for (const at of [0, 0.5, 1]) {
      const value = scale.least + at * (scale.most - scale.least);
      pen.line(MEASURES_LEFT, y(at), right, y(at), pen.theme.rule);
      pen.text(value.toFixed(2), MEASURES_LEFT - 6, y(at), { align: "right", ...pen.small });
    }
    for (let layer = 0; layer < layers; layer++) {
      const all = Array.from({ length: heads }, (_, head) => scale.at(layer, head));
      const [low, high] = [Math.min(...all), Math.max(...all)];
      pen.rect(x(layer) - 6, y(high), 12, Math.max(1, MEASURES_DEPTH * (high - low)), pen.theme.quiet, 0.25);
      all.forEach((value, head) =>
        pen.rect(x(layer) - 2, y(value) - 2, 4, 4, head === own ? pen.theme.accent : pen.theme.quiet));
      if (layer)
        pen.line(x(layer - 1), y(scale.at(layer - 1, own)), x(layer), y(all[own]), pen.theme.accent, 1, 2);
      pen.text(String(layer), x(layer), y(0) + 14, { align: "center", ...pen.small });
    }
  }

  /* All heads by two measures. */
  function paint_map(pen, w, name, scale) {
    const third = third_of(w);
    const height = Math.min(third, 300);
    const cross = range(other());
    const [left, top] = app.narrow()
      ? [MEASURES_LEFT, depth_top(w) + MEASURES_DEPTH + 70]
      : [MEASURES_LEFT + third + 70, MEASURES_TOP];
    const axes = { x: spaced(other()), y: spaced(name) };
    pen.text(say("measure_map", axes), app.narrow() ? 0 : left, top - 18, { size: 12.5, bold: true });
    pen.frame(left, top, third, height, pen.theme.rule);
    for (const [layer, head] of app.engine.every()) {
      const here = layer === app.state.layer && head === app.state.head;
      const x = left + 10 + (third - 20) * cross.at(layer, head);
      const y = top + height - 10 - (height - 20) * scale.at(layer, head);
      if (!here) {
        pen.rect(x - 3, y - 3, 6, 6, pen.theme.quiet, 0.3 + (0.7 * layer) / app.engine.layers);
        continue;
      }
      pen.rect(x - 5, y - 5, 10, 10, pen.theme.accent);
      pen.rect(x + 6, y - 8, 30, 16, pen.theme.paper, 0.8);
      pen.text(`${layer}.${head}`, x + 9, y, { size: 11.5, bold: true, colour: pen.theme.accent });
    }
    pen.text(say("map_shade"), left, top + height + 16, pen.small);
  }

  function paint(pen, w) {
    const name = chosen();
    const scale = range(name);
    paint_index(pen, w, name, scale);
    paint_depth(pen, w, scale);
    paint_map(pen, w, name, scale);
  }

  /* The index of both measures that are drawn. */
  function sheets() {
    const { layers, heads } = app.engine;
    const all = (count) => [...Array(count).keys()];
    const index = (name) => ({ title: spaced(name), kind: "measure", down: all(layers), across: all(heads),
      at: (layer, head) => app.engine.measures(layer, head)[name] });
    return [...new Set([chosen(), other()])].map(index);
  }

  /* A head a line, as 19_heads --tsv has them, under the mask. */
  function csv() {
    const lines = [["layer", "head", ...list().map(({ name }) => name)]];
    for (const one of app.engine.every()) lines.push([...one, ...Object.values(app.engine.measures(...one))]);
    return lines.join("\n") + "\n";
  }

  const tall = (w) => {
    const index = line_of(w) * app.engine.layers;
    return index + (app.narrow() ? 270 + third_of(w) + 90 : 270) + 20;
  };
  const board = new Board(app, {
    label: say("measures_label"),
    role: "group",
    paint,
    sheets,
    csv,
    size: (w) => [w, Math.max(tall(w), 370)],
    key: (name) => board_walk(app, name),
    click: (x, y) => {
      const w = board.element.clientWidth;
      const { layers, heads } = app.engine;
      const layer = Math.floor((y - MEASURES_TOP) / line_of(w));
      const head = Math.floor((x - MEASURES_LEFT) / (third_of(w) / heads));
      if (layer >= 0 && layer < layers && head >= 0 && head < heads) app.set({ layer, head });
    },
  });
  return {
    board,
    element: make("div", { class: "measures" }, pickers, board.element, made.element, cards),
    over() {},
    draw() {
      const names = list().map(({ name }) => [name, spaced(name)]);
      draw_kept(pickers, () => fill(pickers,
        choice(say("measure"), names, chosen(), (name) => app.set({ measure: name })),
        choice(say("against"), names, other(), (name) => {
          across = name;
          board.draw();
        }),
      ));
      draw_cards();
      made.draw();
      board.draw();
    },
  };
}
