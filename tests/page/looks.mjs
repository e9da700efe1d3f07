// looks.mjs: checks of ways to look at a head. page.mjs calls them with a page that is open.
import { readFileSync } from "node:fs";
import { block_of, check, saved, set } from "./browser.mjs";

/* The map that is shown, by way of the gnuplot script that the page saves. */
async function drawn(page) {
  const lines = (await saved(page, "gnuplot")).text.split("\n");
  const from = lines.indexOf("$map << EOD") + 1;
  return lines.slice(from, lines.indexOf("EOD", from)).flatMap((line) => line.split(" ").map(Number));
}

export async function valued(page, html) {
  await set(page, { view: "matrix", layer: 1, head: 0, mask: "none", show: "valued", special: true });
  const { n, heads, map } = await page.evaluate(() => ({
    n: headlight.n,
    heads: headlight.heads,
    map: [...headlight.weights(1, 0)],
  }));
  const lengths = block_of(html).floats("value_norm").slice(heads * n, (heads + 1) * n);
  const seen = await drawn(page);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const row = map.slice(i * n, i * n + n).map((weight, j) => weight * lengths[j]);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, j) => (worst = Math.max(worst, Math.abs(value / sum - seen[i * n + j]))));
  }
  check("weights times lengths of values, rows summing to 1", seen.length === n * n && worst < 2e-4, worst);
  check("and it is not the weights that are drawn", seen.some((value, at) => Math.abs(value - map[at]) > 0.02));
  await set(page, { show: "weights" });
}

/* softmax((scaled - the largest) / temperature), by hand from the sums at temperature 1. */
export async function warmed(page) {
  await set(page, { view: "matrix", layer: 0, head: 1, mask: "causal", temperature: 1 });
  const worst = await page.evaluate(async () => {
    const { n } = headlight;
    const own = headlight.weights(0, 1);
    const scores = Array.from({ length: n * n }, (_, at) => headlight.term(0, 1, Math.floor(at / n), at % n).scaled);
    let most = 0;
    for (const temperature of [0.5, 2]) {
      await headlight.set({ temperature });
      const now = headlight.weights(0, 1);
      for (let i = 0; i < n; i++) {
        const exp = (_, j) => Math.exp((scores[i * n + j] - scores[i * n]) / temperature);
        const exps = Array.from({ length: i + 1 }, exp);
        const sum = exps.reduce((a, b) => a + b, 0);
        exps.forEach((value, j) => (most = Math.max(most, Math.abs(value / sum - now[i * n + j]))));
      }
    }
    await headlight.set({ temperature: 1 });
    return [most, headlight.weights(0, 1).every((value, at) => value === own[at])];
  });
  check("a temperature divides what the softmax reads", worst[0] < 1e-5, worst);
  check("at temperature 1 the weights are the model's own again", worst[1]);
  const slider = page.getByRole("slider", { name: /temperature/i });
  await slider.fill("20");
  const note = () => page.locator(".note").textContent();
  check("the caption names the temperature", /\b2\b/.test(await note()), await note());
  await slider.press("Escape");
  const after = await page.evaluate(() => headlight.state().temperature);
  check("Esc makes it 1", after === 1 && (await note()) === "" && (await slider.inputValue()) === "10", after);
  await set(page, { temperature: 0.5 });
  await page.locator(".stop").press("Escape");
  check("Esc on the picture as well", (await page.evaluate(() => headlight.state().temperature)) === 1);
  await set(page, { temperature: -3, mask: "none" });
  check("a temperature below 0 is none", (await page.evaluate(() => headlight.state().temperature)) === 1);
}

