// parts.mjs: checks of what the anatomy draws of a layer's halves and of q, k and v, and of several sentences beside
// each other. page.mjs calls them; test_page.py says what is to be seen there.
import { drop } from "./beside.mjs";
import { check, clean, open, saved, set } from "./browser.mjs";

/* The anatomy's strips as [name, the largest number] from top to bottom, and the hues of q, k and v. */
async function strips(page, theme) {
  await set(page, { view: "anatomy", layer: 0, head: 0, token: 2, theme });
  const svg = (await saved(page, "SVG")).text;
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  const most = texts.flatMap((text, at) => (text.startsWith("±") ? [[texts[at - 1], Number(text.slice(1))]] : []));
  const squares = svg.matchAll(/width="12" height="12" fill="rgb\((\d+) (\d+) (\d+)\)"/g);
  const hues = [...squares].map((hue) => hue.slice(1).map(Number));
  return { most: new Map(most), hues };
}

/* What is left of a colour without red cones, green ones, blue ones (Machado and others, 2009, doi
 * 10.1109/TVCG.2009.113), in linear light. */
const EYES = {
  any: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
function seen(eye, hue) {
  const light = hue.map((part) => (part / 255) ** 2.2);
  const mixed = EYES[eye].map((row) => row.reduce((sum, share, at) => sum + share * light[at], 0));
  return mixed.map((part) => 255 * Math.max(0, part) ** (1 / 2.2));
}
/* WCAG's contrast of two colours. */
function contrast(...hues) {
  const [dark, light] = hues.map((hue) => hue.map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4))
    .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
const ZERO = { dark: [30, 34, 42], light: [246, 244, 239] };
const apart = (eye, [a, b]) => Math.hypot(...seen(eye, a).map((part, at) => part - seen(eye, b)[at]));

/* Both projections, by the numbers that test_page.py has read from the block; three hues that every eye tells apart. */
export async function halves({ page: file, most }) {
  const page = await open(file);
  for (const theme of ["dark", "light"]) {
    const drawn = await strips(page, theme);
    const wrong = Object.entries(most).filter(([name, value]) => !(Math.abs(drawn.most.get(name) - value) < 0.006));
    check(`projections are drawn, ${theme}`, Object.keys(most).length === 3 && wrong.length === 0,
      [wrong, ...drawn.most]);
    const [q, k, v] = drawn.hues;
    const pairs = [[q, k], [k, v], [q, v]];
    const near = v ? Math.min(...Object.keys(EYES).flatMap((eye) => pairs.map((pair) => apart(eye, pair)))) : 0;
    check(`q, k and v have three hues that every eye tells apart, ${theme}`, drawn.hues.length === 3 && near > 65,
      near);
    const least = Math.min(...drawn.hues.map((hue) => contrast(hue, ZERO[theme])));
    check(`they stand out 3:1, ${theme}`, least >= 3, least);
  }
  const walk = async (layer) => {
    await set(page, { layer, token: null });
    return (await saved(page, "SVG")).text;
  };
  const last = await page.evaluate(() => headlight.layers - 1);
  check("only the last layer tells of the model's last norm",
    (await walk(last)).includes("last norm") && !(await walk(0)).includes("last norm"));
  check("what orange and blue mean is said", (await walk(0)).includes("Orange"));
  check("the row of the token is framed", /stroke-width="1.5"/.test(await walk(0)));
  await page.context().close();
}

/* Lift: orange above chance, blue below, in every map, from the exports' weights; the bar says which it is. Fit: one
 * largest number for all of them. */
async function colours(page, maps, against) {
  await set(page, { against, scale: "lift" });
  const svg = (await saved(page, "SVG")).text;
  const cells = [...svg.matchAll(/<rect [^>]*fill="#(..)..(..)" fill-opacity="1"/g)];
  const wrong = maps.filter((map, which) => {
    const n = Math.sqrt(map.length);
    const first = maps.slice(0, which).reduce((sum, other) => sum + other.length, 0);
    return map.some((weight, at) => {
      const [red, blue] = cells[first + at].slice(1).map((part) => parseInt(part, 16));
      return Math.abs(Math.log2(weight * n)) > 0.2 && red > blue !== weight * n > 1;
    });
  });
  check(`lift is orange above chance and blue below, ${against}`, wrong.length === 0, wrong.length);
  check(`the bar tells of lift, ${against}`, svg.includes(">8×<") && svg.includes(">times chance; hatched: masked<"));
  await set(page, { scale: "fit" });
  const most = Math.max(...maps.flat()).toFixed(2);
  check(`fit has one largest number, ${against}`, ((await saved(page, "SVG")).text).includes(`>${most}<`), most);
}

/* A, B and C: each is in the list of what B may be; all of them beside each other have the exports' numbers. */
export async function sentences({ page: file, texts, maps }) {
  const page = await open(file);
  await set(page, { view: "compare", against: "texts", layer: 1, head: 1, theme: "light" });
  const offered = await page.getByLabel("B is").locator("option").allTextContents();
  const begins = (text) => offered.some((one) => one.startsWith(text.slice(0, 15)));
  check("each sentence is offered, and all of them", texts.slice(1).every(begins) &&
    offered.includes("all sentences"), offered);
  const svg = (await saved(page, "SVG")).text;
  check("all sentences stand beside each other", ["A", "B", "C"].every((name) => svg.includes(`>${name}: `)));
  const stop = page.locator(".stage .stop");
  const counts = [];
  await stop.focus();
  let worst = 0;
  for (const map of maps) {
    const n = Math.sqrt(map[1][1].length);
    const cells = await stop.locator("[role=gridcell]").allTextContents();
    counts.push(cells.length === n);
    const said = cells.map((text) => Number(text.match(/ ([\d.]+)$/)?.[1] ?? NaN));
    said.forEach((value, key) => (worst = Math.max(worst, Math.abs(value - map[1][1][key]))));
    for (let key = 0; key < n; key++) await page.keyboard.press("ArrowRight");
  }
  check("Right leads from one into the next", counts.every(Boolean), counts);
  await page.keyboard.press("Enter");
  const said = await page.locator(".live").textContent();
  check("what Enter does in the last one is said", said.startsWith("Only a cell of A"), said);
  check("their weights are the exports'", worst < 1.5e-4, worst);
  await set(page, { mask: "causal" });
  await page.keyboard.press("Home");
  for (let up = 0; up < 40; up++) await page.keyboard.press("ArrowUp");
  check("a mask holds in all of them",
    (await stop.locator("[role=gridcell]").allTextContents()).slice(1).every((text) => text.endsWith("masked")));
  await set(page, { show: "full" });
  check("whatever else is shown, masked cells are hatched", /url\(#masked\)/.test((await saved(page, "SVG")).text));
  await set(page, { show: "weights", mask: "none" });
  await colours(page, maps.map((map) => map[1][1]), "texts");
  await colours(page, [maps[0][1][1], maps[0][1][1]], "unmasked");
  await clean("several sentences", page);
  check("no error was said of several sentences", page.trouble.length === 0, page.trouble);
  await page.context().close();
}

/* A file with more layers and heads than the other sentences have is dropped: those show their own last head, and what
 * is said of it is of it. One of anything has no s; a text of no words is named by its tokens. */
export async function beyond({ page: file, exported }) {
  const page = await open(file);
  const said = async () =>
    [...(await saved(page, "SVG")).text.matchAll(/>([^<]* · first [^<]*|[A-Z]: [^<]*)</g)].map(([, text]) => text);
  check("one layer, one head", /1 layer, 1 head, /.test(await page.locator("header p").textContent()));
  await set(page, { view: "compare", against: "texts" });
  const before = await said();
  await drop(page, exported);
  await set(page, { view: "compare", against: "texts", layer: 1, head: 2 });
  const after = await said();
  check("what is said of a sentence is of a head that it has",
    before.length === 6 && String(after.slice(2)) === String(before.slice(2)), [before, after]);
  check("a text without words is named by its tokens", before[2] === "B: [CLS] [SEP]" && /^A: \[CLS\]/.test(after[0]),
    [before[2], after[0]]);
  check("no error was said of a file with more heads", page.trouble.length === 0, page.trouble);
  await page.context().close();
}

/* On a phone the maps stand below each other, and each has its names. */
export async function stacked(file) {
  const page = await open(file, { viewport: { width: 390, height: 800 } });
  await set(page, { view: "compare", against: "unmasked", mask: "causal" });
  const word = await page.evaluate(() => headlight.tokens[2]);
  const times = ((await saved(page, "SVG")).text).split(`>${word}</text>`).length - 1;
  check("each of three maps has its names on a phone", times === 6, [word, times]);
  await page.setViewportSize({ width: 800, height: 800 });
  await set(page, { against: "head" });
  const [title] = ((await saved(page, "SVG")).text).match(/>B − A, [^<]*<\/text>\s*<text [^>]*>[^<]*moved</) ?? [""];
  check("a title without room has two lines", title !== "");
  await page.setViewportSize({ width: 390, height: 800 });
  await set(page, { view: "matrix", heads: [0, 1] });
  const svg = (await saved(page, "SVG")).text;
  const over = [...svg.matchAll(/<text x="([\d.]+)"[^>]*font-size="([\d.]+)" text-anchor="start"[^>]*>([^<]{30,})</g)]
    .filter(([, x, size, words]) => Number(x) + words.length * Number(size) * 0.53 > 370);
  check("no line below a map is longer than a phone is wide", over.length === 0 && svg.includes("a hue each"), over);
  await page.context().close();
}
