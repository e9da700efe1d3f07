// app - the state, and what is on the screen: whatever changes the one draws the other anew. Views ask it what is
// shown, what is pinned, which head, which colours.
import { engine_open } from "./engine.js";
import { fill, make } from "./dom.js";
import { say, words_use } from "./words.js";
import { STATE_VIEWS, state_changed, state_hash, state_new, state_of_hash, state_ranged } from "./state.js";
import { tour_state, tour_view } from "./tour.js";
import { controls_new } from "./controls.js";
import { detail_new } from "./detail.js";
import { side_new } from "./side.js";
import { files_save } from "./files.js";
import { tokens_joined, tokens_named } from "./tokens.js";
import { matrix_view } from "./matrix.js";
import { head_view } from "./head.js";
import { model_view } from "./model.js";
import { neuron_view } from "./neuron.js";
import { flow_view } from "./flow.js";
import { anatomy_view } from "./anatomy.js";
import { measures_view } from "./measures.js";
import { compare_view } from "./compare.js";
import { Live } from "./live.js";
import { panel_new } from "./live_panel.js";
import { Shown } from "./shown.js";

const APP_LONG = 200; // tokens: from here on the page says what takes its time
const APP_VIEWS = {
  matrix: matrix_view,
  head: head_view,
  model: model_view,
  neuron: neuron_view,
  flow: flow_view,
  anatomy: anatomy_view,
  measures: measures_view,
  compare: compare_view,
  tour: tour_view,
};

export class App extends Shown {
  #views = new Map();
  #mirror;

