// living.mjs: a model inside the page, in Chromium: typed sentences, masks in the model, heads off, [MASK], other
// orders, models that are dropped. test_living.py starts it: node living.mjs CHROMIUM FACTS.json, and wrote what the C
// programs say of the same.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browser, check, clean, open, saved, set, state, until, weights } from "./browser.mjs";
import { edits } from "./edits.mjs";

const facts = JSON.parse(readFileSync(process.argv[3], "utf8"));
const EXACT = 1e-5;

const tokens = (page) => page.evaluate(() => headlight.tokens);
const badge = (page) => page.locator(".badge").textContent();
const line = (page) => page.locator(".live-panel > [role=status]").textContent();

/* How far the weights on the page are from maps[layer][head], at most; NaN where there are others. */
async function off(page, maps) {
  const [a, b] = [await weights(page), maps].map((all) => all.flat(2));
  return a.length === b.length ? Math.max(...a.map((value, at) => Math.abs(value - b[at]))) : NaN;
}

/* Names of files in a folder, as a reader chooses them. */
const inside = (folder) =>
  readdirSync(folder).filter((name) => /\.(json|txt|safetensors)$/.test(name) && !/^expected/.test(name))
    .map((name) => join(folder, name));
async function choose(page, files, ends, value) {
  await page.locator("input[type=file]").first().setInputFiles(files);
  await until(page, ends, value);
}
const is_open = ([layers, heads]) => headlight.layers === layers && headlight.heads === heads &&
  document.querySelector(".badge").textContent.includes("your file");
const size_of = (maps) => [maps.length, maps[0].length];
const says_why = (told) =>
  document.querySelector(".live-panel .said") || document.querySelector(".live").textContent !== told;

/* ---- a living page ---- */

async function lives({ page: file, text, stored, typed }) {
  const page = await open(file);
  check("a living page asks nothing from outside", page.asked.length === 1, page.asked);
  check("its own sentence is exact", (await badge(page)) === "exact" && (await off(page, stored)) < 1e-4);
  const field = page.getByRole("textbox", { name: "Sentence" });
  await field.fill(typed.text);
  await field.press("Enter");
  await until(page, (wanted) => headlight.state().text === wanted && headlight.n !== 0 &&
    document.querySelector(".badge").textContent !== "exact", typed.text);
  const far = await off(page, typed.maps);
  const said = Number((await badge(page)).match(/up to ([\d.]+)$/)?.[1]);
  check("a typed sentence is read, nearly as the model reads it", far < 3 * said && far > 1e-6, [far, said]);
  const foot = await page.locator("footer").textContent();
  check("how near is measured", said > 0 && said < 0.2 && foot.includes("on 100 sentences"), said);
  const hash = await page.evaluate(() => location.hash);
  const again = await open(file, {}, hash);
  const back = (await state(again)).text === typed.text && (await off(again, typed.maps)) === far;
  check("the address brings it back", back);
  await again.context().close();
  await unmasked(page, { text, stored });
  await set(page, { text: typed.text, off: "0", scope: "model", mask: "local", window: 1 });
  const moved = await page.locator(".strip small").count();
  check("cosines say how far it moved", moved === (await tokens(page)).length, moved);
  await page.getByRole("button", { name: "As it was" }).click();
  await until(page, () => document.querySelector(".badge").textContent === "exact");
  check("and back", (await state(page)).text === text && (await off(page, stored)) < 1e-4);
  await beside(page, typed);
  for (const theme of ["dark", "light"]) {
    await set(page, { theme, text: typed.text, masked: [1], scope: "model", mask: "causal" });
    await clean(`a living page, ${theme}`, page);
  }
  check("no error was said", page.trouble.length === 0, page.trouble);
  await page.context().close();
}

/* A ran under a mask: without it is the pass that the page was made with, and nothing for a text that it was not. */
async function unmasked(page, { text, stored }) {
  const before = await state(page);
  await set(page, { text, view: "compare", scope: "model", mask: "local", window: 1, layer: 1, head: 1,
    against: "unmasked" });
  const lines = (await page.evaluate(() => headlight.csv())).trim().split("\n");
  const rows = lines.map((line) => line.match(/"(?:[^"]|"")*"|[^,"]+/g));
  const of = (name) => rows.filter(([own]) => own === `"${name}"`);
  const [a, b] = ["A", "B"].map((name) => ({ mask: of(name)[0][4], map: of(name).map((row) => Number(row[9])) }));
  check("both masks of a comparison are named", a.mask === '"local:1 in the model"' && b.mask === '"none"', [a, b]);
  const off = b.map.map((weight, at) => Math.abs(weight - stored[1][1][at]));
  check("beside a mask in the model is the head without it", off.every((one) => one < 1e-4), Math.max(...off));
  await set(page, { text: "another one" });
  const offered = await page.getByLabel("B is").locator("option").allTextContents();
  check("which a text that is typed has not", !offered.includes("the same head, no mask"), offered);
  await set(page, before);
}

