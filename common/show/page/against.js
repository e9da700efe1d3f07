// against - what A is compared with, B: what it may be, what it is called, and its controls.
import { controls_knobs, controls_pick } from "./controls.js";
import { choice, choice_number, draw_kept, fill, make, slider } from "./dom.js";
import { heat_short } from "./heat.js";
import { STATE_WORDS } from "./state.js";
import { texts_of } from "./texts.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

/* What B may be. */
function against_choices(app) {
  const masks = app.unmasked() ? ["unmasked", "mask"] : [];
  return ["head", ...masks, ...app.others.keys(), ...(texts_of(app).length > 1 ? ["texts"] : [])];
}

/* What B is: another head, where what the state names is gone. */
export const against_now = (app) => (against_choices(app).includes(app.state.against) ? app.state.against : "head");

/* B's layer and head: A's, without a mask; another model may have fewer. */
export function against_head({ against, layer, head, b_layer, b_head }, far) {
  if (against === "unmasked") return [layer, head];
  return [clamp(b_layer, far.layers), clamp(b_head, far.heads)];
}

/* What B is; of a checkpoint, what its head does there, in one word. */
export function against_title(app, name) {
  const far = app.others.get(name);
  const { step, val_loss, texts } = far?.meta ?? {};
  const several = texts_of(app);
  if (several.length > 1 && several.includes(name))
    return say("against_text", { text: heat_short(texts?.[0] ?? "", 140), n: far.n });
  if (step === undefined) return say("against_" + name);
  const type = say("type_" + far.type(...against_head(app.state, far)));
  return say("against_run", { step, loss: val_loss.toFixed(3), type });
}

/* other() is B's engine. A slider that is being drawn is not replaced. */
export function against_controls(app, other) {
  const element = make("div", { class: "row" });
  const all = (count) => [...Array(count).keys()];
  let drawn_for = null;
  function draw() {
    const against = against_now(app);
    const [b_layer, b_head] = against_head(app.state, other());
    const runs = [...app.others.keys()].filter((name) => name.startsWith("run-"));
    const { b_mask, lang } = app.state;
    const now = [against.replace(/^run-.*/, "run"), b_mask, b_layer, b_head, app.engine.n, lang].join();
    const held = document.activeElement;
    if (now === drawn_for && held.type === "range" && element.contains(held)) {
      element.querySelector("select").value = against;
      return;
    }
    drawn_for = now;
    const rows = against_choices(app).map((name) => [name, against_title(app, name)]);
    fill(element,
      choice(say("compare_with"), rows, against, (name) => app.set({ against: name })),
      !["unmasked", "texts"].includes(against) && [
        choice_number(say("b_layer"), all(other().layers), b_layer, (at) => app.set({ b_layer: at })),
        choice_number(say("b_head"), all(other().heads), b_head, (at) => app.set({ b_head: at })),
      ],
      against === "mask" && controls_pick(app, "b_mask", "b_mask", STATE_WORDS.mask, "mask"),
      against === "mask" && controls_knobs(app, other(), "b_"),
      runs.length > 1 &&
        slider(say("checkpoint"), 0, runs.length - 1, Math.max(0, runs.indexOf(app.state.against)),
          (at) => app.set({ against: runs[at], b_layer, b_head }), (at) => against_title(app, runs[at])),
    );
  }
  return { element, draw: () => draw_kept(element, draw) };
}
