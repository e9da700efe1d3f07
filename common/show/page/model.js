// model - every head of every layer as a small picture, layers down, heads across, with its fingerprint below it: the
// mean weight at each distance from ten tokens back to ten ahead. Click one and it opens large beside them.
import { Board, board_walk } from "./board.js";
import { heat_colours, heat_map, heat_masked, heat_most, heat_paint } from "./heat.js";
import { is_off } from "./live_controls.js";
import { sheet_head } from "./sheets.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

const MODEL_EDGE = 34;
const MODEL_FINGER = 12;
const MODEL_GAP = 6;
const MODEL_PREVIEW = 170;

export function model_view(app) {
  let lit = null; // the head under the cursor
  const lines = () => app.offered("layers");
  const columns = () => app.offered("heads");
  const cell = (w) => Math.max(16, Math.min(92, (w - MODEL_EDGE) / columns().length - MODEL_GAP));
  const corner = (w, layer, head) => [
    MODEL_EDGE + columns().indexOf(head) * (cell(w) + MODEL_GAP),
    MODEL_EDGE + lines().indexOf(layer) * (cell(w) + MODEL_FINGER + 2 * MODEL_GAP),
  ];

  function paint(pen, w) {
    const side = cell(w);
    const number = { size: 11.5, colour: pen.theme.quiet };
    pen.text(say("layers_down"), 0, 8, pen.small);
    for (const head of columns())
      pen.text(head, corner(w, 0, head)[0] + side / 2, MODEL_EDGE - 10, { align: "center", ...number });
    for (const layer of lines()) {
      pen.text(layer, MODEL_EDGE - 12, corner(w, layer, 0)[1] + side / 2, { align: "right", ...number });
      for (const head of columns()) thumb(pen, w, layer, head);
    }
    frame(pen, w, [app.state.layer, app.state.head], pen.theme.accent, 2.5);
  }

  function frame(pen, w, at, colour, thick) {
    const [x, y] = corner(w, ...at);
    pen.frame(x - 2, y - 2, cell(w) + 4, cell(w) + MODEL_FINGER + 6, colour, thick);
  }

  /* What the small pictures show: a rollout is of no single head. */
  const shown = () => (["rollout", "flow"].includes(app.state.show) ? "weights" : app.state.show);

  function picture(pen, x, y, side, layer, head) {
    const rows = app.shown();
    const map = heat_map(app, app.engine, layer, head, shown());
    heat_paint(pen, [x, y, side, side], app.engine, map, heat_colours(app, heat_most(map)),
      { rows, masked: heat_masked(app, app.engine, layer) });
  }

  function thumb(pen, w, layer, head) {
    const [x, y] = corner(w, layer, head);
    const side = cell(w);
    picture(pen, x, y, side, layer, head);
    if (is_off(app, layer, head)) pen.line(x, y + side, x + side, y, pen.theme.accent, 1, 3);
    const print = app.engine.fingerprint(layer, head);
    const bar = side / print.length;
    const most = Math.max(...print, 0.2);
    print.forEach((value, at) =>
      pen.rect(x + at * bar, y + side + 2 + MODEL_FINGER * (1 - value / most), Math.max(1, bar - 0.5),
        Math.max(0.5, (MODEL_FINGER * value) / most), at === 10 ? pen.theme.accent : pen.theme.quiet),
    );
  }

  /* The head under the cursor, larger, beside its place. */
  function over(pen, w, h) {
    if (!lit) return;
    const [x, y] = corner(w, ...lit);
    const room = cell(w) + MODEL_GAP;
    const side = Math.min(MODEL_PREVIEW, w - 2 * room, h);
    const left = clamp(x + room + side > w ? x - side - MODEL_GAP : x + room, w - side);
    const top = clamp(y, h - side);
    frame(pen, w, lit, pen.theme.ink, 1.5);
    pen.rect(left, top, side, side, pen.theme.paper);
    picture(pen, left, top, side, ...lit);
    pen.frame(left, top, side, side, pen.theme.ink);
  }

  const head_at = (x, y) => {
    const side = cell(board.element.clientWidth);
    const head = columns()[Math.floor((x - MODEL_EDGE) / (side + MODEL_GAP))];
    const layer = lines()[Math.floor((y - MODEL_EDGE) / (side + MODEL_FINGER + 2 * MODEL_GAP))];
    return x === null || layer === undefined || head === undefined ? null : [layer, head];
  };
  const name = (layer, head) => {
    const print = [...app.engine.fingerprint(layer, head)];
    const best = print.indexOf(Math.max(...print)) - 10;
    return say("head_says", { layer, head, offset: (best > 0 ? "+" : "") + best, value: print[best + 10].toFixed(3) });
  };

  const toggle = (layer, head) => {
    const { state } = app;
    app.set({ layer, head, detail: !(state.detail && layer === state.layer && head === state.head) });
  };

  const board = new Board(app, {
    label: say("model_label"),
    id: "thumb",
    paint,
    over,
    size: (w) => [
      Math.max(w, MODEL_EDGE + columns().length * (16 + MODEL_GAP)),
      corner(w, lines().at(-1), 0)[1] + cell(w) + MODEL_FINGER + 2 * MODEL_GAP + 8,
    ],
    across: () => columns().length,
    sheets: () => lines().flatMap((layer) => columns().map((head) =>
      ({ ...sheet_head(app, layer, head, { show: shown() }), title: `${layer}.${head}` }))),
    point: (x, y) => {
      const now = head_at(x, y);
      if (String(now) === String(lit)) return;
      lit = now;
      board.draw_over();
      if (lit) app.tell(name(...lit));
    },
    click: (x, y) => {
      const now = head_at(x, y);
      if (now) toggle(...now);
    },
    key: (key) => {
      if (key === "Enter") return (toggle(app.state.layer, app.state.head), true);
      if (!board_walk(app, key)) return false;
      app.tell(name(app.state.layer, app.state.head));
      return true;
    },
    row: () => ({
      rows: lines().length,
      columns: columns().length,
      row: lines().indexOf(app.state.layer),
      column: columns().indexOf(app.state.head),
      name: say("layer_n", { layer: app.state.layer }),
      texts: columns().map((head) => name(app.state.layer, head)),
    }),
  });
  return {
    board,
    element: board.element,
    draw: () => ((lit = null), board.draw()),
    over: () => (board.draw_over(), app.detail.over()),
  };
}