/* Heads by the weight that a typed token gets, against the sum over the columns of all maps. */
export async function searched(page) {
  await set(page, { view: "matrix", layer: 0, head: 0, mask: "none", token: null, key: null });
  const best = (word) =>
    page.evaluate((text) => {
      const { n, layers, heads, tokens } = headlight;
      const rows = [];
      for (let layer = 0; layer < layers; layer++)
        for (let head = 0; head < heads; head++) {
          const on = headlight.weights(layer, head).reduce((sum, w, at) => sum + (tokens[at % n] === text ? w : 0), 0);
          rows.push({ layer, head, value: on / n });
        }
      return rows.sort((a, b) => b.value - a.value)[0];
    }, word);
  const word = await page.evaluate(() => headlight.tokens[1]);
  const wanted = await best(word);
  const chips = page.locator(".found .chip");
  await page.getByRole("searchbox").fill(word.toUpperCase());
  const text = await chips.first().textContent();
  check("a token is searched over all heads", text === `${wanted.layer}.${wanted.head} ${wanted.value.toFixed(2)}`, [
    text,
    wanted,
  ]);
  await chips.first().click();
  const now = await page.evaluate(() => headlight.state());
  check("a click jumps to the head", now.layer === wanted.layer && now.head === wanted.head && now.key === 1, now);
  await set(page, { mask: "local", window: 0 });
  const alone = await chips.first().textContent();
  check("the list follows the mask", alone !== text, alone);
  await page.getByRole("searchbox").fill("no such token");
  check("what nobody reads finds nothing", (await chips.count()) === 0);
  await set(page, { mask: "none", token: null, key: null });
}

/* All heads: a click opens the head large, another head's takes its place, a second click closes it. */
export async function opened(page) {
  await set(page, { view: "model", layer: 0, head: 0, mask: "none", detail: false });
  await page.evaluate(() => scrollTo(0, 0));
  const panel = page.locator(".detail");
  const stop = page.locator(".stage .stop");
  const box = await stop.boundingBox();
  const across = (box.width - 34) / (await page.evaluate(() => headlight.heads));
  const at = async (head) => {
    await page.mouse.click(box.x + 34 + across * head + 8, box.y + 34 + 8);
    return (await panel.isVisible()) ? panel.locator("h2").allTextContents() : [];
  };
  check("nothing is open before a click", !(await panel.isVisible()));
  check("a click opens a head", String(await at(1)) === "Layer 0, Head 1", await panel.textContent());
  check("it is the head that is drawn large", (await panel.locator("canvas").first().evaluate((c) => c.width)) > 200);
  await panel.locator(".stop").hover({ position: { x: 120, y: 140 } });
  check("a number is read in it", /\d\.\d{4}/.test(await page.locator(".live").textContent()));
  check("one at a time", String(await at(0)) === "Layer 0, Head 0" && (await panel.count()) === 1);
  check("where it was clicked nothing moves", JSON.stringify(await stop.boundingBox()) === JSON.stringify(box));
  check("a second click closes it", (await at(0)).length === 0);
  await stop.press("Enter");
  check("Enter opens as well", await panel.isVisible());
  await set(page, { view: "matrix" });
  check("the matrix has its map back",
    (await page.locator(".stage .stop").count()) === 1 && !(await panel.isVisible()));
  await set(page, { view: "model" });
}

/* Pieces made whole words: what they get added up, what they give averaged; by hand from the weights. */
export async function worded(page) {
  await set(page,
    { view: "matrix", layer: 1, head: 1, mask: "none", segments: "all", show: "words", special: true, scale: "fixed" });
  const { tokens, map } = await page.evaluate(() => ({ tokens: headlight.tokens, map: [...headlight.weights(1, 1)] }));
  const n = tokens.length;
  const seen = await drawn(page);
  const word = tokens.reduce((all, token, at) => [...all, token.startsWith("##") ? all.at(-1) : at], []);
  const wanted = new Array(n * n).fill(0);
  map.forEach((weight, at) => {
    const [i, j] = [word[Math.floor(at / n)], word[at % n]];
    wanted[i * n + j] += weight / word.filter((one) => one === i).length;
  });
  const begins = (at) => word[at] === at;
  const off = wanted.filter((_, at) => begins(Math.floor(at / n)) && begins(at % n))
    .map((value, at) => Math.abs(value - seen[at]));
  const stop = page.locator(".stage .stop");
  check("the text has pieces", word.some((at, token) => at !== token), tokens);
  check("pieces become words whose rows sum to 1", off.every((one) => one < 2e-6), Math.max(...off));
  const rows = await stop.getAttribute("aria-rowcount");
  check("a word is one row", Number(rows) === new Set(word).size, rows);
  await set(page, { show: "weights" });
}

