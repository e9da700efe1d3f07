// page.mjs: opens pages that 20_atlas wrote in Chromium, as a reader would, and says what holds. test_page.py starts
// it: node page.mjs CHROMIUM TRAINED.html RANDOM.html PAIR.html WHY.tsv LAYER.HEAD FACTS.json.
// A line a check: `ok` or `not ok`, its name, what was seen.
import { readFileSync } from "node:fs";
import { beside, dropped, guessed, measured, packed } from "./beside.mjs";
import { beyond, halves, sentences, stacked } from "./parts.mjs";
import { VIEWS, browser, check, clean, open, saved, set, state } from "./browser.mjs";
import { figures } from "./figures.mjs";
import { files } from "./files.mjs";
import { finished, leaned, offered } from "./leans.mjs";
import { bent, gathered, opened, overlaid, searched, together, valued, warmed, worded } from "./looks.mjs";

const [, , , trained, random, pair, table, whose, told] = process.argv;
const MASKS = ["none", "causal", "local", "global-local", "sliding", "dilated", "prefix", "chunked", "sinks",
  "strided"];

/* The numbers that are shown: rows sum to one where something is allowed, nothing lies where nothing may. */
async function numbers(page) {
  const wrong = await page.evaluate(async (masks) => {
    const bad = [];
    const { n, layers, heads } = headlight;
    for (const mask of masks) {
      await headlight.set({ mask, window: 2, global: 1, sinks: 1 });
      for (let layer = 0; layer < layers; layer++)
        for (let head = 0; head < heads; head++) {
          const map = headlight.weights(layer, head);
          const full = headlight.full(layer, head);
          for (let i = 0; i < n; i++) {
            let sum = 0;
            let left = 0;
            let any = false;
            for (let j = 0; j < n; j++) {
              const allowed = headlight.allowed(i, j);
              any ||= allowed;
              sum += map[i * n + j];
              if (allowed) left += full[i * n + j];
              if (!allowed && map[i * n + j] !== 0) bad.push([mask, layer, head, i, j]);
            }
            if (Math.abs(sum - (any ? 1 : 0)) > 1e-4) bad.push([mask, layer, head, i, sum]);
            for (let j = 0; left > 1e-6 && j < n; j++)
              if (headlight.allowed(i, j) && Math.abs(map[i * n + j] - full[i * n + j] / left) > 1e-4)
                bad.push([mask, "renormalised", layer, head, i, j]);
          }
        }
    }
    await headlight.set({ mask: "local", window: n });
    const wide = headlight.weights(0, 0);
    await headlight.set({ mask: "none" });
    if (!headlight.weights(0, 0).every((value, at) => value === wide[at]))
      bad.push("a window that holds all is not none");
    return bad.slice(0, 5);
  }, MASKS);
  check("weights obey every mask", wrong.length === 0, wrong);
  const sum = await page.evaluate(() => {
    const { products, score, scaled, row_max, row_sum, weight } = headlight.term(0, 0, 0, 0);
    const mine = products.reduce((a, b) => a + b, 0);
    return [
      Math.abs(mine - score),
      Math.abs(Math.exp(scaled - row_max) / row_sum - weight),
      Math.abs(weight - headlight.weights(0, 0)[0]),
    ];
  });
  check("the sum of a cell is its weight", sum.every((error) => error < 1e-4), sum);
}

