// controls - the column at the left: which head, under which mask, how it is coloured. All of it acts at once.
import { check, chip, choice, choice_number, draw_kept, fill, hint, make, slider } from "./dom.js";
import { colour_head } from "./colour.js";
import { find_new } from "./find.js";
import { off_controls, scope_controls } from "./live_controls.js";
import { sheet_own } from "./sheets.js";
import { STATE_WORDS, state_shows } from "./state.js";
import { say } from "./words.js";

const CONTROLS_WEIGHTS = ["neuron", "anatomy", "measures", "compare"]; // views that show weights, whatever is chosen

/* A choice among the words that a member of the state may have; they are called as those of `named` are. */
export function controls_pick(app, member, label = member, words = STATE_WORDS[member], named = member) {
  const own = named === "mask" && sheet_own(app.engine.meta);
  const rows = words.map((name) => [name, say(own && name === "none" ? "mask_own" : `${named}_${name}`)]);
  return choice(say(label), rows, app.state[member], (name) => app.set({ [member]: name }));
}

/* A slider for each number that an engine's mask takes, and whether the past alone is seen; b: "b_" for B's. */
export function controls_knobs(app, { rule, n }, b = "") {
  const least = (knob) => (["dilation", "chunk"].includes(knob) ? 1 : 0);
  const name = (words) => (b ? say("of_b", { words }) : words);
  const knobs = Object.keys(rule).filter((knob) => typeof rule[knob] === "number");
  return [
    ...knobs.map((knob) => slider(name(say("knob_" + knob)), least(knob), Math.max(n, 1), rule[knob],
      (value) => app.set({ [b + knob]: value }))),
    check(name(say("also_causal")), rule.also_causal, (on) => app.set({ [b + "also_causal"]: on })),
  ];
}

export function controls_new(app) {
  const where = make("section");
  const mask = make("section");
  const look = make("section");
  const find = make("section");
  const find_made = find_new(app);
  const pick = (...which) => controls_pick(app, ...which);
  let mask_for = null; // the kind whose knobs stand there: a slider that is being drawn is not replaced
  fill(find, find_made.element);

  function draw_where() {
    const { state } = app;
    const chips = app.offered("heads").map((head) =>
      chip(head, state.heads.includes(head), {
        aria_label: say("head_n", { head }),
        style: `--hue: ${colour_head(head)}`,
        onclick: (event) => (event.detail > 1 ? null : toggle(head)),
        ondblclick: () => solo(head),
      }));
    fill(where,
      make("h2", {}, say("which_head")),
      make("div", { class: "row" },
        choice_number(say("layer"), app.offered("layers"), state.layer, (layer) => app.set({ layer })),
        choice_number(say("head"), app.offered("heads"), state.head, (head) => app.set({ head })),
      ),
      make("div", { class: "chips", role: "group", aria_label: say("heads_shown") }, chips),
      hint(say("chips_hint")),
      off_controls(app),
    );
  }

  const toggle = (head) => {
    const { heads } = app.state;
    const rest = heads.filter((other) => other !== head);
    if (!heads.includes(head)) app.set({ heads: [...heads, head].sort((a, b) => a - b), head });
    else if (rest.length) app.set({ heads: rest });
  };
  const solo = (head) => {
    const alone = String(app.state.heads) === String(head);
    app.set({ heads: alone ? app.offered("heads") : [head], head });
  };

  function draw_mask() {
    const { state, engine } = app;
    const { n } = engine;
    const cost = engine.cost();
    const share = cost.pairs / (n * n);
    const meter = make("div", { class: "meter" }, make("i", { style: `width: ${100 * share}%` }));
    const kib = (cost.maps_bytes / 1024).toFixed(1);
    const words = say("cost", { pairs: cost.pairs, all: n * n, share: (100 * share).toFixed(0), kib });
    const curve = cost_curve(app);
    const now = [state.mask, state.also_causal, n, state.lang, state.scope, state.mask_layers].join();
    if (now === mask_for) return mask.querySelector(".cost").replaceChildren(meter, hint(words), curve);
    mask_for = now;
    fill(mask,
      make("h2", {}, say("mask")),
      pick("mask", "mask_kind"),
      controls_knobs(app, engine),
      make("div", { class: "cost" }, meter, hint(words), curve),
      scope_controls(app),
    );
  }

  function draw_look() {
    const { state, engine } = app;
    const pair = engine.meta.segments?.some((part) => part === 1);
    fill(look,
      make("h2", {}, say("look")),
      !CONTROLS_WEIGHTS.includes(state.view) && pick("show", "show", state_shows(engine)),
      state.show === "reach" &&
        slider(say("depth"), 1, Math.max(1, engine.layers), state.depth, (depth) => app.set({ depth })),
      pick("scale"),
      slider(say("top"), 10, 100, state.top, (top) => app.set({ top }), (value) => value + " %"),
      warm_slider(),
      check(say("special"), state.special, (special) => app.set({ special })),
      !state.special && hint(say("special_hint")),
      pair && pick("segments"),
    );
  }

  function warm_slider() {
    const show = (tenths) => tenths / 10;
    const warm = (tenths) => app.set({ temperature: tenths / 10 });
    const field = slider(say("temperature"), 1, 40, 10 * app.state.temperature, warm, show);
    field.addEventListener("keydown", ({ key, target }) => {
      if (key !== "Escape") return;
      target.value = 10;
      target.dispatchEvent(new Event("input"));
    });
    return field;
  }

  const wide = window.innerWidth > 900;
  const element = make("details", { class: "controls", open: wide },
    make("summary", {}, say("controls")), where, mask, look, find);
  const draw = () => {
    const held = document.activeElement;
    draw_where();
    draw_mask();
    find_made.draw();
    if (!(held?.type === "range" && look.contains(held))) draw_look();
  };
  return { element, draw: () => draw_kept(element, draw) };
}

/* Pairs computed against the number of tokens: this mask's curve below the one of all pairs. */
function cost_curve(app) {
  const canvas = make("canvas",
    { class: "curve", width: 480, height: 120, role: "img", aria_label: say("curve_label") });
  const c = canvas.getContext("2d");
  const theme = app.theme();
  const most = 512;
  const x = (n) => (n / most) * 476 + 2;
  const y = (pairs) => 116 - (pairs / most ** 2) * 110;
  const draw = (colour, pairs) => {
    c.strokeStyle = colour;
    c.lineWidth = 3;
    c.beginPath();
    for (let n = 8; n <= most; n += 24) c.lineTo(x(n), y(pairs(n)));
    c.stroke();
  };
  draw(theme.rule, (n) => n * n);
  draw(theme.accent, (n) => app.engine.cost(n).pairs);
  return canvas;
}
