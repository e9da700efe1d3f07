// neuron - where a row of weights comes from, dimension by dimension: one query's q, every key's k, their products,
// the sum over the square root of the width, and the softmax. Blue is below nothing, orange above.
import { Board, board_step } from "./board.js";
import { colour_signed, colour_css } from "./colour.js";
import { heat_short } from "./heat.js";
import { say } from "./words.js";

const NEURON_TOP = 84;
const NEURON_PITCH = 20;

export function neuron_view(app) {
  let painted = null; // the query whose row stands there
  const query = () => app.cursor_now()[0] ?? app.state.token ?? app.shown()[Math.min(1, app.shown().length - 1)];
  const columns = (w) => {
    const names = Math.min(110, w * 0.2);
    const strip = Math.min(app.engine.d_head * 6, (w - names - 180) / 2 - 14);
    return {
      names,
      k: names,
      product: names + strip + 14,
      strip,
      sum: names + 2 * strip + 28,
      soft: names + 2 * strip + 92,
    };
  };
  const signed = (theme, value) => colour_signed(theme, Math.tanh(value / 4));

  function paint(pen, w) {
    const { layer, head } = app.state;
    const i = query();
    const at = columns(w);
    const width = app.engine.d_head;
    const quiet = pen.small;
    const q = app.engine.head_part("q", layer, head);
    const k = app.engine.head_part("k", layer, head);
    pen.text(app.labels[i], at.names - 8, 24, { align: "right", bold: true, colour: pen.theme.accent });
    pen.cells(at.k, 14, at.strip, 20, 1, width, (_, c) => signed(pen.theme, q[i * width + c]));
    pen.text(say("neuron_q"), at.k + at.strip + 10, 24, quiet);
    const titles = { k: "k", product: "q × k", sum: "q·k/√d", soft: "softmax" };
    for (const [column, title] of Object.entries(titles)) pen.text(title, at[column], NEURON_TOP - 14, quiet);
    painted = i;
    app.shown().forEach((j, place) => {
      const y = NEURON_TOP + place * NEURON_PITCH;
      const term = app.engine.term(layer, head, i, j);
      const allowed = app.may(i, j);
      const on = j === app.state.key;
      pen.text(heat_short(app.labels[j], at.names - 8), at.names - 8, y + 8,
        { align: "right", bold: on, size: 12, colour: on ? pen.theme.accent : pen.theme.ink });
      pen.cells(at.k, y, at.strip, 15, 1, width, (_, c) => signed(pen.theme, k[j * width + c]));
      if (!allowed) return pen.hatch(at.product, y, w - at.product - 8, 15);
      pen.cells(at.product, y, at.strip, 15, 1, width, (_, c) => signed(pen.theme, term.products[c]));
      pen.rect(at.sum, y, 48, 15, colour_css(signed(pen.theme, term.scaled)));
      pen.text(term.scaled.toFixed(2), at.sum + 24, y + 8, { align: "center", size: 10.5 });
      const room = Math.max(20, Math.min(120, w - at.soft - 44));
      pen.rect(at.soft, y, Math.max(0.5, term.weight * room), 15, pen.theme.accent);
      pen.text(term.weight.toFixed(3), at.soft + term.weight * room + 5, y + 8,
        { size: 10.5, colour: pen.theme.quiet });
    });
  }

  function over(pen, w) {
    const place = app.shown().indexOf(app.cursor_now()[1]);
    if (place >= 0) pen.frame(1, NEURON_TOP - 2 + place * NEURON_PITCH, w - 2, NEURON_PITCH, pen.theme.accent, 1.5);
  }

  /* The query's q; of each key k, the products, their sum, what the softmax makes of it. */
  function sheets() {
    const { layer, head } = app.state;
    const [i, rows] = [query(), app.shown()];
    const names = rows.map((j) => app.labels[j]);
    const width = app.engine.d_head;
    const dimensions = [...Array(width).keys()];
    const terms = rows.map((j) => (app.may(i, j) ? app.engine.term(layer, head, i, j) : null));
    const [q, k] = ["q", "k"].map((name) => app.engine.head_part(name, layer, head));
    const sheet = (title, down, across, at, kind = "signed") => ({ title, kind, down, across, at });
    return [
      sheet("q", [app.labels[i]], dimensions, (_, c) => q[i * width + c]),
      sheet("k", names, dimensions, (r, c) => k[rows[r] * width + c]),
      sheet("q × k", names, dimensions, (r, c) => terms[r]?.products[c] ?? NaN),
      sheet("q·k/√d", names, [app.labels[i]], (r) => terms[r]?.scaled ?? NaN),
      sheet("softmax", names, [app.labels[i]], (r) => terms[r]?.weight ?? NaN, "weight"),
    ];
  }

  const key_at = (x, y) => (x === null ? null : (app.shown()[Math.floor((y - NEURON_TOP) / NEURON_PITCH)] ?? null));
  const board = new Board(app, {
    label: say("neuron_label"),
    id: "neuron",
    paint,
    over,
    sheets,
    size: (w) => [w, NEURON_TOP + app.shown().length * NEURON_PITCH + 12],
    point: (x, y) => app.point(key_at(x, y) === null ? null : (app.state.token ?? query()), key_at(x, y)),
    click: (x, y, event) => {
      const token = key_at(x, y);
      if (token !== null && x < columns(board.element.clientWidth).names) app.pick(token, null, event);
      else if (token !== null) app.pick(query(), token, event, true);
    },
    key: (name, event) => {
      const [, j] = app.cursor_now();
      const [by, turn] = board_step(name) ?? [0, 0];
      if (by) return (app.point(query(), app.stepped(j, by)), true);
      if (turn) return (app.set({ token: app.stepped(query(), turn) }), app.point(app.state.token, j), true);
      return app.pick_key(name, event);
    },
    row: () => app.rail_row(query(), app.cursor_now()[1]),
  });
  return {
    element: board.element,
    draw: () => board.draw(),
    over: () => (query() === painted ? board.draw_over() : board.draw()),
    board,
  };
}