/* B is read as A is: typed twice, the grid reads the same number for both. */
async function beside(page, typed) {
  await set(page, { text: typed.text, text_b: typed.text, view: "compare", against: "text2", layer: 1, head: 1 });
  await set(page, { b_layer: 1, b_head: 1 });
  const stop = page.locator(".stage .stop");
  await stop.focus();
  await page.keyboard.press("ArrowDown");
  const said = await stop.locator("[role=gridcell]").allTextContents();
  const pairs = said.map((text) => text.match(/A ([\d.]+) B ([\d.]+)$/));
  check("B is read as A is", said.length > 5 && pairs.every((pair) => pair && pair[1] === pair[2]), said);
  await set(page, { text_b: "", layer: 2 });
  check("without a second sentence there is none to compare with",
    (await saved(page, "SVG")).text.includes("B: another head"));
  await page.getByLabel("which is").selectOption("text_b");
  await set(page, { against: "head" });
  await page.getByRole("textbox", { name: "A second one" }).fill("a bird");
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await until(page, () => headlight.state().text_b === "a bird");
  await set(page, {});
  check("a B that is typed is what Compare shows",
    (await saved(page, "SVG")).text.includes("B: another sentence, 2.1"));
  await set(page, { text_b: "", view: "matrix" });
}

/* Its own model, and others that take its place, in the middle of everything that can be asked. */
async function wanders({ page: file, texts }, folders, count) {
  const page = await open(file);
  await set(page, { text: "" });
  check("no word is a text", (await page.evaluate(() => headlight.n)) === 2);
  const drop = async (_, folder) => {
    await page.evaluate(() => (document.querySelector(".live").textContent = ""));
    await page.locator("input[type=file]").first().setInputFiles([]); // the same files twice are no change
    await choose(page, inside(folder), () => document.querySelector(".live").textContent.includes("is open"));
  };
  await edits(page, folders, texts, drop, count);
  check("no error was said of edits", page.trouble.length === 0, page.trouble);
  await page.context().close();
}

/* ---- a BERT with a head that guesses ---- */

async function guesses(page, { text, maps, under, masked }) {
  check("the badge says so", (await badge(page)) === "exact, from your file");
  await set(page, { text });
  check("its maps are 17's", (await off(page, maps)) < EXACT, await off(page, maps));
  await set(page, { mask: "local", window: 1 });
  const shallow = await off(page, under);
  await set(page, { scope: "model" });
  check("a mask in the model is 17's --mask-scope model", (await off(page, under)) < EXACT && shallow > 0.01, shallow);
  const first = await page.evaluate(() => [...headlight.weights(1, 0)]);
  const named = await page.getByText("Layers that the mask holds in").isVisible();
  check("the layers that it holds in have a name that is seen", named);
  await set(page, { mask_layers: [0] });
  const second = await page.evaluate(() => [...headlight.weights(1, 0)]);
  check("a layer that is spared sees all", second.every((value) => value > 0) && first.some((value) => value === 0));
  await set(page, { mask_layers: [], scope: "head", mask: "none", off: "0.1" });
  const less = await off(page, maps);
  check("a head that is off changes the layers behind it", less > 1e-3, less);
  const button = page.getByRole("button", { name: "head 0.1" });
  check("its switch is down", (await button.getAttribute("aria-pressed")) === "true");
  await button.click();
  await until(page, () => headlight.state().off === "");
  await set(page, {}); // until it is read, too
  check("and up again: all as before", (await off(page, maps)) < EXACT);
  await page.locator(".strip [role=option]").nth(masked.place).dblclick();
  await until(page, (at) => headlight.tokens[at] === "[MASK]", masked.place);
  const shares = await page.locator(".guesses small").allTextContents();
  check("the five likeliest words are the model's", shares.length === 5 &&
    shares.every((share, at) => Math.abs(Number(share) - masked.shares[at]) < 6e-4), [shares, masked.shares]);
  const strip = page.locator(".strip");
  await strip.focus();
  await strip.press("m");
  await until(page, (at) => headlight.tokens[at] !== "[MASK]", masked.place);
  check("the key m takes the mask off", (await off(page, maps)) < EXACT);
  await orders(page);
}

