// matrix - one head as a heat map, large: crosshair, number under the cursor, bars for what is received and forbidden.
import { Board, board_step } from "./board.js";
import { heat_bar, heat_colours, heat_cross, heat_left, heat_map, heat_masked } from "./heat.js";
import { heat_most, heat_names, heat_overlay, heat_paint, heat_top } from "./heat.js";
import { colour_ink } from "./colour.js";
import { sheet_head, sheet_rail } from "./sheets.js";
import { pen_lines } from "./pen.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

const MATRIX_BELOW = 74;
const MATRIX_RIGHT = 70;

export function matrix_view(app) {
  let zoom = 1; // how many times larger than all of it
  let from = [0, 0]; // the first row and column shown

  const span = () => {
    const all = app.shown();
    const count = Math.max(1, Math.round(all.length / zoom));
    from = from.map((at) => clamp(at, all.length - count + 1));
    return { rows: all.slice(from[0], from[0] + count), columns: all.slice(from[1], from[1] + count) };
  };
  const tight = (w) => w < 460 || app.narrow();
  const box = (w) => {
    const left = heat_left(app, w);
    const room = Math.min(w - left - (tight(w) ? 24 : MATRIX_RIGHT), 46 * span().rows.length,
      Math.max(320, window.innerHeight - 275 - heat_top(app)));
    return [left, heat_top(app), Math.max(room, 40), Math.max(room, 40)];
  };
  const size = (w) => [w, box(w)[3] + heat_top(app) + MATRIX_BELOW];
  const shown_map = () => heat_map(app, app.engine, app.state.layer, app.state.head);

  function paint(pen, w) {
    const at = box(w);
    const map = shown_map();
    const { rows, columns } = span();
    const colours = heat_colours(app, heat_most(map));
    const masked = heat_masked(app, app.engine);
    const [x, y, side] = at;
    const cell = side / rows.length;
    heat_paint(pen, at, app.engine, map, colours, { rows, columns, masked, kept: app.kept() });
    const { heads, layer } = app.state;
    const several = app.several();
    if (several) heat_overlay(pen, at, app, rows, columns, masked);
    heat_names(pen, at, app, { rows, columns, left: x - 8 });
    pen.text(say("axis_query"), 4, y - 12, pen.small);
    pen.text(say("axis_key"), x, 10, pen.small);
    if (cell >= 26 && !several) matrix_numbers(pen, at, map, colours, masked);
    if (!app.words) matrix_bars(pen, at, rows, columns, tight(w));
    const words_of_all = several ? pen_lines(say("matrix_several", { layer, heads: heads.join(", ") }), w - x, 6) : [];
    words_of_all.forEach((line, at) => pen.text(line, x, y + side + 46 + 14 * at, pen.small));
    if (several) return;
    const words = heat_bar(pen, x + 40, y + side + 52, 120, app, heat_most(map));
    if (!tight(w)) pen.text(words, x + 205, y + side + 57, pen.small);
  }

  /* The weight in each cell, where there is room. */
  function matrix_numbers(pen, [x, y, side], map, colours, masked) {
    const { rows, columns } = span();
    const cell = side / rows.length;
    rows.forEach((i, r) =>
      columns.forEach((j, c) => {
        const value = map[i * app.engine.n + j];
        if (masked(i, j) || Math.abs(value) < 0.005) return;
        pen.text(app.number(value, 2).replace("0.", "."), x + (c + 0.5) * cell, y + (r + 0.5) * cell,
          { align: "center", size: 10.5, colour: colour_ink(colours(value)) });
      }),
    );
  }

  /* Below: the mean weight a key gets from the queries that may see it. Right: what the mask took from a row. */
  function matrix_bars(pen, [x, y, side], rows, columns, tight) {
    const { layer, head, mask, also_causal } = app.state;
    const cell = side / rows.length;
    const got = app.engine.received(layer, head);
    const tall = 26;
    columns.forEach((j, c) =>
      pen.rect(x + c * cell + cell * 0.15, y + side + 6, cell * 0.7, Math.max(0.5, Math.min(1, got[j]) * tall),
        pen.theme.accent, 0.85));
    pen.text(say("received"), x - 8, y + side + 14, { align: "right", size: 10.5, colour: pen.theme.quiet });
    if ((mask === "none" && !also_causal) || tight) return;
    const lost = app.engine.forbidden(layer, head);
    rows.forEach((i, r) =>
      pen.rect(x + side + 8, y + r * cell + cell * 0.15, Math.max(0.5, lost[i] * 46), cell * 0.7,
        pen.theme.quiet, 0.7));
    pen.text(say("forbidden"), x + side + 8, y - 8, { turn: -45, size: 10.5, colour: pen.theme.quiet });
  }

  const cell_at = (px, py) => {
    const [x, y, side] = box(board.element.clientWidth);
    const { rows, columns } = span();
    if (px === null) return [null, null];
    const r = Math.floor(((py - y) / side) * rows.length);
    const c = Math.floor(((px - x) / side) * columns.length);
    return [px < x + side ? (rows[r] ?? null) : null, py < y + side ? (columns[c] ?? null) : null];
  };

  function over(pen, w) {
    const at = box(w);
    const [x, y, side] = at;
    const { rows, columns } = span();
    const cell = side / rows.length;
    const [i, j] = app.cursor_now();
    const r = rows.indexOf(i);
    const c = columns.indexOf(j);
    const { token, key } = app.state;
    const pr = rows.indexOf(token);
    const pc = columns.indexOf(key);
    if (pr >= 0) pen.frame(x + 0.5, y + pr * cell + 0.5, side - 1, cell - 1, pen.theme.accent, 1.5);
    if (pc >= 0 && pr >= 0) pen.frame(x + pc * cell, y + pr * cell, cell, cell, pen.theme.accent, 3);
    for (const extra of app.state.more)
      if (rows.includes(extra)) pen.frame(x, y + rows.indexOf(extra) * cell, side, cell, pen.theme.quiet, 1.5);
    heat_cross(pen, x, y, side, cell, r, c);
    const one = (list, index) => (index >= 0 ? [list[index]] : []);
    if (r >= 0) {
      pen.rect(0, y + (r + 0.5) * cell - 9, x - 3, 18, pen.theme.paper);
      heat_names(pen, [x, y + r * cell, side, cell], app,
        { rows: one(rows, r), columns: [], left: x - 8, lit: [i, j] });
    }
    if (c >= 0)
      pen.text(app.labels[j], x + (c + 0.5) * cell, y - 8,
        { turn: -45, size: 12.5, bold: true, colour: pen.theme.accent });
  }

  function step(name) {
    const all = app.shown();
    const [i, j] = app.cursor_now();
    const now = [Math.max(0, all.indexOf(i)), Math.max(0, all.indexOf(j))];
    const far = { PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -1e6], End: [0, 1e6] };
    const [down, right] = board_step(name) ?? far[name] ?? [0, 0];
    if (!down && !right) return false;
    const first = i === null;
    const to = (at, by) => clamp(at + by, all.length);
    const next = first ? now : [to(now[0], down), to(now[1], right)];
    const count = span().rows.length;
    from = from.map((at, side) => Math.max(Math.min(at, next[side]), next[side] - count + 1));
    app.point(all[next[0]], all[next[1]]);
    if (zoom > 1) board.draw();
    return true;
  }

  function pan(down, right) {
    from = [from[0] + down, from[1] + right];
    board.draw();
    return true;
  }

  function zoom_to(times) {
    const [i, j] = app.cursor_now();
    const all = app.shown();
    zoom = Math.max(1, Math.min(times, all.length / 4));
    from = [i, j].map((token) => Math.max(0, all.indexOf(token) - Math.round(all.length / zoom / 2)));
    board.draw();
    return true;
  }

  const board = new Board(app, {
    label: say("matrix_label"),
    id: "cell",
    size,
    paint,
    over,
    sheets: () => (app.several() ? app.state.heads.map((head) => sheet_rail(app, head))
      : [sheet_head(app, app.state.layer, app.state.head, { kept: app.kept() })]),
    point: (x, y) => app.point(...cell_at(x, y)),
    click: (x, y, event) => app.pick(...cell_at(x, y), event),
    wheel: (x, y, { ctrlKey, deltaX, deltaY }) =>
      ctrlKey ? zoom_to(zoom * (deltaY < 0 ? 1.25 : 0.8)) : zoom > 1 && pan(Math.sign(deltaY), Math.sign(deltaX)),
    key: (name, event) =>
      step(name) || (name === "+" && zoom_to(zoom * 1.5)) || (name === "-" && zoom_to(zoom / 1.5)) ||
      app.pick_key(name, event),
    row: () => {
      const map = shown_map();
      const masked = heat_masked(app, app.engine);
      return app.row_of(...app.cursor_now(), (i, j) =>
        `${app.labels[j]} ${masked(i, j) ? say("masked") : app.number(map[i * app.engine.n + j])}`);
    },
  });
  return board;
}
