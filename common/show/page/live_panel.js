// live_panel - above all views: the sentence, to be typed anew; its tokens, to be masked and moved; what the model
// makes of a [MASK]; where the numbers come from; and what is going on.
import { choice, fill, hint, make } from "./dom.js";
import { brought_dropped, brought_model } from "./brought.js";
import { toggled } from "./live_controls.js";
import { next_new } from "./live_next.js";
import { say } from "./words.js";

export function panel_new(app) {
  const live = app.living;
  const status = make("p", { class: "hint", role: "status", aria_live: "polite" });
  const badge = make("b", { class: "badge" });
  const guesses = make("ul", { class: "guesses" });
  const moved = hint(say("live_moved_hint"));
  const words = make("p", { class: "text" });
  let at = 0; // the token of the strip that the keys move
  let shuffles = 0;
  let use = app.state.text_b ? "text_b" : "pair"; // what the second field is for

  const button = (name, onclick) => make("button", { class: "plain", onclick }, say(name));

  /* ---- the fields ---- */

  const field = (name) => {
    const input = make("input", { type: "text", spellcheck: false, autocomplete: "off" });
    input.addEventListener("keydown", (event) => event.key === "Enter" && run());
    return { input, element: make("label", { class: "field" }, make("span", {}, say(name)), input) };
  };
  const sent = (one) => (one.sent = one.input.value);
  /* A new B is what Compare shows. */
  const run = () => {
    const other = sent(second);
    const beside = use === "text_b" && other && other !== app.state.text_b && { against: "text2" };
    app.set({ text: sent(first), pair: "", text_b: "", [use]: other, ...beside });
  };
  /* What is being typed stays, until there is another text than the one that was typed. */
  const show = (one, text) => {
    if (one.said !== text && one.sent !== text) one.sent = one.input.value = text;
    one.said = text;
  };
  const first = field("live_text");
  const second = field("live_second");
  const uses = () =>
    (live.card?.types < 2 ? ["text_b"] : ["pair", "text_b"]).map((name) => [name, say("live_" + name)]);

  /* ---- the tokens ---- */

  const title = say("live_tokens");
  const strip = make("div", { class: "strip", role: "listbox", tabIndex: 0, aria_label: title, title });
  const place_of = (i) => app.state.order[i] ?? i; // where the token stands in the text
  const mask = (i) => app.set({ masked: toggled(app.state.masked, place_of(i)) });
  /* The token at i changes places with the next one that is a word. */
  function move(i, by) {
    const order = app.labels.map((_, one) => place_of(one));
    let to = i + by;
    while (to in order && app.quiet_token(to)) to += by;
    if (!(to in order) || app.quiet_token(i)) return;
    [order[i], order[to]] = [order[to], order[i]];
    at = to;
    app.set({ order });
  }
  strip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && event.shiftKey) move(at, by);
    else if (by) at = Math.max(0, at + by);
    else if (event.key === "m") mask(at);
    else if (event.key === "Enter") app.set({ token: at });
    else return;
    event.preventDefault();
    draw_strip();
  });
  function draw_strip() {
    const names = app.engine.meta.labels ?? app.engine.meta.tokens; // without the numbers of words that come again
    at = Math.min(at, app.engine.n - 1);
    fill(strip,
      app.labels.map((label, i) => {
        const cosine = live.moved?.[i];
        const said = cosine === undefined ? label : say("live_moved", { token: label, cosine: cosine.toFixed(3) });
        return make("span", {
          role: "option",
          id: `token-${i}`,
          class: i === at ? "now" : "",
          aria_selected: String(i === app.state.token),
          aria_label: said,
          onclick: () => ((at = i), app.set({ token: i })),
          ondblclick: () => mask(i),
        }, names[i], cosine === undefined ? null : make("small", {}, cosine.toFixed(2)));
      }),
    );
    strip.setAttribute("aria-activedescendant", `token-${at}`);
  }

  const shuffle = () =>
    live.shuffled(++shuffles).then((order) => app.set({ order }), (error) => api.done(error.message));

  /* ---- files ---- */

  const took = (files) => {
    const model = brought_model(files);
    api.calm();
    if (model) live.open(model);
    else if (files.length === 1) app.drop(files[0]);
    else if (files.length) api.done(say("live_no_config"));
  };
  const chooser = (folder) => {
    const input = make("input", { type: "file", multiple: true, hidden: true, onchange: () => took([...input.files]) });
    input.webkitdirectory = folder;
    const open = () => {
      input.value = ""; // the same files again are a choice, too: somebody has mended them
      input.click();
    };
    return [button(folder ? "live_folder" : "live_files", open), input];
  };

  /* ---- what is going on ---- */

  const back = button("live_back", () =>
    app.set({ ...live.plain(), ...(app.state.scope === "model" && { mask: "none", also_causal: false }) }));
  const shuffled = button("live_shuffle", shuffle);
  const writer = next_new(app);
  const use_place = make("div", { class: "uses" });
  const read = make("button", { class: "main", onclick: run }, say("live_run"));
  const fields = make("div", { class: "row" }, first.element, second.element, use_place, read);
  const tools = make("div", { class: "row" }, words, badge, shuffled, back, chooser(false), chooser(true));
  const parts = [fields, strip, moved, guesses, writer.element, tools, status];
  const element = make("section", { class: "live-panel", aria_label: say("live_label") }, parts);

  const api = {
    element,
    mask,
    drop: async (transfer) => took(await brought_dropped(transfer)),
    /* What takes its time, how far it is (0 to 1, where that is known), and a way out. */
    busy(text, share) {
      const bar = share === undefined ? null : make("progress", { max: 1, value: share, aria_label: text });
      fill(status, text, bar, button("live_cancel", () => live.cancel()));
    },
    done: (text) => fill(status, text && make("span", { class: "said" }, text)),
    /* A line that was said before goes when something else is done. */
    calm: () => status.querySelector(".said")?.remove(),
    /* A promise of yes or no. */
    agree: (text) =>
      new Promise((answer) =>
        fill(status, text, button("live_yes", () => answer(true)), button("live_no", () => answer(false)))),
    draw() {
      const { state } = app;
      fields.hidden = strip.hidden = shuffled.hidden = !live.there;
      words.hidden = live.there;
      words.textContent = (app.engine.meta.texts ?? []).join("  ·  ");
      badge.textContent = live.badge();
      back.hidden = !live.there || app.engine === live.home; // that it shows as it is
      moved.hidden = !live.moved;
      guesses.hidden = !live.top.length || live.card?.writes;
      writer.draw();
      if (!live.there) return;
      if (uses().length === 1) use = "text_b";
      show(first, state.text);
      show(second, state[use]);
      fill(use_place, choice(say("live_use"), uses(), use, (name) => ((use = name), run())));
      draw_strip();
      const guess = ({ text, p }) => make("span", {}, text, make("small", {}, p.toFixed(3)));
      fill(guesses, live.top.map(({ place, guesses: list }) =>
        make("li", {}, say("live_guess", { place }), list.map(guess))));
    },
  };
  return api;
}