async function orders(page) {
  const before = await tokens(page);
  const strip = page.locator(".strip");
  await strip.focus();
  for (let at = 0; at < before.length; at++) await strip.press("ArrowLeft");
  await strip.press("ArrowRight");
  await strip.press("Shift+ArrowRight");
  await until(page, (word) => headlight.tokens[2] === word, before[1]);
  const now = await tokens(page);
  check("a token changes places with the next", now[1] === before[2] && now[2] === before[1], now);
  check("the cosines of a new order are shown", (await page.locator(".strip small").count()) === before.length);
  await page.getByRole("button", { name: "Shuffle the words" }).click();
  const wanted = facts.bert.order.map((at) => before[at]).join("\n"); // the state says so before the model has read it
  await until(page, (all) => headlight.tokens.join("\n") === all, wanted).catch(() => {});
  const mixed = await tokens(page);
  check("a shuffle is that of 20_atlas --order", mixed.every((token, at) => token === before[facts.bert.order[at]]),
    mixed);
  await set(page, { order: [] });
}

/* ---- a GPT that writes ---- */

async function writes(page, { folder, text, maps, shares }) {
  const most = 64; // tokens, which are letters
  await set(page, { text });
  await choose(page, inside(folder), is_open, size_of(maps));
  await set(page, { text });
  check("a GPT's maps are 18's", (await off(page, maps)) < EXACT, await off(page, maps));
  await until(page, () => document.querySelectorAll(".next li").length === 5);
  const shown = await page.locator(".next li b").allTextContents();
  const same = shown.every((share, at) => Math.abs(Number(share) - shares[at]) < 6e-5);
  check("the next token's shares are the model's", same, [shown, shares]);
  await page.getByRole("slider", { name: "drawn at temperature" }).fill("0");
  await page.getByRole("button", { name: "One token" }).click();
  await until(page, (length) => headlight.state().text.length > length, text.length);
  const longer = (await state(page)).text;
  check("temperature 0 writes the likeliest", longer === text + facts.gpt.next, longer);
  const { text: svg } = await saved(page, "SVG");
  const [, right] = svg.match(/x="([\d.]+)"[^>]*>received</);
  check("below names of a letter is room for what the bars are", Number(right) > 46, right); // 8 letters of 10.5 pixels
  await set(page, { text: "e".repeat(most) });
  await page.getByRole("button", { name: "Write on" }).click();
  await until(page, () => document.querySelector(".live-panel .said"));
  check("a text that has no room says so", (await line(page)).startsWith("65 tokens"), await line(page));
  await set(page, { text: longer });
  await page.getByRole("button", { name: "Write on" }).click();
  await set(page, { lang: "pseudo" });
  await page.waitForTimeout(300);
  const stopped = (await state(page)).text;
  await page.waitForTimeout(500);
  check("it stops when its button is gone", (await state(page)).text === stopped, stopped);
  await set(page, { lang: "en" });
}

/* ---- what cannot be opened ---- */

async function refuses(page, { torn, no_config, no_weights, pickled, no_words, long, nothing }) {
  const before = await tokens(page);
  for (const [name, files, words] of [
    ["a torn file", inside(torn), /safetensors/],
    ["weights alone", inside(no_config), /model.safetensors: this file has no attentions/],
    ["a picture", [nothing], /nothing\.png/],
    ["no weights", inside(no_weights), /no model.safetensors here\. Try: all files/],
    ["weights as a pickle", [...inside(no_weights), pickled], /pytorch_model\.bin is a Python pickle.* Try: convert/],
    ["no vocabulary", inside(no_words), /no vocab.json here\. Try: all files/],
  ]) {
    await set(page, { view: "matrix" });
    const told = page.locator(".live");
    await choose(page, files, says_why, await told.textContent());
    const said = (await line(page)) || (await told.textContent());
    const stays = (await tokens(page)).join() === before.join();
    check(`${name}: one line, and the page goes on`, words.test(said) && !said.includes("\n") && stays, said);
  }
  await set(page, { text: long });
  check("a text beyond the model's length is one line", /takes \d+/.test(await line(page)), await line(page));
  const stays = (await tokens(page)).join() === before.join() && (await state(page)).text !== long;
  check("the page shows what it showed", stays);
  await set(page, { view: "head" });
  check("the line goes when something else is done", (await line(page)) === "");
  await page.evaluate(() => (location.hash = "#order=7"));
  await until(page, () => document.querySelector(".live-panel .said"));
  await until(page, () => location.hash !== "#order=7");
  check("an address that cannot be shown becomes that of what is", (await state(page)).order.length === 0);
  await page.evaluate(() => (location.hash = "#view=matrix"));
  await until(page, () => headlight.state().view === "matrix");
  check("the line goes with another address", (await line(page)) === "", await line(page));
}

