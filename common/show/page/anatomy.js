// anatomy - one walk from a word to what the model makes of it: numbers of one token as strips, top to bottom, and the
// three matrices of one head: scores, scaled and masked, softmax.
import { Board, board_step } from "./board.js";
import { colour_css, colour_of, colour_part, colour_signed } from "./colour.js";
import { heat_most, heat_short } from "./heat.js";
import { pen_lines } from "./pen.js";
import { say } from "./words.js";

const ANATOMY_MOST = 48; // tokens: more make three matrices too small to read

export function anatomy_view(app) {
  const token = () => app.state.token ?? app.shown()[Math.min(1, app.shown().length - 1)];
  const shown = () => app.shown().slice(0, ANATOMY_MOST);

  /* [heading, words, [[name of the strip, numbers or null, "q" for a hue of its own]]] from top to bottom; in the place
   * of strips "matrices", or {list} of guesses. */
  function parts() {
    const e = app.engine;
    const { layer, head } = app.state;
    const i = token();
    const meta = e.meta;
    const normed_last = meta.norm_first && layer === e.layers - 1; // what comes out has been through the last norm
    const missing = say("anatomy_missing", { layers: meta.anatomy_layers?.join(", ") });
    const row = (name) => {
      const t = e.tensor(name);
      return t ? t.data.subarray(i * t.shape[1], (i + 1) * t.shape[1]) : null;
    };
    const stored = (word, name) => [say(word), row(name)];
    const own = (name) => e.head_part(name, layer, head).subarray(i * e.d_head, (i + 1) * e.d_head);
    const moved = e.tensor("moved")?.data;
    const change = (which) => (moved ? moved[(layer * 2 + which) * e.n + i].toFixed(3) : "–");
    const segment = meta.segments[i] ? "B" : "A";
    const summed = meta.norm_first ? "an_summed" : "an_learned";
    const positions = say(meta.positions !== "learned" ? "an_positions" : summed, { kind: meta.positions });
    const widths = { inner: meta.inner_width, width: meta.model.width };
    const added = say("an_add_says", { attention: change(0), feed: change(1) });
    return [
      ["1 " + say("an_token"), say("an_token_says", { token: app.labels[i], id: meta.ids[i], place: i, segment }), []],
      ["2 " + say("an_embedding"), positions + " " + say("an_signed"), [
        stored("an_word", "word"),
        stored("an_position", "position"),
        [say("an_segment"), meta.norm_first ? null : row("segment")],
        stored("an_embedded", "embedded"),
        [say("an_normed"), meta.norm_first ? null : row("hidden.0")],
      ]],
      ["3 " + say("an_qkv", { layer, head }), say("an_qkv_says"),
        ["q", "k", "v"].map((part) => [part, own(part), part])],
      ["4 " + say("an_scores"), say("an_scores_says", { token: app.labels[i] }), "matrices"],
      ["5 " + say("an_heads"), row(`context.${layer}`) ? say("an_heads_says") : missing, [
        stored("an_context", `context.${layer}`),
        stored("an_mixed", `mixed.${layer}`),
      ]],
      ["6 " + say("an_add"), normed_last ? added + " " + say("an_add_last") : added, [
        stored("an_before", `hidden.${layer}`),
        stored("an_attended", `attended.${layer}`),
        stored("an_after", `hidden.${layer + 1}`),
      ]],
      ["7 " + say("an_feed"), row(`inner.${layer}`) ? say("an_feed_says", widths) : missing, [
        stored("an_inner", `inner.${layer}`),
        stored("an_fed", `fed.${layer}`),
      ]],
      ["8 " + say("an_guess"), ...guesses(i)],
    ];
  }

  /* Words, and the likeliest tokens: {word, share, sum: how the share comes about}. */
  function guesses(i) {
    const { meta } = app.engine;
    const part = (name) => app.engine.tensor(name)?.data;
    const [logits, exps, shares, sums] = ["guess_logit", "guess_exp", "guess_share", "guess_sum"].map(part);
    if (!meta.guesses || !shares) return [say("an_no_guess"), []];
    const top = meta.guesses.top;
    const list = meta.guesses.tokens[i].map((word, g) => {
      const at = i * top + g;
      const [logit, exp, sum] = [logits[at], exps[at], sums[i]].map((value) => value.toFixed(2));
      return { word, share: shares[at], sum: say("an_share", { logit, exp, sum, share: shares[at].toFixed(4) }) };
    });
    return [say("an_guess_" + meta.guesses.kind, { token: app.labels[i] }), { list }];
  }

  function bars(pen, w, y, list) {
    const names = Math.min(130, w * 0.3);
    const room = Math.max(40, w - names - 270);
    list.forEach(({ word, share, sum }, at) => {
      pen.text(heat_short(word, names - 10), names - 8, y + 26 * at + 9, { align: "right", size: 12.5, bold: !at });
      pen.rect(names, y + 26 * at, Math.max(1, share * room), 18, pen.theme.accent, 0.85);
      pen.text(sum, names + share * room + 8, y + 26 * at + 9, pen.small);
    });
  }

  const side = (w) => (app.narrow() ? Math.min(w - 20, 260) : Math.min(240, (w - 60) / 3));
  const strips_there = (strips) => strips.filter(([, numbers]) => numbers);
  const height = (w, strips) =>
    strips === "matrices"
      ? (side(w) + 34) * (app.narrow() ? 3 : 1) + 14
      : 26 * (strips.list ?? strips_there(strips)).length + 8;

  /* Where each part stands: its heading at y, what is below its words at inner, the next part at end. */
  function placed(w) {
    let end = 0;
    return parts().map(([heading, words, strips]) => {
      const lines = pen_lines(words, w);
      const y = end;
      const inner = y + 34 + 20 * lines.length;
      end = inner + height(w, strips) + 14;
      return { heading, lines, strips, y, inner, end };
    });
  }

  function paint(pen, w) {
    for (const { heading, lines, strips, y, inner } of placed(w)) {
      pen.text(heading, 0, y + 14, { size: 14.5, bold: true });
      lines.forEach((line, at) => pen.text(line, 0, y + 34 + 20 * at, { size: 12.5, colour: pen.theme.quiet }));
      if (strips === "matrices") matrices(pen, w, inner);
      else if (strips.list) bars(pen, w, inner, strips.list);
      else strips_there(strips).forEach((one, at) => strip(pen, w, inner + at * 26, ...one));
    }
  }

  /* In a hue of its own what is below zero stands in the lower half. */
  function strip(pen, w, y, name, numbers, part) {
    const names = Math.min(130, w * 0.3);
    const most = heat_most(numbers);
    const bent = (c) => (most ? Math.sign(numbers[c]) * Math.sqrt(Math.abs(numbers[c]) / most) : 0);
    pen.text(name, names - 8 - (part ? 18 : 0), y + 9, { align: "right", size: 11.5, colour: pen.theme.quiet });
    if (part) pen.rect(names - 20, y + 3, 12, 12, colour_css(colour_part(pen.theme, part, 1)));
    pen.cells(names, y, w - names - 60, 18, part ? 2 : 1, numbers.length, (half, c) =>
      part ? colour_part(pen.theme, part, half ? -bent(c) : bent(c)) : colour_signed(pen.theme, bent(c)),
    );
    pen.text(`±${most.toFixed(2)}`, w - 54, y + 9, pen.small);
  }

  function matrices(pen, w, y) {
    const rows = shown();
    const { layer, head } = app.state;
    const s = side(w);
    const terms = rows.map((i) => rows.map((j) => app.engine.term(layer, head, i, j)));
    const allowed = (r, c) => app.may(rows[r], rows[c]);
    const most = Math.max(...terms.flat().map((term) => Math.abs(term.score)), 1e-9);
    const much = Math.max(...terms.flat().map((term) => Math.abs(term.scaled)), 1e-9);
    [
      [`q·k  ±${most.toFixed(1)}`, (r, c) => colour_signed(pen.theme, terms[r][c].score / most)],
      [
        say("an_scaled", { most: much.toFixed(2) }),
        (r, c) => (allowed(r, c) ? colour_signed(pen.theme, terms[r][c].scaled / much) : null),
      ],
      ["softmax  0–1", (r, c) => (allowed(r, c) ? colour_of(pen.theme, terms[r][c].weight) : null)],
    ].forEach(([name, colour], at) => {
      const [x, top] = app.narrow() ? [0, y + at * (s + 34)] : [at * (s + 30), y];
      pen.text(name, x, top + 8, { size: 11.5, colour: pen.theme.quiet });
      pen.hatch(x, top + 20, s, s);
      pen.cells(x, top + 20, s, s, rows.length, rows.length, colour);
    });
  }

  /* Each strip as one row, the three matrices, and the shares of the guesses. */
  function sheets() {
    const name = app.labels[token()];
    const row = (title, across, numbers, kind) => ({ title, kind, down: [name], across, at: (_, c) => numbers[c] });
    return parts().flatMap(([heading, , strips]) => {
      if (strips === "matrices") return matrix_sheets();
      if (!strips.list)
        return strips_there(strips).map(([title, numbers]) => row(title, [...numbers.keys()], numbers, "signed"));
      return [row(heading, strips.list.map(({ word }) => word), strips.list.map(({ share }) => share), "weight")];
    });
  }

  function matrix_sheets() {
    const { layer, head } = app.state;
    const rows = shown();
    const names = rows.map((i) => app.labels[i]);
    const number = (of) => (r, c) => of(app.engine.term(layer, head, rows[r], rows[c]));
    const masked = (of) => (r, c) => (app.may(rows[r], rows[c]) ? number(of)(r, c) : NaN);
    const sheet = (title, kind, at) => ({ title, kind, down: names, across: names, at });
    return [
      sheet("q·k", "signed", number(({ score }) => score)),
      sheet(say("an_masked"), "signed", masked(({ scaled }) => scaled)),
      sheet("softmax", "weight", masked(({ weight }) => weight)),
    ];
  }

  const top_of_matrices = (w) => placed(w).find(({ strips }) => strips === "matrices").inner;

  /* The same cell in all three matrices. */
  function over(pen, w) {
    const rows = shown();
    const s = side(w);
    const cell = s / rows.length;
    const [i, j] = app.cursor_now();
    const top = top_of_matrices(w) + 20;
    const r = rows.indexOf(i ?? token());
    const c = rows.indexOf(j ?? app.state.key);
    for (const at of r >= 0 ? [0, 1, 2] : []) {
      const [x, y] = app.narrow() ? [0, top + at * (s + 34)] : [at * (s + 30), top];
      pen.frame(x, y + r * cell, s, cell, pen.theme.accent, 1.5);
      if (c >= 0) pen.frame(x + c * cell, y + r * cell, cell, cell, pen.theme.accent, 3);
    }
  }

  const board = new Board(app, {
    label: say("anatomy_label"),
    id: "walk",
    paint,
    over,
    sheets,
    size: (w) => [w, placed(w).at(-1).end],
    point: (x, y) => {
      const rows = shown();
      const w = board.element.clientWidth;
      const s = side(w);
      const top = top_of_matrices(w) + 20;
      const across = app.narrow() ? x : x === null ? null : x % (s + 30);
      const down = app.narrow() ? (y - top) % (s + 34) : y - top;
      const r = rows[Math.floor((down / s) * rows.length)];
      const c = rows[Math.floor((across / s) * rows.length)];
      app.point(...(x !== null && y > top && r !== undefined && c !== undefined ? [r, c] : [null, null]));
    },
    click: (x, y, event) => {
      const [i, j] = app.cursor_now();
      if (i !== null) app.pick(i, j, event);
    },
    key: (name, event) => {
      const [down, right] = board_step(name) ?? [0, 0];
      if (!down && !right) return app.pick_key(name, event);
      app.set({ token: app.stepped(token(), down + right) });
      return true;
    },
    row: () => ({
      rows: app.shown().length,
      columns: parts().length,
      row: Math.max(0, app.shown().indexOf(token())),
      column: 0,
      name: app.labels[token()],
      texts: parts().map(([heading, words, { list = [] }]) =>
        [`${heading}: ${words}`, ...list.map(({ word, sum }) => `${word} ${sum}`)].join("; ")),
    }),
  });
  return board;
}
