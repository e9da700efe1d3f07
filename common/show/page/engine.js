// engine - the library inside the page, seen from JavaScript: it loads the WebAssembly that common/ was compiled to,
// puts one text's numbers into its memory, and hands out what it answers as typed arrays. No arithmetic lives here:
// weights, masks, measures, sums come from engine.c. Told in stages/20_atlas.
import { base64_bytes, base64_damage } from "./base64.js";
import { block_numbers, block_read, foreign_meta } from "./block.js";

export const ENGINE_KNOBS = ["window", "dilation", "global", "sinks", "prefix", "chunk", "valid"];
export const ENGINE_KINDS = ["none", "causal", "local", "global-local", "sliding", "dilated", "prefix", "chunked",
  "sinks", "strided"];
const ENGINE_KEPT = 64 << 20; // bytes of maps that are kept for the next look

/* The bytes of a <script type="application/..." id=NAME> that holds base64; null where there is none. */
export function page_part(id) {
  const element = document.getElementById(id);
  return element ? base64_bytes(element.textContent.trim()) : null;
}

/* What was gzipped when the course was built, as it was before; other bytes as they are. */
export async function page_unzipped(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer().then((whole) => new Uint8Array(whole), base64_damage);
}

/* ---- the library ---- */

async function wasm_open(bytes) {
  const module = await WebAssembly.compile(await page_unzipped(bytes)), imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const wasm = (await WebAssembly.instantiate(module, imports)).exports;
  wasm._initialize?.();
  return wasm;
}

/* Opens a block (bytes of safetensors, as view/page writes it) with the library (bytes of WebAssembly, or an engine
 * that is open already). Throws an Error with one line when it cannot. */
export async function engine_open(block, library = page_part("library")) {
  const { notes, tensors } = block_read(block);
  const wasm = library.wasm ?? (await wasm_open(library));
  const meta = notes.page ? JSON.parse(notes.page) : foreign_meta(notes, tensors);
  return new Engine(wasm, meta, tensors);
}

export class Engine {
  #at; #cache = new Map(); #kept = 0; #temperature = 1; #unpacked = new Map(); #splits = new Map(); #as_run = false;

  constructor(wasm, meta, tensors) {
    this.wasm = wasm;
    this.meta = meta;
    this.tensors = tensors;
    this.n = meta.tokens.length;
    this.layers = meta.model.layers;
    this.heads = meta.model.heads;
    this.d_head = meta.d_head;
    this.#at = this.#open();
    this.rule = this.set_mask({ mask: "none" });
  }

  /* ---- in and out of the library's memory ---- */

  #doubles(at, count) { return new Float64Array(this.wasm.memory.buffer, at, count); }
  #floats(at, count) { return new Float32Array(this.wasm.memory.buffer, at, count); }
  #copied(at, count) { return this.#floats(at, count).slice(); }

  #release(room) { this.wasm.engine_release(room); }

