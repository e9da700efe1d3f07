// live - the model behind the page: it is asked what the state says, one pass at a time, and its answer becomes what
// all views look at. The sentence that the page was made for needs no pass: its numbers are stored, and exact.
import { ENGINE_KNOBS, engine_open } from "./engine.js";
import { brought_held, brought_name, brought_size } from "./brought.js";
import { living_start } from "./living.js";
import { STATE_ASKED, state_off } from "./state.js";
import { say } from "./words.js";

const LIVE_ASK_FROM = 300e6; // bytes of weights: from here on the reader is asked before they are read

export class Live {
  top = []; // [{place, guesses [{text, p}]}] of each [MASK], or of the end of a text that goes on
  moved = null; // [n] cosines of the last hidden states with those of the plain pass
  card = null;
  written = null; // {text, ids}: the ids of a text that the model has written itself
  #files; #living = null; #turn = null; #shown = [null, null]; #other = null; #good; #stored; #stop = null;
  #opens = Promise.resolve(); // one model is opened after the other

  /* home: the engine of the stored sentence. */
  constructor(app, home) {
    Object.assign(this, { app, home });
    this.#files = brought_held();
    this.#stored = app.others.get("text2");
  }

  /* Is there a model to ask? */
  get there() {
    return Boolean(this.#files);
  }

  /* What a reader has to know of the numbers on the screen. */
  badge() {
    if (!this.there) return "";
    const { worst } = this.home?.meta.living ?? {};
    if (this.app.engine === this.home) return say("live_stored");
    if (!this.home) return say("live_exact");
    return worst ? say("live_near", { worst }) : say("live_near_any");
  }

  /* The same state, without what nobody here could answer. */
  admitted(state) {
    return this.there ? state : { ...state, ...this.plain() };
  }

  /* The stored sentence, or the text that is there, with nothing done to it. */
  plain() {
    const { text, pair } = this.home ? this.app.first : this.app.state;
    return { ...STATE_ASKED, text, pair };
  }

  /* ---- the question ---- */

  #question(state, text, pair) {
    const { off, mask_layers, scope, mask, also_causal, view, layer } = state;
    const question = pair ? { text, pair } : { text };
    if (this.written?.text === text && !pair) question.ids = this.written.ids;
    if (off) question.off = state_off(off, this.app.engine);
    if (scope === "model" && (mask !== "none" || also_causal || state.valid)) {
      question.mask = { kind: mask, causal: also_causal };
      for (const knob of ENGINE_KNOBS) if (state[knob] !== null) question.mask[knob] = state[knob];
      if (mask_layers.length) question.layers = mask_layers;
    }
    if (view === "anatomy") question.strips = [layer];
    return question;
  }

  /* The two questions that the state asks: of its text, and of the one to compare with (null: none). */
  #questions(state = this.app.state) {
    const { text, pair, text_b, masked, order } = state;
    const first = this.#question(state, text, pair);
    if (masked.length) first.masked = masked;
    if (order.length) first.order = order;
    return [first, text_b ? this.#question(state, text_b, "") : null].map((one) => one && JSON.stringify(one));
  }

  /* A promise of an order: the words shuffled; each number shuffles them otherwise. */
  async shuffled(seed) {
    return (await (await this.model()).tokens({ ...JSON.parse(this.#questions()[0]), seed })).order;
  }

  /* Is it the stored sentence, as it is? */
  #is_home(question) {
    const { text, pair = "", strips, ...more } = JSON.parse(question);
    const { first } = this.app;
    return Boolean(this.home) && text === first.text && pair === first.pair && !Object.keys(more).length;
  }

  /* Does the screen show something else than the state asks for? */
  behind() {
    if (!this.there) return false;
    const [a, b] = this.#questions();
    const stored = this.#is_home(a) && this.app.engine === this.home;
    return (a !== this.#shown[0] && !stored) || b !== this.#shown[1];
  }

  /* ---- one pass after the other ---- */

  /* A promise: the screen shows what the state asks for, or what it showed before, with a line that says why. */
  follow() {
    this.#turn ??= this.#opens.then(() => this.#run()).finally(() => (this.#turn = null));
    return this.#turn;
  }

  async #run() {
    const wait = setTimeout(() => this.app.panel.busy(say("live_thinking")), 300);
    this.#good ??= this.#asked(this.app.first);
    try {
      while (this.behind()) {
        const questions = this.#questions();
        const answers = [];
        for (const [which, question] of questions.entries())
          answers.push(question === this.#shown[which] ? null : await this.#answer(question));
        if (questions.join() !== this.#questions().join()) {
          answers.forEach((answer) => answer?.engine !== this.home && answer?.engine?.close());
          continue;
        }
        this.#show(questions, answers);
      }
      this.#good = this.#asked(this.app.state);
      this.app.panel.done("");
    } catch (error) {
      this.app.state = { ...this.app.state, ...this.#good };
      this.app.panel.done(error.message);
    } finally {
      clearTimeout(wait);
      this.app.redraw();
    }
  }

  /* What a pass that fails takes back. */
  #asked(state) {
    const names = [...Object.keys(STATE_ASKED), ...ENGINE_KNOBS, "mask", "also_causal"];
    return Object.fromEntries(names.map((name) => [name, state[name]]));
  }

  async #answer(question) {
    if (question === null) return { engine: null };
    if (this.#is_home(question)) return { engine: this.home, top: [] };
    return this.#read(JSON.parse(question));
  }

  async #read(question) {
    const { block, ...answer } = await (await this.model()).read(question);
    const engine = await engine_open(block, this.app.engine);
    return { ...answer, engine: Object.assign(engine, { lives: true }) };
  }

  #show(questions, [first, second]) {
    if (first) {
      const before = this.app.engine;
      Object.assign(this, { top: first.top, moved: first.moved });
      this.app.swap(first.engine);
      if (before !== this.home) before.close();
    }
    if (second) {
      this.#other?.close();
      this.#other = second.engine;
      const shown = this.#other ?? this.#stored;
      if (shown) this.app.others.set("text2", shown);
      else this.app.others.delete("text2");
    }
    this.#shown = questions;
  }

  /* ---- the model ---- */

  /* The model, opened when it is needed for the first time. */
  model() {
    this.#living ??= this.#begin(this.#files()).catch((error) => {
      this.#living = null;
      throw error;
    });
    return this.#living;
  }

