// edits.mjs: so many edits, masks and models that are dropped in a row, at random, on one page; living.mjs calls it.
// All that is asked can be answered, so no line may be said. At the end the page shows what it showed, bit for bit, and
// has the memory that it had after half of them.
import { readFileSync } from "node:fs";
import { VIEWS, browser, check, set } from "./browser.mjs";

const EDITS_DROPS = 25; // edits to a model that is dropped
const EDITS_HELD = 3e6; // bytes by which the script's memory differs from one look to the next: its library's, too
const EDITS_ROOM = 24e6; // and the browser's

/* A row of numbers that is the same each time: any(count) is one of 0 to count - 1. */
function edits_random(seed) {
  return (count) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % count;
  };
}

/* One thing that can be asked of a model that has read n tokens, the first and the last of them perhaps special. */
function edits_part(any, { layers, heads, n, family }, texts) {
  const bert = family === "bert";
  const text = () => texts[any(bert ? texts.length : texts.length - 1)]; // a GPT of letters has not those of the last
  const some = (count, from = 0) => [...new Set(Array.from({ length: any(4) }, () => from + any(count)))];
  const order = Array.from({ length: n }, (_, at) => at);
  for (let at = n - 1; at > 0; at--) {
    const other = any(at + 1);
    [order[at], order[other]] = [order[other], order[at]];
  }
  const masks = ["none", "local", "causal", "sinks", "sliding"];
  const parts = [
    { text: text(), pair: bert && !any(3) ? text() : "" },
    { text: text() },
    { text_b: any(2) ? text() : "" },
    { masked: bert && n > 2 ? some(n - 2, 1) : [] },
    { scope: any(2) ? "model" : "head", window: 1 + any(4), mask: masks[any(masks.length)] },
    { mask_layers: some(layers) },
    { off: ["", `${any(layers)}.${any(heads)}`, String(any(layers))][any(3)] },
    { order: any(2) ? order : [] },
    { view: VIEWS[any(VIEWS.length)], layer: any(layers), head: any(heads) },
  ];
  return parts[any(parts.length)];
}

/* What each thread of a model says of its memory is kept. */
const edits_listen = () => {
  window.Worker = class extends Worker {
    constructor(address) {
      super(address);
      this.addEventListener("message", ({ data }) => (window.edits_wasm = data.answer?.memory ?? window.edits_wasm));
    }
  };
};

/* After what is left over has been swept up: threads of models, and bytes of the model's memory (wasm), of what the
 * page's script holds on to (held), and of all that its process has in memory; nodes of the document. */
async function edits_memory(page) {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
  const pages = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const resident = pages.map((id) => 4096 * Number(readFileSync(`/proc/${id}/statm`, "utf8").split(" ")[1]));
  const workers = page.workers();
  const wasm = await page.evaluate(() => window.edits_wasm);
  await Promise.all([session.detach(), whole.detach()]);
  return { workers: workers.length, wasm, held: usedSize + backingStorageSize, resident: Math.max(...resident), nodes };
}

/* drop(page, folder) is done when the model is open. The first of the folders is open at the beginning and the end. */
export async function edits(page, folders, texts, drop, count) {
  const any = edits_random(7);
  const seen = [];
  const said = [];
  const calm = { text_b: "", pair: "", off: "", masked: [], order: [], mask_layers: [], scope: "head", mask: "none" };
  const look = async () => {
    const still = () => set(page, { ...calm, text: texts[0], view: "matrix", layer: 0, head: 0 });
    await still(); // a model that is dropped reads what stands there, and a longer text takes more memory
    await drop(page, folders[0]);
    await still();
    const weights = await page.evaluate(() => [...headlight.weights(headlight.layers - 1, headlight.heads - 1)].join());
    seen.push({ weights, ...(await edits_memory(page)) });
  };
  await page.evaluate(edits_listen);
  await look();
  for (let round = 1; round <= count; round++) {
    if (round % EDITS_DROPS === 0) await drop(page, folders[any(folders.length)]);
    else {
      const facts = await page.evaluate(() => ({ ...headlight.model, n: headlight.n }));
      const part = edits_part(any, facts, texts);
      const line = await page.evaluate(async (some) => {
        await headlight.set(some);
        return document.querySelector(".live-panel .said")?.textContent;
      }, part);
      if (line) said.push([round, part, line]);
    }
    if (round === count >> 1) await look();
  }
  await look();
  const [first, half, last] = seen;
  check(`${count} edits, masks and drops at random: nothing fails`, said.length === 0, said);
  check("afterwards the page shows what it showed", first.weights === last.weights && first.weights === half.weights);
  check("and has one model in memory, as large as it was", last.workers === 1 && last.wasm === half.wasm, [half, last]);
  check("its script holds what it held", last.held < half.held + EDITS_HELD, seen.map((one) => one.held));
  check("its process is as large as it was", last.resident < half.resident + EDITS_ROOM,
    seen.map((one) => one.resident));
  check("it holds no documents of before", last.nodes < 2 * half.nodes, seen.map((one) => one.nodes)); // but the last
  const told = seen.map(({ wasm, held, resident }) =>
    [wasm, held, resident].map((size) => (size / 1e6).toFixed(1)).join(" / "));
  console.log(`told MB of the model / of the script / of the process: ${told.join(", then ")}`);
}
