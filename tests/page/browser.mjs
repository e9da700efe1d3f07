// browser.mjs: a page in Chromium, headless, offline, with what it did noted; for page.mjs, living.mjs, others, whose
// first word is the path of Chromium. A line a check: `ok` or `not ok`, its name, what was seen.
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

/* What the page saves as one of its kinds of files, under which name. */
export async function saved(page, kind) {
  const button = page.getByRole("button", { name: `Save as ${kind}` });
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

/* A page's own block, read here and not by the page's code: what it says of itself, and tensors of float32. */
export function block_of(html) {
  const bytes = Buffer.from(html.match(/<script[^>]*id="block"[^>]*>([^<]*)</)[1].trim(), "base64");
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start));
  const floats = (name) => {
    const [from, to] = header[name].data_offsets;
    return new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer);
  };
  return { meta: JSON.parse(header.__metadata__.page), floats };
}

/* A colour on its way from one state to the next has a contrast that nobody chose: it has to arrive first. */
const arrived = (page) =>
  page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => null));

export async function clean(name, page, options = {}) {
  await page.evaluate(AXE);
  await arrived(page);
  const found = await page.evaluate(async (options) =>
    (await axe.run(options)).violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 120)]), options);
  check(`${name}: axe finds nothing`, found.length === 0, found);
}

export const state = (page) => page.evaluate(() => headlight.state());

export const set = (page, part) => page.evaluate((some) => headlight.set(some), part);

/* The weights that are shown, [layer][head][n * n]. */
export const weights = (page) => page.evaluate(() =>
  Array.from({ length: headlight.layers }, (_, layer) =>
    Array.from({ length: headlight.heads }, (_, head) => [...headlight.weights(layer, head)])));
