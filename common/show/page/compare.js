// compare - A, B, and B minus A, under one cursor: another head, the same head without the mask, another sentence,
// another model, a checkpoint of the training.
import { Board, board_step } from "./board.js";
import { controls_pick } from "./controls.js";
import { choice, choice_number, fill, make, slider } from "./dom.js";
import { tokens_named } from "./tokens.js";
import { heat_colours, heat_cross, heat_left, heat_legend, heat_masked, heat_most, heat_names, heat_paint, heat_short } from "./heat.js";
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
    const a = app.engine.lift(layer, head);
    const b = other();
    return [a, against === "unmasked" ? app.mirror("none").lift(layer, head) : b.lift(...compare_head(app.state, b))];
  };
  const same = () => other().n === app.engine.n;
  /* B's own names, where it reads other tokens than A; else nothing, for A's stand at the left. */
  const named = () => {
    const { labels, roles, tokens } = other().meta;
    const own = app.engine.meta;
    if (String(tokens) === String(own.tokens)) return null;
    return { labels: tokens_named(labels ?? tokens), quiet_token: (i) => roles?.[i] === "special" };
  };
  const boxes = (w) => {
    const left = heat_left(app, w, [...app.shown().map((i) => app.labels[i]), ...(named()?.labels ?? [])]);
    const count = app.narrow() ? 1 : same() ? 3 : 2;
    const gap = 26;
    const names = named() && !app.narrow() ? left : 0; // B's, at its left
    const side = Math.max(40, Math.min((w - left - names - gap * count) / count, 420));
    const step = app.narrow() ? side + COMPARE_TOP + 20 : 0;
    return [0, 1, 2].slice(0, same() ? 3 : 2)
      .map((which) => [left + (app.narrow() ? 0 : which * (side + gap) + (which && names)), COMPARE_TOP + which * step, side, side]);
  };

  function paint(pen, w) {
    const [a, b] = maps();
    const rows = app.shown();
    const at = boxes(w);
    const [a_drawn, b_drawn] = drawn_maps();
    const most = Math.max(heat_most(a_drawn), heat_most(b_drawn));
    const colours = heat_colours(app, most, "weights");
    const mask = heat_masked(app, app.engine, app.state.layer, "weights");
    const none = () => false;
    const { layer, head } = app.state;
    const far = other();
    const [b_layer, b_head] = compare_head(app.state, far);
    const title = (box, text) => pen.text(text, box[0], box[1] - 92, { size: 12.5, bold: true });
    title(at[0], say("compare_a", { layer, head }));
    heat_paint(pen, at[0], app.engine, a_drawn, colours, { rows, columns: rows, masked: mask });
    const against = compare_against(app);
    const test = order_test(app, far, a, b);
    const there = test ? test.places(rows) : same() ? rows : all(far.n);
    const name = compare_title(app, against);
    const b_title = say(test ? "compare_order" : "compare_b", { name, layer: b_layer, head: b_head });
    title(at[1], against === "unmasked" ? say("compare_unmasked") : b_title);
    heat_paint(pen, at[1], far, b_drawn, colours, {
      rows: there,
      columns: there,
      masked: against === "unmasked" ? none : heat_masked(app, far, b_layer, "weights"),
    });
    const names = (box, rows, of) => heat_names(pen, box, app, { rows, columns: rows, left: at[0][0] - 8, of });
    names(at[0], rows, app);
    if (named()) names(at[1], there, named());
    else if (app.narrow()) names(at[1], rows, app); // where they stand below each other, each has its own
    const under = at.at(-1)[1] + at.at(-1)[3] + 22;
    heat_legend(pen, app, at[0][0], under, most, test || !same() ? "" : "compare_signed");
    if (!same()) return;
    if (app.narrow()) names(at[2], rows, app);
    if (test) {
      title(at[2], say("compare_back"));
      heat_paint(pen, at[2], far, order_test(app, far, a_drawn, b_drawn).back, colours, { rows, columns: rows, masked: test.masked });
      return;
    }
    const change = app.engine.difference(a, b);
    const rows_js = app.engine.divergence(a, b);
    title(at[2], say("compare_change"));
    heat_paint(pen, at[2], app.engine, change, (value) => colour_signed(pen.theme, value),
      { rows, columns: rows, masked: none });
    rows.forEach((i, r) =>
      pen.rect(at[2][0] + at[2][2] + 4, at[2][1] + (r + 0.15) * (at[2][3] / rows.length),
        Math.max(0.5, rows_js[i] * 26), (0.7 * at[2][3]) / rows.length, pen.theme.accent),
    );
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
    app.tell(
      say("compare_says", { query: app.labels[i], key: app.labels[j], a: a[at].toFixed(4), b: b[at].toFixed(4) }),
    );
  }

  const several = texts_board(app);
  const drawn = () => (compare_against(app) === "texts" ? several : board);
  return {
    get board() {
      return drawn();
    },
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
  return [Math.min(b_layer, far.layers - 1), Math.min(b_head, far.heads - 1)];
}

/* What B is; of a checkpoint, what its head does there, in one word. */
function compare_title(app, name) {
  const far = app.others.get(name);
  const { step, val_loss, texts } = far?.meta ?? {};
  const several = texts_of(app);
  if (several.length > 1 && several.includes(name))
    return say("against_text", { text: heat_short(texts?.[0] ?? "", 140), n: far.n });
  if (step === undefined) return say("against_" + name);
  return say("against_run", { step, loss: val_loss.toFixed(3), type: say("type_" + far.type(...compare_head(app.state, far))) });
}
