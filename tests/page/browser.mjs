// browser.mjs: a page in Chromium, headless, offline, with what it did noted; for page.mjs and living.mjs, whose second
// word is the path of Chromium. A line a check: `ok` or `not ok`, its name, what was seen.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const VIEWS = ["matrix", "head", "model", "neuron", "flow", "anatomy", "measures", "compare", "tour"];

export function check(name, holds, seen = "") {
  console.log(`${holds ? "ok" : "not ok"} ${name}${holds ? "" : ": " + JSON.stringify(seen)}`);
}

export const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });

/* Waits until a function of the page is true. (Playwright's own waiting is made of eval, which the page forbids.) */
export async function until(page, holds, value, seconds = 60) {
  for (let left = seconds * 50; !(await page.evaluate(holds, value)); left--) {
    if (!left) throw new Error(`never came true: ${holds}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export async function open(file, more = {}, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true, ...more });
  await context.setOffline(true);
  const page = await context.newPage();
  page.setDefaultTimeout(90000); // a machine that others want, too
  page.trouble = [];
  page.asked = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.trouble.push(message.text());
  });
  page.on("pageerror", (error) => page.trouble.push(error.message));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) page.asked.push(request.url());
  });
  await page.goto("file://" + file + hash);
  await until(page, () => Boolean(window.headlight));
  await page.evaluate(() => headlight.ready);
  return page;
}

/* The picture that is shown, as the page saves it. */
export async function pictured(page) {
  const button = page.getByRole("button", { name: /Save as SVG/i });
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFileSync(await file.path(), "utf8");
}

/* A colour on its way from one state to the next has a contrast that nobody chose: it has to arrive first. */
const arrived = (page) =>
  page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => null));

export async function clean(name, page) {
  await page.evaluate(AXE);
  await arrived(page);
  const found = await page.evaluate(async () =>
    (await axe.run()).violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 120)]),
  );
  check(`${name}: axe finds nothing`, found.length === 0, found);
}

export const state = (page) => page.evaluate(() => headlight.state());
