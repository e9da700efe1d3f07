// shots.mjs: a picture of each view of a page, at 1280 x 720. test_shots.py starts it: node shots.mjs CHROMIUM PAGE OUT
// [KEPT]. Writes OUT/page_VIEW.png; with KEPT it says for each how it differs from KEPT's: `ok` or `not ok`.
//
// Fonts differ from machine to machine, by a pixel here and there; a label that is cut, a panel that is empty, a map
// that is another do not hide in that. So: the same size, and at most SHARE of the pixels further apart than FAR.
import { readFileSync } from "node:fs";
import { browser, until } from "./browser.mjs";

const [, , , file, out, kept] = process.argv;
const FAR = 64; // of 255, in any of red, green and blue
const SHARE = 0.03;
const VIEWS = {
  matrix: { theme: "dark", token: 4, key: 5, mask: "none" },
  head: { theme: "light", heads: [8, 9, 11] },
  model: { theme: "dark", heads: null, detail: true },
  neuron: { theme: "light", token: 4, key: 5 },
  flow: { theme: "dark", token: null, key: null },
  anatomy: { theme: "light", token: 4 },
  measures: { theme: "dark", measure: "next" },
  compare: { theme: "light", against: "unmasked", mask: "local", window: 2 },
  tour: { theme: "dark", mask: "none" },
};

/* The share of pixels that are far apart; 1 where the sizes differ. */
const differing = (page, pictures, far) =>
  page.evaluate(async ([addresses, most]) => {
    const [a, b] = await Promise.all(addresses.map(async (address) => {
      const image = await createImageBitmap(await (await fetch(address)).blob());
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    }));
    if (a.width !== b.width || a.height !== b.height) return 1;
    let count = 0;
    for (let at = 0; at < a.data.length; at += 4)
      count += [0, 1, 2].some((part) => Math.abs(a.data[at + part] - b.data[at + part]) > most);
    return count / (a.width * a.height);
  }, [pictures, far]);

const size = { width: 1280, height: 720 };
const blank = await (await browser.newContext()).newPage();
for (const [view, state] of Object.entries(VIEWS)) {
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  const page = await context.newPage();
  const path = `${out}/page_${view}.png`;
  page.setDefaultTimeout(90000);
  await page.goto("file://" + file);
  await until(page, () => Boolean(window.headlight));
  await page.evaluate((part) => headlight.ready.then(() => headlight.set(part)), { view, ...state });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
  await page.screenshot({ path });
  await context.close();
  if (!kept) continue;
  const address = (name) => "data:image/png;base64," + readFileSync(name).toString("base64");
  const share = await differing(blank, [address(path), address(`${kept}/page_${view}.png`)], FAR);
  const percent = (100 * share).toFixed(2);
  console.log(`${share <= SHARE ? "ok" : "not ok"} ${view} looks as in ${kept}: ${percent} % of its pixels differ`);
}
await browser.close();
