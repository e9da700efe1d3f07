// leans.mjs: checks of what other people's tests lean on: what a mask takes, what changes no weight, what an address
// may hold, what is saved, printed and linked; and of pages of finished maps. page.mjs calls them with open pages.
import { VIEWS, check, open, saved, set, weights } from "./browser.mjs";

const PLAIN = { view: "matrix", layer: 0, head: 0, heads: [0], token: null, key: null, more: [], mask: "none",
  also_causal: false, special: true, segments: "all", scale: "fixed", show: "weights", top: 100, temperature: 1 };
const plain = (page) => set(page, PLAIN);

/* Every kind of mask, with all knobs given: those that the kind does not name change nothing. */
async function ignored(page) {
  const takes = { none: [], causal: [], local: ["window"], "global-local": ["window", "global"], sliding: ["window"],
    dilated: ["window", "dilation"], prefix: ["prefix"], chunked: ["chunk"], sinks: ["window", "sinks"],
    strided: ["window"] };
  const wrong = await page.evaluate(async (takes) => {
    const bad = [], knobs = { window: 2, global: 1, dilation: 2, sinks: 1, prefix: 3, chunk: 2 };
    for (const [mask, own] of Object.entries(takes)) {
      const some = Object.entries(knobs).map(([name, value]) => [name, own.includes(name) ? value : null]);
      await headlight.set({ mask, ...Object.fromEntries(some) });
      const alone = String(headlight.weights(1, 1));
      await headlight.set({ mask, ...knobs });
      if (String(headlight.weights(1, 1)) !== alone) bad.push(mask);
      for (const name of own) {
        await headlight.set({ [name]: 1 });
        const same = String(headlight.weights(1, 1)) === alone;
        if (same && name !== "sinks" && name !== "global") bad.push(`${mask} ${name}`);
        await headlight.set({ [name]: knobs[name] });
      }
    }
    await headlight.set({ mask: "none", ...Object.fromEntries(Object.keys(knobs).map((name) => [name, null])) });
    return bad;
  }, takes);
  check("a mask ignores what it does not name, and follows what it does", wrong.length === 0, wrong);
}

/* How and where one looks changes no weight. */
async function unchanged(page) {
  await plain(page);
  const moved = await page.evaluate(async (views) => {
    await headlight.set({ mask: "causal" });
    const now = () => String([
      headlight.weights(1, 1), headlight.full(1, 1), headlight.allowed(0, 1), headlight.reach(2, 0)]);
    const before = now();
    const bad = [];
    const values = { view: views, special: [false, true], scale: ["fit", "log", "lift", "fixed"],
      theme: ["dark", "light", "auto"], token: [1, null], key: [2, null], segments: ["aa", "bb", "ab", "ba", "all"],
      layer: [1, 0], head: [1, 0], top: [50, 100] };
    for (const [name, some] of Object.entries(values))
      for (const value of some) {
        await headlight.set({ [name]: value });
        if (now() !== before) bad.push([name, value]);
      }
    return bad;
  }, VIEWS);
  check("special, scale, view, theme, token, segments change no weight", moved.length === 0, moved);
}

/* Some measures of the weights that are shown, by their plain formulas, under a mask. */
async function formulas(page) {
  await plain(page);
  const off = await page.evaluate(async () => {
    await headlight.set({ mask: "local", window: 2 });
    const map = [...headlight.weights(1, 0)], { n } = headlight, said = headlight.measures(1, 0);
    const mean = (of) => map.reduce((sum, weight, at) => sum + of(weight, Math.floor(at / n), at % n), 0) / n;
    const rows = Array.from({ length: n }, (_, i) => map.slice(i * n, i * n + n));
    const wanted = { self: mean((w, i, j) => (i === j ? w : 0)), next: mean((w, i, j) => (j === i + 1 ? w : 0)),
      previous: mean((w, i, j) => (j === i - 1 ? w : 0)), entropy: mean((w) => (w > 0 ? -w * Math.log(w) : 0)),
      distance: mean((w, i, j) => w * Math.abs(i - j)), confidence_max: Math.max(...map),
      confidence_avg: rows.reduce((sum, row) => sum + Math.max(...row), 0) / n };
    const all = Object.entries(wanted).map(([name, value]) => [name, Math.abs(value - said[name])]);
    return all.filter(([, by]) => !(by < 1e-5));
  });
  check("measures are of the weights shown", off.length === 0, off);
}

