// head - two columns of tokens and a line for every weight: who looks (left) at whom (right), a hue a head.
import { Board } from "./board.js";
import { colour_head } from "./colour.js";
import { heat_short } from "./heat.js";
import { sheet_rail } from "./sheets.js";
import { say } from "./words.js";

const HEAD_FAINTEST = 1 / 64;
const HEAD_TOP = 34;

export function head_view(app) {
  const pitch = () => (app.shown().length <= 40 ? 24 : app.shown().length <= 128 ? 16 : 10);
  const rails = (w) => {
    const room = Math.min(w, 760);
    const edge = (w - room) / 2;
    const names = Math.min(150, room * 0.3);
    return { left: edge + names, right: edge + room - names, names };
  };
  const y_of = (place) => HEAD_TOP + (place + 0.5) * pitch();

  /* Which lines are drawn: those of the token under the cursor or pinned, else all. */
  const focus = () => {
    const [i, j] = app.cursor_now();
    const held = app.state.token === null ? [] : [app.state.token, ...app.state.more];
    if (i !== null) return { queries: new Set([i]) };
    if (j !== null) return { keys: new Set([j]) };
    return held.length ? { queries: new Set(held) } : {};
  };

  function paint(pen, w) {
    const tokens = app.shown();
    const size = Math.min(13, pitch() * 0.75);
    const { left, right, names } = rails(w);
    pen.text(say("rail_query"), left - 10, 14, { align: "right", ...pen.small });
    pen.text(say("rail_key"), right + 10, 14, pen.small);
    const only = focus();
    const heads = app.state.heads;
    const [lit_i, lit_j] = app.cursor_now();
    const n = app.engine.n;
    const place = new Map(tokens.map((token, at) => [token, at]));
    heads.forEach((head, which) => {
      const map = app.weights(app.state.layer, head);
      const kept = app.kept(head);
      const colour = colour_head(head);
      for (const i of only.queries ?? tokens)
        for (const j of only.keys ?? tokens) {
          const weight = map[i * n + j];
          if (weight < HEAD_FAINTEST && !only.queries && !only.keys) continue;
          if (!(weight > 1e-4) || !place.has(i) || !place.has(j) || !kept(i, j)) continue;
          pen.line(left, y_of(place.get(i)), right, y_of(place.get(j)), colour, Math.min(1, weight / heads.length), 2);
        }
      const seen = (i, j) => (kept(i, j) ? map[i * n + j] : 0);
      const box = (weight_of, x) => boxes(pen, tokens, weight_of, x, which, names, colour);
      if (only.queries) box((j) => Math.max(...[...only.queries].map((i) => seen(i, j))), right + 2);
      if (only.keys) box((i) => Math.max(...[...only.keys].map((j) => seen(i, j))), left - names + 2);
    });
    tokens.forEach((token, at) => {
      const held = token === app.state.token || app.state.more.includes(token);
      const name = heat_short(app.labels[token], names - 8);
      const quiet = app.quiet_token(token) ? pen.theme.quiet : pen.theme.ink;
      const on = (lit) => ({ size, bold: lit, colour: lit ? pen.theme.accent : quiet });
      pen.text(name, left - 10, y_of(at), { align: "right", ...on(held || token === lit_i) });
      pen.text(name, right + 10, y_of(at), on(token === lit_j));
    });
  }

  /* A box behind each token, as strong as its weight; the heads share the token's width. */
  function boxes(pen, tokens, weight_of, x, which, names, colour) {
    const w = (names - 4) / app.state.heads.length;
    tokens.forEach((token, at) =>
      pen.rect(x + which * w, y_of(at) - pitch() / 2 + 1, w - 1, pitch() - 2, colour,
        Math.min(1, weight_of(token)) * 0.75),
    );
  }

  const token_at = (x, y) => {
    if (x === null) return [null, null];
    const { left, right } = rails(board.element.clientWidth);
    const token = app.shown()[Math.floor((y - HEAD_TOP) / pitch())] ?? null;
    if (token === null) return [null, null];
    return x < left ? [token, null] : x > right ? [null, token] : [app.state.token === null ? token : null, null];
  };

  const board = new Board(app, {
    label: say("head_label"),
    id: "line",
    paint,
    size: (w) => [w, HEAD_TOP + app.shown().length * pitch() + 16],
    sheets: () => app.state.heads.map((head) => sheet_rail(app, head)),
    point: (x, y) => {
      app.point(...token_at(x, y));
    },
    click: (x, y, event) => app.pick_end(token_at(x, y), event),
    key: (name, event) => {
      const heads = { ArrowLeft: -1, ArrowRight: 1 }[name];
      if (heads) return (app.set({ head: (app.state.head + heads + app.engine.heads) % app.engine.heads }), true);
      return app.rail_key(name, event);
    },
    row: () => app.rail_row(),
  });
  return board;
}
