// api - window.headlight: what people and tests may ask of the page. Described in docs/page.md, and stable.

const API_HEAD = ["layer", "head"];
const API_CELL = ["query", "key"];

/* face {engine() -> the open Engine, state() -> the whole state, set(part) -> a promise, ready: a promise,
 * content(kind) -> what the page would save}. */
export function api_install({ engine, state, set, ready, content }) {
  /* A question of the engine whose numbers are those of `which`; `own` makes the answer the asker's. */
  const ask = (name, which, own = (answer) => answer) => (...at) =>
    own(engine()[name](...api_checked(engine(), at, which)));
  const copy = (numbers) => numbers.slice();
  window.headlight = {
    ready,
    version: engine().meta.version,
    get model() { return { ...engine().meta.model }; },
    get tokens() { return [...engine().meta.tokens]; },
    get n() { return engine().n; },
    get layers() { return engine().layers; },
    get heads() { return engine().heads; },
    weights: ask("weights", API_HEAD, copy),
    full: ask("full", API_HEAD, copy),
    allowed: ask("allowed", API_CELL),
    reach: ask("reach", API_CELL),
    measures: ask("measures", API_HEAD, (all) => ({ ...all })),
    term: ask("term", [...API_HEAD, ...API_CELL]),
    why: ask("why", [...API_HEAD, ...API_CELL]),
    csv: () => content("csv"),
    gnuplot: () => content("gnuplot"),
    state: () => structuredClone(state()),
    set: (part) => set(part instanceof Object ? part : {}),
  };
}

/* The numbers, each of which has to be one of those that there are. */
function api_checked({ layers, heads, n }, at, which) {
  const counts = { layer: layers, head: heads };
  return which.map((what, place) => {
    const value = at[place];
    const count = counts[what] ?? n;
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new RangeError(`there is no ${what} ${value} (expected 0 to ${count - 1})`);
    return value;
  });
}