  async #begin(files) {
    let over = false; // cancelled; what it still says is for nobody
    const heard = ({ done, total }) => done && !over && this.app.panel.busy(say("live_opening"), done / total);
    const name = brought_name(files) ?? this.home.meta.model.name;
    const begun = living_start(files, heard, name);
    const stopped = new Promise((_, failed) => (this.#stop = () => failed(new Error(say("live_cancelled")))));
    stopped.catch(() => ((over = true), begun).then((living) => living.close(), () => {}));
    const living = await Promise.race([begun, stopped]);
    this.#stop = () => living.cancel();
    this.card = living.card;
    this.app.panel.done("");
    return living;
  }

  /* Ends what runs: the pass, or the opening of a model. */
  cancel() {
    this.#stop?.();
  }

  /* Gives back the model's memory. */
  async #close() {
    const living = this.#living;
    this.#living = null;
    await living?.then((one) => one.close(), () => {});
  }

  /* Finished maps take the place of everything: there is nobody left to ask. */
  async leave() {
    this.cancel();
    await this.#turn;
    await this.#close();
    this.#files = this.home = null;
  }

  /* A model that a reader brings: it takes the place of the one before, whose memory is given back first. What runs is
   * ended, another opening too; what is typed meanwhile is read by the new one. */
  async open(files) {
    const size = brought_size(files);
    const panel = this.app.panel;
    const asks = size > LIVE_ASK_FROM;
    const turned = asks && /gpt2/.test(await files.get("config.json").text()); // its matrices: there for a while twice
    const mb = size / 1e6;
    const words = say("live_memory", { mb: mb.toFixed(0), memory: ((1.1 + turned) * mb + 60).toFixed(0) });
    if (asks && !(await panel.agree(words))) return panel.done("");
    const turn = this.#turn;
    const { text } = this.app.state; // a pass that is ended takes it back
    this.cancel();
    return (this.#opens = this.#opens.then(() => turn).then(() => this.#open(files, words, text)));
  }

  /* What the model makes of the text that is there. One that it cannot read is none, and `why` says so: then it reads
   * nothing or, where it needs something, its first token. */
  async #first(text) {
    await this.model();
    let why = "";
    for (const written of [{ text }, { text: "" }, { text: "", ids: [0] }])
      try {
        return { ...(await this.#read(written)), written, why };
      } catch ({ message }) {
        why ||= message;
        if (message === "cancelled") break;
      }
    throw new Error(why);
  }

  async #open(files, words, text) {
    const { panel, engine: shown, state } = this.app;
    const before = this.#files;
    panel.busy(words);
    try {
      await this.#close();
      this.#files = () => files;
      const { engine, written, why, top } = await this.#first(text);
      const typed = this.app.state.text;
      Object.assign(this, { home: null, written: written.ids && written, top, moved: null });
      history.replaceState(null, "", "#");
      this.app.others.clear(); // they are of the model before
      this.#stored = this.#other = null;
      this.app.open(engine);
      shown.close();
      this.#shown = this.#questions();
      this.#good = this.#asked(this.app.state);
      this.app.tell(say("opened", { name: engine.meta.model.name }));
      panel.done(why);
      if (typed !== state.text) this.app.state.text = typed; // meanwhile: who waits for it reads it now
    } catch (error) {
      this.#files = before;
      await this.#close();
      panel.done(error.message);
    }
  }
}
