// anatomy - one walk from a word to what the model makes of it: numbers of one token as strips, top to bottom, and the
// three matrices of one head: scores, scaled and masked, softmax.
import { Board, board_step } from "./board.js";
import { colour_css, colour_of, colour_part, colour_signed } from "./colour.js";
import { heat_most, heat_short } from "./heat.js";
import { say } from "./words.js";

const ANATOMY_MOST = 48; // tokens: more make three matrices too small to read

export function anatomy_view(app) {
  const token = () => app.state.token ?? app.shown()[Math.min(1, app.shown().length - 1)];
  const shown = () => app.shown().slice(0, ANATOMY_MOST);

  /* [heading, words, [[name of the strip, numbers or null, "q" for a hue of its own]]] from top to bottom. */
  function parts() {
    const e = app.engine;
    const { layer, head } = app.state;
    const i = token();
    const meta = e.meta;
    const normed_last = meta.norm_first && layer === e.layers - 1; // what comes out has been through the model's last norm
    const missing = say("anatomy_missing", { layers: meta.anatomy_layers?.join(", ") });
    const row = (name) => {
      const t = e.tensor(name);
      return t ? t.data.subarray(i * t.shape[1], (i + 1) * t.shape[1]) : null;
    };
    const own = (name) => e.head_part(name, layer, head).subarray(i * e.d_head, (i + 1) * e.d_head);
    const moved = e.tensor("moved")?.data;
    const change = (which) => (moved ? moved[(layer * 2 + which) * e.n + i].toFixed(3) : "–");
    return [
      [
        "1 " + say("an_token"),
        say("an_token_says",
          { token: app.labels[i], id: meta.ids[i], place: i, segment: meta.segments[i] ? "B" : "A" }),
        [],
      ],
      [
        "2 " + say("an_embedding"),
        say(meta.positions !== "learned" ? "an_positions" : meta.norm_first ? "an_summed" : "an_learned", { kind: meta.positions }) +
          " " + say("an_signed"),
        [
          [say("an_word"), row("word")],
          [say("an_position"), row("position")],
          [say("an_segment"), meta.norm_first ? null : row("segment")],
          [say("an_embedded"), row("embedded")],
          [say("an_normed"), meta.norm_first ? null : row("hidden.0")],
        ],
      ],
      [
        "3 " + say("an_qkv", { layer, head }),
        say("an_qkv_says"),
        [...["q", "k", "v"].map((part) => [part, own(part), part])],
      ],
      ["4 " + say("an_scores"), say("an_scores_says", { token: app.labels[i] }), "matrices"],
      [
        "5 " + say("an_heads"),
        row(`context.${layer}`) ? say("an_heads_says") : missing,
        [
          [say("an_context"), row(`context.${layer}`)],
          [say("an_mixed"), row(`mixed.${layer}`)],
        ],
      ],
      [
        "6 " + say("an_add"),
        say("an_add_says", { attention: change(0), feed: change(1) }) + (normed_last ? " " + say("an_add_last") : ""),
        [
          [say("an_before"), row(`hidden.${layer}`)],
          [say("an_attended"), row(`attended.${layer}`)],
          [say("an_after"), row(`hidden.${layer + 1}`)],
        ],
      ],
      [
        "7 " + say("an_feed"),
        row(`inner.${layer}`) ? say("an_feed_says", { inner: meta.inner_width, width: meta.model.width }) : missing,
        [
          [say("an_inner"), row(`inner.${layer}`)],
          [say("an_fed"), row(`fed.${layer}`)],
        ],
      ],
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
  const strip_rows = (strips) => strips.filter(([, numbers]) => numbers).length;
  const height = (w, strips) =>
    strips === "matrices"
      ? (side(w) + 34) * (app.narrow() ? 3 : 1) + 14
      : 26 * (strips.list?.length ?? strip_rows(strips)) + 8;

  function paint(pen, w) {
    let y = 0;
    for (const [heading, words, strips] of parts()) {
      pen.text(heading, 0, y + 14, { size: 14.5, bold: true });
      for (const line of anatomy_lines(words, w))
        pen.text(line, 0, (y += 20) + 14, { size: 12.5, colour: pen.theme.quiet });
      y += 34;
      if (strips === "matrices") matrices(pen, w, y);
      else if (strips.list) bars(pen, w, y, strips.list);
      else
        strips.filter(([, numbers]) => numbers).forEach((one, at) => strip(pen, w, y + at * 26, ...one));
      y += height(w, strips) + 14;
    }
    return y;
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

  const top_of_matrices = (w) => {
    let y = 0;
    for (const [, words, strips] of parts()) {
      y += 34 + 20 * anatomy_lines(words, w).length;
      if (strips === "matrices") return y;
      y += height(w, strips) + 14;
    }
    return y;
  };
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

  const total = (w) =>
    parts().reduce((y, [, words, strips]) => y + 48 + 20 * anatomy_lines(words, w).length + height(w, strips), 0);

  const board = new Board(app, {
    label: say("anatomy_label"),
    id: "walk",
    paint,
    over,
    size: (w) => [w, total(w)],
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

/* Words in lines that fit a width, about seven pixels a letter. */
function anatomy_lines(text, w) {
  const most = Math.max(20, Math.floor(w / 6.6));
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length > most) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines;
}
