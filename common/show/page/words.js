// words - says a text of the page: all of them stand in words.json, so that a translation is one file. {name} is
// filled in; what is not known is a dash; a plural behind the number 1 loses its s.

const WORDS = JSON.parse(globalThis.document?.getElementById("words").textContent ?? "{}"); // a test in node has none

let words_pseudo = false;

export function words_use(lang) {
  words_pseudo = lang === "pseudo";
}

/* The text of a key, with its values. A key that is not there is said as it is: a test looks for it. */
export function say(key, values = {}) {
  const text = WORDS[key] ?? `??${key}??`;
  const shown = words_pseudo
    ? `[${text.split(/(\{\w+\})/).map((part) => (part[0] === "{" ? part : part.replace(/[aeioucns]/g, "$&\u0301")))
        .join("")}~~~]`
    : text;
  return shown.replace(/\{(\w+)\}( [a-z]+)s\b/g, (all, name, thing) => (values[name] === 1 ? `1${thing}` : all))
    .replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "–"));
}
