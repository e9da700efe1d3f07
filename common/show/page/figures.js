// figures - pictures and tables that C has made with the page, of the text that it was made for (view/figures): here
// they get their words, and a click on a head shows it.
import { say } from "./words.js";

const FIGURES = document.getElementById("figures");

export function figures_new(app) {
  FIGURES.onclick = (event) => {
    const link = event.target.closest("[data-at]");
    if (!link) return;
    const [layer, head] = link.dataset.at.split(".").map(Number);
    event.preventDefault();
    app.set({ layer, head });
  };
  return {
    element: FIGURES,
    draw() {
      FIGURES.hidden = app.engine !== app.living.home;
      for (const one of FIGURES.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say, one.dataset);
      for (const one of FIGURES.querySelectorAll("[data-at]"))
        one.ariaCurrent = String(one.dataset.at === `${app.state.layer}.${app.state.head}`);
    },
  };
}
