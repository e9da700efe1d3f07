// compare - A, B, and B minus A, under one cursor: another head, the same head without the mask, another sentence,
// another model, a checkpoint of the training.
import { Board, board_step } from "./board.js";
import { controls_pick } from "./controls.js";
import { choice, choice_number, fill, make, slider } from "./dom.js";
import { clamp, tokens_of } from "./tokens.js";
import { heat_colours, heat_cross, heat_left, heat_legend, heat_masked } from "./heat.js";
import { heat_most, heat_names, heat_paint, heat_short } from "./heat.js";
import { colour_signed } from "./colour.js";
import { STATE_WORDS } from "./state.js";
import { order_says, order_test } from "./order.js";
import { texts_board, texts_of } from "./texts.js";
import { say } from "./words.js";

const COMPARE_TOP = 108;

export function compare_view(app) {
  const controls = make("div", { class: "row" });
  const question = make("p", { class: "hint question" });
  const holder = make("div");
  const all = (count) => [...Array(count).keys()];
  const other = () => (app.state.against === "mask" ? app.mirror() : (app.others.get(app.state.against) ?? app.engine));
  const maps = () => {
    const { layer, head, against } = app.state;
    const b = other();
    const a_map = app.engine.weights(layer, head);
    if (against === "unmasked") return [a_map, app.engine.full(layer, head)];
    return [a_map, b.weights(...compare_head(app.state, b))];
  };
  /* What is drawn of them: their lift, where that is the scale. */
  const drawn_maps = () => {
    if (app.state.scale !== "lift") return maps();
    const { layer, head, against } = app.state;
    const b = against === "unmasked" ? app.mirror("none") : other();
    const b_head = against === "unmasked" ? [layer, head] : compare_head(app.state, b);
    return [app.engine.lift(layer, head), b.lift(...b_head)];
  };
  const same = () => other().n === app.engine.n;
  /* B's own names, where it reads other tokens than A; else nothing, for A's stand at the left. */
  const named = () => {
    const b = other();
    return String(b.meta.tokens) === String(app.engine.meta.tokens) ? null : tokens_of(b);
  };
  const boxes = (w) => {
    const left = heat_left(app, w, [...app.shown().map((i) => app.labels[i]), ...(named()?.labels ?? [])]);
    const count = app.narrow() ? 1 : same() ? 3 : 2;
    const gap = 26;
    const names = named() && !app.narrow() ? left : 0; // B's, at its left
    const side = Math.max(40, Math.min((w - left - names - gap * count) / count, 420));
    const step = app.narrow() ? side + COMPARE_TOP + 20 : 0;
    const x_of = (which) => left + (app.narrow() ? 0 : which * (side + gap) + (which && names));
    return [0, 1, 2].slice(0, same() ? 3 : 2).map((which) => [x_of(which), COMPARE_TOP + which * step, side, side]);
  };

  const none = () => false;
  const title = (pen, [x, y], text) => pen.text(text, x, y - 92, { size: 12.5, bold: true });

  function paint(pen, w) {
    const { layer, head } = app.state;
    const rows = app.shown();
    const at = boxes(w);
    const far = other();
    const against = compare_against(app);
    const [a, b] = maps();
    const [a_drawn, b_drawn] = drawn_maps();
    const most = Math.max(heat_most(a_drawn), heat_most(b_drawn));
    const colours = heat_colours(app, most, "weights");
    const test = order_test(app, far, a, b);
    title(pen, at[0], say("compare_a", { layer, head }));
    heat_paint(pen, at[0], app.engine, a_drawn, colours,
      { rows, masked: heat_masked(app, app.engine, layer, "weights") });
    const [b_layer, b_head] = compare_head(app.state, far);
    const b_words = { name: compare_title(app, against), layer: b_layer, head: b_head };
    const unmasked = against === "unmasked";
    title(pen, at[1], unmasked ? say("compare_unmasked") : say(test ? "compare_order" : "compare_b", b_words));
    const there = test ? test.places(rows) : same() ? rows : all(far.n);
    heat_paint(pen, at[1], far, b_drawn, colours,
      { rows: there, masked: unmasked ? none : heat_masked(app, far, b_layer, "weights") });
    const names = (box, rows, of) => heat_names(pen, box, app, { rows, left: at[0][0] - 8, of });
    names(at[0], rows, app);
    if (named()) names(at[1], there, named());
    else if (app.narrow()) names(at[1], rows, app); // where they stand below each other, each has its own
    const under = at.at(-1)[1] + at.at(-1)[3] + 22;
    heat_legend(pen, app, at[0][0], under, most, test || !same() ? "" : "compare_signed");
    if (!same()) return;
    if (app.narrow()) names(at[2], rows, app);
    if (!test) return paint_change(pen, at[2], rows, a, b);
    const { back } = order_test(app, far, a_drawn, b_drawn);
    title(pen, at[2], say("compare_back"));
    heat_paint(pen, at[2], far, back, colours, { rows, masked: test.masked });
  }

  /* B less A, and at its right how far apart their rows are. */
  function paint_change(pen, box, rows, a, b) {
    const [x, y, side] = box;
    const line = side / rows.length;
    const apart = app.engine.divergence(a, b);
    title(pen, box, say("compare_change"));
    heat_paint(pen, box, app.engine, app.engine.difference(a, b), (value) => colour_signed(pen.theme, value),
      { rows, masked: none });
    rows.forEach((i, r) =>
      pen.rect(x + side + 4, y + (r + 0.15) * line, Math.max(0.5, apart[i] * 26), 0.7 * line, pen.theme.accent));
  }

  function over(pen, w) {
    const rows = app.shown();
    const [i, j] = app.cursor_now();
    const r = rows.indexOf(i);
    const c = rows.indexOf(j);
    for (const [x, y, side] of boxes(w).slice(0, same() ? 3 : 1))
      heat_cross(pen, x, y, side, side / rows.length, r, c);
  }

  const cell_at = (px, py) => {
    for (const [x, y, side] of px === null ? [] : boxes(board.element.clientWidth).slice(0, same() ? 3 : 1)) {
      const rows = app.shown();
      const r = rows[Math.floor(((py - y) / side) * rows.length)];
      const c = rows[Math.floor(((px - x) / side) * rows.length)];
      if (r !== undefined && c !== undefined) return [r, c];
    }
    return [null, null];
  };
  const board = new Board(app, {
    label: say("compare_label"),
    id: "pair",
    paint,
    over,
    size: (w) => {
      const last = boxes(w).at(-1);
      return [w, last[1] + last[3] + 76];
    },
    point: (x, y) => {
      const [i, j] = cell_at(x, y);
      app.point(i, j);
      if (i !== null && same()) compare_tell(i, j);
    },
    click: (x, y, event) => app.pick(...cell_at(x, y), event),
    key: (name, event) => {
      const [i, j] = app.cursor_now();
      const step = board_step(name);
      if (!step) return app.pick_key(name, event);
      const move = (token, by) => app.stepped(token, i === null ? 0 : by);
      app.point(move(i, step[0]), move(j, step[1]));
      if (same()) compare_tell(...app.cursor_now());
      return true;
    },
    row: () => {
      const value = (map, i, j) => map[i * app.engine.n + j].toFixed(4);
      const [a, b] = maps();
      return app.row_of(...app.cursor_now(), (i, j) =>
        `${app.labels[j]} A ${value(a, i, j)}${same() ? " B " + value(b, i, j) : ""}`);
    },
  });

  function compare_tell(i, j) {
    const [a, b] = maps();
    const at = i * app.engine.n + j;
    const [query, key] = [app.labels[i], app.labels[j]];
    app.tell(say("compare_says", { query, key, a: a[at].toFixed(4), b: b[at].toFixed(4) }));
  }

  const several = texts_board(app);
  const drawn = () => (compare_against(app) === "texts" ? several : board);
  return {
    get board() { return drawn(); },
    element: make("div", {}, controls, question, holder),
    over: () => drawn().draw_over(),
    draw() {
      const texts = drawn() === several;
      fill(question, texts ? say("texts_spread") : order_says(order_test(app, other(), ...maps())));
      const rows = compare_choices(app).map((name) => [name, compare_title(app, name)]);
      const [b_layer, b_head] = compare_head(app.state, other());
      const against = compare_against(app);
      const runs = [...app.others.keys()].filter((name) => name.startsWith("run-"));
      fill(controls,
        choice(say("compare_with"), rows, against, (name) => app.set({ against: name })),
        !["unmasked", "texts"].includes(against) && [
          choice_number(say("b_layer"), all(other().layers), b_layer, (at) => app.set({ b_layer: at })),
          choice_number(say("b_head"), all(other().heads), b_head, (at) => app.set({ b_head: at })),
        ],
        against === "mask" && controls_pick(app, "b_mask", "b_mask", STATE_WORDS.mask, "mask"),
        runs.length > 1 &&
          slider(say("checkpoint"), 0, runs.length - 1, Math.max(0, runs.indexOf(app.state.against)),
            (at) => app.set({ against: runs[at], b_layer, b_head }), (at) => compare_title(app, runs[at])),
      );
      if (holder.firstChild !== drawn().element) fill(holder, drawn().element);
      drawn().draw();
    },
  };
}

/* What B may be. */
const compare_choices = (app) =>
  ["head", "unmasked", "mask", ...app.others.keys(), ...(texts_of(app).length > 1 ? ["texts"] : [])];

/* What B is: another head, where what the state names is gone. */
const compare_against = (app) => (compare_choices(app).includes(app.state.against) ? app.state.against : "head");

/* B's layer and head; another model may have fewer. */
function compare_head({ b_layer, b_head }, far) {
  return [clamp(b_layer, far.layers), clamp(b_head, far.heads)];
}

/* What B is; of a checkpoint, what its head does there, in one word. */
function compare_title(app, name) {
  const far = app.others.get(name);
  const { step, val_loss, texts } = far?.meta ?? {};
  const several = texts_of(app);
  if (several.length > 1 && several.includes(name))
    return say("against_text", { text: heat_short(texts?.[0] ?? "", 140), n: far.n });
  if (step === undefined) return say("against_" + name);
  const type = say("type_" + far.type(...compare_head(app.state, far)));
  return say("against_run", { step, loss: val_loss.toFixed(3), type });
}
