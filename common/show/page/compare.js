// compare - A, B, and B minus A, under one cursor: another head, the same head without the mask, another sentence,
// another model, a checkpoint of the training.
import { against_controls, against_head, against_now, against_title } from "./against.js";
import { Board, board_step } from "./board.js";
import { fill, make } from "./dom.js";
import { heat_bar, heat_colours, heat_cross, heat_left, heat_legend, heat_masked } from "./heat.js";
import { heat_most, heat_names, heat_paint } from "./heat.js";
import { order_says, order_test } from "./order.js";
import { pen_lines } from "./pen.js";
import { sheet_map, sheet_mask, sheet_own } from "./sheets.js";
import { texts_board } from "./texts.js";
import { tokens_of } from "./tokens.js";
import { say } from "./words.js";

const COMPARE_TOP = 108;
const COMPARE_LEGEND = 44; // how high a bar is with its words

export function compare_view(app) {
  const question = make("p", { class: "hint question" });
  const holder = make("div");
  const all = (count) => [...Array(count).keys()];
  const other = () => {
    const against = against_now(app);
    if (against === "unmasked") return app.mirror({ mask: "none" });
    return against === "mask" ? app.mirror() : (app.others.get(against) ?? app.engine);
  };
  const controls = against_controls(app, other);
  const both = (what) => {
    const b = other();
    return [app.engine[what](app.state.layer, app.state.head), b[what](...against_head(app.state, b))];
  };
  const maps = () => both("weights");
  /* What is drawn of them: their lift, where that is the scale. */
  const drawn_maps = () => both(app.state.scale === "lift" ? "lift" : "weights");
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
  /* In two lines where one has no room. */
  const title = (pen, [x, y, side], text) => {
    const lines = pen_lines(text, side + 16, 7.8).slice(0, 2);
    const top = y - (lines.length > 1 ? 98 : 92);
    lines.forEach((line, at) => pen.text(line, x, top + 15 * at, { size: 12.5, bold: true }));
  };

  /* A and B: {title, engine, layer, head, map, mask, masked(i, j), rows, labels}. test: of the order, or null. */
  function sides(test) {
    const { layer, head } = app.state;
    const [far, against, rows] = [other(), against_now(app), app.shown()];
    const [b_layer, b_head] = against_head(app.state, far);
    const [a_drawn, b_drawn] = drawn_maps();
    const [a_mask, b_mask] = [app.engine, far].map((one) => sheet_mask(app, one));
    const b_words = { name: against_title(app, against), layer: b_layer, head: b_head, mask: b_mask };
    const others = test ? "compare_order" : "compare_b";
    const plain = sheet_own(far.meta) ? "b_masked" : "compare_unmasked"; // a GPT's own mask holds all the same
    const b_says = { unmasked: plain, mask: "b_masked" }[against] ?? others;
    const a_says = ["unmasked", "mask"].includes(against) ? "compare_a_masked" : "compare_a";
    return [
      { title: say(a_says, { layer, head, mask: a_mask }), engine: app.engine, layer, head, map: a_drawn, mask: a_mask,
        masked: heat_masked(app, app.engine, layer, "weights"), rows, labels: app.labels },
      { title: say(b_says, b_words), engine: far, layer: b_layer, head: b_head, map: b_drawn,
        mask: b_mask, masked: heat_masked(app, far, b_layer, "weights"),
        rows: test ? test.places(rows) : same() ? rows : all(far.n), labels: named()?.labels ?? app.labels },
    ];
  }

  /* For the files: A, B, and the third map, where both have the same tokens. */
  function sheets() {
    const [[a, b], [a_drawn, b_drawn], far] = [maps(), drawn_maps(), other()];
    const test = order_test(app, far, a, b);
    const most = Math.max(heat_most(a_drawn), heat_most(b_drawn));
    const kind = app.state.scale === "lift" ? "lift" : "weight";
    const [one, two] = sides(test).map((side, at) => sheet_map({ ...side, name: "AB"[at], kind, value: kind, most }));
    if (!same()) return [one, two];
    if (test) {
      const { back } = order_test(app, far, a_drawn, b_drawn);
      const { rows, labels } = sides(test)[0];
      const own = { name: "B back", title: say("compare_back"), engine: app.engine, map: back, masked: test.masked };
      return [one, two, sheet_map({ ...sides(test)[1], ...own, rows, labels, kind, value: kind, most })];
    }
    const less = app.engine.difference(a, b);
    const part = { name: "B - A", title: say("compare_less"), kind: "change" };
    const at = (r, c) => less[one.rows[r] * far.n + one.rows[c]];
    const change = { ...part, down: one.down, across: one.across, at };
    return [one, { ...two, change }, change];
  }

  function paint(pen, w) {
    const rows = app.shown();
    const at = boxes(w);
    const far = other();
    const [a, b] = maps();
    const [a_drawn, b_drawn] = drawn_maps();
    const most = Math.max(heat_most(a_drawn), heat_most(b_drawn));
    const colours = heat_colours(app, most, "weights");
    const test = order_test(app, far, a, b);
    const both = sides(test);
    both.forEach((side, which) => {
      title(pen, at[which], side.title);
      heat_paint(pen, at[which], side.engine, side.map, colours, side);
    });
    const there = both[1].rows;
    const names = (box, rows, of) => heat_names(pen, box, app, { rows, left: at[0][0] - 8, of });
    names(at[0], rows, app);
    if (named()) names(at[1], there, named());
    else if (app.narrow()) names(at[1], rows, app); // where they stand below each other, each has its own
    const under = at.at(-1)[1] + at.at(-1)[3] + 22;
    heat_legend(pen, app, at[0][0], under, most);
    if (!same()) return;
    if (app.narrow()) names(at[2], rows, app);
    if (!test) return paint_change(pen, at[2], rows, a, b, under + (app.narrow() ? COMPARE_LEGEND : 0));
    const { back } = order_test(app, far, a_drawn, b_drawn);
    title(pen, at[2], say("compare_back"));
    heat_paint(pen, at[2], far, back, colours, { rows, masked: test.masked });
  }

  /* B less A, and at its right how far apart their rows are; its colours have a bar of their own. */
  function paint_change(pen, box, rows, a, b, under) {
    const [x, y, side] = box;
    const line = side / rows.length;
    const apart = app.engine.divergence(a, b);
    title(pen, box, say("compare_change"));
    const less = app.engine.difference(a, b);
    const most = heat_most(less);
    heat_paint(pen, box, app.engine, less, heat_colours(app, most, "difference"), { rows, masked: none });
    heat_bar(pen, x + 44, under, 120, app, most, "difference");
    pen.text(say("compare_signed"), x, under + 24, pen.small);
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
    sheets,
    size: (w) => {
      const last = boxes(w).at(-1);
      return [w, last[1] + last[3] + 60 + (app.narrow() ? COMPARE_LEGEND : 0)];
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
      const value = both_values();
      return app.row_of(...app.cursor_now(), (i, j) =>
        `${app.labels[j]} A ${value(0, i, j)}${same() ? " B " + value(1, i, j) : ""}`);
    },
  });

  /* The weight of A (0) or B (1) in a cell, as it is said. */
  function both_values() {
    const both = maps();
    const masked = sides(null).map((side) => side.masked);
    return (which, i, j) =>
      masked[which](i, j) ? say("masked") : both[which][i * (which ? other() : app.engine).n + j].toFixed(4);
  }

  function compare_tell(i, j) {
    const [a, b] = maps();
    const at = i * app.engine.n + j;
    const value = both_values();
    const test = order_test(app, other(), a, b);
    const said = { query: app.labels[i], key: app.labels[j], a: value(0, i, j), b: value(1, i, j) };
    if (test) return app.tell(say("compare_places", { ...said, back: test.back[at].toFixed(4) }));
    const less = b[at] - a[at];
    app.tell(say("compare_says", { ...said, change: (less < 0 ? "−" : "+") + Math.abs(less).toFixed(4) }));
  }

  const several = texts_board(app);
  const drawn = () => (against_now(app) === "texts" ? several : board);
  return {
    get board() { return drawn(); },
    element: make("div", {}, controls.element, question, holder),
    over: () => drawn().draw_over(),
    draw() {
      const texts = drawn() === several;
      fill(question, texts ? say("texts_spread") : order_says(order_test(app, other(), ...maps())));
      controls.draw();
      if (holder.firstChild !== drawn().element) fill(holder, drawn().element);
      drawn().draw();
    },
  };
}
