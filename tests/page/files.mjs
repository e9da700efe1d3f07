// files.mjs: checks of what a page saves: each file has all that its view shows, and gnuplot draws the script without a
// word. page.mjs calls them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, saved, set } from "./browser.mjs";

const NEAR = 1e-8; // the last of eight digits

/* The lines of a CSV as objects, by the names in the first; texts may hold commas, quotes and line ends. */
function table(text) {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)];
  const lines = [[]];
  for (const [, quoted, plain, end] of cells) {
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\n") lines.push([]);
  }
  const [names, ...rows] = lines.slice(0, -1);
  return { names, rows: rows.map((row) => Object.fromEntries(row.map((cell, at) => [names[at], cell]))) };
}

const csv = async (page) => table((await saved(page, "CSV")).text);

/* Weights and allowed cells of a head under a mask, as the page's own questions answer them. */
const asked = (page, part, layer, head) => page.evaluate(async ([part, layer, head]) => {
  const before = headlight.state();
  await headlight.set(part);
  const { n, tokens } = headlight;
  const allowed = Array.from({ length: n * n }, (_, at) => headlight.allowed(Math.floor(at / n), at % n));
  const all = { n, tokens, allowed, map: [...headlight.weights(layer, head)] };
  await headlight.set(before);
  return all;
}, [part, layer, head]);

/* How many lines of a map are not what the engine says; a masked cell is empty. */
const wrong = (rows, { n, tokens, allowed, map }) =>
  rows.filter(({ from, to, from_token, to_token, weight }) => {
    const at = Number(from) * n + Number(to);
    const same = allowed[at] ? weight !== "" && Math.abs(Number(weight) - map[at]) <= NEAR : weight === "";
    return !same || from_token !== tokens[from] || to_token !== tokens[to];
  }).length + Math.abs(rows.length - n * n);

/* A and B under two masks of one kind: all of both, each with its mask, and the change. */
async function masks(page) {
  const [first, second] = [{ mask: "local", window: 3 }, { mask: "local", window: 1, also_causal: true }];
  await set(page, { view: "compare", ...first, layer: 1, head: 1, special: true, temperature: 1, scale: "fixed",
    against: "mask", b_mask: "local", b_window: 1, b_also_causal: true, b_layer: 1, b_head: 1 });
  const { names, rows } = await csv(page);
  const [a, b] = ["A", "B"].map((side) => rows.filter(({ name }) => name === side));
  const wanted = [await asked(page, first, 1, 1), await asked(page, second, 1, 1)];
  check("a comparison's CSV has all of A and of B",
    a.length + b.length === rows.length && wrong(a, wanted[0]) === 0 && wrong(b, wanted[1]) === 0, [names, rows[0]]);
  check("with the masks of both", [a, b].map((side) => [...new Set(side.map(({ mask }) => mask))]).join(" ") ===
    "local:3 local:1+causal", [a[0], b[0]]);
  const [one, two] = wanted.map(({ map }) => map);
  check("and B less A in B's lines", a.every(({ change }) => change === "") && b.every(({ change, from, to }) => {
    const at = Number(from) * wanted[0].n + Number(to);
    return Math.abs(Number(change) - (two[at] - one[at])) <= 1e-7; // of floats
  }), b[0]);
  const svg = (await saved(page, "SVG")).text;
  check("the picture names both masks", [">A: local:3, 1.1<", ">B: local:1+causal, 1.1<"].every((one) =>
    svg.includes(one)), svg.match(/>[AB]: [^<]*/g));
  const script = (await saved(page, "gnuplot")).text;
  check("the script has three maps, the change around 0", script.match(/^plot /gm).length === 3 &&
    script.includes("set cbrange [-1:1]"), script.slice(0, 300));
  const same = (await page.evaluate(() => headlight.csv())) === (await saved(page, "CSV")).text;
  check("headlight.csv() is the file", same);
  const now = await page.evaluate(() => headlight.state());
  check("state() has B's numbers", now.b_window === 1 && now.b_also_causal && now.window === 3, now);
}

