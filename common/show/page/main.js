// main - the page begins here: the library and the text are opened, then what is drawn.
import { engine_open, page_part } from "./engine.js";
import { api_install } from "./api.js";

const main_state = { view: "matrix", layer: 0, head: 0, token: null, key: null, mask: "none", also_causal: false };

const main_ready = engine_open(page_part("block")).then((engine) => {
  api_install({
    engine: () => engine,
    ready: main_ready,
    state: () => ({ ...main_state }),
    set: async (part) => { Object.assign(main_state, part, engine.set_mask({ ...main_state, ...part })); },
  });
});
