// state - everything that the page shows is a function of this: what it may hold, and how it goes into the address
// behind the # and comes back. Rubbish in the address becomes a state in range.
import { ENGINE_KINDS, ENGINE_KNOBS } from "./engine.js";

export const STATE_VIEWS = ["matrix", "head", "model", "neuron", "flow", "anatomy", "measures", "compare", "tour"];
const STATE_STEPS = 10;
const STATE_LONGEST = 1 << 16; // letters of a text, and places in it
export const STATE_WORDS = {
  view: STATE_VIEWS,
  mask: ENGINE_KINDS,
  b_mask: ENGINE_KINDS,
  show: ["weights", "full", "difference", "words", "valued", "reach", "rollout", "flow"],
  segments: ["all", "aa", "bb", "ab", "ba"],
  scale: ["fixed", "fit", "log", "lift"],
  theme: ["auto", "dark", "light"],
  lang: ["en", "pseudo"],
  scope: ["head", "model"],
};

const STATE_KNOBS = ENGINE_KNOBS.flatMap((knob) => [knob, "b_" + knob]); // of the mask, of B's

/* What the model itself is asked, where there is one: the text, a second one behind it, one to compare with; where the
 * mask holds, in the heads shown or in those layers of the model ([]: all); heads and layers that are off, "2.8,3";
 * places of the text that are [MASK]; which place of the text stands where ([]: as written). */
export const STATE_ASKED = {
  text: "",
  pair: "",
  text_b: "",
  scope: "head",
  mask_layers: [],
  off: "",
  masked: [],
  order: [],
};

export function state_new(engine) {
  const first = {
    view: "matrix",
    layer: 0, head: 0, heads: null,
    token: null, key: null, more: [],
    mask: "none", also_causal: false,
    special: true, segments: "all", scale: "fixed", theme: "auto",
    show: "weights", top: 100, temperature: 1, depth: 1,
    step: 0,
    detail: false,
    against: "head", b_layer: 0, b_head: 0, b_mask: "causal", b_also_causal: false,
    measure: "",
    lang: "en",
    ...STATE_ASKED,
    text: engine.meta.texts?.[0] ?? "",
    pair: engine.meta.texts?.[1] ?? "",
  };
  for (const knob of STATE_KNOBS) first[knob] = null;
  return state_ranged({ ...first, ...engine.meta.state }, engine);
}

const STATE_FLOW_MOST = 64; // tokens: more take seconds

/* What can be shown of this text. */
export function state_shows(engine) {
  const without = {
    valued: !engine.tensors.has("v"),
    words: !engine.meta.roles?.includes("piece"),
    flow: engine.n > STATE_FLOW_MOST,
    full: engine.meta.own, // the model ran under a mask: there is nothing without it
    difference: engine.meta.own,
    reach: engine.meta.unmasked?.length, // some layers see all: the steps of the mask say nothing
  };
  return STATE_WORDS.show.filter((name) => !without[name]);
}

function state_number(value, count, otherwise) {
  const number = ["number", "string"].includes(typeof value) && value !== "" ? Number(value) : NaN;
  return Number.isInteger(number) && number >= 0 && number < count ? number : otherwise;
}

/* At most so many letters, whole ones, as an address needs them; of what is no text or number "". */
function state_text(value, most) {
  return ["number", "string"].includes(typeof value) ? String(value).slice(0, most).toWellFormed() : "";
}

/* Of a list the numbers below count, each once. */
function state_numbers(list, count) {
  const all = Array.isArray(list) ? list.map((one) => state_number(one, count, -1)) : [];
  return [...new Set(all)].filter((one) => one >= 0);
}

