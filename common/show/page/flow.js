// flow - the tokens on two rails and a river between them: a band is as wide as its weight and has the colour of the
// token that it looks at. Bands lie beside each other where they leave and where they arrive; what is fainter than the
// threshold is left out, and said.
import { Board } from "./board.js";
import { colour_head } from "./colour.js";
import { heat_short } from "./heat.js";
import { sheet_rail } from "./sheets.js";
import { say } from "./words.js";

const FLOW_LEAST = 0.04;
const FLOW_TOP = 34;

export function flow_view(app) {
  const pitch = () => Math.max(10, Math.min(40, 1400 / app.shown().length));
  const y_of = (place) => FLOW_TOP + (place + 0.5) * pitch();
  const names = (w) => Math.min(140, w * 0.25);

  function paint(pen, w) {
    const tokens = app.shown();
    const { layer, head } = app.state;
    const map = app.weights(layer, head);
    const kept = app.kept();
    const n = app.engine.n;
    const [i, j] = app.cursor_now();
    const only = i ?? app.state.token;
    const left = names(w);
    const right = w - left;
    const tall = 0.9 * pitch();
    const out = new Float64Array(n); // how much of each token's width is taken, on the left and on the right
    const into = new Float64Array(n);
    const got = tokens.reduce((sums, i) => sums.map((sum, j) => sum + map[i * n + j]), new Float64Array(n));
    let dropped = 0;
    tokens.forEach((query, a) =>
      tokens.forEach((key, b) => {
        const weight = map[query * n + key];
        const leaves = out[query] + weight / 2 - 0.5;
        const arrives = (into[key] + weight / 2 - got[key] / 2) / Math.max(1, got[key]);
        out[query] += weight;
        into[key] += weight;
        const chosen = j !== null && i === null ? key === j : only === null || query === only;
        if (!chosen || !kept(query, key) || !(weight > 0)) return;
        if (weight < FLOW_LEAST) {
          dropped += 1;
          return;
        }
        const ends = [left, y_of(a) + leaves * tall, right, y_of(b) + arrives * tall];
        pen.band(...ends, colour_head(key), 0.7, Math.max(1, weight * tall));
      }),
    );
    pen.text(say("rail_query"), left - 10, 12, { align: "right", ...pen.small });
    pen.text(say("rail_key"), right + 10, 12, pen.small);
    if (w > 500)
      pen.text(say("flow_dropped", { count: dropped, least: FLOW_LEAST }), w / 2, 12,
        { align: "center", ...pen.small });
    tokens.forEach((token, at) => {
      const size = Math.min(13, pitch() * 0.8);
      const name = heat_short(app.labels[token], left - 14);
      const on = token === only;
      const quiet = app.quiet_token(token) ? pen.theme.quiet : pen.theme.ink;
      pen.text(name, left - 10, y_of(at), { align: "right", size, bold: on, colour: on ? pen.theme.accent : quiet });
      pen.rect(right + 3, y_of(at) - 4, 4, 8, colour_head(token));
      pen.text(name, right + 12, y_of(at), { size, colour: quiet });
    });
  }

  const token_at = (x, y) => {
    const token = x === null ? null : (app.shown()[Math.floor((y - FLOW_TOP) / pitch())] ?? null);
    return x !== null && x > board.element.clientWidth / 2 ? [null, token] : [token, null];
  };
  const board = new Board(app, {
    label: say("flow_label"),
    id: "band",
    paint,
    size: (w) => [w, FLOW_TOP + app.shown().length * pitch() + 12],
    sheets: () => [sheet_rail(app, app.state.head)],
    point: (x, y) => app.point(...token_at(x, y)),
    click: (x, y, event) => app.pick_end(token_at(x, y), event),
    key: (name, event) => app.rail_key(name, event),
    row: () => app.rail_row(),
  });
  return board;
}