/* By keys alone: what had the focus keeps it, and a slider moves on while it is held. */
async function keys(page) {
  await set(page, { view: "compare", against: "head", mask: "causal", scale: "fixed" });
  const kind = page.getByLabel("B is");
  await kind.focus();
  await page.keyboard.type("another m");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  const kept = await kind.evaluate((one) => one === document.activeElement && one.value === "mask");
  check("a choice keeps the focus", kept, await kind.inputValue());
  await set(page, { b_mask: "local", b_window: 1, b_also_causal: false });
  const slider = page.getByRole("slider", { name: "B: window" });
  await slider.focus();
  for (let times = 0; times < 3; times++) await page.keyboard.press("ArrowRight");
  const now = await page.evaluate(() => headlight.state().b_window);
  check("a slider of B follows the arrows", now === 4, now);
  await page.locator(".stage .stop").focus();
  const walk = ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"];
  for (const key of walk) await page.keyboard.press(key);
  const said = await page.locator(".live").textContent();
  await page.keyboard.press("Escape");
  check("a masked cell of a comparison is no number, the change is one",
    /A masked, B 0\.\d{4}, B − A \+0\.\d{4}$/.test(said), said);
}

/* Whose rows are listed below, and no choice above cuts off the name that is chosen: the arrow takes about 20. */
async function told(page) {
  await set(page, { view: "compare", against: "mask", mask: "none", b_mask: "sinks", b_window: 2, b_sinks: 1 });
  const title = await page.locator(".side h2").first().textContent();
  check("Compare says that the rows listed are A's", title.startsWith("A: "), title);
  const cut = await page.locator(".stage .row select").evaluateAll((all) => all.filter((select) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(select).font;
    return pen.measureText(select.selectedOptions[0].text).width + 16 + 20 > select.clientWidth;
  }).map((select) => select.selectedOptions[0].text));
  check("no chosen name is cut off", cut.length === 0, cut);
}

/* Where the model has learnt under a mask, that is what stands where none is chosen. */
async function own(page) {
  await set(page, { view: "compare", mask: "none", against: "mask", b_mask: "local", b_window: 2 });
  const svg = (await saved(page, "SVG")).text;
  check("a GPT's own mask is named", svg.includes(">A: own, ") && svg.includes(">B: local:2+causal, "),
    svg.match(/>[AB]: [^<]*/g));
  await set(page, { against: "unmasked" });
  const rows = (await csv(page)).rows.filter(({ name }) => name === "B");
  check("and holds in B, too", rows.every(({ from, to, weight }) => (Number(to) > Number(from)) === (weight === "")),
    rows[1]);
}

/* Several heads, all heads, what the mask changed. */
async function heads(page) {
  await set(page, { view: "head", heads: [0, 1], head: 0, layer: 1, mask: "causal", against: "head" });
  const wanted = await Promise.all([0, 1].map((head) => asked(page, {}, 1, head)));
  for (const view of ["head", "matrix"]) {
    await set(page, { view });
    const { rows } = await csv(page);
    check(`${view}: the CSV has each of the heads that are drawn`,
      [0, 1].every((head) => wrong(rows.filter((row) => row.head === String(head)), wanted[head]) === 0), rows[0]);
  }
  await set(page, { view: "model", heads: [0] });
  const { rows } = await csv(page);
  const { count, n } = await page.evaluate(() => ({ count: headlight.layers * headlight.heads, n: headlight.n }));
  check("all heads: so has theirs", rows.length === count * n * n &&
    wrong(rows.filter(({ name }) => name === "1.1"), wanted[1]) === 0, rows.length);
  await set(page, { view: "matrix", show: "difference", head: 1 });
  const changed = (await csv(page)).rows;
  const full = await page.evaluate(() => [...headlight.full(1, 1)]);
  const lost = changed.map((row, i) => [i, Object.values(row).slice(1).map(Number)]);
  check("what the mask took is in the CSV", lost.every(([i, row]) =>
    row.every((value, j) => Math.abs(value - (wanted[1].map[i * n + j] - full[i * n + j])) < 1e-7)), lost[0]);
  await set(page, { show: "weights", mask: "none" });
}