/* Two models, one behind the other, while the page's own is being opened and two sentences are compared. */
async function hastes({ page: file, text }, bert, gpt) {
  const page = await open(file);
  await set(page, { text_b: text, view: "compare", against: "text2" });
  const input = page.locator("input[type=file]").first();
  await input.setInputFiles(inside(gpt.folder));
  await input.setInputFiles(inside(bert.folder));
  await until(page, is_open, size_of(bert.maps));
  await page.waitForTimeout(500);
  check("of two drops the last one stays", await page.evaluate(is_open, size_of(bert.maps)));
  check("nothing is said of the one that was ended", (await line(page)) === "", await line(page));
  const { name } = await page.evaluate(() => headlight.model);
  check("a model that is dropped does not take the page's name", name === "model", name);
  await set(page, { view: "compare" });
  const choices = await page.getByLabel("B is").locator("option").allTextContents();
  check("there is no B of the model before", choices.length > 0 && !choices.includes("another sentence"), choices);
  await set(page, { text: bert.text, view: "matrix" });
  check("and it is the one that reads", (await off(page, bert.maps)) < EXACT, await off(page, bert.maps));
  check("no error was said of two drops", page.trouble.length === 0, page.trouble);
  await page.context().close();
}

/* What is typed while a model is opened: what Enter was pressed after is read by it, letters without Enter stay in
 * their field, with the caret. A model that cannot read the text that is there opens all the same. */
async function types({ page: file }, bert, gpt) {
  const page = await open(file);
  const field = page.getByRole("textbox", { name: "Sentence" });
  const words = (await state(page)).text + " and";
  await page.locator("input[type=file]").first().setInputFiles(inside(bert.folder));
  await field.fill(words);
  await field.press("Enter");
  await field.pressSequentially(" more");
  await until(page, is_open, size_of(bert.maps));
  await until(page,
    (text) => headlight.state().text === text && document.querySelector(".live-panel [role=status]").textContent === "",
    words);
  check("what was typed while a model opened is read by it", (await tokens(page)).includes("and"), await tokens(page));
  check("letters without Enter stay", (await field.inputValue()) === words + " more", await field.inputValue());
  check("the field is still typed in", await field.evaluate((input) => input === document.activeElement));
  await set(page, { layer: 1 });
  check("and after another look", (await field.inputValue()) === words + " more", await field.inputValue());
  await set(page, { text: "a clock" });
  check("until there is another text", (await field.inputValue()) === "a clock", await field.inputValue());
  await choose(page, inside(gpt.folder), is_open, size_of(gpt.maps));
  await set(page, { text: ".".repeat(60) }); // as many tokens for either, and BERT takes 48
  await choose(page, inside(bert.folder), is_open, size_of(bert.maps));
  check("a text that it cannot take is said, and it opens", /takes \d+/.test(await line(page)), await line(page));
  await set(page, { text: "\u00a7" });
  check("it reads none, then what it is asked", (await state(page)).text === "\u00a7", await state(page));
  await choose(page, inside(gpt.folder), is_open, size_of(gpt.maps));
  check("a letter that it has never seen, too", /never seen/.test(await line(page)), await line(page));
  check("a GPT that has nothing to read shows one token", (await tokens(page)).length === 1, await tokens(page));
  await set(page, { text: gpt.text });
  check("and goes on", (await off(page, gpt.maps)) < EXACT);
  await page.context().close();
}

/* Finished maps on a living page stay when something else is looked at. */
async function takes_maps({ page: file, typed }, maps) {
  const page = await open(file);
  await choose(page, [maps], () => document.querySelector(".live").textContent.includes("is open"));
  await set(page, { view: "head" });
  check("maps stay on a living page", (await off(page, typed.maps)) < EXACT, await off(page, typed.maps));
  check("nobody is left to ask", !(await page.getByRole("textbox", { name: "Sentence" }).isVisible()));
  await page.context().close();
}

/* A page that was changed on its way says so: a letter that no number is, in its vocabulary; and other numbers in what
 * is packed of its library. */
async function damaged({ page: file, text }) {
  const html = readFileSync(file, "latin1");
  const path = file.replace(/\.html$/, "-damaged.html");
  for (const [id, letter] of [["vocab.txt", "*"], ["living", "AAAAAAAA"]]) {
    const at = html.indexOf(`id="${id}">`) + id.length + 90;
    writeFileSync(path, html.slice(0, at) + letter + html.slice(at + letter.length), "latin1");
    const page = await open(path);
    await set(page, { text: "a clock" });
    check(`a page that is damaged in ${id} says so`, /^this page is damaged/.test(await line(page)), await line(page));
    check("and shows what it can", (await state(page)).text === text && (await badge(page)) === "exact");
    await page.context().close();
  }
}