/* The same state with every member in the range of this text and model. */
export function state_ranged(state, engine) {
  const s = { ...state };
  for (const [name, words] of Object.entries(STATE_WORDS)) if (!words.includes(s[name])) s[name] = words[0];
  if (!state_shows(engine).includes(s.show)) s.show = "weights";
  s.layer = state_number(s.layer, engine.layers, 0);
  s.head = state_number(s.head, engine.heads, 0);
  s.b_layer = state_number(s.b_layer, engine.layers, s.layer);
  s.b_head = state_number(s.b_head, engine.heads, s.head);
  s.heads = state_numbers(s.heads, engine.heads);
  if (!s.heads.length) s.heads = [s.head];
  s.token = state_number(s.token, engine.n, null);
  s.key = state_number(s.key, engine.n, null);
  s.more = state_numbers(s.more, engine.n);
  for (const knob of STATE_KNOBS) s[knob] = state_number(s[knob], 1 << 30, null);
  s.top = state_number(s.top, 101, 100);
  s.temperature = Number(state_text(s.temperature, 20));
  if (!(s.temperature >= 0.1 && s.temperature <= 4)) s.temperature = 1;
  s.depth = state_number(s.depth, engine.layers + 1, 1) || 1;
  s.step = state_number(s.step, STATE_STEPS, 0);
  for (const flag of ["also_causal", "b_also_causal", "special", "detail"]) s[flag] = Boolean(s[flag]);
  for (const name of ["text", "pair", "text_b", "off"]) s[name] = state_text(s[name], STATE_LONGEST);
  for (const name of ["masked", "order"]) s[name] = state_numbers(s[name], STATE_LONGEST);
  s.mask_layers = state_numbers(s.mask_layers, engine.layers).sort((a, b) => a - b);
  if (s.mask_layers.length === engine.layers) s.mask_layers = [];
  s.off = state_off(s.off, engine).map(([layer, head]) => (head < 0 ? layer : `${layer}.${head}`)).join(",");
  s.against = state_text(s.against, 20) || "head";
  s.measure = state_text(s.measure, 60);
  return s;
}

/* Heads [layer, head] that "2.8,3" names; head -1 is the whole layer. What is not there is left out. */
export function state_off(text, engine) {
  const all = text.split(",").map((one) => {
    const [layer, head] = one.split(".");
    return [state_number(layer, engine.layers, -1), head === undefined ? -1 : state_number(head, engine.heads, -2)];
  });
  return all.filter(([layer, head]) => layer >= 0 && head > -2);
}

/* What a change brings with it: another text has no places in common with the one before; another head is a head that
 * is shown, heads that are shown hold the head; another text or model, as B, is looked at by the head that A is. */
export function state_changed(state, part) {
  const next = { ...state, ...part };
  if (next.text !== state.text || next.pair !== state.pair)
    Object.assign(next, { masked: [], order: [], token: null, key: null, more: [] }, part);
  if (Array.isArray(part.heads) && part.heads.length && !part.heads.includes(next.head) && !("head" in part))
    next.head = part.heads[0];
  if ("head" in part && !("heads" in part) && !next.heads.includes(part.head)) next.heads = [part.head];
  if (part.against && part.against !== "head" && part.against !== state.against)
    Object.assign(next, { b_layer: next.layer, b_head: next.head }, part);
  return next;
}

/* ---- the address ---- */

export function state_hash(state, first) {
  const pairs = [];
  for (const [name, value] of Object.entries(state)) {
    if (JSON.stringify(value) === JSON.stringify(first[name])) continue;
    const text = typeof value === "boolean" ? Number(value) : [value].flat().join(".");
    pairs.push(`${name}=${encodeURIComponent(text)}`);
  }
  return pairs.length ? "#" + pairs.join("&") : "#";
}

/* The state that an address asks for, over the one that the page opens with. */
export function state_of_hash(hash, first, engine) {
  const asked = { ...first };
  for (const pair of hash.slice(1).split("&")) {
    const [, name, text] = pair.match(/(.*?)=(.*)/) ?? [];
    if (!Object.hasOwn(first, name)) continue;
    let value;
    try {
      value = decodeURIComponent(text);
    } catch {
      continue;
    }
    if (Array.isArray(first[name])) asked[name] = value.split(".").filter(Boolean).map(Number);
    else if (typeof first[name] === "boolean") asked[name] = value === "1";
    else asked[name] = value === "" ? null : value;
  }
  if (/[#&]head=/.test(hash) && !/[#&]heads=/.test(hash)) asked.heads = null;
  return state_ranged(asked, engine);
}
