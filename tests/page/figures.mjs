// figures.mjs: checks of what C has made with the page (view/figures): the head map, the curves under four masks, the
// ablation, the order test without places. page.mjs calls it with a page that has all of them; test_page.py wrote what
// they are compared with, by 19_heads.
import { readFileSync } from "node:fs";
import { check, clean, set } from "./browser.mjs";

const OPEN = () => document.querySelectorAll("#figures details").forEach((one) => (one.open = true));

/* The number of a text's value, as C has given it. */
const given = (page, key, value) =>
  page.evaluate(([key, value]) => Number(document.querySelector(`[data-say="${key}"]`).dataset[value]), [key, value]);

const table_of = (path) => readFileSync(path, "utf8").trim().split("\n").map((line) => line.split("\t").map(Number));

/* The stress of the points that are drawn, by the distances that 19_heads writes and the best common scale: what the
 * page says of its own map has to be as large. */
async function mapped(page, distances) {
  const at = await page.evaluate(() =>
    [...document.querySelectorAll("#figures a[transform]")].filter((one) => one.querySelectorAll("path").length === 1)
      .map((one) => [one.dataset.at, ...one.getAttribute("transform").match(/-?[\d.]+/g).map(Number)]));
  const wanted = table_of(distances);
  const heads = await page.evaluate(() => headlight.heads);
  const apart = (a, b) => Math.hypot(a[1] - b[1], a[2] - b[2]);
  const pairs = at.flatMap((a, i) => at.slice(0, i).map((b, j) => [apart(a, b), wanted[i][j]]));
  check("every head is on the map, in its place", at.length === wanted.length &&
    at.every(([name], i) => name === `${Math.floor(i / heads)}.${i % heads}`), at.slice(0, 3));
  const sum = (of) => pairs.reduce((total, pair) => total + of(...pair), 0);
  const scale = sum((d, w) => d * w) / sum((d) => d * d);
  const stress = Math.sqrt(sum((d, w) => (scale * d - w) ** 2) / sum((d, w) => w * w));
  const said = await given(page, "made_map_says", "stress");
  check("the map's stress is the one that it says", Math.abs(stress - said) < 0.01 && said < 0.5, [stress, said]);
}

