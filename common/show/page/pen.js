// pen - one set of strokes for two papers: a canvas on the screen, and SVG with real text for a paper or a slide.
// Every view is painted through it, so a downloaded picture is the picture that is shown.

const PEN_FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif";

/* Words in lines that fit a width; a letter is about `wide` pixels. */
export function pen_lines(text, w, wide = 6.6) {
  const most = Math.max(20, Math.floor(w / wide));
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1).length + word.length > most) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines;
}

export class CanvasPen {
  constructor(context, theme) {
    this.c = context;
    this.theme = theme;
    this.small = { size: 11, colour: theme.quiet }; // how notes are written
  }

  rect(x, y, w, h, colour, alpha = 1) {
    this.c.globalAlpha = alpha;
    this.c.fillStyle = colour;
    this.c.fillRect(x, y, w, h);
    this.c.globalAlpha = 1;
  }

  frame(x, y, w, h, colour, width = 1) {
    this.c.strokeStyle = colour;
    this.c.lineWidth = width;
    this.c.strokeRect(x, y, w, h);
  }

  /* From (x, y), on by `draw`. */
  #stroke(colour, alpha, width, x, y, draw) {
    const { c } = this;
    c.globalAlpha = alpha;
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(x, y);
    draw(c);
    c.stroke();
    c.globalAlpha = 1;
  }

  line(x1, y1, x2, y2, colour, alpha = 1, width = 1) {
    this.#stroke(colour, alpha, width, x1, y1, (c) => c.lineTo(x2, y2));
  }

  /* A band from (x1, y1) to (x2, y2) that bends as a river does. */
  band(x1, y1, x2, y2, colour, alpha, width) {
    const bend = (x1 + x2) / 2;
    this.#stroke(colour, alpha, width, x1, y1, (c) => c.bezierCurveTo(bend, y1, bend, y2, x2, y2));
  }

  text(text, x, y, { colour = this.theme.ink, align = "left", size = 12, turn = 0, bold = false } = {}) {
    this.c.save();
    this.c.translate(x, y);
    if (turn) this.c.rotate((turn * Math.PI) / 180);
    this.c.font = `${bold ? 600 : 400} ${size}px ${PEN_FONT}`;
    this.c.textAlign = align;
    this.c.textBaseline = "middle";
    this.c.fillStyle = colour;
    this.c.fillText(text, 0, 0);
    this.c.restore();
  }

  hatch(x, y, w, h) {
    this.rect(x, y, w, h, this.theme.masked);
    this.c.save();
    this.c.beginPath();
    this.c.rect(x, y, w, h);
    this.c.clip();
    this.c.strokeStyle = this.theme.hatch;
    this.c.lineWidth = 1;
    this.c.beginPath();
    for (let at = -h; at < w; at += 6) {
      this.c.moveTo(x + at, y + h);
      this.c.lineTo(x + at + h, y);
    }
    this.c.stroke();
    this.c.restore();
  }

  /* rows x columns colours, [r, g, b] or null for nothing, stretched over a box. */
  cells(x, y, w, h, rows, columns, colour_at) {
    this.c.imageSmoothingEnabled = false;
    this.c.drawImage(pen_image(rows, columns, colour_at), x, y, w, h);
  }
}

function pen_image(rows, columns, colour_at) {
  const canvas = document.createElement("canvas");
  const image = new ImageData(columns, rows);
  [canvas.width, canvas.height] = [columns, rows];
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at += 4) {
      const colour = colour_at(i, j);
      if (!colour) continue;
      image.data.set(colour, at);
      image.data[at + 3] = 255;
    }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

const PEN_MOST_CELLS = 20000; // more than these go into the SVG as one image

export class SvgPen {
  #out = [];

  constructor(theme) {
    this.theme = theme;
    this.small = { size: 11, colour: theme.quiet }; // how notes are written
  }

  #add(tag, more, inside) {
    const written = (value) => pen_plain(typeof value === "number" ? Number(value.toFixed(2)) : value);
    const list = Object.entries(more).map(([name, value]) => `${name}="${written(value)}"`);
    const begun = `<${tag} ${list.join(" ")}`;
    this.#out.push(inside === undefined ? `${begun}/>` : `${begun}>${pen_plain(inside)}</${tag}>`);
  }

  rect(x, y, w, h, fill, alpha = 1) {
    this.#add("rect", { x, y, width: w, height: h, fill, "fill-opacity": alpha });
  }

  frame(x, y, w, h, stroke, width = 1) {
    this.#add("rect", { x, y, width: w, height: h, fill: "none", stroke, "stroke-width": width });
  }

  line(x1, y1, x2, y2, stroke, alpha = 1, width = 1) {
    this.#add("line", { x1, y1, x2, y2, stroke, "stroke-opacity": alpha, "stroke-width": width });
  }

  band(x1, y1, x2, y2, stroke, alpha, width) {
    const bend = (x1 + x2) / 2;
    const d = `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
    this.#add("path", { d, fill: "none", stroke, "stroke-opacity": alpha, "stroke-width": width });
  }

  text(text, x, y, { colour = this.theme.ink, align = "left", size = 12, turn = 0, bold = false } = {}) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const font = { "font-size": size, "text-anchor": anchor, "font-weight": bold ? 600 : 400 };
    const turned = turn && { transform: `rotate(${turn} ${x} ${y})` };
    this.#add("text", { x, y: y + size * 0.35, fill: colour, ...font, ...turned }, text);
  }

  hatch(x, y, w, h) {
    this.#add("rect", { x, y, width: w, height: h, fill: "url(#masked)" });
  }

  cells(x, y, w, h, rows, columns, colour_at) {
    if (rows * columns > PEN_MOST_CELLS) {
      const how = { preserveAspectRatio: "none", style: "image-rendering:pixelated" };
      const href = pen_image(rows, columns, colour_at).toDataURL();
      return this.#add("image", { x, y, width: w, height: h, ...how, href });
    }
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const colour = colour_at(i, j);
        if (colour) this.rect(x + (j * w) / columns, y + (i * h) / rows, w / columns, h / rows, pen_hex(colour));
      }
  }

  /* The whole file. */
  svg(width, height, title) {
    const t = this.theme;
    const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${pen_plain(PEN_FONT)}">`,
      `<title>${pen_plain(title)}</title>`,
      '<defs><pattern id="masked" width="6" height="6" patternUnits="userSpaceOnUse">',
      `<rect width="6" height="6" fill="${t.masked}"/><path d="M0 6L6 0" stroke="${t.hatch}"/></pattern></defs>`,
      `<rect width="100%" height="100%" fill="${t.paper}"/>`,
      ...this.#out,
      "</svg>\n",
    ].join("\n");
  }
}

function pen_hex(colour) {
  return "#" + colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
}

/* Text as XML takes it: control letters have no place there. */
function pen_plain(text) {
  return String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
    .replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]);
}
