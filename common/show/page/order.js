// order - the order test in the comparison: B is this text's words in another order, as `20_atlas --order` has shuffled
// them. Beside it B is drawn with each word's row and column back where the word stands in A.
import { say } from "./words.js";

/* {back, by_place, by_word, follows, masked(i, j) of `back`, places(rows): where those tokens stand in B}; null where B
 * is no other order of A. */
export function order_test(app, far, a, b) {
  const { from, tokens } = far.meta;
  const own = app.engine.meta.tokens;
  const same = from?.length === own.length && from.every((old, now) => own[old] === tokens[now]);
  if (app.state.against !== "order" || !same) return null; // a text may have been typed since
  const to = [];
  from.forEach((old, now) => (to[old] = now));
  return {
    ...app.engine.order(a, b, from),
    masked: (i, j) => !far.allowed(to[i], to[j]),
    places: (rows) => rows.map((i) => to[i]).sort((one, two) => one - two),
  };
}

/* The question, and what this head answers. */
export function order_says(test) {
  if (!test) return "";
  const follows = say(["order_places", "order_neither", "order_words"][test.follows + 1]);
  return say("order_asks", { place: test.by_place.toFixed(2), word: test.by_word.toFixed(2), follows });
}