async function views(page, theme) {
  for (const view of VIEWS) {
    await set(page, { view, theme, token: null, key: null, mask: "none" });
    await clean(`${view} ${theme}`, page);
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    check(`${view} ${theme}: under 5000 nodes`, nodes < 5000, nodes);
    const ink = await page.evaluate(() => {
      const canvas = document.querySelector(".stage canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4 * 7)
        if (data[at + 3]) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      return seen.size;
    });
    check(`${view} ${theme}: something is drawn`, ink > 8, ink);
    const missing = await page.evaluate(() => document.body.innerText.includes("??"));
    check(`${view} ${theme}: no text is missing`, !missing);
  }
}

const live = (page) => page.locator(".live").textContent();

async function keyboard(page) {
  await set(page, { view: "matrix", layer: 0, head: 0, token: null, key: null, mask: "none" });
  await page.locator(".stop").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  check("arrows read a number", /0?\.\d{4}/.test(await live(page)), await live(page));
  await page.keyboard.press("Enter");
  const pinned = await state(page);
  check("Enter pins", pinned.token === 1 && pinned.key === 2, [pinned.token, pinned.key]);
  const grid = await page.locator(".stop")
    .evaluate((stop) => [
      stop.getAttribute("aria-rowcount"),
      stop.getAttribute("aria-colcount"),
      document.getElementById(stop.getAttribute("aria-activedescendant"))?.textContent ?? "",
    ]);
  check("the grid counts its rows and holds its cell",
    Number(grid[0]) > 1 && grid[0] === grid[1] && /\d\.\d{4}/.test(grid[2]), grid);
  await page.keyboard.press("Escape");
  check("Esc lets go", (await state(page)).token === null);
  await set(page, { view: "model" });
  await page.locator(".stop").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const moved = await state(page);
  check("arrows walk over heads", moved.layer === 1 && moved.head === 1, [moved.layer, moved.head]);
  const reached = await page.evaluate(
    () =>
      [...document.querySelectorAll("button, select, input, summary, [tabindex]")].filter(
        (one) => one.offsetParent && !one.disabled && one.tabIndex < 0,
      ).length,
  );
  check("no control is out of Tab's reach", reached === 0, reached);
  await set(page, { view: "tour" });
  await page.locator(".tour").focus();
  for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowRight");
  check("the tour has ten steps", (await state(page)).step === 9, (await state(page)).step);
}

async function pointer(page) {
  await set(page,
    { view: "matrix", layer: 0, head: 0, token: null, key: null, mask: "none", show: "weights", scale: "fixed" });
  const box = await page.locator(".stop").boundingBox();
  await page.mouse.move(box.x + 160, box.y + 160);
  check("hovering says a number", /\d\.\d{4}/.test(await live(page)), await live(page));
  await page.mouse.click(box.x + 160, box.y + 160);
  const now = await state(page);
  check("a click pins", now.token !== null && now.key !== null, now);
  check("the sum stands beside it", (await page.locator(".sum tr").count()) === 8);
  for (const [label, ending] of [
    ["PNG", "png"],
    ["SVG", "svg"],
    ["CSV", "csv"],
    ["gnuplot", "gp"],
  ]) {
    const { name, text } = await saved(page, label);
    check(`${label} is saved`, name.endsWith("." + ending) && text.length > 200, name);
    if (ending === "svg")
      check("the SVG has real text", (text.match(/<text /g) ?? []).length > 8 && !text.includes("NaN"));
    if (ending === "csv")
      check("the CSV has a row a token",
        text.trim().split("\n").length === (await page.evaluate(() => headlight.n)) + 1);
  }
}

async function address(page, file) {
  await set(page,
    { view: "neuron", layer: 1, head: 1, mask: "local", window: 3, token: 1, scale: "log", special: false,
      against: "mask", b_mask: "dilated", b_window: 2, b_dilation: 3, b_also_causal: true });
  const before = await state(page);
  const hash = await page.evaluate(() => location.hash);
  const again = await open(file, {}, hash);
  const after = await state(again);
  check("the address restores the state", JSON.stringify(before) === JSON.stringify(after), [before, after]);
  await again.evaluate(() => {
    location.hash = "#view=x&layer=99&head=-1&token=1e9&mask=%E0%A4&window=abc&heads=a.b&constructor=1";
  });
  await again.waitForTimeout(100);
  const bent = await state(again);
  check("rubbish in the address is ranged",
    bent.view === "matrix" && bent.layer < 6 && bent.token === null && again.trouble.length === 0,
    [bent, again.trouble]);
  await again.context().close();
}

async function rest(file) {
  const still = await open(file, { reducedMotion: "reduce" });
  const frames = await still.evaluate(
    () =>
      new Promise((done) => {
        let count = 0;
        const ask = window.requestAnimationFrame;
        window.requestAnimationFrame = (f) => {
          count++;
          return ask(f);
        };
        setTimeout(() => done(count), 300);
      }),
  );
  check("an idle page asks for no frames", frames === 0, frames);
  await set(still, { theme: "dark" });
  await still.emulateMedia({ media: "print" });
  const printed = await still.evaluate(() => [
    getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.body).color,
  ]);
  check("print is dark on white", printed[0] === "rgb(255, 255, 255)" && printed[1] === "rgb(0, 0, 0)", printed);
  await still.emulateMedia({ media: "screen" });
  await set(still, { lang: "pseudo" });
  const plain = await still.evaluate(() =>
    [...document.querySelectorAll("button, h2, .hint, summary, label > span")].filter((one) => !one.closest(".most"))
      .map((one) => one.textContent)
      .filter((text) => /[a-z]{4}/.test(text))
      .filter((text) => !/[áéíóúñçš\]~]/.test(text) && !/^(gnuplot|Headlight)$/.test(text)),
  );
  check("every text comes from the table", plain.length === 0, plain.slice(0, 5));
  await still.context().close();
  const phone = await open(file, { viewport: { width: 390, height: 800 } });
  for (const view of VIEWS) {
    await set(phone, { view });
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth);
    check(`${view}: no sideways scrolling on a phone`, wide <= 390, wide);
  }
  check("a phone has no errors", phone.trouble.length === 0, phone.trouble);
  await phone.context().close();
}