/* The types are those of 19_heads' own map, by the same seed: heads share a sign here where they share one there. */
async function typed(page, points) {
  const wanted = readFileSync(points, "utf8").split("\n").filter((line) => /^[^#]/.test(line))
    .map((line) => line.split(/\s+/)[2]);
  const signs = await page.evaluate(() => [...document.querySelectorAll("#figures a[transform]")]
    .map((one) => [...one.querySelectorAll("path")].map((path) => path.getAttribute("d")))
    .filter((paths) => paths.length === 1).flat());
  const pairs = new Set(signs.map((sign, at) => `${sign} is ${wanted[at]}`));
  check("the map has the types that 19_heads gives them", signs.length === wanted.length &&
    pairs.size === new Set(signs).size && pairs.size === new Set(wanted).size, [...pairs]);
}

/* Each head's curve under each mask is the mean weight at each distance, by hand from the weights. */
async function curved(page) {
  const window = await given(page, "made_offsets_says", "window");
  let worst = 0;
  for (const [which, mask] of ["none", "causal", "local", "global-local"].entries()) {
    const off = await page.evaluate(async ([which, mask, window]) => {
      await headlight.set({ mask, window: mask === "local" ? window : null, global: null });
      const { n } = headlight;
      const curves = [...document.querySelectorAll("#figures a[transform]")]
        .filter((one) => one.querySelectorAll("path").length > 1);
      let worst = curves.length === headlight.layers * headlight.heads ? 0 : Infinity;
      for (const one of curves) {
        const map = headlight.weights(...one.dataset.at.split(".").map(Number));
        const heights = [...one.querySelectorAll("path")].slice(1).map((path) =>
          path.getAttribute("d").slice(1).split("L").map((point) => 1 - Number(point.split(" ")[1]) / 34));
        const own = Array.from({ length: 21 }, (_, at) => {
          const pairs = [...Array(n).keys()].map((i) => [i, i + at - 10])
            .filter(([i, j]) => j >= 0 && j < n && headlight.allowed(i, j));
          return pairs.length ? pairs.reduce((sum, [i, j]) => sum + map[i * n + j], 0) / pairs.length : 0;
        });
        const most = Math.max(...heights.flat()); // 1, unless all is below the least that the scale ends at
        const scale = Math.max(...own) / Math.max(...heights[which]);
        own.forEach((value, at) => (worst = Math.max(worst, Math.abs(value - heights[which][at] * scale) / scale)));
        if (most > 1.001) worst = Infinity;
      }
      return worst;
    }, [which, mask, window]);
    worst = Math.max(worst, off);
  }
  check("the curves are mean weights by distance", worst < 0.004, worst); // a tenth of a pixel of 34
  await set(page, { mask: "none" });
}

/* What is lost: 19_heads' own numbers of a head that is switched off. */
async function ablated(page, files) {
  for (const [head, file] of Object.entries(files)) {
    const line = readFileSync(file, "utf8").split("\n").filter((one) => /^ +\d+ +-?[\d.]+ +[\d.]+$/.test(one)).at(-1);
    const wanted = Number(line.trim().split(/ +/)[2]);
    const said = await page.locator(`#figures td a[data-at="${head}"]`).first().textContent();
    check(`without head ${head}`, Math.abs(wanted - Number(said)) < 6e-4 && wanted > 0, [said, line]);
  }
  const rows = await page.locator("#figures table").first().locator("tbody tr").count();
  check("a row a layer", rows === (await page.evaluate(() => headlight.layers)), rows);
}

/* Without places attention does not know the order: A(Px) = P A(x) P^T. With them it does. */
async function ordered(page) {
  const [own, none] = [await given(page, "made_order_own", "error"), await given(page, "made_order_none", "error")];
  check("without places another order is the same map", none >= 0 && none < 1e-5, none);
  check("with the model's own it is not", own > 0.01, own);
  check("its nine maps are drawn", (await page.locator("#figures image").count()) === 9);
}

async function clicked(page) {
  await page.evaluate(OPEN);
  const link = page.locator('#figures table a[data-at="1.1"]').first();
  await link.click();
  const now = await page.evaluate(() => headlight.state());
  check("a click on a number shows its head", now.layer === 1 && now.head === 1 && now.view === "measures", now);
  check("which is marked", (await link.getAttribute("aria-current")) === "true");
  await page.locator('#figures a[transform][data-at="0.1"]').first().press("Enter");
  const then = await page.evaluate(() => headlight.state());
  check("so does Enter on a point of the map", then.layer === 0 && then.head === 1, then);
}

export async function figures(page, facts) {
  await set(page, { view: "measures", mask: "none" });
  check("figures are closed at first", (await page.locator("#figures details[open]").count()) === 0);
  await clicked(page);
  for (const theme of ["dark", "light"]) {
    await set(page, { theme });
    await clean(`figures ${theme}`, page);
  }
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  check("figures: under 5000 nodes", nodes < 5000, nodes);
  await mapped(page, facts.distances);
  await typed(page, facts.points);
  await curved(page);
  await ablated(page, facts.ablated);
  await ordered(page);
  const was = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check("a telephone's page does not scroll sideways with all of them open", sideways <= 0, sideways);
  await page.setViewportSize(was);
  const words = await page.evaluate(async () => {
    await headlight.set({ lang: "pseudo" });
    return [...document.querySelectorAll("#figures [data-say]")].map((one) => one.textContent)
      .filter((text) => text.includes("??") || !/~~~\]$/.test(text));
  });
  check("their words are of the table", words.length === 0, words.slice(0, 3));
  check("figures: no error was said", page.trouble.length === 0, page.trouble);
}