  #put(array) {
    const at = this.wasm.engine_room(Math.max(array.byteLength, 1));
    new Uint8Array(this.wasm.memory.buffer, at, array.byteLength).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return at;
  }

  /* What `ask` answers of arrays that stand in the library's memory for as long. */
  #lent(arrays, ask) {
    const at = arrays.map((array) => this.#put(array));
    const answer = ask(...at);
    at.forEach((room) => this.#release(room));
    return answer;
  }

  #text(at) {
    const bytes = new Uint8Array(this.wasm.memory.buffer);
    return at ? new TextDecoder().decode(bytes.slice(at, bytes.indexOf(0, at))) : "";
  }

  /* Floats of a tensor, unpacked by C into its memory at `out`. */
  #unpack(name, out) {
    const tensor = this.tensors.get(name), numbers = block_numbers(tensor), scale = this.tensors.get(name + ".scale");
    if (tensor.type === "F32") return this.#floats(out, numbers.length).set(numbers);
    const scales = block_numbers(scale);
    this.#lent([numbers, scales], (packed, at) =>
      this.wasm.engine_unpack(out, packed, numbers.BYTES_PER_ELEMENT, numbers.length, at, scales.length));
  }

  #open() {
    const { wasm, meta } = this, bias = this.tensors.get("bias")?.shape ?? [0, 0, 0];
    const at = wasm.engine_new(this.layers, this.heads, this.n, this.d_head, meta.scale ?? 0, ...bias);
    for (const [which, name] of ["q", "k", "v", "bias"].entries())
      if (this.tensors.has(name)) this.#unpack(name, wasm.engine_part(at, which));
    const each = 4 * this.n * this.d_head;
    for (const [layer, head] of meta.exact ?? []) // which the steps of int16 would have moved too far
      for (const [which, name] of ["q", "k"].entries())
        this.#unpack(`${name}.${layer}.${head}`, wasm.engine_part(at, which) + each * (layer * this.heads + head));
    if (this.tensors.has("v") && this.tensors.has("value_norm"))
      this.#lent([block_numbers(this.tensors.get("value_norm"))], (lengths) => wasm.engine_stretch(at, lengths));
    new Int32Array(wasm.memory.buffer, wasm.engine_part(at, 4), this.n).set(meta.ids);
    new Uint8Array(wasm.memory.buffer, wasm.engine_part(at, 5), this.n).set(meta.marks);
    if (meta.unmasked?.length) {
      this.#trained(at, meta.own);
      const apart = Uint8Array.from({ length: this.layers }, (_, layer) => Number(meta.unmasked.includes(layer)));
      this.#lent([apart], (layers) => wasm.engine_apart(at, layers));
    }
    this.#trained(at, meta.trained);
    return at;
  }

  /* The mask that the model ran under, by its members in config.json. */
  #trained(at, t = {}) {
    const knobs = ["window", "dilation", "global", "sinks", "stride", "prefix", "chunk", "valid"];
    const flags = (lines) => (lines ? this.#put(Uint8Array.from(lines)) : 0);
    const global_at = t.global_at && Array.from({ length: this.n }, (_, i) => Number(t.global_at.includes(i)));
    const picture = t.picture?.flatMap((line) => [...line].map((cell) => Number(cell === "#")));
    const tokens = t.picture?.length ?? (t.global_at ? this.n : 0);
    this.wasm.engine_trained(at, t.causal ?? 0, ...knobs.map((knob) => t[knob] ?? 0), flags(global_at), flags(picture),
      tokens);
  }

  /* The same text once more, under a mask of its own. */
  again() { return new Engine(this.wasm, this.meta, this.tensors); }

  /* Gives the text's memory back; the engine answers no more. */
  close() {
    for (const split of this.#splits.values()) this.wasm.engine_split_free(split);
    this.#splits.clear();
    this.wasm.engine_free(this.#at);
    this.#cache.clear();
  }

  /* ---- masks ---- */

  /* rule {mask, window, dilation, global, sinks, prefix, chunk, valid, also_causal}: what the kind does not take is
   * ignored, what is missing is chosen from n. Returns the rule as it is now. */
  set_mask(rule, as_run = false) {
    const kind = Math.max(0, ENGINE_KINDS.indexOf(rule.mask));
    const number = (value) => (Number.isFinite(value) ? Math.max(-1, Math.min(value | 0, 1 << 30)) : -1);
    const at = this.wasm.engine_mask(this.#at, kind, ...ENGINE_KNOBS.map((knob) => number(rule[knob])),
      rule.also_causal ? 1 : 0);
    const filled = new Int32Array(this.wasm.memory.buffer, at, ENGINE_KNOBS.length);
    const now = { mask: ENGINE_KINDS[kind], also_causal: Boolean(rule.also_causal) };
    ENGINE_KNOBS.forEach((knob, i) => { if (filled[i] >= 0) now[knob] = filled[i]; });
    if (as_run) this.wasm.engine_as_run(this.#at);
    const same = JSON.stringify(now) === JSON.stringify(this.rule ?? null) && as_run === this.#as_run;
    this.#as_run = as_run;
    if (!same) for (const key of this.#cache.keys()) if (key[0] !== "f") this.#forget(key);
    return (this.rule = now);
  }

  /* Above 0; 1 is the model's own. */
  set_temperature(temperature) {
    if (temperature === this.#temperature) return;
    this.#temperature = temperature;
    this.wasm.engine_temperature(this.#at, temperature);
    for (const key of this.#cache.keys()) this.#forget(key);
  }

  /* In one layer; without, where the mask holds: a living model may have run some layers without it. */
  allowed(query, key, layer = -1) { return Boolean(this.wasm.engine_allowed(this.#at, query, key, layer)); }

  /* Layers until `query` knows of `key`; Infinity for never. */
  reach(query, key) {
    const layers = this.wasm.engine_reach(this.#at, query, key);
    return layers < 0 ? Infinity : layers;
  }

  /* {pairs, flops, maps_bytes, kept_bytes, scratch_bytes} of one layer under this mask among n tokens. */
  cost(n = this.n) {
    const numbers = this.#doubles(this.wasm.engine_cost(this.#at, n), 5);
    const [pairs, flops, maps_bytes, kept_bytes, scratch_bytes] = numbers;
    return { pairs, flops, maps_bytes, kept_bytes, scratch_bytes };
  }

  /* ---- weights ---- */

  #forget(key) {
    this.#kept -= this.#cache.get(key).byteLength ?? 0;
    this.#cache.delete(key);
  }

  /* What `compute` gives, kept until the mask changes or the room is needed: the oldest goes first. Keys that begin
   * with "f" do not depend on the mask. */
  #once(key, compute) {
    let value = this.#cache.get(key);
    if (value) this.#cache.delete(key);
    else {
      value = compute();
      this.#kept += value.byteLength ?? 0;
    }
    this.#cache.set(key, value);
    while (this.#kept > ENGINE_KEPT && this.#cache.size > 1) this.#forget(this.#cache.keys().next().value);
    return value;
  }

  #map(letter, ask, layer, head, count = this.n * this.n) {
    return this.#once(`${letter}${layer}.${head}`, () => this.#copied(ask(this.#at, layer, head), count));
  }

  /* Float32Array n * n by rows (queries), under the mask; without any (but the model's own). Kept: do not change it. */
  weights(layer, head) { return this.#map("w", this.wasm.engine_weights, layer, head); }
  full(layer, head) { return this.#map("f", this.wasm.engine_full, layer, head); }

  /* [n] the share of each row that the mask forbids; (n, n) weight times allowed keys; (n, n) weight times
   * |v|, rows summing to 1; [21] the mean weight at distance key - query from -10 to 10; [n] the mean weight that a key
   * gets from the queries that may see it. */
  forbidden(layer, head) { return this.#map("x", this.wasm.engine_forbidden, layer, head, this.n); }
  lift(layer, head) { return this.#map("l", this.wasm.engine_lift, layer, head); }
  valued(layer, head) { return this.#map("v", this.wasm.engine_valued, layer, head); }
  fingerprint(layer, head) { return this.#map("o", this.wasm.engine_fingerprint, layer, head, 21); }
  received(layer, head) { return this.#map("r", this.wasm.engine_received, layer, head, this.n); }

  /* (n, n) 1 where a layer's mask allows; 1 / (1 + layers until a query knows of a key), 0 where `depth` are not
   * enough; 1 for the fewest cells of each row that hold so many per cent of it. */
  cells(layer) { return this.#map("c", this.wasm.engine_cells, layer, 0); }
  reached(depth) { return this.#map("d", this.wasm.engine_reached, depth, 0); }
  top(layer, head, percent) {
    return this.#map(`t${percent}/`, (at) => this.wasm.engine_top(at, layer, head, percent), layer, head);
  }

  /* How one cell comes about: the d_head products, and what becomes of their sum. */
  term(layer, head, query, key) {
    const at = this.wasm.engine_term(this.#at, layer, head, query, key);
    const all = this.#copied(at, 7 + this.d_head);
    const [score, scaled, bias, row_max, row_sum, weight, exp] = all;
    return { products: all.slice(7), score, scaled, bias, row_max, row_sum, weight, exp };
  }

  /* Where the library holds the queries and keys of a head as sums of `parts` parts. */
  #split(layer, head, parts) {
    const name = `${layer}.${head}`, names = [`why_q.${name}`, `why_k.${name}`];
    if (!this.#splits.has(name)) {
      const [q, k] = names.map(() => this.wasm.engine_room(4 * parts * this.n * this.d_head));
      this.#unpack(names[0], q);
      this.#unpack(names[1], k);
      this.#splits.set(name, this.wasm.engine_split(q, k, parts, this.n, this.d_head, this.meta.scale ?? 0));
      for (const room of [q, k]) this.#release(room);
    }
    return this.#splits.get(name);
  }

  /* Who wrote one cell's score: {parts, value, centred}, a part of the query a row, a part of the key a column; null
   * for a head that does not travel in parts. */
  why(layer, head, query, key) {
    const parts = this.meta.why?.find((one) => one.layer === layer && one.head === head)?.parts;
    if (!parts) return null;
    const split = this.#split(layer, head, parts.length), mask = this.wasm.engine_mask_now(this.#at);
    const at = this.wasm.engine_why(split, mask, query, key), cells = parts.length ** 2;
    const all = this.#doubles(at, 2 * cells).slice();
    this.#release(at);
    return { parts: [...parts], value: all.slice(0, cells), centred: all.slice(cells) };
  }

  /* One head's q, k or v, (n, d_head). */
  head_part(name, layer, head) {
    const each = this.n * this.d_head, at = this.wasm.engine_part(this.#at, ["q", "k", "v"].indexOf(name));
    return this.#copied(at + 4 * each * (layer * this.heads + head), each);
  }

  /* ---- measures, all heads, all layers ---- */

  /* [layer, head] of each head. */
  every() {
    return Array.from({ length: this.layers * this.heads }, (_, at) => [Math.floor(at / this.heads), at % this.heads]);
  }

  /* [{name, formula, range, reading, reference, plain}] in the order of 19_heads --tsv, then the others. */
  measure_list() {
    this.list ??= Array.from({ length: this.wasm.engine_measure_count() }, (_, place) => {
      const [name, formula, range, reading, reference] = [0, 1, 2, 3, 4].map((which) =>
        this.#text(this.wasm.engine_measure_text(place, which)));
      return { name, formula, range, reading, reference, plain: Boolean(this.wasm.engine_measure_plain(place)) };
    });
    return this.list;
  }

  /* {confidence_max: number, ...} of one head under the mask. Kept: do not change it. */
  measures(layer, head) {
    return this.#once(`m${layer}.${head}`, () => {
      const list = this.measure_list(), at = this.wasm.engine_measures(this.#at, layer, head);
      const values = this.#doubles(at, list.length);
      return Object.fromEntries(list.map(({ name }, place) => [name, values[place]]));
    });
  }

  /* What a head does, in one word: the text type_NUMBER. */
  type(layer, head) { return this.wasm.engine_type(this.#at, layer, head); }

  /* Heads by how much of their weight goes where the pattern says, the most first: [{layer, head, value}]. The pattern
   * names a measure ("next", "previous", "sep", "induction", ...), or is a Uint8Array n * n with 1 in its cells. */
  find(pattern) {
    const every = (value) => this.every().map(([layer, head]) => ({ layer, head, value: value(layer, head) }));
    const found = typeof pattern === "string"
      ? every((layer, head) => this.measures(layer, head)[pattern])
      : this.#lent([pattern], (cells) => every((layer, head) => this.wasm.engine_share(this.#at, layer, head, cells)));
    return found.sort((a, b) => b.value - a.value);
  }

  /* (n, n) attention through layers 0 to `layer`: rolled out, or (flow 1) as the largest flow, which takes time. */
  rollout(layer, flow = 0) { return this.#map("R" + flow, this.wasm.engine_rollout, layer, flow); }

  /* (n, n) whole words for pieces, in the cells of their first pieces. */
  words(layer, head) {
    const begins = () => Uint8Array.from(this.meta.roles ?? [], (role) => Number(role !== "piece"));
    return this.#once(`p${layer}.${head}`, () =>
      this.#lent([begins()], (at) => this.#copied(this.wasm.engine_words(this.#at, layer, head, at), this.n ** 2)));
  }

  /* [n] the mean of several queries' rows. */
  together(layer, head, queries) {
    const marks = Uint8Array.from({ length: this.n }, (_, i) => Number(queries.includes(i)));
    return this.#lent([marks], (at) => this.#copied(this.wasm.engine_together(this.#at, layer, head, at), this.n));
  }

  /* Two maps (n, n) of this many tokens, perhaps of another text or model: b - a; [n] the divergence of each row. */
  difference(a, b) {
    return this.#lent([a, b], (...at) => this.#copied(this.wasm.engine_difference(this.#at, ...at), a.length));
  }

  divergence(a, b) {
    return this.#lent([a, b], (...at) => this.#doubles(this.wasm.engine_divergence(this.#at, ...at), this.n).slice());
  }

  /* The order test: b is a map of the same tokens in another order, token i of which stands at from[i] here. {back: b
   * with its rows and columns put back, how far rows moved by_place and by_word, follows: -1 places, 1 words, 0}. */
  order(a, b, from) {
    return this.#lent([a, b, Int32Array.from(from)], (...at) => {
      const [by_place, by_word, follows] = this.#doubles(this.wasm.engine_order(this.#at, ...at), 3);
      return { back: this.#copied(at[1], b.length), by_place, by_word, follows };
    });
  }

  /* Of a weight on the logarithmic scale, 0 to 1; of a lift, from -1 upwards: how strong its colour is. */
  shade(value, lift = false) { return this.wasm.engine_shade(value, Number(lift)); }

  /* ---- everything else that travels in the block ---- */

  /* {data, shape} of a tensor: floats where it was packed, else the numbers as stored; null where there is none. */
  tensor(name) {
    const tensor = this.tensors.get(name);
    if (!tensor) return null;
    if (!this.#unpacked.has(name)) {
      let data = block_numbers(tensor);
      if (this.tensors.has(name + ".scale")) {
        const { length } = data, out = this.wasm.engine_room(4 * length);
        this.#unpack(name, out);
        data = this.#copied(out, length);
        this.#release(out);
      }
      this.#unpacked.set(name, { data, shape: tensor.shape });
    }
    return this.#unpacked.get(name);
  }
}
