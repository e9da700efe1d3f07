// living.mjs: the model inside the page, in node: node living.mjs PAGE.html JOBS.json. The parts come from the page, and
// living.js runs as it does there, with node's worker in the browser's clothes. A line a check: `ok` or `not ok`, its
// name, what was seen. test_living.py starts it, and says in JOBS.json what C made of the same questions.
import { existsSync, readFileSync } from "node:fs";
import { Worker as Thread } from "node:worker_threads";
import { block_read } from "../../common/show/page/block.js";
import { engine_open } from "../../common/show/page/engine.js";
import { living_start } from "../../common/show/page/living.js";

const [, , page, jobs_path] = process.argv;
const html = readFileSync(page, "utf8"),
  jobs = JSON.parse(readFileSync(jobs_path, "utf8"));
const FILES = ["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt"];
FILES.push("vocab.bpe", "encoder.json", "model.safetensors", "packed.safetensors");

const part = (id) => html.match(new RegExp(`id="${id}">([^<]*)<`))[1];
let code = Buffer.from(part("worker"), "base64").toString(); // of the thread
globalThis.document = { getElementById: (id) => ({ textContent: part(id) }) };
globalThis.URL.createObjectURL = () => "";
globalThis.URL.revokeObjectURL = () => {};
globalThis.Worker = class {
  constructor() {
    const clothes = `const {parentPort}=require("node:worker_threads");globalThis.self=globalThis;
      globalThis.postMessage=(...all)=>parentPort.postMessage(...all);
      parentPort.on("message",(data)=>self.onmessage({data}));\n`;
    this.thread = new Thread(clothes + code, { eval: true });
    this.thread.on("message", (data) => this.onmessage({ data }));
    this.thread.on("error", (error) => this.onerror({ message: error.message }));
  }
  postMessage(message) { this.thread.postMessage(message); }
  terminate() { this.thread.terminate(); }
};

function check(name, holds, seen = "") {
  console.log(`${holds ? "ok" : "not ok"} ${name}${holds ? "" : ": " + JSON.stringify(seen)}`);
}

/* The files of folders, a later one's in the place of an earlier one's of that name. */
function files(...folders) {
  const found = new Map();
  for (const folder of folders)
    for (const name of FILES)
      if (existsSync(`${folder}/${name}`)) found.set(name, new Uint8Array(readFileSync(`${folder}/${name}`)));
  return found;
}

const far = (a, b) => a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), a.length === b.length ? 0 : 1e9);
const floats = (bytes) => new Float32Array(bytes.slice().buffer);
const failure = (promise) => promise.then(() => "no error", (error) => error.message);

/* Maps and hidden states, as the page shows them, against what --export of the C program holds. */
async function same_numbers(living, { question, exported, name }) {
  const { block, moved } = await living.read(question),
    engine = await engine_open(block, Buffer.from(part("library"), "base64"));
  const { tensors } = block_read(new Uint8Array(readFileSync(exported)));
  const maps = floats(tensors.get("attentions").bytes),
    hidden = floats(tensors.get("hidden_states").bytes),
    cells = engine.n * engine.n,
    width = engine.meta.model.width;
  let worst_map = 0, worst_state = 0;
  for (let l = 0; l < engine.layers; l++)
    for (let h = 0; h < engine.heads; h++)
      worst_map = Math.max(worst_map, far(engine.weights(l, h), maps.subarray((l * engine.heads + h) * cells).subarray(0, cells)));
  for (let l = 0; l <= engine.layers; l++)
    worst_state = Math.max(worst_state, far(engine.tensor(`hidden.${l}`).data, hidden.subarray(l * engine.n * width).subarray(0, engine.n * width)));
  check(`${name}: maps and states are the C program's`, worst_map < 1e-5 && worst_state < 1e-5, [worst_map, worst_state]);
  check(`${name}: moved only under a mask`, Boolean(moved) === Boolean(question.mask), moved);
  engine.close();
}

/* A mask in one layer only: what comes before it stays, and each layer's maps are those that it had. */
async function one_layer(living, name) {
  const text = jobs.texts[0], library = Buffer.from(part("library"), "base64");
  const open = async (question) => engine_open((await living.read(question)).block, library);
  const plain = await open({ text }), last = plain.layers - 1,
    masked = await open({ text, mask: { kind: "local", window: 1 }, layers: [last] }),
    all = await open({ text, mask: { kind: "local", window: 1 } });
  const state = (engine, l) => engine.tensor(`hidden.${l}`).data;
  check(`${name}: a layer without the mask is as it was`, far(masked.weights(0, 0), plain.weights(0, 0)) === 0 &&
    far(state(masked, last), state(plain, last)) === 0 && masked.allowed(0, 3, 0) && !masked.allowed(0, 3, last));
  check(`${name}: the layer with it is not`, masked.weights(last, 0)[3] === 0 &&
    far(state(masked, last + 1), state(plain, last + 1)) > 1e-3);
  check(`${name}: in all layers it is everywhere`, all.weights(0, 0)[3] === 0 && all.weights(last, 0)[3] === 0);
  for (const engine of [plain, masked, all]) engine.close();
}

