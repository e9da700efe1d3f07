// shown - which tokens and cells of the text are drawn, and in which colours.
import { COLOUR_THEMES } from "./colour.js";
import { Pins } from "./pins.js";
import { tokens_top } from "./tokens.js";
import { say } from "./words.js";

export class Shown extends Pins {
  #mask = new Map();
  #shown;

  theme(name = this.state.theme) {
    if (matchMedia("print").matches) return COLOUR_THEMES.light;
    return COLOUR_THEMES[
      name !== "auto" ? name : matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark"
    ];
  }

  /* What each token is called: as it stands, or the word that begins with it. */
  get labels() {
    return this.names[Number(this.state.show === "words")];
  }

  /* One head under the mask: of tokens, or of whole words. */
  weights(layer, head) {
    return this.engine[this.state.show === "words" ? "words" : "weights"](layer, head);
  }

  narrow() {
    return window.innerWidth < 700;
  }

  quiet_token(i) {
    return this.engine.meta.roles?.[i] === "special";
  }

  /* Numbers of the tokens that are drawn; asked for at every line, so counted once. */
  shown() {
    const { engine, state } = this;
    const key = `${state.special}${state.show === "words"}`;
    if (this.#shown?.engine !== engine || this.#shown.key !== key)
      this.#shown = { engine, key, tokens: this.#count_shown() };
    return this.#shown.tokens;
  }

  #count_shown() {
    const all = [...Array(this.engine.n).keys()],
      pieces = this.state.show === "words" ? this.engine.meta.roles : [],
      some = all.filter((i) => (this.state.special || !this.quiet_token(i)) && pieces[i] !== "piece");
    return some.length ? some : all;
  }

  /* A test for cells: inside the parts of the pair that are asked for, and among the strongest of its row. */
  kept(map) {
    const { segments, top } = this.state,
      part = this.engine.meta.segments ?? [],
      n = this.engine.n;
    const strong = top < 100 && this.state.show === "weights" ? tokens_top(map, n, top / 100) : null;
    const [from, to] = segments === "all" ? [] : [segments[0] === "b" ? 1 : 0, segments[1] === "b" ? 1 : 0];
    return (i, j) => (from === undefined || (part[i] === from && part[j] === to)) && (!strong || strong[i * n + j]);
  }

  /* [n * n] 1 where the mask allows in a layer; counted once a mask. */
  mask_cells(engine, layer) {
    const key = JSON.stringify([engine.rule, engine.meta.unmasked?.includes(layer)]),
      kept = this.#mask.get(engine);
    if (kept?.key === key) return kept.cells;
    const cells = new Uint8Array(engine.n ** 2);
    for (let i = 0, at = 0; i < engine.n; i++)
      for (let j = 0; j < engine.n; j++, at++) cells[at] = engine.allowed(i, j, layer);
    this.#mask.set(engine, { key, cells });
    return cells;
  }

  /* What a caption adds when the softmax is not the model's own. */
  warmth() {
    return this.state.temperature === 1 ? "" : say("warm", this.state);
  }

  sinks() {
    const { special } = this.state,
      share = this.engine.measures(this.state.layer, this.state.head),
      percent = (name) => (100 * share[name]).toFixed(0);
    return (
      say("sinks_share", { first: percent("first_token"), sep: percent("sep") }) +
      " " +
      say(special ? "sinks_shown" : "sinks_hidden")
    );
  }
}
