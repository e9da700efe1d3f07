// worker - the model inside the page, in a thread of its own: the text of this file travels in the page and is started
// from there by living.js, which says what can be asked. It holds the WebAssembly of common/ (living_calls.c) with a
// model's files in its memory, and answers one question after the other.
import { base64_bytes } from "./base64.js";

const WORKER_SLICE = 8 << 20; // bytes of a file that are copied at a time

let wasm = null, stack = 0, told = null;

/* A line of C's without the advice that is for a command line: an option, a program of the course, its fetcher. */
const worker_advised = (line) => line?.replace(/(\.? Try: |, or )[^,]*(--|data\/fetch|\d\d_).*$/, "");

/* Calls into C. What C cannot do comes back as an Error with its line; what a failed question took is given back. */
function worker_call(name, ...values) {
  try {
    return wasm[name](...values);
  } catch (error) {
    const line = told, broken = line === null || line.code === 3;
    told = null;
    if (broken) wasm = null; // out of memory, or a fault of ours: the model is opened anew
    else {
      wasm.__stack_pointer.value = stack;
      wasm.living_drop();
    }
    const said = worker_advised(line?.message) ?? `the page's library stopped: ${error.message}`;
    throw Object.assign(new Error(said), { broken });
  }
}

/* C's addresses come as numbers with a sign: behind 2 GB they are below zero. */
const worker_bytes = (at, size) => new Uint8Array(wasm.memory.buffer, at >>> 0, size >>> 0);

function worker_text(at) {
  const bytes = new Uint8Array(wasm.memory.buffer);
  return new TextDecoder().decode(bytes.subarray(at >>> 0, bytes.indexOf(0, at >>> 0)));
}

/* A text in C's memory for the time of a call. */
function worker_with(text, call) {
  const bytes = new TextEncoder().encode(text + "\0"), at = worker_call("living_room", bytes.length);
  worker_bytes(at, bytes.length).set(bytes);
  try {
    return call(at, bytes.length - 1);
  } finally {
    wasm?.living_release(at);
  }
}

async function worker_wasm(library) {
  const module = await WebAssembly.compile(library), imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 8;
  imports.page.fail = (code, at) => {
    told = { code, message: worker_text(at) };
    throw new Error("told");
  };
  wasm = (await WebAssembly.instantiate(module, imports)).exports;
  wasm._initialize?.();
  stack = wasm.__stack_pointer.value;
}

/* One file into C's memory, slice by slice; `more(bytes)` hears how far it is. */
async function worker_file(path, data, more) {
  const size = data.size ?? data.byteLength;
  const most = Math.min(size, 2 ** 32 - 1); // more C cannot count, and it has no room for this either
  const at = worker_with(path, (name) => worker_call("living_file", name, most));
  for (let from = 0; from < size; from += WORKER_SLICE) {
    const to = Math.min(size, from + WORKER_SLICE);
    const slice = data instanceof Blob ? await data.slice(from, to).arrayBuffer() : data.subarray(from, to);
    worker_bytes(at + from, to - from).set(new Uint8Array(slice));
    more(to - from);
  }
}

async function worker_open({ library, unicode, files, name, total }) {
  let done = 0;
  await worker_wasm(library);
  await worker_file("unicode", unicode, () => {});
  for (const [file, data] of files)
    await worker_file(`${name}/${file}`, typeof data === "string" ? base64_bytes(data) : data, (bytes) => {
      done += bytes;
      postMessage({ progress: { done, total } });
    });
  worker_with(name, (at) => worker_call("living_begin", at));
  return { ...JSON.parse(worker_text(wasm.living_said())), memory: wasm.memory.buffer.byteLength };
}

/* What JSON or C could not take is the replacement character: half of a character, and the character zero. */
function worker_plain(_, value) {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\ufffd") : value;
}

function worker_ask(call, question) {
  if (!wasm) throw Object.assign(new Error("no model is open"), { broken: true });
  const begun = performance.now();
  worker_with(JSON.stringify(question, worker_plain), (at, size) => worker_call(call, at, size));
  const answer = JSON.parse(worker_text(wasm.living_said())), size = wasm.living_block_size();
  if (size) answer.block = worker_bytes(wasm.living_block(), size).slice();
  return { ...answer, ms: performance.now() - begun, memory: wasm.memory.buffer.byteLength };
}

self.onmessage = async ({ data: { id, open, call, question } }) => {
  try {
    const answer = open ? await worker_open(open) : worker_ask(call, question);
    postMessage({ id, answer }, answer.block ? [answer.block.buffer] : []);
  } catch (error) {
    postMessage({ id, error: error.message, broken: Boolean(error.broken) });
  }
};