/* Order, silence and [MASK], each by what must follow from it. */
async function changed(living, name) {
  const text = jobs.texts[0], { ids, types, tokens } = await living.tokens({ text }), n = ids.length;
  const order = [...ids.keys()].reverse(), turned = await living.read({ text, order });
  const meta = (answer) => JSON.parse(block_read(answer.block).notes.page);
  check(`${name}: words in another order`, meta(turned).ids.join() === [...ids].reverse().join() && turned.moved.length === n);
  const same = await living.read({ ids, types, order: [...ids.keys()] });
  check(`${name}: in the order that they have, nothing moves`, same.moved.every((cosine) => cosine > 1 - 1e-6), same.moved);
  const off = await living.read({ text, off: [[0, -1]] }), none = await living.read({ text, off: [] });
  check(`${name}: a silent layer moves what follows`, off.moved.some((cosine) => cosine < 0.9999) && !none.moved, off.moved);
  if (!living.card.mask || living.card.family !== "bert") return;
  const { top, block } = await living.read({ text, masked: [2] });
  const shown = meta({ block }).tokens[2];
  check(`${name}: a token becomes [MASK]`, shown === "[MASK]" && tokens[2] !== "[MASK]", shown);
  if (living.card.guesses)
    check(`${name}: five guesses for it`, top.length === 1 && top[0].place === 2 && top[0].guesses.length === 5 &&
      top[0].guesses.every(({ p }, i, all) => p > 0 && p <= (all[i - 1]?.p ?? 1)), top);
}

async function guesses(living, { question, place, shares }) {
  const { top } = await living.read(question);
  const off = top[0].guesses.map(({ id, p }) => Math.abs(p - shares[id]));
  check("five guesses are the softmax of --export's logits", top[0].place === place && off.every((one) => one < 1e-5), [top, off]);
}

async function writes(living, { text, written, seed, temperature }) {
  let whole = text, ids = null;
  while (whole.length < written.length) {
    const next = await living.next(ids ? { ids, seed, temperature } : { text, seed, temperature });
    ({ whole, ids } = next);
    if (next.top.length !== 5 || next.top.some(({ p }) => !(p >= 0 && p <= 1))) check("next has five", false, next.top);
  }
  check("next writes what 18_gpt2 --write writes", whole === written, [whole, written]);
  const greedy = await living.next({ text, temperature: 0 });
  check("without temperature it is the likeliest", greedy.id === greedy.top[0].id, greedy);
}

/* Whatever is asked, one line comes back, and the next question is answered. */
async function refusals(living) {
  const text = jobs.texts[0], long = "word ".repeat(living.card.context + 5);
  for (const [question, says] of [
    [{ text: long }, /tokens, and the model takes/], [{}, /neither text nor ids/], [{ text, mask: { kind: "x" } }, /no mask x/],
    [{ text, order: [0, 0] }, /each of the/], [{ ids: [1e9] }, /ids holds 1000000000/], [{ ids: [] }, /no token/],
    [{ text, off: [[99, 0]] }, /off holds no head/], [{ text: 5 }, /text is 5/], 
    [{ text, masked: [-1] }, /masked holds -1/], [{ text, mask: { kind: "local", window: "x" } }, /window is "x"/],
  ]) {
    const line = await failure(living.read(question));
    check(`refused: ${says}`, says.test(line) && !line.includes("\n"), line);
  }
  const half = await living.tokens({ text: "a\ud800b\0c" }), whole = await living.tokens({ text: "a\ufffdb\ufffdc" });
  check("half a character is the one for what cannot be read", half.ids.join() === whole.ids.join(), half.ids);
  check("it goes on", (await living.read({ text })).block.length > 1000);
  const running = failure(living.read({ text }));
  living.cancel();
  check("cancelled", /cancelled/.test(await running), await running);
  check("it is opened again", (await living.read({ text })).block.length > 1000);
}

/* Files that are torn or another's: one line, from the reader that knows. */
async function foreign() {
  const good = files(jobs.plain), changed_file = (name, bytes) => new Map([...good, [name, bytes]]);
  const weights = good.get("model.safetensors"), bytes = (text) => new TextEncoder().encode(text);
  const spoilt = Uint8Array.from(weights).fill(255, weights.length >> 1); // NaN from there on
  const huge = JSON.stringify({ model_type: "gpt2", n_layer: 1024, n_head: 1, n_embd: 65536, vocab_size: 10, n_positions: 8 });
  for (const [set, says] of [
    [changed_file("model.safetensors", weights.subarray(0, weights.length - 9)), /model\.safetensors: /],
    [changed_file("model.safetensors", bytes("PK\u0003\u0004 and so on")), /expected a safetensors file/],
    [changed_file("model.safetensors", bytes("<!doctype html><html>")), /web page/],
    [changed_file("model.safetensors", spoilt), /expected finite numbers\)\. Try: fetch the model again$/],
    [changed_file("config.json", bytes('{"a": 1, "a": 2}')), /config\.json:1:/],
    [changed_file("config.json", bytes('{"model_type": "llama"}')), /Llama/],
    [changed_file("config.json", bytes(huge)), /out of memory/],
    [changed_file("model.safetensors", { size: 2 ** 32 + 1000 }), /out of memory/], // more than C can count
    [new Map([...good].filter(([name]) => name !== "model.safetensors")), /model\.safetensors/],
    [new Map([...good].filter(([name]) => !/^(vocab|tokenizer)/.test(name))), /neither tokenizer\.json nor vocab\.txt/],
    [new Map([["x.bin", bytes("x")]]), /neither tokenizer\.json nor vocab\.txt/],
  ]) {
    const line = await failure(living_start(set, null, "dropped"));
    check(`foreign files: ${says}`, says.test(line) && !line.includes("\n"), line);
  }
}

