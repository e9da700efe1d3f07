// sheets - what a view shows, as tables of numbers. Each view lists its own; the files that are saved are made of them.
import { ENGINE_KNOBS } from "./engine.js";
import { heat_map, heat_masked } from "./heat.js";
import { say } from "./words.js";

/* A sheet is {title, kind, down, across, at(r, c)}: names of its rows and columns, and the number of a cell, NaN where
 * none is drawn: it is masked or left out. kind says how it is coloured: "weight", "change" and "signed" (around 0),
 * "lift" (around 1), "layers", "measure". A head's map also has {name, model, layer, head, mask}, {rows, tokens}: the
 * places and the vocabulary's own strings of its rows, and {value}: what its numbers are. */

/* Of a head's map, n * n. part: the above, and {engine, map, labels, masked(i, j)}. */
export function sheet_map({ engine, map, rows, labels, masked, ...part }) {
  const { n, meta } = engine;
  const number = (i, j) => (masked(i, j) ? NaN : map[i * n + j]);
  const names = rows.map((i) => labels[i]);
  return {
    kind: "weight", value: "weight", model: meta.model.name, ...part,
    rows, tokens: rows.map((i) => meta.tokens[i]), down: names, across: names,
    at: (r, c) => number(rows[r], rows[c]),
  };
}

/* A head of the text as `show` has it; map: what is drawn instead. */
export function sheet_head(app, layer, head, { show = app.state.show, map, kept = () => true } = {}) {
  const { engine, labels } = app;
  const lift = !map && show === "weights" && app.state.scale === "lift";
  const masked = heat_masked(app, engine, layer, show);
  const sheet = sheet_map({
    engine, layer, head, labels, rows: app.shown(),
    map: map ?? heat_map(app, engine, layer, head, show),
    masked: (i, j) => masked(i, j) || !kept(i, j),
    kind: { difference: "change", reach: "layers" }[show] ?? (lift ? "lift" : "weight"),
    value: lift ? "lift" : show === "weights" ? "weight" : show,
    name: `${layer}.${head}`, title: say("detail", { layer, head }), mask: sheet_mask(app, engine),
  });
  if (show === "words") sheet.tokens = sheet.down; // no vocabulary has them
  if (show !== "reach") return sheet;
  return { ...sheet, at: (r, c) => Math.round(1 / sheet.at(r, c) - 1) }; // 1 / 0 is never
}

/* A head as lines or bands have it: of tokens or of words, whatever else is shown. */
export function sheet_rail(app, head) {
  const { layer, show } = app.state;
  const map = app.weights(layer, head);
  return sheet_head(app, layer, head, { show: show === "words" ? show : "weights", map, kept: app.kept(head) });
}

const SHEET_AHEAD = ["local", "global-local", "dilated", "chunked"]; // kinds that see the future

/* Has the model learnt under a mask, which holds where none is chosen? */
export const sheet_own = ({ trained, own }) => !own && Object.values(trained ?? {}).some(Boolean);

/* The mask that an engine looks under, as `--compare` spells it: "local:2+causal"; "own" is the model's. */
export function sheet_mask(app, { rule, lives, meta }) {
  const { valid } = rule;
  const mask = rule.mask === "none" && sheet_own(meta) ? "own" : rule.mask;
  const also_causal = rule.also_causal || (meta.trained?.causal && SHEET_AHEAD.includes(mask));
  const kind = [mask, ...ENGINE_KNOBS.filter((knob) => knob !== "valid" && knob in rule).map((knob) => rule[knob])];
  const whole = kind.join(":") + (also_causal ? "+causal" : "");
  const padding = valid > 0 ? `padding:${valid}` : "";
  const spelled = padding && whole === "none" ? padding : [whole, padding].filter(Boolean).join(",");
  const in_model = lives && app.state.scope === "model" && rule.mask !== "none";
  return in_model ? say("mask_in_model", { mask: spelled }) : spelled;
}