/* What an address brings: a pair stays a pair when the sentence is typed anew. Half a character is none. */
async function keeps_pair({ page: file }) {
  const page = await open(file, {}, "#pair=a%20bird");
  const field = page.getByRole("textbox", { name: "Sentence" });
  await field.fill("a clock");
  await field.press("Enter");
  await until(page, () => headlight.state().text === "a clock");
  check("a pair stays a pair", (await state(page)).pair === "a bird", await state(page));
  const said = await page.evaluate(() => headlight.set({ text: "a \ud800 bird" }).then(() => "", String));
  check("half a character is read", said === "", said);
  await set(page, { heads: ["1", 1], masked: ["1", [1]], scope: "model", mask: "local", mask_layers: ["1", true] });
  const { heads, masked, mask_layers } = await state(page);
  const lists = JSON.stringify([heads, masked, mask_layers]);
  check("lists hold numbers, whatever was asked", lists === "[[1],[1],[1]]" && (await line(page)) === "",
    [lists, await line(page)]);
  await set(page, { masked: [], scope: "head", mask: "none", mask_layers: [] });
  await set(page, { text: "\u05e9 bird" });
  const names = await page.locator(".strip [role=option]").evaluateAll((all) => all.map((one) => one.ariaLabel));
  check("a word that runs to the left turns nothing else", !facts.minilm || names[1] === "\u2066\u05e9\u2069", names);
  await page.context().close();
}

/* Dropped from outside onto the page: a folder's files come as a drop event has them, some at a time. */
async function drops(page, { folder, text, maps }) {
  const read = (path) => ({ name: path.split("/").at(-1), data: readFileSync(path).toString("base64") });
  const files = inside(folder).map(read);
  await page.evaluate((list) => {
    const file = ({ name, data }) => new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name);
    const entries = list.map((one) => ({ name: one.name, isFile: true, file: (done) => done(file(one)) }));
    const parts = [entries.slice(0, 1), entries.slice(1), []];
    const folder = { isDirectory: true, createReader: () => ({ readEntries: (done) => done(parts.shift()) }) };
    const event = new Event("drop", { cancelable: true });
    event.dataTransfer = { items: [{ webkitGetAsEntry: () => folder }], files: [] };
    document.dispatchEvent(event);
  }, files.toSorted((a, b) => (b.name < a.name ? -1 : 1)));
  await until(page, is_open, size_of(maps));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, data } of list)
      transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);
  await until(page, is_open, size_of(maps));
  await set(page, { text, view: "matrix" });
  check("a model that is dropped is exact", (await off(page, maps)) < EXACT);
  await page.locator("input[type=file]").nth(1).setInputFiles(facts.nested);
  await until(page, () => headlight.model.name === "nested");
  check("of a folder, what lies in folders of it is left alone", (await off(page, maps)) < EXACT, await line(page));
}

const page = await open(facts.plain);
const fields = await page.getByRole("textbox", { name: "Sentence" }).count();
check("a page without a model has no field to type in", fields === 0);
await set(page, { text: "x", scope: "model", off: "0" });
const kept = await state(page);
check("what needs a model is not taken", kept.scope === "head" && kept.off === "" && kept.text !== "x", kept);
await drops(page, facts.bert);
await guesses(page, facts.bert);
await refuses(page, facts.wrong);
await writes(page, facts.gpt);
await clean("a GPT that writes", page);
if (facts.minilm) {
  await choose(page, inside(facts.minilm.folder), is_open, size_of(facts.minilm.typed.maps));
  await set(page, { text: facts.minilm.typed.text });
  const far = await off(page, facts.minilm.typed.maps);
  check("MiniLM from its files is 17's", far < EXACT, far);
}
check("no error was said of dropped models", page.trouble.length === 0, page.trouble);
check("nothing was asked from outside", page.asked.length === 1, page.asked);
await page.setViewportSize({ width: 390, height: 800 });
check("no sideways scrolling on a phone", (await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
await page.context().close();
await lives(facts.living);
await hastes(facts.living, facts.bert, facts.gpt);
await types(facts.living, facts.bert, facts.gpt);
await takes_maps(facts.living, facts.maps);
await keeps_pair(facts.living);
await damaged(facts.living);
await wanders(facts.living, [facts.bert.folder, facts.gpt.folder, ...(facts.minilm ? [facts.minilm.folder] : [])],
  facts.edits);
await browser.close();
