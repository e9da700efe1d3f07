// gnuplot - the maps that a view shows as one script that holds its numbers and draws them beside each other.
import { say } from "./words.js";

const GNUPLOT_SIDE = 470; // pixels of a map with its names
const GNUPLOT_NAMES = 30; // that have room along it
const GNUPLOT_SMALL = 110; // without
const GNUPLOT_MASKED = -1e9; // stands where there is no number: gnuplot warns of a matrix with nan

/* Text as gnuplot takes it: nothing inside is a command or a format. */
const gnuplot_octal = (sign) => "\\" + sign.charCodeAt(0).toString(8).padStart(3, "0");
const gnuplot_text = (text) =>
  `"${text.replace(/[\u0000-\u001f\u007f]/g, " ").replace(/["\\`']/g, gnuplot_octal)}"`;

/* What the names along an edge stand for, every one or every few as the room allows. */
function gnuplot_tics(names) {
  const every = Math.ceil(names.length / GNUPLOT_NAMES);
  const tic = (name, at) => (at % every ? [] : `${gnuplot_text(String(name)).replaceAll("%", "%%")} ${at}`);
  return `font ',${names.length > GNUPLOT_NAMES / 2 ? 8 : 11}' (${names.flatMap(tic).join(", ")})`;
}

/* An image has two rows and two columns at least: a single one stands there twice. */
const gnuplot_twice = (list) => (list.length === 1 ? [list[0], list[0]] : list);

function gnuplot_block(block, { down, across, at }) {
  const number = (value) => (Number.isFinite(value) ? String(Number(value.toFixed(6))) : GNUPLOT_MASKED);
  const lines = down.map((_, r) => gnuplot_twice(across.map((_, c) => number(at(r, c)))).join(" "));
  return `$${block} << EOD\n${gnuplot_twice(lines).join("\n")}\nEOD\n`;
}

/* The colours of a sheet, their ends, and the least number that has one. */
function gnuplot_colours({ kind, down, across, at, most }, scale) {
  const numbers = down.flatMap((_, r) => across.map((_, c) => at(r, c))).filter(Number.isFinite);
  const [low, high] = numbers.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity]);
  const far = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const one = "0 'white', 1 '#a85206'";
  const two = "0 '#145cbe', 0.5 '#f6f4ef', 1 '#c85400'";
  const ends = {
    weight: scale === "fit" ? [0, (most ?? high) || 1] : scale === "log" ? [1e-4, 1] : [0, 1],
    change: scale === "fit" ? [-far, far] : [-1, 1],
    signed: [-far, far],
    lift: [1 / 8, 8],
    layers: [0, high || 1],
    measure: low < high ? [low, high] : [low - 1, low + 1],
  }[kind];
  const log = kind === "lift" || (kind === "weight" && scale === "log");
  const signed = ["change", "signed", "lift"].includes(kind);
  const palette = kind === "layers" ? "0 '#a85206', 1 'white'" : signed ? two : one;
  return `set palette defined (${palette})\n${log ? "set" : "unset"} logscale cb\nset cbrange [${ends.join(":")}]\n` +
    `set cbtics ${kind === "lift" ? "('⅛' 0.125, '½' 0.5, '1' 1, '2' 2, '8' 8)" : "autofreq"}\n` +
    `least = ${log ? ends[0] : GNUPLOT_MASKED}\n`;
}

function gnuplot_panel(sheet, block, scale, small) {
  const { title, kind, down, across, at, name } = sheet;
  const of_head = name ? ["plot_key", "plot_query"] : [];
  const [x, y] = (kind === "measure" ? ["head", "layer"] : of_head).map((key) => say(key));
  const gaps = down.some((_, r) => across.some((_, c) => !Number.isFinite(at(r, c))));
  const words = [["change", "lift", "layers"].includes(kind) ? say("plot_" + kind) : "", gaps && say("plot_masked")];
  const axes = small ? "unset xtics\nunset ytics\n"
    : `set xtics scale 0 rotate by 45 right ${gnuplot_tics(across)}\nset ytics scale 0 ${gnuplot_tics(down)}\n` +
      `set xlabel ${gnuplot_text(x ?? "")}\nset ylabel ${gnuplot_text(y ?? "")}\n`;
  return gnuplot_colours(sheet, scale) + axes +
    `set title ${gnuplot_text(title)}\nset cblabel ${gnuplot_text(words.filter(Boolean).join("; "))}\n` +
    `set xrange [-0.5:${across.length - 0.5}]\nset yrange [${down.length - 0.5}:-0.5]\n` +
    `set size ${down.length === across.length ? "square" : "nosquare"}\n` +
    `plot $${block} matrix using 1:2:($3 < ${GNUPLOT_MASKED / 2} ? NaN : $3 < least ? least : $3) with image notitle\n`;
}

/* title: a line above all; file: the picture's name without its ending; across: how many maps beside each other. */
export function gnuplot_script(sheets, { title, file, scale, across }) {
  const columns = Math.min(across, sheets.length);
  const rows = Math.ceil(sheets.length / columns);
  const small = columns > 3;
  const side = small ? GNUPLOT_SMALL : GNUPLOT_SIDE;
  const block = (at) => (sheets.length === 1 ? "map" : `map_${at}`);
  const size = `size ${columns * side + 60},${rows * side + 60} noenhanced background '#ffffff'`;
  const layout = small ? " margins 0.01,0.99,0.01,0.93 spacing 0.01,0.03" : "";
  return (
    `# gnuplot -d THIS_FILE draws ${file}.png beside it (needs gnuplot 5.4); ${GNUPLOT_MASKED}: no number.\n` +
    "reset\nset encoding utf8\nif (strstrt(GPVAL_TERMINALS, 'pngcairo')) {\n" +
    `  set terminal pngcairo ${size} font 'sans-serif,${small ? 7 : 11}'\n  set output '${file}.png'\n} else {\n` +
    `  set terminal svg ${size} font 'sans-serif,${small ? 7 : 11}'\n  set output '${file}.svg'\n}\n` +
    sheets.map((sheet, at) => gnuplot_block(block(at), sheet)).join("") +
    "set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#d9d5cc' fillstyle solid noborder\n" +
    (small ? "unset colorbox\n" : "") +
    `set multiplot layout ${rows},${columns}${layout} title ${gnuplot_text(title)} font ',12'\n` +
    sheets.map((sheet, at) => gnuplot_panel(sheet, block(at), scale, small)).join("") +
    "unset multiplot\nset output\n"
  );
}