/* Forty addresses of rubbish, the same each time. */
async function rubbish(page) {
  await plain(page);
  let seed = 7;
  const pick = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];
  const names = ["view", "layer", "head", "heads", "token", "key", "more", "mask", "b_mask", "window", "chunk", "scale",
    "show", "top", "temperature", "depth", "step", "against", "b_layer", "measure", "off", "masked", "order", "text",
    "theme", "__proto__", "toString", ""];
  const values = ["", "-1", "1e9", "NaN", "null", "%E0%A4", "%00", "a.b..1", "constructor", "0x1", "<img onerror=1>",
    "1.1.1.1", "9".repeat(400), "☃", "=&", "#"];
  const odd = [];
  for (let round = 0; round < 40; round++) {
    const hash = "#" + Array.from({ length: 4 }, () => `${pick(names)}=${pick(values)}`).join("&");
    const now = await page.evaluate(async (hash) => {
      location.hash = hash;
      await new Promise((done) => setTimeout(done, 15));
      await headlight.set({});
      const { n, layers, heads } = headlight;
      return { ...headlight.state(), size: [n, layers, heads, headlight.weights(0, 0).length] };
    }, hash);
    const [n, layers, heads, cells] = now.size;
    const inside = (value, count) => Number.isInteger(value) && value >= 0 && value < count;
    const good = inside(now.layer, layers) && inside(now.head, heads) &&
      now.heads.length && now.heads.every((head) => inside(head, heads)) &&
      [now.token, now.key].every((token) => token === null || inside(token, n)) && VIEWS.includes(now.view) &&
      now.temperature >= 0.1 && now.temperature <= 4 && inside(now.top, 101) && cells === n * n;
    if (!good) odd.push([hash, now]);
  }
  check("rubbish in the address gives a state in range", odd.length === 0, odd[0]);
  const failed = await page.evaluate(async () => {
    const kinds = [null, undefined, "", "\ud800", "\u{1f333}".repeat(40), "a" + "\u{1f333}".repeat(40), NaN, 10n, {},
      [[1]], [null], () => 1,
      Symbol("x"), Object.create(null), new Date(NaN)];
    const failed = [];
    const tried = async (part) =>
      headlight.set(part).catch((error) => failed.push([...Object.keys(part ?? {}), error.message]));
    for (const name of Object.keys(headlight.state())) for (const value of kinds) await tried({ [name]: value });
    for (const part of [null, undefined, "x", 5]) await tried(part);
    return failed;
  });
  check("set takes any kind of value, and stays in range", failed.length === 0, failed[0]);
  check("and no error", page.trouble.length === 0, page.trouble);
  await page.evaluate(() => (location.hash = ""));
  await page.waitForTimeout(50);
}

/* Files have names, and the pinned token stands in the picture; measures are a table of their own. */
async function taken(page) {
  await plain(page);
  await set(page, { token: 3, key: 2, layer: 1, head: 1 });
  const token = await page.evaluate(() => headlight.tokens[3]);
  const svg = await saved(page, "SVG");
  check("files are named by model, view and head", /^[\w.-]+_matrix_1\.1\.svg$/.test(svg.name), svg.name);
  check("the SVG names the pinned token",
    new RegExp(`<title>[^<]*, ${token}`).test(svg.text) && svg.text.includes(`>${token}</text>`), token);
  await set(page, { view: "measures", mask: "causal" });
  const rows = (await saved(page, "CSV")).text.trim().split("\n").map((line) => line.split(","));
  const own = await page.evaluate(() => Object.entries(headlight.measures(1, 0)));
  const at = 1 + (await page.evaluate(() => headlight.heads));
  check("the measures' CSV has a head a line", rows[0].slice(2).join() === own.map(([name]) => name).join() &&
    rows[at].map(Number).slice(0, 2).join() === "1,0" &&
    own.every(([, value], column) => Number(rows[at][column + 2]) === value), rows[at]);
  await set(page, { view: "matrix", mask: "none" });
}

