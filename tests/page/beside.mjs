// beside.mjs: checks of what stands beside a page's own text (--text2, --beside, --run), of files that are dropped on
// it, and of its measures. page.mjs calls them; test_page.py wrote what they are compared with, by the other programs.
import { readFileSync } from "node:fs";
import { block_of, check, set, until, weights } from "./browser.mjs";

const FOUR = 1.5e-4; // 1e-4 of the packing, and half of the last of four digits

/* The strongest disagreement between B's numbers, as the grid reads them aloud, and the export's, of some rows. */
async function rows_off(page, state, maps) {
  const { n } = await page.evaluate(() => ({ n: headlight.n }));
  await set(page, { view: "compare", mask: "none", token: null, key: null, ...state });
  const stop = page.locator(".stage .stop");
  await stop.focus();
  await page.keyboard.press("Escape");
  let worst = 0;
  for (let row = 0; row < 6; row++) {
    await page.keyboard.press("ArrowDown");
    const said = await stop.locator("[role=gridcell]").allTextContents();
    if (said.length !== n) return `${said.length} cells in a row of ${n}`;
    said.forEach((text, key) => {
      const b = text.endsWith(" B masked") ? 0 : Number(text.match(/ B ([\d.]+)$/)?.[1] ?? NaN);
      worst = Math.max(worst, Math.abs(b - maps[state.b_layer][state.b_head][row * n + key]) || 0);
      if (Number.isNaN(b)) worst = Infinity;
    });
  }
  return worst;
}

/* The Jensen-Shannon divergence of rows of n cells, over ln 2, in the mean. */
function moved(a, b, n) {
  const bits = (p, q) => (p > 0 ? p * Math.log2((2 * p) / (p + q)) : 0) / 2;
  return a.reduce((sum, p, at) => sum + bits(p, b[at]) + bits(b[at], p), 0) / n;
}

/* The order test: the same tokens, each from a place of its own, and how far a head's rows moved by place and word. */
async function reordered(page, { maps, from, tokens }) {
  const { own, a, n } = await page.evaluate(() =>
    ({ own: headlight.tokens, a: [...headlight.weights(1, 1)], n: headlight.n }));
  check("another order has the same tokens", from.every((old, at) => own[old] === tokens[at]) &&
    new Set(from).size === n && from.some((old, at) => old !== at), [own, tokens, from]);
  await set(page, { view: "compare", against: "order", layer: 1, head: 1, b_layer: 1, b_head: 1 });
  const b = maps.order[1][1];
  const back = [];
  b.forEach((weight, at) => (back[from[Math.floor(at / n)] * n + from[at % n]] = weight));
  const said = await page.locator(".stage .question").textContent();
  const [place, word] = said.match(/\d\.\d\d/g).map(Number);
  const [by_place, by_word] = [moved(a, b, n), moved(a, back, n)];
  check("and says how far the rows moved", Math.abs(place - by_place) < 0.006 && Math.abs(word - by_word) < 0.006,
    [said, by_place, by_word]);
  const follows = by_word < 0.8 * by_place ? "words" : by_place < 0.8 * by_word ? "places" : "neither";
  check("and what the head follows", said.includes(`: ${follows === "neither" ? follows : "it follows " + follows}`),
    said);
}

/* A new B is looked at by A's head, unless a head of its own is named; the scrubber leaves it. */
async function heads_of_b(page, id, slider) {
  const head_after = (...parts) => page.evaluate(async (all) => {
    for (const part of all) await headlight.set(part);
    const { b_layer, b_head } = headlight.state();
    return `${b_layer}.${b_head}`;
  }, parts);
  const before = { against: "head", layer: 1, head: 1, b_layer: 0, b_head: 0 };
  check("a new B is looked at by A's head", (await head_after(before, { against: id })) === "1.1");
  check("or by a head of its own", (await head_after(before, { against: id, b_head: 0 })) === "1.0");
  await slider.fill("0");
  check("which the scrubber leaves", (await head_after({})) === "1.0");
}

/* A page with another sentence, another model and the checkpoints of a run; maps[id][layer][head] are exports. */
export async function beside(page, facts) {
  const { maps, steps } = facts;
  for (const id of Object.keys(maps)) {
    const off = await rows_off(page, { against: id, b_layer: 1, b_head: 1 }, maps[id]);
    check(`B is ${id}, as the model exports it`, off < FOUR, off);
  }
  const ids = Object.keys(maps).filter((id) => id.startsWith("run-"));
  const slider = page.getByRole("slider", { name: /checkpoint/i });
  for (const [at, { step, loss }] of steps.entries()) {
    await slider.fill(String(at));
    const now = await page.evaluate(() => headlight.state().against);
    const field = await page.locator("label", { has: slider }).textContent();
    check(`the scrubber goes to step ${step}`, now === ids[at], now);
    check(`and says its loss`, field.includes(`step ${step}`) && field.includes(loss.toFixed(3)), field);
  }
  await heads_of_b(page, ids[1], slider);
  await reordered(page, facts);
  check("no error was said beside", page.trouble.length === 0, page.trouble);
}

/* What a reader does who lets a file fall on the page. */
export async function drop(page, path) {
  const bytes = [...readFileSync(path)];
  const held = await page.evaluateHandle((numbers) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(numbers)], "dropped.safetensors"));
    return held;
  }, bytes);
  const before = await page.evaluate(() => document.querySelector(".live").textContent);
  await page.dispatchEvent("body", "drop", { dataTransfer: held });
  await until(page, (text) => document.querySelector(".live").textContent !== text, before);
  return page.locator(".live").textContent();
}