/* So many edits, masks and drops in a row: no error, and C's memory ends where it was after half of
 * them, but for a page of 64 KB that it may be cut into otherwise. */
async function edits(living, count) {
  let random = 12345, settled = 0, trouble = null;
  const pick = (n) => (random = (random * 1103515245 + 12345) % 2147483648) % n;
  const words = "the old clock struck nine and a bird sang of rain by night".split(" ");
  const kinds = ["none", "causal", "local", "sliding", "dilated", "chunked", "sinks", "strided"];
  const text = (n) => Array.from({ length: n }, () => words[pick(words.length)]).join(" ");
  await living.read({ text: text(24), mask: { kind: "local" }, order: undefined });
  for (let i = 0; i < count && !trouble; i++) {
    const question = { text: text(1 + pick(20)), mask: { kind: kinds[pick(kinds.length)], window: pick(4) } };
    if (pick(3) === 0) question.off = [[pick(living.card.layers), pick(living.card.heads + 1) - 1]];
    if (pick(3) === 0) question.layers = [pick(living.card.layers)];
    if (pick(9) === 0) question.order = [0, 0];
    await living.read(question).catch((error) => { if (!question.order) trouble = error.message; });
    if (i === count >> 1) settled = living.card.bytes;
  }
  check(`${count} edits in a row`, !trouble && living.card.bytes <= settled + 65536, [trouble, settled, living.card.bytes]);
}

/* The same behind 2 GB of memory, which C has had and nobody touches: addresses have a sign in JavaScript. */
async function far_away(text) {
  const before = code, near = await living_start(files(jobs.plain)), there = (await near.read({ text })).block;
  code = `const real = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const { exports: all } = await real(...given), begin = all._initialize ?? (() => {});
  const _initialize = () => (begin(), all.living_release(all.living_room(1)), all.memory.grow(32768));
  return { exports: { ...all, _initialize } };
};
${code}`;
  const living = await living_start(files(jobs.plain)).catch(({ message }) => ({ card: { bytes: message } }));
  check("there is a model behind 2 GB", living.card.bytes > 2 ** 31, living.card.bytes);
  if (!living.read) return;
  check("it reads the same", Buffer.compare((await living.read({ text })).block, there) === 0);
  const line = await failure(living.read({ text: 5 }));
  check("and says what it cannot", /text is 5/.test(line), line);
  living.close(), near.close();
  code = before;
}

/* A byte-order mark before a model's JSON is skipped, as by the C programs: it is the same model. */
async function marked() {
  for (const folder of [jobs.plain, jobs.story]) {
    const good = files(folder), config = good.get("config.json"),
      mark = new Uint8Array([0xef, 0xbb, 0xbf, ...config]);
    const card = (set) => living_start(set).then((living) => (living.close(), JSON.stringify(living.card)), ({ message }) => message);
    const plain = await card(good), other = await card(new Map([...good, ["config.json", mark]]));
    check("a byte-order mark is skipped", plain === other && plain.startsWith("{"), [plain, other]);
  }
}

for (const job of jobs.models) {
  const seen = [], living = await living_start(files(...job.folders), (step) => seen.push(step), job.name);
  check(`${job.name}: memory is said before it is taken`, seen[0]?.stage === "memory" && seen[0].total > 0 &&
    seen.at(-1).done === seen.at(-1).total, seen.slice(0, 2));
  for (const one of job.numbers ?? []) await same_numbers(living, one);
  for (const { text, pair, ids, name } of job.ids ?? []) {
    const got = await living.tokens({ text, pair });
    if (got.ids.join(" ") !== ids) check(`${job.name}: ids of ${name ?? JSON.stringify(text)}`, false, [got.ids.length, ids.slice(0, 200)]);
  }
  if (job.ids) check(`${job.name}: ${job.ids.length} texts have their ids`, job.ids.length > 0);
  if (job.guesses) await guesses(living, job.guesses);
  if (job.writes) await writes(living, job.writes);
  if (job.changes) await one_layer(living, job.name), await changed(living, job.name);
  if (job.refuses) await refusals(living);
  if (job.edits) await edits(living, job.edits);
  if (job.exact !== undefined) check(`${job.name}: exact is ${job.exact}`, living.card.exact === job.exact, living.card);
  living.close();
}
await foreign();
await marked();
await far_away(jobs.texts[0]);