/* Rollout and flow of all layers, against the files of 19_heads. */
export async function gathered(page, files) {
  for (const [show, file] of Object.entries(files)) {
    await page.evaluate(
      (how) => headlight.set({ view: "matrix", layer: headlight.layers - 1, mask: "none", show: how }), show);
    const wanted = readFileSync(file, "utf8").trim().split(/\s/).map(Number);
    const seen = await drawn(page);
    const off = wanted.map((value, at) => Math.abs(value - seen[at]));
    check(`${show} is 19_heads' own`, seen.length === wanted.length && off.every((one) => one < 1e-4),
      Math.max(...off));
  }
  await set(page, { show: "weights" });
}

/* The mean of two pinned rows, as the list beside them says it. */
export async function together(page) {
  await set(page, { view: "matrix", layer: 1, head: 0, mask: "causal", token: 2, more: [3], key: null, special: true });
  const said = await page.locator(".bars b").allTextContents();
  const wanted = await page.evaluate(() => {
    const map = headlight.weights(1, 0);
    const { n } = headlight;
    return [0, 1, 2, 3].map((j) => (map[2 * n + j] + map[3 * n + j]) / 2).sort((a, b) => b - a);
  });
  const right = said.length === 4 && wanted.every((value, at) => Math.abs(value - Number(said[at])) < 6e-5);
  check("two rows together are their mean", right, [said, wanted]);
  await set(page, { mask: "none", token: null, more: [] });
}

/* Several heads in one matrix are mixed hues: the picture of two is that of neither. */
export async function overlaid(page) {
  const ink = (heads) =>
    page.evaluate(async (part) => {
      await headlight.set({ view: "matrix", show: "weights", mask: "none", ...part });
      return document.querySelector(".stage canvas").toDataURL();
    }, { heads, head: heads[0], layer: 1 });
  const pictures = [await ink([0]), await ink([1]), await ink([0, 1])];
  check("two heads are mixed in one matrix", new Set(pictures).size === 3);
  await set(page, { heads: [0] });
}

/* The scales that bend: by hand, the colour of each cell in the dark theme; each of them is on the canvas. */
export async function bent(page) {
  const between = (stops, share) => {
    const place = Math.max(0, Math.min(share, 1)) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    return stops[at].map((part, c) => part + (stops[at + 1][c] - part) * (place - at));
  };
  const ramp = [[24, 27, 34], [92, 60, 22], [190, 118, 26], [255, 187, 75], [255, 244, 214]];
  const zero = [30, 34, 42];
  const scales = {
    log: (weight) => between(ramp, 1 + Math.log10(Math.max(weight, 1e-4)) / 4),
    lift: (weight, n) => {
      const times = Math.log2(Math.max(weight * n, 1e-4)) / 3;
      return between([zero, times < 0 ? [86, 160, 255] : [255, 150, 60]], Math.abs(times));
    },
  };
  for (const [scale, colour] of Object.entries(scales)) {
    await page.evaluate((scale) =>
      headlight.set({ view: "matrix", layer: 0, head: 1, mask: "none", theme: "dark", show: "weights", segments: "all",
        special: true, top: 100, temperature: 1, token: null, key: null, scale }), scale);
    const { n, map, seen } = await page.evaluate(() => {
      const canvas = document.querySelector(".stage canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      return { n: headlight.n, map: [...headlight.weights(0, 1)], seen: [...seen] };
    });
    const drawn = seen.map((number) => [number >> 16, (number >> 8) & 255, number & 255]);
    const missing = map.filter((weight) => {
      const own = colour(weight, n);
      return !drawn.some((one) => one.every((part, c) => Math.abs(part - own[c]) <= 1.01));
    });
    check(`${scale}: each cell has its colour`, missing.length === 0, missing.slice(0, 3));
  }
  await set(page, { scale: "fixed" });
}
