// heat - a head's map as colours: what a number's colour is under each scale, which cells are hatched, and the names
// along the edges. The matrix, the comparison and the thumbnails share it. Rows are queries, columns are keys.
import { colour_head, colour_of, colour_rgb, colour_signed } from "./colour.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

/* The map that `show` names, of one head. Kept by the engine: nobody writes into it. */
export function heat_map(app, engine, layer, head, show = app.state.show) {
  if (show === "full") return engine.full(layer, head);
  if (show === "difference") return engine.difference(engine.full(layer, head), engine.weights(layer, head));
  if (show === "rollout" || show === "flow") return engine.rollout(layer, Number(show === "flow"));
  if (show === "words") return engine.words(layer, head);
  if (show === "valued") return engine.valued(layer, head);
  if (show === "reach") return engine.reached(app.state.depth);
  return app.state.scale === "lift" ? engine.lift(layer, head) : engine.weights(layer, head);
}

/* The largest number without its sign. */
export function heat_most(numbers) {
  return numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/* A function from a number to its colour, by the state's scale; most: the largest number of all maps that share it. */
export function heat_colours(app, most, show = app.state.show) {
  const theme = app.theme();
  const { scale } = app.state;
  if (show === "difference") return (value) => colour_signed(theme, scale === "fit" && most ? value / most : value);
  if (scale === "lift" && show === "weights")
    return (value) => colour_signed(theme, app.engine.shade(value, true));
  if (scale === "log") return (value) => colour_of(theme, app.engine.shade(value));
  if (scale === "fit" && most) return (value) => colour_of(theme, value / most);
  return (value) => colour_of(theme, value);
}

/* Is a cell under the mask, so that it is hatched and no number? Without the mask's say (full, rollout), none is. */
export function heat_masked(app, engine, layer = app.state.layer, show = app.state.show) {
  const { head } = app.state;
  if (["full", "difference", "reach", "rollout", "flow"].includes(show)) return () => false;
  const cells = engine.cells(layer);
  const n = engine.n;
  const words = show === "words" && engine.words(layer, clamp(head, engine.heads)); // masked where all pieces are
  if (words) return (i, j) => !cells[i * n + j] && !words[i * n + j];
  return (i, j) => !cells[i * n + j];
}

/* Paints the cells of `rows` x `columns` (token numbers) into a box. `kept(i, j)` says which are left out. */
export function heat_paint(pen, box, engine, map, colours, { rows, columns = rows, masked, kept }) {
  const [x, y, w, h] = box;
  const n = engine.n;
  if (rows.some((i) => columns.some((j) => masked(i, j)))) pen.hatch(x, y, w, h);
  pen.cells(x, y, w, h, rows.length, columns.length, (r, c) => {
    const i = rows[r];
    const j = columns[c];
    if (kept && !kept(i, j)) return pen.theme.name === "dark" ? [20, 22, 27] : [255, 253, 249];
    return masked(i, j) ? null : colours(map[i * n + j]);
  });
}

/* Names of rows on the left, of columns above, every one or every few as the room allows; of: whose they are, {labels,
 * quiet_token}. */
export function heat_names(pen, box, app, { rows, columns = rows, left, lit, of = app }) {
  const [x, y, w, h] = box;
  const ch = h / rows.length;
  const cw = w / columns.length;
  const every = (cell) => Math.max(1, Math.ceil(11 / cell));
  const size = Math.min(12.5, Math.max(9, ch * 0.72));
  const colour = (i, on) => (on ? pen.theme.accent : of.quiet_token(i) ? pen.theme.quiet : pen.theme.ink);
  rows.forEach((i, r) => {
    const on = lit?.[0] === i;
    if (r % every(ch) && !on) return;
    pen.text(heat_short(of.labels[i], left), x - 8, y + (r + 0.5) * ch,
      { align: "right", size, colour: colour(i, on), bold: on });
  });
  columns.forEach((j, c) => {
    const on = lit?.[1] === j;
    if (c % every(cw) && !on) return;
    pen.text(heat_short(of.labels[j], 90), x + (c + 0.5) * cw, y - 8,
      { turn: -45, size: Math.min(12.5, Math.max(9, cw * 0.72)), colour: colour(j, on), bold: on });
  });
}

/* Several heads in one map: each cell mixes their hues, a head as strong as its weight over their number. */
export function heat_overlay(pen, [x, y, w, h], app, rows, columns, masked) {
  const { layer, heads } = app.state;
  const n = app.engine.n;
  const maps = heads.map((head) => app.engine.weights(layer, head));
  const hues = heads.map((head) => colour_rgb(colour_head(head)));
  const kept = heads.map((head) => app.kept(head));
  const paper = colour_rgb(pen.theme.paper);
  pen.cells(x, y, w, h, rows.length, columns.length, (r, c) => {
    const [i, j] = [rows[r], columns[c]];
    if (masked(i, j)) return null;
    return paper.map((part, p) =>
      maps.reduce((sum, map, at) =>
        sum + (kept[at](i, j) ? ((hues[at][p] - part) * map[i * n + j]) / heads.length : 0), part));
  });
}

export function heat_short(text, room) {
  const most = Math.max(3, Math.floor(room / 7));
  return [...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text;
}

/* The room that names take above, slanted, with a line above them; and on the left. */
export function heat_top(app) {
  return Math.min(96, 30 + heat_left(app, Infinity) * 0.64);
}

export function heat_left(app, width, labels = app.shown().map((i) => app.labels[i])) {
  const longest = labels.reduce((most, label) => Math.max(most, [...label].length), 0);
  const bars = 6 * say("received").length + 8; // the row of bars below has a name, too
  return Math.max(bars, Math.min(longest * 7.2 + 16, width * 0.26, 150));
}

/* The row and the column under the cursor, and the cell where they meet; below 0: none. */
export function heat_cross(pen, x, y, side, cell, r, c) {
  const { ink } = pen.theme;
  if (r >= 0) pen.rect(x, y + r * cell, side, cell, ink, 0.1);
  if (c >= 0) pen.rect(x + c * cell, y, cell, side, ink, 0.1);
  if (r >= 0 && c >= 0) pen.frame(x + c * cell, y + r * cell, cell, cell, ink, 2);
}

/* What the ends of the colour bar are called. */
function heat_ends(scale, signed, difference, most) {
  const top = scale === "fit" ? most : 1;
  if (difference) return [-top, top].map((end) => end.toFixed(2));
  if (signed) return ["⅛×", "8×"];
  return [scale === "log" ? "0.0001" : "0", scale === "fit" ? most.toFixed(2) : "1"];
}

/* The colour bar, with what its ends mean; most as above. Gives the words for it. */
export function heat_bar(pen, x, y, w, app, most, show = app.state.show) {
  const { scale } = app.state;
  const signed = show === "difference" || (scale === "lift" && show === "weights");
  const steps = 64;
  const colour = signed
    ? (c) => colour_signed(pen.theme, (2 * c) / (steps - 1) - 1)
    : (c) => colour_of(pen.theme, c / (steps - 1));
  const ends = heat_ends(scale, signed, show === "difference", most);
  pen.text(ends[0], x, y + 5, { ...pen.small, align: "right" });
  pen.cells(x + 6, y, w, 10, 1, steps, (_, c) => colour(c));
  pen.text(ends[1], x + w + 12, y + 5, pen.small);
  const own = ["difference", "valued", "reach"].includes(show);
  return say("bar_" + (own ? show : signed ? "lift" : "weight")) + app.warmth();
}

/* Below maps of weights that share their colours: the bar, what it means, and what other colours mean; 54 high. */
export function heat_legend(pen, app, x, y, most, more = "") {
  const words = heat_bar(pen, x + 44, y, 120, app, most, "weights");
  pen.text(words, x, y + 24, pen.small);
  if (more) pen.text(say(more), x, y + 42, pen.small);
}
