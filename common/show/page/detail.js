// detail - beside all heads: one of them, large.
import { fill, make } from "./dom.js";
import { say } from "./words.js";

export function detail_new(app) {
  const element = make("section", { class: "detail" });
  const shown = () => app.state.view === "model" && app.state.detail;
  return {
    element,
    draw() {
      element.hidden = !shown();
      if (!shown()) return;
      const large = app.view_of("matrix");
      const title = element.firstChild ?? make("h2");
      title.textContent = say("detail", app.state);
      if (!element.contains(large.element)) fill(element, title, large.element);
      large.draw();
    },
    over: () => shown() && app.view_of("matrix").over(),
  };
}