/* The parts of a score, and 19_heads' table of the same cell: test_page.py wrote it for token 2 at token 1. */
async function why(page) {
  const said = readFileSync(table, "utf8").trim().split("\n").slice(1).map((line) => line.split("\t"));
  const cell = [...whose.split(".").map(Number), 2, 1];
  const got = await page.evaluate(async (at) => {
    await headlight.set({ mask: "none" });
    const { parts, value, centred } = headlight.why(...at);
    const term = headlight.term(...at);
    return { parts, value: [...value], centred: [...centred], score: term.scaled - term.bias };
  }, cell);
  const sum = got.value.reduce((a, b) => a + b, 0);
  check("the parts add up to the score", Math.abs(sum - got.score) < 1e-3, [sum, got.score]);
  const off = said.map(([q, k, value, centred]) => {
    const at = got.parts.indexOf(q) * got.parts.length + got.parts.indexOf(k);
    return Math.max(Math.abs(got.value[at] - Number(value)), Math.abs(got.centred[at] - Number(centred)));
  });
  check("the parts are 19_heads' own", off.length === got.value.length && off.every((one) => one < 1e-3), off);
  check("other heads have none", (await page.evaluate(() => headlight.why(0, 0, 2, 1))) === null);
  const left = await page.evaluate(async ([layer, head, query]) => {
    await headlight.set({ mask: "causal" });
    const all = (list) => list.reduce((a, b) => a + b, 0);
    const seen = [...Array(query + 1).keys()];
    return all(seen.map((key) => all(headlight.why(layer, head, query, key).centred)));
  }, cell);
  check("a row's centred scores add up to nothing under a mask", Math.abs(left) < 1e-6, left);
  await page.evaluate(
    ([layer, head, token, key]) => headlight.set({ mask: "none", view: "matrix", layer, head, token, key }),
    cell,
  );
  const lines = await page.locator(".why tbody tr").allTextContents();
  check("the panel ends in the sum", lines.length === 10 && lines[9].includes(sum.toFixed(3)), lines);
}

/* The page as `make` writes it where there is no esbuild. */
async function unpacked(page, file) {
  const small = await open(file);
  const all = () => JSON.stringify([headlight.tokens, [...headlight.weights(1, 1)], headlight.measures(1, 1)]);
  for (const view of VIEWS) await set(page, { view });
  const same = (await page.evaluate(all)) === (await small.evaluate(all));
  check("a script that travels as it is written does the same", same && page.trouble.length === 0, page.trouble);
  await Promise.all([page, small].map((one) => one.context().close()));
}

const first = await open(trained);
const html = readFileSync(trained, "utf8");
check("nothing is asked from outside", first.asked.length === 1, first.asked);
check("the policy lets nothing in", /default-src 'none'[^"]*'wasm-unsafe-eval'/.test(html));
await numbers(first);
await views(first, "dark");
await views(first, "light");
await keyboard(first);
await pointer(first);
await address(first, trained);
await valued(first, html);
await warmed(first);
await bent(first);
await searched(first);
await opened(first);
await clean("model with a head open", first);
check("no error was said", first.trouble.length === 0, first.trouble);
await rest(trained);
const second = await open(random);
check("random weights are said loudly", await second.locator(".banner").isVisible());
check("trained weights are not", (await first.locator(".banner").isHidden()) || trained === random);
await why(first);
const facts = JSON.parse(readFileSync(told, "utf8"));
await gathered(first, facts.gathered);
await together(first);
await overlaid(first);
await measured(first, html, facts.measures);
await beside(await open(facts.beside.page), facts.beside);
await packed(await open(facts.long.page), readFileSync(facts.long.page, "utf8"), facts.long);
await leaned(first, html);
await offered(facts.offered);
await finished(facts.finished);
await figures(await open(facts.figures.page), facts.figures);
await guessed(await open(facts.masked));
await files(await open(trained),
  await Promise.all([pair, facts.sentences.page, facts.figures.page, facts.beside.page].map((one) => open(one))));
await halves(facts.halves);
await sentences(facts.sentences);
await beyond(facts.beyond);
await stacked(random);
await dropped(second, facts.dropped);
await unpacked(await open(facts.written), random);
if (pair) {
  const third = await open(pair);
  check("tokens are text",
    (await third.evaluate(() => document.querySelectorAll("img").length)) === 0 && third.trouble.length === 0,
    third.trouble);
  const before = await third.evaluate(() => [...headlight.weights(0, 0)].join());
  await set(third, { segments: "ab", scale: "lift", special: false });
  await worded(third);
  check("how it is shown changes no weight",
    before === (await third.evaluate(() => [...headlight.weights(0, 0)].join())));
}
await browser.close();
