// pins - the cell under the cursor, the one that is pinned, and the line that says what stands there.
import { heat_map } from "./heat.js";
import { clamp } from "./tokens.js";
import { say } from "./words.js";

export class Pins {
  #cursor = [null, null];

  cursor_now() { return this.#cursor; }

  /* The cursor stands on a token that may be no longer there. */
  forget() {
    this.#cursor = [null, null];
  }

  /* Does the mask let a token look, in the layer that is shown? */
  may(query, key) {
    return this.engine.allowed(query, key, this.state.layer);
  }

  /* The number of a cell: a weight, or the layers that it takes, where reach is shown. */
  number(value, digits = 4) {
    if (this.state.show !== "reach") return value.toFixed(digits);
    return value ? String(Math.round(1 / value - 1)) : "∞";
  }

  /* A key and its number in a query's row, as it is read aloud. */
  said(query, key, map) {
    const value = map[query * this.engine.n + key];
    return `${this.labels[key]} ${this.may(query, key) || value ? value.toFixed(4) : say("masked")}`;
  }

  point(i, j) {
    if (i === this.#cursor[0] && j === this.#cursor[1]) return;
    this.#cursor = [i ?? null, j ?? null];
    this.view.over();
    this.tell(this.#reading(i, j));
  }

  #reading(i, j) {
    const { layer, head, view, show } = this.state;
    const n = this.engine.n;
    const name = (at) => this.labels[at];
    if (i === null && j === null) return say("readout_none");
    const all = ["matrix", "model", "tour"].includes(view) && show !== "weights"; // else a view draws weights alone
    const map = all ? heat_map(this, this.engine, layer, head) : this.weights(layer, head);
    if (j === null) {
      const best = this.shown().reduce((top, at) => (map[i * n + at] > map[i * n + top] ? at : top), this.shown()[0]);
      return say("readout_row", { query: name(i), i, key: name(best), value: this.number(map[i * n + best]) });
    }
    if (i === null)
      return say("readout_column", { key: name(j), j, value: this.engine.received(layer, head)[j].toFixed(4) });
    const value = all || this.may(i, j) || map[i * n + j] ? this.number(map[i * n + j]) : say("masked");
    return say("readout_cell", { query: name(i), i, key: name(j), j, value });
  }

  tell(text) {
    this.live.textContent = text;
  }

  copy(text) {
    navigator.clipboard?.writeText(text).then(() => this.tell(say("copied")), () => this.tell(say("not_copied")));
  }

  /* The shown token so many steps behind another; from none, the first. */
  stepped(token, by) {
    const all = this.shown();
    return all[clamp(all.indexOf(token) + by, all.length)];
  }

  /* For a screen reader: the row of a query, with what a key is told by, and the key that is looked at. */
  row_of(query, key, told) {
    const all = this.shown();
    const at = (token) => Math.max(0, all.indexOf(token));
    const row = at(query);
    const token = all[row];
    return {
      rows: all.length,
      columns: all.length,
      row,
      column: at(key),
      name: say("row_of", { token: this.labels[token] }),
      texts: all.map((other) => told(token, other)),
    };
  }

  /* The row of the token under the cursor, as rails have it. */
  rail_row(query = this.#cursor[0], key = null) {
    const map = this.weights(this.state.layer, this.state.head);
    return this.row_of(query, key, (i, j) => this.said(i, j, map));
  }

  /* Up and down walk along a rail. */
  rail_key(name, event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[name];
    if (!by) return this.pick_key(name, event);
    this.point(this.stepped(this.#cursor[0], by), null);
    return true;
  }

  /* A click or Enter on a cell: pins it, or lets it go; with Shift the token joins the ones that are pinned. */
  pick(i, j, event, key_only = false) {
    const { token, key, more } = this.state;
    if (i === null && j === null) return;
    if (event?.shiftKey && i !== null && token !== null && i !== token)
      return void this.set({ more: more.includes(i) ? more.filter((one) => one !== i) : [...more, i] });
    const again = i === token && j === key;
    if (!again) this.set({ token: i, key: j, ...(i !== token && { more: [] }) });
    else this.set(key_only ? { key: null } : { token: null, key: null, more: [] });
  }

  /* One end of a line: [i, null] who looks, [null, j] who is looked at, as the rails of head and flow have them. */
  pick_end([i, j], event) {
    if (i !== null) this.pick(i, this.state.key, event);
    else if (j !== null) this.pick(this.state.token, j, event, true);
  }

  /* A name that is clicked twice becomes [MASK]. */
  twice() {
    const [i, j] = this.#cursor;
    if (this.living.there && (i === null) !== (j === null)) this.panel.mask(i ?? j);
  }

  pick_key(name, event) {
    if (name === "Escape") {
      this.point(null, null);
      this.set({ token: null, key: null, more: [] });
      return true;
    }
    if (name === "m" && this.living.there && this.#cursor[0] !== null) return (this.panel.mask(this.#cursor[0]), true);
    if (name !== "Enter" && name !== " ") return false;
    const [i, j] = this.#cursor;
    if (i === null && j === null) this.point(this.shown()[0], null);
    this.pick(this.#cursor[0] ?? this.state.token, this.#cursor[1] ?? (this.#cursor[0] === null ? null : j), event);
    return true;
  }
}
