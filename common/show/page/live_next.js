// live_next - a model that writes: what it would say next, under a temperature and a top-k that act at once; one token
// more, or one after the other.
import { fill, make, slider } from "./dom.js";
import { say } from "./words.js";

const NEXT_MOST_K = 50;

export function next_new(app) {
  const live = app.living;
  const list = make("ol", { class: "bars" });
  let tenths = 10;
  let top_k = 0;
  let drawn = null; // {key, answer}: what stands in the list
  let writes = false; // is it writing on by itself?

  /* Draws a token behind the text that is shown, and shows what it was drawn from. */
  async function ask() {
    const { ids } = app.engine.meta;
    const key = JSON.stringify([ids, tenths, top_k]);
    if (drawn?.key === key && drawn.card === live.card) return drawn.answer;
    const answer = await (await live.model()).next({ ids, temperature: tenths / 10, top_k, seed: 1 });
    drawn = { key, answer, card: live.card };
    fill(list, answer.top.map(({ text, p }) => {
      const bar = make("i", { style: `width: ${100 * p}%` });
      return make("li", {}, make("span", {}, text), bar, make("b", {}, p.toFixed(4)));
    }));
    return answer;
  }
  const tried = (what) => what().catch((error) => ((writes = false), app.panel.done(error.message)));

  const one = () =>
    tried(async () => {
      const { whole, ids } = await ask();
      live.written = { text: whole, ids };
      await app.set({ text: whole });
    });
  async function on() {
    writes = !writes;
    go.ariaPressed = writes;
    const { card } = live;
    if (app.engine.n >= card.context) await one(); // which says why not
    while (writes && element.isConnected && live.card === card && app.engine.n < card.context) await one();
    go.ariaPressed = writes = false;
  }
  const warmer = (value) => ((tenths = value), tried(ask));
  const fewer = (value) => ((top_k = value), tried(ask));
  const go = make("button", { aria_pressed: "false", onclick: on }, say("next_on"));
  const element = make("div", { class: "next" },
    make("h2", {}, say("next_title")),
    make("div", { class: "row" },
      slider(say("next_warm"), 0, 30, tenths, warmer, (value) => value / 10),
      slider(say("next_top_k"), 0, NEXT_MOST_K, top_k, fewer, (value) => value || say("next_all")),
      make("button", { class: "main", onclick: one }, say("next_one")),
      go),
    list,
  );
  return {
    element,
    draw() {
      element.hidden = !live.card?.writes;
      if (!element.hidden) tried(ask);
    },
  };
}
