// api - window.headlight: what people and tests may ask of the page. Described in docs/page.md, and stable.

/* face {engine() -> the open Engine, state() -> the whole state, set(part) -> a promise, ready: a promise}. */
export function api_install(face) {
  const engine = face.engine;
  window.headlight = {
    ready: face.ready,
    version: engine().meta.version,
    get model() { return { ...engine().meta.model }; },
    get tokens() { return [...engine().meta.tokens]; },
    get n() { return engine().n; },
    get layers() { return engine().layers; },
    get heads() { return engine().heads; },
    weights: (layer, head) => engine().weights(...api_head(engine(), layer, head)).slice(),
    full: (layer, head) => engine().full(...api_head(engine(), layer, head)).slice(),
    allowed: (query, key) => engine().allowed(api_token(engine(), query), api_token(engine(), key)),
    reach: (query, key) => engine().reach(api_token(engine(), query), api_token(engine(), key)),
    measures: (layer, head) => ({ ...engine().measures(...api_head(engine(), layer, head)) }),
    term: (layer, head, query, key) => engine().term(...api_head(engine(), layer, head), api_token(engine(), query),
      api_token(engine(), key)),
    why: (layer, head, query, key) => engine().why(...api_head(engine(), layer, head), api_token(engine(), query),
      api_token(engine(), key)),
    state: () => structuredClone(face.state()),
    set: (part) => face.set(part),
  };
}

function api_index(what, value, count) {
  if (!Number.isInteger(value) || value < 0 || value >= count)
    throw new RangeError(`there is no ${what} ${value} (expected 0 to ${count - 1})`);
  return value;
}

function api_head(engine, layer, head) {
  return [api_index("layer", layer, engine.layers), api_index("head", head, engine.heads)];
}

function api_token(engine, token) { return api_index("token", token, engine.n); }
