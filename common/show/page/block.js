// block - a file of safetensors as names and numbers: the page's own block, or what somebody lets fall on the page.
import { say } from "./words.js";

/* {meta, tensors: Map of name -> {type, shape, bytes}}; throws an Error with one line where it is none. */
export function block_read(buffer) {
  const bytes = new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : NaN;
  if (!(length >= 2 && 8 + length <= bytes.length)) throw new Error(say("no_block"));
  let table;
  try {
    table = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw new Error(say("no_header"));
  }
  const tensors = new Map(), notes = table.__metadata__ ?? {};
  for (const [name, row] of Object.entries(table)) {
    if (name === "__metadata__") continue;
    const [from, to] = row?.data_offsets ?? [], start = 8 + length;
    if (!(Array.isArray(row.shape) && 0 <= from && from <= to && start + to <= bytes.length))
      throw new Error(say("no_bytes", { name: name.slice(0, 60) }));
    tensors.set(name, { type: row.dtype, shape: row.shape, bytes: bytes.slice(start + from, start + to) });
  }
  return { notes, tensors };
}

const BLOCK_ARRAY = { F32: Float32Array, I16: Int16Array, U8: Uint8Array, I32: Int32Array, I64: BigInt64Array };

/* The numbers as they are stored. */
export function block_numbers(tensor) {
  const type = BLOCK_ARRAY[tensor.type];
  if (!type) throw new Error(say("no_type", { type: String(tensor.type).slice(0, 20) }));
  return new type(tensor.bytes.buffer, 0, tensor.bytes.length / type.BYTES_PER_ELEMENT);
}

/* ---- a file that --export wrote, or docs/any_model.md's ten lines ---- */

/* The numbers of q, k or v (layers, n, width), head by head, as the library wants them; F32 only. */
function foreign_heads(tensor, layers, heads) {
  const numbers = block_numbers(tensor), out = new Float32Array(numbers.length);
  const [, n, width] = tensor.shape, d = width / heads;
  let at = 0;
  for (let layer = 0; layer < layers; layer++)
    for (let head = 0; head < heads; head++)
      for (let i = 0; i < n; i++, at += d) {
        const from = (layer * n + i) * width + head * d;
        out.set(numbers.subarray(from, from + d), at);
      }
  return { type: "F32", shape: [layers, heads, n, d], bytes: new Uint8Array(out.buffer) };
}

function foreign_json(text, what) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    throw new Error(say("no_json", { what }));
  }
}

/* What such a file says, in the words of a page's block; its tensors are put in the library's order. */
export function foreign_meta(notes, tensors) {
  const shape = tensors.get("attentions")?.shape;
  if (shape?.length !== 4 || shape[2] !== shape[3]) throw new Error(say("no_maps"));
  const [layers, heads, n] = shape;
  const tokens = foreign_json(notes.tokens, "tokens") ?? Array.from({ length: n }, (_, i) => `${i}`);
  if (!Array.isArray(tokens) || tokens.length !== n) throw new Error(say("no_names", { n, count: tokens.length }));
  const width = tensors.get("q")?.shape?.[2];
  const exact = ["q", "k"].every((name) => tensors.get(name)?.type === "F32");
  if (!exact || width % heads) throw new Error(say("no_heads"));
  for (const name of ["q", "k", "v"])
    if (tensors.has(name)) tensors.set(name, foreign_heads(tensors.get(name), layers, heads));
  const bias = tensors.get("bias");
  if (bias)
    tensors.set("bias", { ...bias, shape: [1, bias.shape.length === 3 ? heads * n : heads, bias.shape.at(-1)] });
  const integers = (name) => tensors.has(name) && [...block_numbers(tensors.get(name))].map(Number);
  const ids = integers("input_ids") || tokens.map((token) => tokens.indexOf(token));
  const segments = integers("token_type_ids") || tokens.map(() => 0);
  const trained = foreign_json(notes.mask, "mask") ?? {};
  const special = (token) => /^(\[(CLS|SEP|PAD)\]|<\|endoftext\|>)$/.test(token);
  return { version: 1,
    model: { name: "file", family: trained.causal ? "gpt2" : "bert", layers, heads, width, trained: true },
    d_head: width / heads, scale: Number(notes.scale) || 0, trained, tokens: tokens.map(String),
    labels: tokens.map(String), ids, segments,
    roles: tokens.map((token) => (special(token) ? "special" : "word")),
    marks: tokens.map((token, i) =>
      (token === "[SEP]" && i ? 1 : 0) | (token === "." || token === "," ? 2 : 0) | (special(token) ? 4 : 0)),
    texts: [""], guesses: null, anatomy_layers: [], precision: "float32", state: { layer: 0, head: 0 } };
}
