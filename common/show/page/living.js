// living - a model inside the page: its files become a Living, which reads any text under any mask, and writes on. All
// of it is the C of common/ (view/living) in a Worker (worker.js), so the page never waits. Nothing leaves the machine.
//
//   living_start(files, on_progress, name) -> Promise<Living>
//     files: Map or object of name -> Uint8Array | Blob | base64 as a string: config.json, model.safetensors (or
//     packed.safetensors, which a living page brings), and the tokenizer's: vocab.txt, tokenizer.json, vocab.json and
//     merges.txt, whatever the folder has. on_progress({stage: "memory", total}) comes first, then
//     ({stage: "files", done, total}), in bytes.
//     name is the model's, for messages and the page's title.
//   living.card  {family "bert"|"gpt2", name, layers, heads, width, vocab, context, types, parameters, guesses, writes,
//     causal, mask, trained, units, bytes, exact}: guesses: it can name tokens; writes: next() works; mask: there is a
//     [MASK]; types 2: a pair is two segments; bytes: of memory now; exact: the weights are as they were made.
//   living.tokens({text, pair, seed}) -> {ids, types, first, end, tokens, order}: first and end are bytes of the text;
//     order, with a seed above 0: the words shuffled as 20_atlas --order does it, for read().
//   living.read(question) -> {block, top, moved, ms}
//     text, pair   or  ids, types   what is read
//     masked       [places of the text] that become [MASK]
//     order        [n] which token of the text stands in each place
//     mask         {kind "local", window, ..., causal}: engine.js's ENGINE_KINDS and ENGINE_KNOBS, scope "model"
//     layers       [..] where the mask holds; else in all
//     off          [[layer, head], ..] heads that say nothing; head -1: all of the layer
//     strips       [..] layers whose feed-forward strips the block shall have
//     block: Uint8Array, for engine_open: as the page's own, but exact (F32). top: [{place, guesses: [{id, text, p}]}],
//     of each [MASK], or of a GPT's last place. moved, with a mask, an order or heads off: [n] the cosine of each
//     token's last hidden state with what it is without them.
//   living.next({ids or text, temperature, top_k, top_p, seed}) -> {id, text, whole, ids, top: [{id, text, p}], ms}
//     The next token, drawn; temperature 0: the likeliest. whole, ids: all of the text with it, to be asked for again.
//     The shares p are those that it was drawn from. The same seed draws the same text, and 16_sampling's.
//   living.cancel()  ends what runs; its promise is rejected. The model is opened again when it is next asked.
//   living.close()   gives all memory back.
//
// Whatever fails is a rejected promise whose Error has one clear line, and the Living goes on.
import { page_part, page_unzipped } from "./engine.js";

/* A part of the page as bytes. */
async function living_part(id) {
  const bytes = page_part(id);
  if (!bytes?.length) throw new Error("this page was made without what runs a model");
  return page_unzipped(bytes);
}

/* How many bytes of memory the files take. */
function living_bytes(files) {
  const base64 = (text) => Math.floor((text.length * 3) / 4);
  const size = (data) => (typeof data === "string" ? base64(data) : (data.size ?? data.byteLength));
  return files.reduce((sum, [, data]) => sum + size(data), 0);
}

class Living {
  #files; #name; #progress; #worker = null; #waiting = new Map(); #last = 0; #opening = null;

  constructor(files, on_progress, name) {
    this.#files = files;
    this.#name = name;
    this.#progress = on_progress;
  }

  /* ---- the worker ---- */

  #end(line) {
    this.#worker?.terminate();
    this.#worker = this.#opening = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(line));
    this.#waiting.clear();
  }

  #hear({ id, answer, error, broken, progress }) {
    if (progress) return this.#progress?.({ stage: "files", ...progress });
    const asked = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer?.memory) this.card = { ...this.card, bytes: answer.memory };
    if (!error) asked?.resolve(answer);
    else {
      asked?.reject(new Error(error));
      if (broken) this.#end("the model is opened again");
    }
  }

  #ask(message) {
    if (!this.#worker) throw new Error("cancelled");
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  /* Opens the model, once; afterwards only when the worker has ended. */
  open() {
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin() {
    const library = await living_part("living"), unicode = await living_part("unicode");
    const source = new TextDecoder().decode(await living_part("worker"));
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.#worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => this.#end(`the model's worker ended: ${event.message ?? "no reason given"}`);
    const open = { library, unicode, files: this.#files, name: this.#name, total: living_bytes(this.#files) };
    const { memory, ...card } = await this.#ask({ open }).catch((error) => {
      this.#end(error.message);
      throw error;
    });
    this.card = { ...card, bytes: memory };
    return this;
  }

  async #question(call, question) {
    await this.open();
    const { memory, ...answer } = await this.#ask({ call, question });
    return answer;
  }

  /* ---- what can be asked ---- */

  tokens(question) { return this.#question("living_ask_tokens", question); }
  read(question) { return this.#question("living_ask_read", question); }
  next(question) { return this.#question("living_ask_next", question); }
  cancel() { this.#end("cancelled"); }

  close() {
    this.#end("the model was closed");
    this.#files = [];
  }
}

export async function living_start(files, on_progress, name = "model") {
  const list = [...(files instanceof Map ? files : Object.entries(files))];
  on_progress?.({ stage: "memory", total: living_bytes(list) });
  return new Living(list, on_progress, name.replace(/[^\w.-]+/g, "_") || "model").open();
}
