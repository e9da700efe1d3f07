// tokens - names of tokens as they are shown, and the strongest cells of each row.

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

/* 1 for the fewest cells of each row whose weights make up `share` of the row. */
export function tokens_top(map, n, share) {
  const out = new Uint8Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = map.subarray(i * n, i * n + n),
      order = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
    let left = share;
    for (const j of order) {
      if (left <= 0 || row[j] <= 0) break;
      out[i * n + j] = 1;
      left -= row[j];
    }
  }
  return out;
}

/* Each token, or the whole word that begins with it: "lamp", "##light" are "lamplight". */
export function tokens_joined(labels, roles) {
  const more = (at) => (roles[at + 1] === "piece" ? labels[at + 1].replace(/^##/, "") + more(at + 1) : "");
  return labels.map((label, at) => (roles[at] === "piece" ? label : label + more(at)));
}