/* What leads outside: papers, and nothing else. */
async function linked(page, html) {
  const text = html.replace(/<script[^>]*id="[^"]*">[A-Za-z0-9+/=\s]*<\/script>/g, "");
  const all = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host);
  const papers = /(^|\.)(doi\.org|arxiv\.org|aclanthology\.org)$/;
  const others = all.filter((host) => !papers.test(host) && host !== "www.w3.org");
  check("the only addresses outside are papers'", others.length === 0, others);
  const [live, stop] = await page.evaluate(() =>
    [document.querySelector(".live").ariaLive, document.querySelector(".stop").tabIndex]);
  check("the line that is read aloud says so, and the picture is a Tab stop", live === "polite" && stop === 0,
    [live, stop]);
}

/* On paper the canvas is light as well, whatever theme was on. */
async function printed(page) {
  await plain(page);
  await set(page, { theme: "dark" });
  const ink = () => page.evaluate(() => {
    const canvas = document.querySelector(".stage canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let light = 0, dark = 0;
    for (let at = 0; at < data.length; at += 4) {
      const sum = data[at] + data[at + 1] + data[at + 2];
      if (data[at + 3] > 200) [light, dark] = [light + (sum > 600), dark + (sum < 150)];
    }
    return [light, dark];
  });
  const [, before] = await ink();
  await page.emulateMedia({ media: "print" });
  await page.waitForTimeout(100);
  const [light, dark] = await ink();
  check("a printed map is light", light > 10 * dark && before > light / 10, [before, light, dark]);
  await set(page, { view: "compare", token: 3, key: 2 });
  const left = await page.locator("select, input, button").evaluateAll((all) =>
    all.filter((one) => one.checkVisibility() && !one.closest(".bars, .most")).map((one) => one.textContent));
  check("on paper there is nothing to press or to choose", left.length === 0, left);
  await page.emulateMedia({ media: "screen" });
  await page.waitForTimeout(100);
}

/* All heads: the one under the cursor is drawn larger; the matrix moves under the wheel when it is zoomed. */
async function looked(page) {
  const above = () => page.evaluate(() => {
    const canvas = document.querySelector(".stage .above");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, part, at) => sum + (at % 4 === 3 && part > 0), 0);
  });
  await plain(page);
  await page.mouse.move(2, 2);
  await set(page, { view: "model", detail: false });
  const before = await above();
  await page.locator(".stage .stop").hover({ position: { x: 60, y: 60 } });
  check("a head under the cursor is drawn larger", (await above()) > before + 100 * 100, before);
  await plain(page);
  await page.locator(".stage .stop").focus();
  for (const key of ["ArrowDown", "+", "+"]) await page.keyboard.press(key);
  const drawn = () => page.evaluate(() => document.querySelector(".stage canvas").toDataURL());
  const zoomed = await drawn();
  await page.locator(".stage .stop").hover({ position: { x: 200, y: 200 } });
  await page.mouse.wheel(0, 100);
  await page.waitForTimeout(100);
  check("the wheel moves a matrix that is zoomed", (await drawn()) !== zoomed);
  for (const key of ["-", "-", "Escape"]) await page.keyboard.press(key);
}

