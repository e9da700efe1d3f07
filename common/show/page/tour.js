// tour - ten steps for a lecture: each is a state of the page with two sentences. The keys left and right walk.
import { fill, make } from "./dom.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

const TOUR = [
  { inside: "head", mask: "none", scale: "fixed", show: "weights", token: null, key: null },
  { inside: "matrix", mask: "none", token: 1, key: null },
  { inside: "neuron", mask: "none", token: 1 },
  { inside: "matrix", token: 1, key: 0 },
  { inside: "model", token: null, key: null },
  { inside: "matrix", mask: "causal" },
  { inside: "matrix", mask: "local", window: 2, show: "difference" },
  { inside: "matrix", mask: "local", window: 2, show: "reach", depth: 2 },
  { inside: "matrix", mask: "global-local", window: 1, global: 1, show: "weights", scale: "lift" },
  { inside: "measures", mask: "none", scale: "fixed", show: "weights" },
];

/* The state that a step asks for: what it does not name keeps its value. */
export function tour_state(step, n) {
  const { inside, ...part } = TOUR[step];
  for (const name of ["token", "key"]) if (Number.isInteger(part[name]) && part[name] >= n) part[name] = 0;
  return { show: "weights", scale: "fixed", temperature: 1, ...part, view: "tour", step };
}

export function tour_view(app) {
  const words = make("section", { class: "tour", tabIndex: 0, role: "group", aria_label: say("tour_label") });
  const place = make("div");
  const go = (step) => app.set(tour_state(clamp(step, TOUR.length), app.engine.n));
  words.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(app.state.step + by);
  });
  const button = (to, text, name = "") =>
    make("button", { class: name, disabled: !TOUR[to], onclick: () => (go(to), words.focus()) }, text);
  const inner = () => app.view_of(TOUR[app.state.step].inside);
  return {
    element: make("div", {}, words, place),
    over: () => inner().over(),
    get board() { return inner().board; },
    draw() {
      const { step } = app.state;
      const back = button(step - 1, "← " + say("tour_back"));
      const on = button(step + 1, say("tour_on") + " →", "main");
      fill(words,
        make("p", { class: "quiet" }, say("tour_step", { step: step + 1, of: TOUR.length })),
        make("h2", {}, say(`tour_${step + 1}_title`)),
        make("p", {}, say(`tour_${step + 1}`)),
        make("div", { class: "row" }, back, on),
      );
      if (place.firstChild !== inner().element) fill(place, inner().element);
      inner().draw();
    },
  };
}
