// files - what can be taken away: the picture as PNG and SVG, the head as CSV, and the gnuplot script of the same map.
import { download } from "./dom.js";
import { heat_map } from "./heat.js";

const files_name = (app, ending) =>
  [
    app.engine.meta.model.name.replace(/[^\w.-]+/g, "_"),
    app.state.view,
    `${app.state.layer}.${app.state.head}.${ending}`,
  ].join("_");

const FILES_TITLE = (app) =>
  `${app.engine.meta.model.name}, layer ${app.state.layer}, head ${app.state.head}, mask ${app.state.mask}` +
  (app.state.token === null ? "" : `, ${app.labels[app.state.token]}`) +
  app.warmth();

export async function files_save(app, kind) {
  const { board } = app.view;
  const ways = {
    svg: ["image/svg+xml", () => board.svg(FILES_TITLE(app), app.theme())],
    png: ["image/png", () => board.png()],
    csv: ["text/csv", () => files_csv(app)],
    gnuplot: ["text/plain", () => files_gnuplot(app)],
  };
  const [type, content] = ways[kind];
  download(files_name(app, kind === "gnuplot" ? "gp" : kind), type, await content());
}

const files_quoted = (text) => `"${text.replaceAll('"', '""')}"`;

/* A line a row of a map; `none` stands where the mask forbids. */
function files_rows(app, map, digits, none, between) {
  const { n } = app.engine;
  const all = [...Array(n).keys()];
  return all.map((i) => all.map((j) => (app.may(i, j) ? map[i * n + j].toFixed(digits) : none)).join(between));
}

function files_csv(app) {
  if (app.state.view === "measures") return files_measures(app.engine);
  const { tokens } = app.engine.meta;
  const { layer, head } = app.state;
  const map = app.engine.weights(layer, head);
  const rows = files_rows(app, map, 8, "", ",").map((row, i) => `${files_quoted(tokens[i])},${row}`);
  return [["query\\key", ...tokens].map(files_quoted).join(","), ...rows, ""].join("\n");
}

/* A head a line, as 19_heads --tsv has them, under the mask. */
function files_measures(engine) {
  const lines = [["layer", "head", ...engine.measure_list().map(({ name }) => name)]];
  for (const one of engine.every()) lines.push([...one, ...Object.values(engine.measures(...one))]);
  return lines.join("\n") + "\n";
}

/* A script that holds its numbers, so that one file draws the picture. Names are plain text to gnuplot. */
function files_gnuplot(app) {
  const n = app.engine.n;
  const map = heat_map(app, app.engine, app.state.layer, app.state.head);
  const name = (text) => "'" + text.replaceAll("'", "''").replace(/[\u0000-\u001f]/g, " ") + "'";
  const tics = app.labels.map((label, at) => `${name(label)} ${at}`).join(", ");
  const rows = files_rows(app, map, 6, "nan", " ");
  return (
    `# gnuplot -p THIS_FILE\n$map << EOD\n${rows.join("\n")}\nEOD\nset title ${name(FILES_TITLE(app))} noenhanced\n` +
    `set xtics rotate by 45 right noenhanced (${tics})\nset ytics noenhanced (${tics})\n` +
    `set xlabel 'key (to)'\nset ylabel 'query (from)'\nset xrange [-0.5:${n - 0.5}]\nset yrange [${n - 0.5}:-0.5]\n` +
    `set palette defined (0 'white', 1 '#a85206')\n${app.state.scale === "fixed" ? "set cbrange [0:1]\n" : ""}` +
    "set size square\nplot $map matrix with image notitle\n"
  );
}