  constructor(engine, others) {
    super();
    this.others = others;
    this.open_cards = new Set();
    this.living = new Live(this, engine);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.state.temperature !== 1) this.set({ temperature: 1 });
    });
    this.open(engine);
  }

  #take(engine) {
    const labels = engine.meta.labels ?? engine.meta.tokens;
    this.engine = engine;
    this.names = [labels, tokens_joined(labels, engine.meta.roles ?? [])].map(tokens_named);
  }

  open(engine) {
    this.#take(engine);
    this.first = state_new(engine);
    this.#address();
    words_use(this.state.lang);
    this.#views.clear();
    this.#build();
    this.redraw();
  }

  /* Another answer of the same model: all stays but the numbers. */
  swap(engine) {
    const { n } = this.engine;
    this.#take(engine);
    this.state = state_ranged(this.state, engine);
    if (engine.n !== n) this.forget();
  }

  /* ---- the state ---- */

  /* The whole of it, with the knobs that this mask takes, and B's, as they are. */
  now() {
    const b = this.state.against === "mask" && this.unmasked() ? Object.entries(this.mirror().rule) : [];
    const of_b = Object.fromEntries(b.map(([name, value]) => ["b_" + name, value]));
    return { ...this.state, ...this.engine.rule, ...of_b };
  }

  async set(part) {
    this.panel.calm();
    const { view, lang } = this.state;
    if (part.view === "tour" && view !== "tour" && !("step" in part))
      part = { ...part, step: 0 }; // whose words hold under every mask: a view changes no weight
    this.state = this.living.admitted(state_ranged(state_changed(this.state, part), this.engine));
    if (this.state.lang !== lang) {
      words_use(this.state.lang);
      this.#views.clear();
      this.panel = null;
      this.#build();
    }
    await this.#show();
  }

  /* ---- the screen ---- */

  view_of(name) {
    if (!this.#views.has(name)) this.#views.set(name, APP_VIEWS[name](this));
    return this.#views.get(name);
  }

  /* The line above all: the model, what can be saved, the theme. */
  #top() {
    const themes = ["auto", "dark", "light"];
    const next = () => themes[(themes.indexOf(this.state.theme) + 1) % themes.length];
    const files = ["png", "svg", "csv", "gnuplot"].map((kind) => {
      const name = kind.toUpperCase();
      const props = { class: "plain", onclick: () => files_save(this, kind), aria_label: say("save", { kind: name }) };
      return make("button", props, kind === "gnuplot" ? kind : name);
    });
    const theme = { class: "plain", aria_label: say("theme_label"), onclick: () => this.set({ theme: next() }) };
    return make("header", { class: "top" },
      make("div", { class: "brand" }, make("h1", {}, "Headlight"), this.about),
      make("div", { class: "tools" }, files, make("button", theme, say("theme"))));
  }

  #build() {
    const { meta } = this.engine;
    this.live = make("p", { class: "live", role: "status", aria_live: "polite" }, say("readout_none"));
    this.note = make("p", { class: "hint note" });
    const to = (view) => this.set(view === "tour" ? tour_state(this.state.step, this.engine.n) : { view });
    this.tabs = STATE_VIEWS.map((view) =>
      make("button", { class: "tab", onclick: () => to(view) }, say("view_" + view)));
    this.stage = make("div", { class: "stage" });
    this.banner = make("p", { class: "banner", role: "alert", hidden: meta.model.trained !== false }, say("banner"));
    this.controls = controls_new(this);
    this.side = side_new(this);
    this.detail = detail_new(this);
    this.panel ??= panel_new(this); // and what is being typed there
    this.about = make("p");
    this.foot = make("footer");
    const held = document.activeElement;
    fill(document.getElementById("page"),
      this.#top(),
      make("nav", { class: "tabs", aria_label: say("views") }, this.tabs),
      this.banner,
      this.panel.element,
      make("div", { class: "columns" },
        this.controls.element,
        make("div", { class: "middle" }, this.live, this.note, this.stage),
        make("div", { class: "side" }, this.detail.element, this.side.element)),
      this.foot,
    );
    held.focus();
  }

  #limits() {
    const { meta, n } = this.engine;
    const { precision = "float32", weights_within = 0, context = n } = meta;
    const within = String(weights_within);
    const said = say(this.engine.lives ? "limits_lives" : "limits", { n, precision, within, context });
    const near = this.living.home?.meta.living;
    return [said, near && say("live_within", near), n > APP_LONG && say("limits_long")].filter(Boolean).join(" ");
  }

  redraw() {
    const { state, engine } = this;
    for (const one of new Set([engine, ...this.others.values()])) {
      one.set_mask(state, state.scope === "model" && (one.lives || one === this.living.home));
      one.set_temperature(state.temperature);
    }
    this.about.textContent = say("about", { name: engine.meta.model.name, ...engine.meta.model, n: engine.n });
    this.foot.textContent = this.#limits();
    fill(this.note, this.warmth() && say("warm_note", state));
    Object.assign(document.documentElement.dataset, { theme: this.theme().name, view: state.view });
    this.tabs.forEach((tab, at) => (tab.ariaCurrent = STATE_VIEWS[at] === state.view ? "page" : "false"));
    this.view = this.view_of(state.view);
    if (this.stage.firstChild !== this.view.element) fill(this.stage, this.view.element);
    this.panel.draw();
    this.controls.draw();
    this.view.draw();
    this.detail.draw();
    this.side.draw();
  }

  /* B's mask, as set_mask takes it. */
  #b_rule() {
    const b = Object.entries(this.state).filter(([name]) => name.startsWith("b_"));
    return Object.fromEntries(b.map(([name, value]) => [name.slice(2), value]));
  }

  /* Whose heads are looked at again under another mask: A's; where A's model ran under its mask, those of the pass
   * without one that the page was made with, or null: nobody has made it. */
  unmasked() {
    const { home } = this.living;
    if (!this.engine.meta.own) return this.engine;
    return home && String(home.meta.tokens) === String(this.engine.meta.tokens) ? home : null;
  }

  /* The same numbers under B's mask, or under another. */
  mirror(rule = this.#b_rule()) {
    const plain = this.unmasked();
    if (this.#mirror?.meta !== plain.meta) {
      this.#mirror?.close();
      this.#mirror = plain.again();
    }
    this.#mirror.set_mask(rule);
    this.#mirror.set_temperature(this.state.temperature);
    return this.#mirror;
  }

  /* A file of finished maps that was dropped on the page. */
  async drop(file) {
    try {
      const engine = await engine_open(await file.arrayBuffer(), this.engine);
      await this.living.leave();
      this.open(engine);
      this.tell(say("opened", { name: file.name }));
    } catch (error) {
      this.tell(say("not_opened", { name: file.name, why: error.message }));
    }
  }

  /* What the state asks for: at once, or when the model has read it. Then the address says what came of it. */
  async #show() {
    if (this.living.behind()) await this.living.follow();
    else this.redraw();
    const hash = state_hash(this.state, this.first);
    if (hash !== (location.hash || "#")) history.replaceState(null, "", hash);
  }

  /* The state that the address names. */
  #address() {
    this.state = this.living.admitted(state_of_hash(location.hash, this.first, this.engine));
  }

  async rehash() {
    this.panel.calm();
    this.#address();
    await this.#show();
  }
}
