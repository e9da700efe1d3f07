// main - the page begins here: the library and the text are opened, the state is read from the address, and what is on
// the screen follows every change of it. Told in stages/20_atlas.
import { base64_bytes } from "./base64.js";
import { engine_open, page_part } from "./engine.js";
import { api_install } from "./api.js";
import { App } from "./app.js";
import { files_content } from "./files.js";

async function main_start() {
  const engine = await engine_open(page_part("block"));
  const others = new Map();
  for (const { id, textContent } of document.querySelectorAll('script[type="application/octet-stream"]'))
    if (id && id !== "block") others.set(id, await engine_open(base64_bytes(textContent.trim()), engine));
  const app = new App(engine, others);
  window.addEventListener("hashchange", () => app.rehash());
  for (const query of ["(prefers-color-scheme: light)", "print"])
    matchMedia(query).addEventListener("change", () => app.redraw());
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    app.panel.drop(event.dataTransfer);
  });
  if (app.living.there) setTimeout(() => app.living.model().then(() => app.panel.draw(), () => {}));
  await app.rehash();
  return app;
}

const main_app = main_start().catch((error) => {
  document.getElementById("page").textContent = error.message;
  throw error;
});
main_app.then((app) =>
  api_install({
    engine: () => app.engine,
    state: () => app.now(),
    set: (part) => app.set(part),
    content: (kind) => files_content(app, kind),
    ready: main_app.then(() => {}),
  }),
);
