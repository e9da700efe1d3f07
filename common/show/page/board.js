// board - a canvas to paint on, one above it for what the cursor adds, and a keyboard stop that a screen reader knows
// as a grid. A view gives it paint, over and pick; the board knows sizes, pixels of the screen, pointer and keys.
import { make, fill } from "./dom.js";
import { CanvasPen, SvgPen, pen_lines } from "./pen.js";
import { clamp } from "./tokens.js";

const BOARD_STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/* [down, right] that an arrow key means; undefined for another key. */
export function board_step(key) {
  return BOARD_STEPS[key];
}

/* An arrow key walks over layers and heads; true when it was one. */
export function board_walk(app, key) {
  const step = board_step(key);
  if (!step) return false;
  const on = (list, at, by) => list[clamp(list.indexOf(at) + by, list.length)];
  app.set({
    layer: on(app.offered("layers"), app.state.layer, step[0]),
    head: on(app.offered("heads"), app.state.head, step[1]),
  });
  return true;
}

const BOARD_LINE = 16; // the height of a line below a picture that is saved: what it is of

/* A view by itself: its own board. parts {label, role "grid" | "group", size(width) -> [w, h], paint(pen, w, h),
 * over(pen, w, h), point(x, y, event) at each move (null, null when it leaves), click(x, y, event),
 * key(name, event) -> true when it was used, row() -> {rows, columns, row, column, texts, name} for the grid;
 * for files sheets() (sheets.js), across() of them beside each other, csv() where it is not made of the sheets}. */
export class Board {
  #size = [0, 0];
  #width = 0;

  constructor(app, parts) {
    Object.assign(this, { app, parts });
    this.canvas = make("canvas", { aria_hidden: "true" });
    this.above = make("canvas", { aria_hidden: "true", class: "above" });
    this.stop = make("div", { class: "stop", tabIndex: 0, role: parts.role ?? "grid", aria_label: parts.label });
    this.element = make("div", { class: "board" }, this.canvas, this.above, this.stop);
    const at = (event) => {
      const box = this.stop.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    this.stop.addEventListener("pointermove", (event) => parts.point?.(...at(event), event));
    this.stop.addEventListener("pointerleave", () => parts.point?.(null, null));
    this.stop.addEventListener("click", (event) => parts.click?.(...at(event), event));
    this.stop.addEventListener("dblclick", () => app.twice());
    const turned = (event) => parts.wheel?.(...at(event), event) && event.preventDefault();
    this.stop.addEventListener("wheel", turned, { passive: false });
    this.stop.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && parts.key?.(event.key, event)) event.preventDefault();
    });
    this.stop.addEventListener("focus", () => this.say());
    new ResizeObserver(() => {
      if (this.element.clientWidth !== this.#width) this.draw();
    }).observe(this.element);
  }

  #canvas(canvas) {
    const [w, h] = this.#size;
    const ratio = Math.min(window.devicePixelRatio || 1, 8192 / Math.max(w, h, 1));
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
      [canvas.style.width, canvas.style.height] = [w + "px", h + "px"];
    }
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return new CanvasPen(context, this.app.theme());
  }

  draw() {
    this.#width = this.element.clientWidth;
    if (!this.#width) return;
    this.#size = this.parts.size(this.#width).map(Math.round);
    [this.stop.style.width, this.stop.style.height] = this.#size.map((side) => side + "px");
    this.parts.paint(this.#canvas(this.canvas), ...this.#size);
    this.draw_over();
  }

  get board() { return this; }

  /* The cursor has moved: what it adds is painted anew, or, where the cursor changes the picture, all of it. */
  over() {
    if (this.parts.over) this.draw_over();
    else this.draw();
  }

  draw_over() {
    if (!this.#width) return;
    const pen = this.#canvas(this.above);
    this.parts.over?.(pen, ...this.#size);
    if (this.parts.row) this.say();
  }

  /* The grid holds the current row, with the current cell as its active one. */
  say() {
    const now = this.parts.row?.();
    if (!now) return;
    const { stop } = this;
    const id = (column) => `${this.parts.id ?? "grid"}-${column}`;
    stop.ariaRowCount = now.rows;
    stop.ariaColCount = now.columns;
    if (document.activeElement === stop || !stop.firstChild)
      fill(stop,
        make("div", { role: "row", aria_rowindex: now.row + 1, aria_label: now.name, class: "unseen" },
          now.texts.map((text, column) =>
            make("span", { role: "gridcell", aria_colindex: column + 1, id: id(column) }, text))));
    stop.setAttribute("aria-activedescendant", id(now.column));
  }

  /* The picture with its title below it, as a file has it. */
  #whole(pen, title) {
    const [w, h] = this.#size;
    this.parts.paint(pen, w, h);
    this.parts.over?.(pen, w, h, true);
    pen_lines(title, w).forEach((line, at) => pen.text(line, 4, h + BOARD_LINE * (at + 0.5), pen.small));
  }

  #whole_size(title) {
    const [w, h] = this.#size;
    return [w, h + BOARD_LINE * pen_lines(title, w).length + 6];
  }

  svg(title, theme) {
    const pen = new SvgPen(theme);
    this.#whole(pen, title);
    return pen.svg(...this.#whole_size(title), title);
  }

  png(title) {
    const canvas = make("canvas");
    const [w, h] = this.#whole_size(title);
    const ratio = Math.min(2, 8192 / Math.max(w, h));
    [canvas.width, canvas.height] = [w * ratio, h * ratio];
    const context = canvas.getContext("2d");
    const pen = new CanvasPen(context, this.app.theme());
    context.scale(ratio, ratio);
    pen.rect(0, 0, w, h, pen.theme.paper);
    this.#whole(pen, title);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }
}
