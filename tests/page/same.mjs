// same.mjs: is the script in a page the one of the sources? node --expose-internals same.mjs PAGE.html FOLDER joins
// FOLDER's modules itself, and holds the grammar of both beside each other, by the parser that node carries (acorn).
// A line a check, as in page.mjs.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { parse } = createRequire(import.meta.url)("internal/deps/acorn/acorn/dist/acorn");
const [, , page, folder] = process.argv,
  html = readFileSync(page, "utf8");

const check = (name, holds, seen = "") => console.log(`${holds ? "ok" : "not ok"} ${name}${holds ? "" : ": " + seen}`);

/* A module's text behind those of the modules that it imports, each once. */
function joined(name, done = new Set()) {
  if (done.has(name)) return "";
  done.add(name);
  const text = readFileSync(join(folder, name), "utf8"),
    needed = [...text.matchAll(/^import .* from "\.\/(.*)";$/gm)].map((found) => joined(found[1], done));
  return needed.join("") + text.replace(/^import .*$/gm, "").replace(/^export /gm, "");
}

/* Statements, with those that declare one behind another as one. */
function statements(list) {
  const out = [];
  for (const one of list) {
    const before = out.at(-1), same = one?.type === "VariableDeclaration" && before?.type === one.type;
    if (same) before.declarations = before.declarations.concat(one.declarations);
    else out.push(one);
  }
  return out;
}

/* The grammar without places; `const` is written as `let`. */
const grammar = (text) =>
  JSON.stringify(parse(text, { ecmaVersion: "latest", sourceType: "module", allowReserved: true }), (name, value) => {
    if (["start", "end", "raw"].includes(name) && typeof value !== "object") return undefined;
    if (name === "kind" && value === "const") return "let";
    return ["body", "consequent"].includes(name) && Array.isArray(value) ? statements(value) : value;
  });

const [, script] = html.match(/<script type="module">([\s\S]*?)<\/script>/),
  source = joined("main.js"),
  wanted = grammar(source),
  got = grammar(script);
const at = [...wanted].findIndex((letter, place) => letter !== got[place]);
check("the page's script has the grammar of its sources", wanted === got, got.slice(Math.max(0, at - 200), at + 100));
check("a tenth of it was space", script.length < 0.9 * source.length, `${script.length} of ${source.length}`);
