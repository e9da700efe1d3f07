// live_controls - in the column at the left: where the mask holds, in the heads shown or in the layers of the model,
// and which heads and layers are switched off.
import { chip, choice, hint, make } from "./dom.js";
import { STATE_WORDS, state_off } from "./state.js";
import { say } from "./words.js";

export const toggled = (list, one) => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

/* Switches, with a line that says what for. */
function switches(label, list) {
  return [hint(label), make("div", { class: "chips", role: "group", aria_label: label }, list)];
}

/* The mask's scope; in scope "model" the layers that it holds in. */
export function scope_controls(app) {
  const { scope, mask_layers } = app.state;
  const all = [...Array(app.engine.layers).keys()];
  const inside = mask_layers.length ? mask_layers : all;
  const where = hint(say(scope === "model" ? "scope_model" : "scope"));
  if (!app.living.there) return [where];
  const layers = all.map((layer) => {
    const onclick = () => app.set({ mask_layers: toggled(inside, layer) });
    return chip(layer, inside.includes(layer), { aria_label: say("layer_n", { layer }), onclick });
  });
  const rows = STATE_WORDS.scope.map((name) => [name, say("scope_is_" + name)]);
  return [
    choice(say("scope_label"), rows, scope, (name) => app.set({ scope: name })),
    ...(scope === "model" ? switches(say("scope_layers"), layers) : []),
    where,
  ];
}

/* Switches of the head and the layer that are shown, and of those that are off. */
export function off_controls(app) {
  const { layer, head, off } = app.state;
  const list = off ? off.split(",") : [];
  if (!app.living.there) return [];
  const names = new Set([`${layer}.${head}`, String(layer), ...list]);
  return switches(say("off_title"), [...names].map((name) => {
    const said = say(name.includes(".") ? "off_head" : "off_layer", { name });
    const onclick = () => app.set({ off: toggled(list, name).join(",") });
    return chip(said, list.includes(name), { aria_label: said, onclick });
  }));
}

/* Is a head off, by itself or with its layer? */
export function is_off(app, layer, head) {
  return state_off(app.state.off, app.engine).some(([l, h]) => l === layer && (h < 0 || h === head));
}
