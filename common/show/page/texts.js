// texts - one head on several sentences, beside each other: what it does in a short one and in a long one. The cell
// under the cursor may stand in any of them; Left and Right lead on into the next.
import { Board, board_step } from "./board.js";
import { heat_colours, heat_cross, heat_left, heat_legend, heat_map, heat_masked } from "./heat.js";
import { heat_most, heat_names, heat_paint, heat_short } from "./heat.js";
import { sheet_map, sheet_mask } from "./sheets.js";
import { clamp, tokens_of } from "./tokens.js";
import { say } from "./words.js";

const TEXTS_TOP = 128;
const TEXTS_GAP = 26;

/* Names of the blocks that --text2 has put beside the page's own text. */
export const texts_of = (app) => [...app.others.keys()].filter((name) => /^text\d$/.test(name));

export function texts_board(app) {
  let cursor = [0, 0, 0]; // the sentence, the query and the key

  /* {engine, labels, name, quiet_token} of each: A, B, C, ... */
  const all = () =>
    [app.engine, ...texts_of(app).map((name) => app.others.get(name))].map((engine, at) => ({
      engine,
      name: String.fromCharCode(65 + at),
      ...tokens_of(engine),
      ...(!at && { labels: app.labels }),
    }));
  /* Its head, which a model that was dropped may not have. */
  const head_of = ({ engine }) => [clamp(app.state.layer, engine.layers), clamp(app.state.head, engine.heads)];
  const map_of = (one) => one.engine.weights(...head_of(one));
  const drawn_of = (one) => heat_map(app, one.engine, ...head_of(one), "weights");
  const every = ({ engine }) => [...Array(engine.n).keys()];

  const left_of = (w) => heat_left(app, w, all().flatMap(({ labels }) => labels));

  const boxes = (w) => {
    const texts = all();
    const left = left_of(w);
    const across = app.narrow() ? 1 : Math.min(3, texts.length);
    const side = Math.max(40, Math.min(w / across - left - TEXTS_GAP, 420));
    return texts.map((_, at) => [
      left + (at % across) * (left + side + TEXTS_GAP),
      TEXTS_TOP + Math.floor(at / across) * (side + TEXTS_TOP + 10),
      side,
      side,
    ]);
  };

  function paint(pen, w) {
    const at = boxes(w);
    const left = left_of(w);
    const texts = all();
    const maps = texts.map(drawn_of);
    const most = Math.max(...maps.map(heat_most));
    const colours = heat_colours(app, most, "weights");
    texts.forEach((one, which) => {
      const [x, y, side] = at[which];
      const rows = every(one);
      const { first_token, focus_allowed } = one.engine.measures(...head_of(one));
      const facts = { n: one.engine.n, first: (100 * first_token).toFixed(0), spread: focus_allowed.toFixed(2) };
      const text = one.engine.meta.texts?.join(" · ") || one.labels.join(" ");
      const title = say("texts_title", { name: one.name, text });
      const from = x - left + 8;
      pen.text(heat_short(title, side + left - 8), from, y - 118, { size: 12.5, bold: true });
      pen.text(heat_short(say("texts_says", facts), (side + left) * 1.2), from, y - 101, pen.small);
      const masked = heat_masked(app, one.engine, head_of(one)[0], "weights");
      heat_paint(pen, at[which], one.engine, maps[which], colours, { rows, masked });
      heat_names(pen, at[which], app, { rows, left: left - 8, of: one });
    });
    const [, y, side] = at.at(-1);
    heat_legend(pen, app, at[0][0], y + side + 22, most);
  }

  function sheets() {
    const most = Math.max(...all().map((one) => heat_most(drawn_of(one))));
    const kind = app.state.scale === "lift" ? "lift" : "weight";
    return all().map((one) => {
      const { engine, labels, name } = one;
      const [layer, head] = head_of(one);
      const text = heat_short(engine.meta.texts?.join(" · ") || labels.join(" "), 320);
      const title = say("texts_title", { name, text });
      const masked = heat_masked(app, engine, layer, "weights");
      return sheet_map({ engine, layer, head, labels, name, title, masked, map: drawn_of(one), rows: every(one), most,
        kind, value: kind, mask: sheet_mask(app, engine) });
    });
  }

  /* The sentence that the cursor stands in, its number, and the cell: what is there of them. */
  const here = () => {
    const which = clamp(cursor[0], all().length);
    const one = all()[which];
    return [one, which, ...cursor.slice(1).map((at) => clamp(at, one.engine.n))];
  };

  function over(pen, w) {
    const [one, which, i, j] = here();
    const [x, y, side] = boxes(w)[which];
    heat_cross(pen, x, y, side, side / one.engine.n, i, j);
  }

  const told = (one, i, j) => {
    const at = i * one.engine.n + j;
    return one.engine.cells(head_of(one)[0])[at] ? map_of(one)[at].toFixed(4) : say("masked");
  };
  function go(which, i, j) {
    cursor = [which, i, j];
    board.draw_over();
    const [one, , query, key] = here();
    const names = { name: one.name, query: one.labels[query], key: one.labels[key] };
    app.tell(say("texts_cell", { ...names, value: told(one, query, key) }));
  }

  /* A cell of A can be pinned: the sum behind it is the page's own. */
  function pick(event) {
    const [, which, i, j] = here();
    if (which) app.tell(say("texts_pin"));
    else app.pick(i, j, event);
    return true;
  }

  const board = new Board(app, {
    label: say("texts_label"),
    id: "texts",
    paint,
    over,
    sheets,
    size: (w) => {
      const [, y, side] = boxes(w).at(-1);
      return [w, y + side + 76];
    },
    point: (px, py) =>
      boxes(board.element.clientWidth).forEach(([x, y, side], which) => {
        const cell = side / all()[which].engine.n;
        if (px !== null && px >= x && py >= y && px < x + side && py < y + side)
          go(which, Math.floor((py - y) / cell), Math.floor((px - x) / cell));
      }),
    click: (x, y, event) => pick(event),
    key: (name, event) => {
      const step = board_step(name);
      const [one, which, i, j] = here();
      if (name === "Enter") return pick(event);
      if (!step) return app.pick_key(name, event);
      if (j + step[1] < 0 && which > 0) go(which - 1, i, Infinity);
      else if (j + step[1] >= one.engine.n && which + 1 < all().length) go(which + 1, i, 0);
      else go(which, i + step[0], j + step[1]);
      return true;
    },
    row: () => {
      const [one, , row, column] = here();
      return {
        rows: one.engine.n,
        columns: one.engine.n,
        row,
        column,
        name: `${one.name}: ${say("row_of", { token: one.labels[row] })}`,
        texts: every(one).map((j) => `${one.labels[j]} ${told(one, row, j)}`),
      };
    },
  });
  return board;
}
