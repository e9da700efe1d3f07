// files - what can be taken away of the view that is open: the picture as PNG and SVG, its numbers as CSV, and a
// gnuplot script that draws them. All of them hold what the view shows.
import { csv_fits, csv_of } from "./csv.js";
import { download } from "./dom.js";
import { gnuplot_script } from "./gnuplot.js";
import { sheet_mask } from "./sheets.js";
import { say } from "./words.js";

const FILES_ALL = ["model", "measures"]; // views of all heads

const files_name = (app, ending) =>
  [
    app.engine.meta.model.name.replace(/[^\w.-]+/g, "_"),
    app.state.view,
    `${app.state.layer}.${app.state.head}.${ending}`,
  ].join("_");

/* Whose numbers a file has: a picture says nothing of the page's controls. */
function files_title(app) {
  const { view, layer, head, heads, token, show } = app.state;
  const several = (view === "matrix" && app.several()) || (view === "head" && heads.length > 1);
  const a = view === "compare" ? "A: " : ""; // B's stands above its map
  const what = FILES_ALL.includes(view) ? say("files_all")
    : say(several ? "files_heads" : "files_head", { layer, head, heads: heads.join(", ") });
  const parts = [app.engine.meta.model.name, a + what, say("files_mask", { mask: sheet_mask(app, app.engine) })];
  if (show !== "weights" && ["matrix", "model", "tour"].includes(view)) parts.push(say("show_" + show));
  if (token !== null) parts.push(app.labels[token]);
  return parts.join(", ") + app.warmth();
}

/* What `kind` of file the view that is open would save: a text, of a PNG a promise of its bytes. */
export function files_content(app, kind) {
  const { board } = app.view;
  const { parts } = board;
  if (kind === "svg") return board.svg(files_title(app), app.theme());
  if (kind === "png") return board.png(files_title(app));
  if (kind === "csv" && parts.csv) return parts.csv();
  const sheets = parts.sheets();
  if (!csv_fits(sheets)) throw new RangeError(say("files_large"));
  if (kind === "csv") return csv_of(sheets);
  const { scale } = app.state;
  const across = parts.across?.() ?? 3;
  return gnuplot_script(sheets, { title: files_title(app), file: files_name(app, "gp"), scale, across });
}

export async function files_save(app, kind) {
  const type = { svg: "image/svg+xml", png: "image/png", csv: "text/csv", gnuplot: "text/plain" }[kind];
  try {
    download(files_name(app, kind === "gnuplot" ? "gp" : kind), type, await files_content(app, kind));
  } catch (error) {
    app.tell(error.message);
  }
}
