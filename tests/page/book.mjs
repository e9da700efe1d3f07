// book.mjs: opens the book in Chromium, as a reader would, with the network off. test_book.py starts it:
// node book.mjs CHROMIUM OUT. A line a check: `ok` or `not ok`, its name, what was seen.
import { readdirSync } from "node:fs";
import { browser, check, clean } from "./browser.mjs";

const [, , , out] = process.argv;
const LOOKED_AT = ["index.html", "gallery.html", "10_masks.html", "14_backprop.html", "course.html", "terms.html"];

const asked = [];
const trouble = [];

async function open(width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  await context.setOffline(true);
  const page = await context.newPage();
  page.on("request", (request) => /^(file|data):/.test(request.url()) || asked.push(request.url()));
  page.on("requestfailed", (request) => trouble.push(request.url()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  return page;
}

const at = (name) => `file://${out}/book/${name}`;

/* Every page, on a phone: no line of text leads out of it. What is wide on purpose scrolls by itself. */
const names = readdirSync(`${out}/book`).filter((name) => name.endsWith(".html"));
const phone = await open(390, "light");
const wide = [];
for (const name of names) {
  await phone.goto(at(name), { waitUntil: "domcontentloaded" });
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) wide.push([name, width]);
}
check("every page is as wide as a phone", names.length > 30 && wide.length === 0, wide);

for (const [width, scheme] of [
  [1280, "dark"],
  [390, "light"],
]) {
  const page = await open(width, scheme);
  for (const name of [...LOOKED_AT, "../index.html"]) {
    await page.goto(at(name));
    await clean(`${name} at ${width}, ${scheme}`, page, { iframes: false, preload: false });
  }
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(at("10_masks.html"));
  const before = await paper();
  check(`${scheme} as the system is`, before === (scheme === "dark" ? "rgb(20, 22, 27)" : "rgb(255, 253, 249)"),
    before);
  await page.getByRole("button", { name: /^(light|dark)$/i }).click();
  const after = await paper();
  await page.goto(at("11_causal.html"));
  check(`the button turns it, and the next page knows`, after !== before && (await paper()) === after, [before, after]);
}

/* The words of a lecture, of a table, of two headings; a hit is followed by the keyboard. */
const page = await open(1280, "light");
await page.goto(at("index.html"));
await page.keyboard.press("/");
const field = page.getByRole("searchbox");
const hits = page.locator("#found a");
for (const [words, where] of [
  ["bigbird", "10_masks.html#"],
  ["StreamingLLM", "10_masks.html#part-one-masks-25-min"],
  ["leak causal", "11_causal.html#"],
]) {
  await field.fill(words);
  await hits.first().waitFor();
  const found = await hits.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  check(`"${words}" is found`, found.some((href) => href.startsWith(where)), found);
}
await field.fill("no-such-word-anywhere");
check("what is nowhere finds nothing", (await hits.count()) === 0);
await field.fill("StreamingLLM");
await field.press("ArrowDown");
await Promise.all([page.waitForURL(/10_masks\.html#/), page.keyboard.press("Enter")]);
const heading = page.locator("#" + new URL(page.url()).hash.slice(1));
check("a hit leads to its place", await heading.isVisible(), page.url());

await page.emulateMedia({ media: "print" });
const shown = await page.evaluate(() => ["contents", "search"].map((id) => document.getElementById(id).offsetParent));
check("on paper there is the text alone", shown.every((box) => box === null));

check("nothing is asked of a network", asked.length === 0, asked);
check("nothing fails, nothing is missing", trouble.length === 0, trouble);
await browser.close();
