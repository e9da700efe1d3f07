// shown - which tokens and cells of the text are drawn, and in which colours.
import { COLOUR_THEMES } from "./colour.js";
import { Pins } from "./pins.js";
import { say } from "./words.js";

export class Shown extends Pins {
  #shown;

  theme(name = this.state.theme) {
    if (matchMedia("print").matches) return COLOUR_THEMES.light;
    const own = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    return COLOUR_THEMES[name === "auto" ? own : name];
  }

  /* Are whole words drawn for pieces? q, k and what is compared are of tokens. */
  get words() {
    return this.state.show === "words" && ["matrix", "head", "model", "flow", "tour"].includes(this.state.view);
  }

  /* What each token is called: as it stands, or the word that begins with it. */
  get labels() { return this.names[Number(this.words)]; }

  /* One head under the mask: of tokens, or of whole words. */
  weights(layer, head) {
    return this.engine[this.words ? "words" : "weights"](layer, head);
  }

  /* Numbers of the layers ("layers") or heads ("heads") that the page was asked to offer, of all without a wish. */
  offered(kind) {
    return this.engine.meta["only_" + kind] ?? [...Array(this.engine[kind]).keys()];
  }

  narrow() { return window.innerWidth < 700; }

  quiet_token(i) { return this.engine.meta.roles?.[i] === "special"; }

  /* Numbers of the tokens that are drawn; asked for at every line, so counted once. */
  shown() {
    const { engine, state } = this;
    const key = `${state.special}${this.words}`;
    if (this.#shown?.engine !== engine || this.#shown.key !== key)
      this.#shown = { engine, key, tokens: this.#count_shown() };
    return this.#shown.tokens;
  }

  #count_shown() {
    const all = [...Array(this.engine.n).keys()];
    const pieces = this.words ? this.engine.meta.roles : [];
    const some = all.filter((i) => (this.state.special || !this.quiet_token(i)) && pieces[i] !== "piece");
    return some.length ? some : all;
  }

  /* Does the matrix mix several heads? */
  several() {
    return this.state.heads.length > 1 && this.state.show === "weights";
  }

  /* A test for cells of a head: inside the parts of the pair that are asked for, and among the strongest of its row. */
  kept(head = this.state.head) {
    const { segments, top, show, layer } = this.state;
    const { engine } = this;
    const part = engine.meta.segments ?? [];
    const strong = top < 100 && show === "weights" && engine.top(layer, head, top);
    const [from, to] = [0, 1].map((end) => Number(segments.at(end) === "b"));
    const inside = (i, j) => segments === "all" || (part[i] === from && part[j] === to);
    return (i, j) => inside(i, j) && (!strong || strong[i * engine.n + j]);
  }

  /* What a caption adds when the softmax is not the model's own. */
  warmth() {
    return this.state.temperature === 1 ? "" : say("warm", this.state);
  }

  sinks() {
    const { special } = this.state;
    const share = this.engine.measures(this.state.layer, this.state.head);
    const percent = (name) => (100 * share[name]).toFixed(0);
    const words = say("sinks_share", { first: percent("first_token"), sep: percent("sep") });
    return words + " " + say(special ? "sinks_shown" : "sinks_hidden");
  }
}
