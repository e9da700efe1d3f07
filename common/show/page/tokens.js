// tokens - names of tokens as they are shown, and places in a list of them.

/* A place in a list of `count`: the nearest that there is. */
export function clamp(value, count) {
  return Math.max(0, Math.min(value, count - 1));
}

const TOKENS_TURNED = /[\u0590-\u08ff]/; // letters that run to the left

/* A word that comes again gets a number: "the #2". A word that runs to the left stays by itself, or it would turn the
 * signs around it, too. */
export function tokens_named(labels) {
  const seen = new Map();
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    const said = TOKENS_TURNED.test(label) ? `\u2066${label}\u2069` : label;
    return times > 1 ? `${said} #${times}` : said;
  });
}

/* How a text's tokens are shown: {labels, quiet_token(i): it is the model's own, as [CLS] is}. */
export function tokens_of({ meta }) {
  return { labels: tokens_named(meta.labels ?? meta.tokens), quiet_token: (i) => meta.roles?.[i] === "special" };
}

/* Each token, or the whole word that begins with it: "lamp", "##light" are "lamplight". */
export function tokens_joined(labels, roles) {
  const more = (at) => (roles[at + 1] === "piece" ? labels[at + 1].replace(/^##/, "") + more(at + 1) : "");
  return labels.map((label, at) => (roles[at] === "piece" ? label : label + more(at)));
}