/* A number for each that is drawn of a query's neurons, and of a token's way. */
async function parts(page) {
  await set(page, { view: "neuron", layer: 1, head: 0, token: 2, mask: "causal" });
  const { rows } = await csv(page);
  const term = await page.evaluate(() => {
    const { products, scaled, weight } = headlight.term(1, 0, 2, 1);
    return { products: [...products], scaled, weight, names: headlight.tokens.length };
  });
  const of = (name) => rows.filter(({ part }) => part === name);
  const d = term.products.length;
  const near = (row, value) => Math.abs(Number(row.value) - value) <= NEAR;
  check("neurons: the CSV has q, k, products, scores and weights",
    of("q × k").slice(d, 2 * d).every((row, at) => near(row, term.products[at])) && of("q").length === d &&
    of("k").length === d * term.names && near(of("q·k/√d")[1], term.scaled) && near(of("softmax")[1], term.weight) &&
    of("softmax")[3].value === "", rows.slice(0, 2));
  await set(page, { view: "anatomy" });
  const way = (await csv(page)).rows;
  check("anatomy: so has it the strips and the matrices", ["word", "q", "v", "softmax", "before"].every((name) =>
    way.some(({ part }) => part === name)), [...new Set(way.map(({ part }) => part))]);
  await set(page, { mask: "none", token: null });
}

/* What gnuplot says of a script, and whether a picture lies beside it. */
function plotted(script) {
  const folder = mkdtempSync(join(tmpdir(), "page"));
  writeFileSync(join(folder, "map.gp"), script);
  const { status, stderr } = spawnSync("gnuplot", ["-d", "map.gp"], { cwd: folder, encoding: "utf8" });
  const name = script.match(/set output '(.*)'/)[1];
  let size = 0;
  try {
    const picture = readFileSync(join(folder, name));
    size = picture.toString("latin1", 1, 4) === "PNG" ? picture.readUInt32BE(16) : picture.length;
  } catch {
    // it has drawn none
  }
  rmSync(folder, { recursive: true });
  return { good: status === 0 && stderr === "" && size > 100, status, stderr: stderr.slice(0, 300), size };
}

const plots = () => {
  try {
    return Boolean(execFileSync("gnuplot", ["--version"]));
  } catch {
    return false;
  }
};

/* Whatever is shown, of texts with quotes, with one token, of other tokens and in another order. */
async function drawn(pages) {
  if (!plots()) return console.log("skip the scripts that a page saves are drawn: gnuplot is not here");
  const masked = { mask: "causal", layer: 1, head: 1, special: true };
  for (const [name, page, parts] of pages)
    for (const part of parts) {
      await set(page, { ...masked, show: "weights", scale: "fixed", ...part });
      const answer = plotted(await page.evaluate(() => headlight.gnuplot()));
      check(`gnuplot draws ${name}, ${Object.values(part).join(" ")}`, answer.good, answer);
    }
}

const LOOKS = [{ view: "matrix" }, { view: "matrix", show: "difference", scale: "fit" },
  { view: "matrix", show: "reach" }, { view: "matrix", scale: "lift" },
  { view: "matrix", scale: "log" }, { view: "head" }, { view: "model" },
  { view: "neuron" }, { view: "flow" }, { view: "anatomy" }, { view: "measures" }, { view: "tour" },
  { view: "compare", against: "mask", b_mask: "local" }, { view: "compare", against: "unmasked" }];

/* pages: of a text with quotes, of three texts, of another order, of a GPT. */
export async function files(page, [strange, texts, order, gpt]) {
  await masks(page);
  await keys(page);
  await told(page);
  await own(gpt);
  await heads(page);
  await parts(page);
  await set(texts, { view: "compare", against: "text2", layer: 1, head: 1 });
  const { names, rows } = await csv(texts);
  const counts = ["A", "B"].map((side) => Math.sqrt(rows.filter(({ name }) => name === side).length));
  check("of other tokens there is no change", !names.includes("change") &&
    counts[0] === (await texts.evaluate(() => headlight.n)) && counts[1] > 1 && counts[1] !== counts[0], counts);
  await set(texts, { against: "texts" });
  check("all sentences: each is in the CSV",
    [...new Set((await csv(texts)).rows.map(({ name }) => name))].join("") === "ABC");
  await drawn([["a text with quotes", strange, LOOKS],
    ["sentences", texts, [{ view: "compare", against: "text2" }, { view: "compare", against: "texts" }]],
    ["another order", order, [{ view: "compare", against: "order", scale: "lift" }]]]);
  const trouble = [page, strange, texts, order, gpt].flatMap((one) => one.trouble);
  check("no error was said of files", trouble.length === 0, trouble);
}