export async function dropped(page, { exported, tokens, maps, nothing, products: wanted }) {
  const own = await page.evaluate(() => headlight.tokens.join(" "));
  const refused = await drop(page, nothing);
  check("a file that is none is refused by name", /^dropped\.safetensors: /.test(refused), refused);
  check("and changes nothing", (await page.evaluate(() => headlight.tokens.join(" "))) === own);
  const said = await drop(page, exported);
  const shown = { tokens: await page.evaluate(() => headlight.tokens), maps: await weights(page) };
  const off = maps.flat(2).map((weight, at) => Math.abs(weight - shown.maps.flat(2)[at]));
  check("an --export is opened", /dropped\.safetensors/.test(said) && String(shown.tokens) === String(tokens), said);
  check("and its weights are the file's", off.every((one) => one < 2e-6), Math.max(...off));
  const products = await page.evaluate(() => [...headlight.term(1, 1, 3, 2).products]);
  check("products are the model's own q times k, in order", products.length === wanted.length &&
    products.every((one, at) => Math.abs(one - wanted[at]) < 1e-5), [products.slice(0, 3), wanted.slice(0, 3)]);
  check("a mask works on it", await page.evaluate(async () => {
    await headlight.set({ mask: "causal" });
    return headlight.weights(0, 0)[1] === 0 && headlight.weights(0, 0)[0] === 1;
  }));
  check("no error was said of it", page.trouble.length === 0, page.trouble);
}

/* How far a measure may be from 19_heads' when each weight may be off by e, which the page's block says of itself: q
 * and k travel as int16. One cell moves by e; the mass of some columns by e for each of them; -a ln a by e ln(1/e) at
 * most; and a weight at .01 may be counted on either side. n tokens, H the row entropy. */
function allowed(name, e, n, entropy, near) {
  const h = -e * Math.log(e);
  const row = n * h;
  const of = {
    first_token: e, sep: n * e, punctuation: n * e, entropy: row, focus: n * row, focus_normalised: row / Math.log(n),
    sparsity: near / n ** 2, distance: (e * n * (n - 1)) / 2, effective_context: entropy * (Math.exp(row) - 1) * n,
  };
  return (of[name] ?? e) + 1e-6;
}

/* Every weight of every head is the export's; a head that int16 would move too far travels as it is, and has the last
 * digits of floats. */
export async function packed(page, html, { maps, exact }) {
  const meta = block_of(html).meta;
  const shown = await weights(page);
  const off = (layer, head) =>
    Math.max(...maps[layer][head].map((weight, at) => Math.abs(weight - shown[layer][head][at])));
  const worst = Math.max(...maps.flatMap((heads, layer) => heads.map((_, head) => off(layer, head))));
  const beside = (meta.exact ?? []).map(([layer, head]) => off(layer, head));
  check("64 tokens: each weight is the program's", worst < 1e-4 && worst <= meta.weights_within + 2e-6, worst);
  check("64 tokens: a sharp head is exact", (beside.length > 0 || !exact) && beside.every((one) => one < 2e-6), beside);
}

export async function measured(page, html, table) {
  const within = block_of(html).meta.weights_within;
  const [names, ...rows] = readFileSync(table, "utf8").trim().split("\n").map((line) => line.split("\t"));
  await set(page, { mask: "none", temperature: 1 });
  const shown = await page.evaluate(() =>
    Array.from({ length: headlight.layers * headlight.heads }, (_, at) => {
      const where = [Math.floor(at / headlight.heads), at % headlight.heads];
      return { ...headlight.measures(...where), weights: [...headlight.weights(...where)] };
    }));
  const bad = [];
  const n = Math.sqrt(shown[0].weights.length);
  for (const [at, row] of rows.entries()) {
    const near = shown[at].weights.filter((weight) => Math.abs(weight - 0.01) <= 2 * within).length;
    names.forEach((name, column) => {
      if (column < 2) return;
      const off = Math.abs(shown[at][name] - Number(row[column]));
      const most = allowed(name, within, n, Number(row[names.indexOf("effective_context")]), near);
      if (!(off <= most)) bad.push([row[0], row[1], name, off, most]);
    });
  }
  check("measures are 19_heads' own", rows.length === shown.length && within < 1e-4 && !bad.length, bad.slice(0, 3));
}

/* A model that fills gaps: no banner, and its five guesses with their sum, as the anatomy reads them aloud. */
export async function guessed(page) {
  check("a model that learnt to fill gaps is no random one", await page.locator(".banner").isHidden());
  const token = await page.evaluate(async () => {
    const token = headlight.tokens.indexOf("[MASK]");
    await headlight.set({ view: "anatomy", token });
    return token;
  });
  await page.locator(".stage .stop").focus();
  const said = (await page.locator("[role=gridcell]").allTextContents()).at(-1);
  const found = said.matchAll(/logit (-?[\d.]+): ([\d.]+) of ([\d.]+) = ([\d.]+)/g);
  const lines = [...found].map((line) => line.slice(1).map(Number));
  const right = lines.every(([logit, exp, sum, share], at) =>
    Math.abs(Math.exp(logit - lines[0][0]) - exp) < 0.02 && Math.abs(exp / sum - share) < 0.01 &&
    (!at || share <= lines[at - 1][3]));
  check("the anatomy ends in five guesses with their sum", token > 0 && lines.length === 5 && right, said);
  check("which are for the place itself", /place of \[MASK\]/.test(said), said);
}