/* Reach: the layers that it takes stand in the cells, under a window of two the distance halved. */
async function reached(page) {
  await plain(page);
  await page.evaluate(() => headlight.set({ mask: "local", window: 2, show: "reach", depth: headlight.layers }));
  await page.locator(".stage .stop").focus();
  for (const key of ["Home", "ArrowDown"]) await page.keyboard.press(key);
  const cells = await page.locator("[role=gridcell]").allTextContents();
  const row = Number(await page.locator(".stage [role=row]").getAttribute("aria-rowindex")) - 1;
  const layers = await page.evaluate(() => headlight.layers);
  const far = cells.map((_, key) => Math.ceil(Math.abs(row - key) / 2));
  const wanted = far.map((steps) => (steps <= layers ? String(steps) : "∞"));
  check("reach is read in layers", cells.every((text, key) => text.endsWith(" " + wanted[key])), [cells, wanted]);
  await plain(page);
}

/* A page that offers some layers and heads by their own numbers, and no others. */
export async function offered(path) {
  const page = await open(path);
  await set(page, { view: "model" });
  const options = await page.locator(".controls select").first().locator("option").allTextContents();
  const chips = await page.locator(".controls .chips").first().locator("button").allTextContents();
  check("only the layers and heads that were asked for", options.join() === "0,1" && chips.join() === "0,2",
    [options, chips]);
  await page.locator(".stage .stop").focus();
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const now = await page.evaluate(() => headlight.state());
  const grid = await page.locator(".stage .stop").evaluate((stop) => [stop.ariaRowCount, stop.ariaColCount].join());
  check("arrows walk over them", now.layer === 1 && now.head === 2 && grid === "2,2", [now.layer, now.head, grid]);
  check("no error was said of them", page.trouble.length === 0, page.trouble);
}

export async function leaned(page, html) {
  for (const one of [ignored, unchanged, formulas, rubbish, taken, printed, looked, reached]) await one(page);
  await linked(page, html);
}

/* A page of finished maps, without q and k: its weights are the file's, a mask divides what is left, no view fails; and
 * the same file beside a model's page; and one head of it. */
export async function finished({ page: path, maps, beside, narrow }) {
  const page = await open(path);
  const shown = await weights(page);
  const off = maps.flat(2).map((weight, at) => Math.abs(weight - shown.flat(2)[at]));
  check("finished maps are shown as they are", off.length > 0 && off.every((one) => one < 2e-6), Math.max(...off));
  const masked = await page.evaluate(async () => {
    await headlight.set({ mask: "causal" });
    return [...headlight.weights(1, 0)];
  });
  const n = Math.sqrt(masked.length);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const row = maps[1][0].slice(i * n, i * n + i + 1), sum = row.reduce((a, b) => a + b, 0);
    for (let j = 0; j < n; j++)
      worst = Math.max(worst, Math.abs(masked[i * n + j] - (j <= i ? row[j] / sum : 0)));
  }
  check("a mask divides what it leaves of them", worst < 1e-5, worst);
  for (const view of VIEWS) {
    await set(page, { view, token: 1, key: 0 });
    check(`finished maps, ${view}: no text is missing`,
      !(await page.evaluate(() => /\?\?|NaN|undefined/.test(document.body.innerText))));
  }
  check("finished maps: no error was said", page.trouble.length === 0, page.trouble);
  const other = await open(beside);
  await set(other, { view: "compare", against: "beside", b_layer: 1, b_head: 0, layer: 0, head: 0 });
  await other.locator(".stage .stop").focus();
  for (const key of ["Escape", "ArrowDown"]) await other.keyboard.press(key);
  const texts = await other.locator("[role=gridcell]").allTextContents();
  const said = texts.map((text) => Number(text.match(/ B ([\d.]+)$/)?.[1]));
  check("--beside FILE: B is the file's",
    said.length === n && said.every((value, key) => Math.abs(value - maps[1][0][key]) < 6e-5), said);
  check("--beside FILE: no error was said", other.trouble.length === 0, other.trouble);
  const small = await open(narrow);
  await set(small, { view: "compare", layer: 1, head: 1, against: "beside" });
  const [, named] = (await saved(small, "SVG")).text.match(/>(B: [^<]*)</) ?? [];
  check("B's head is one that B has", named?.endsWith(", 0.0"), named);
}
