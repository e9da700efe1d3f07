// page.mjs: opens pages in Chromium and says what they cost a reader. page.py starts it:
//   node page.mjs CHROMIUM LIBRARIES [PAGE KIND]...      KIND: SIDE-VIEW, SIDE ours or bertviz, VIEW head or model
// A line a page, JSON: milliseconds until the first picture, of a hover, of another layer, each up to the next frame,
// and the nodes of the document. LIBRARIES holds what a bertviz page asks the network for: node_modules of npm.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const [, , executablePath, libraries, ...pages] = process.argv;
const ASKED = [
  [/require\.min\.js$/, "requirejs/require.js"],
  [/d3\.min\.js$/, "d3/dist/d3.min.js"],
  [/jquery\.min\.js$/, "jquery/dist/jquery.min.js"],
];
const drawn = {
  ours: () => window.headlight?.ready.then(() => true),
  bertviz: () => document.querySelectorAll("#vis line").length > 0,
};

/* The time of an act in the page, until the frame that shows it is drawn. */
const timed = (page, act) =>
  page.evaluate(async (name) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const acts = {
      ours_hover(at) {
        const stop = document.querySelector(".stage .stop"),
          box = stop.getBoundingClientRect();
        stop.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + 40, clientY: box.top + 60 + 30 * at }));
      },
      ours_layer: (at) => headlight.set({ layer: (at + 1) % headlight.layers }),
      bertviz_hover(at) {
        const token = document.querySelectorAll("#left .background")[at];
        token.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      },
      bertviz_layer(at) {
        const select = document.querySelector("#layer");
        select.value = String(at + 1);
        select.dispatchEvent(new Event("change", { bubbles: true }));
      },
    };
    const times = [];
    for (let at = 0; at < 5; at++) {
      await frame();
      const begin = performance.now();
      await acts[name](at);
      await frame();
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b)[2];
  }, act);

async function measured(browser, file, kind) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } }),
    page = await context.newPage(),
    [side, view] = kind.split("-"),
    hash = side === "ours" ? `#view=${view}&layer=0&heads=0.1.2.3.4.5.6.7.8.9.10.11` : "";
  await page.route(/^https?:/, (route) => {
    const found = ASKED.find(([name]) => name.test(route.request().url()));
    return found ? route.fulfill({ contentType: "text/javascript", body: readFileSync(`${libraries}/${found[1]}`) }) : route.abort();
  });
  page.setDefaultTimeout(240000);
  const begin = performance.now();
  await page.goto("file://" + file + hash, { waitUntil: "commit" });
  while (!(await page.evaluate(drawn[side]))) await new Promise((done) => setTimeout(done, 5));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const load = performance.now() - begin,
    hover = view === "model" ? null : await timed(page, side + "_hover"),
    layer = view === "model" ? null : await timed(page, side + "_layer"),
    nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  await context.close();
  return { load, hover, layer, nodes };
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (let at = 0; at < pages.length; at += 2)
  console.log(JSON.stringify(await measured(browser, pages[at], pages[at + 1])));
await browser.close();
