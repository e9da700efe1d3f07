// csv - what a view shows as a table for a spreadsheet, pandas, R: texts stand in quotes, an empty cell has no number.

const CSV_MOST = 1 << 21; // cells: more make a file that a browser does not hold

const csv_text = (text) => `"${String(text).replaceAll('"', '""')}"`;
const csv_number = (value) => (Number.isNaN(value) ? "" : Number.isFinite(value) ? value.toFixed(8) : "inf");
const csv_lines = (lines) => lines.map((line) => line.join(",") + "\n").join("");

/* How many numbers there are; too many are said, not saved. */
export function csv_fits(sheets) {
  return sheets.reduce((sum, { down, across }) => sum + down.length * across.length, 0) <= CSV_MOST;
}

/* The sheets of a view: a head by itself is a table as it is drawn; of several maps each weight has a line, as in
 * 17_bert --tsv; other sheets have one for each number. */
export function csv_of(sheets) {
  if (sheets.some(({ name }) => name === undefined)) return csv_parts(sheets);
  return sheets.length === 1 ? csv_map(sheets[0]) : csv_maps(sheets);
}

function csv_map({ tokens, value, at }) {
  const corner = value === "weight" ? "query\\key" : `query\\key: ${value}`;
  const row = (token, r) => [csv_text(token), ...tokens.map((_, c) => csv_number(at(r, c)))];
  return csv_lines([[corner, ...tokens].map(csv_text), ...tokens.map(row)]);
}

/* A map of a comparison may have {change}: how much more each cell has than A's. */
function csv_maps(sheets) {
  const heads = sheets.filter(({ mask }) => mask !== undefined);
  const changes = heads.some(({ change }) => change);
  const names = ["name", "model", "layer", "head", "mask", "from", "to", "from_token", "to_token", heads[0].value];
  const all = heads.map(({ name, model, layer, head, mask, rows, tokens, at, change }) => {
    const own = [csv_text(name), csv_text(model), layer, head, csv_text(mask)];
    const texts = tokens.map(csv_text);
    const less = (r, c) => (changes ? [change ? csv_number(change.at(r, c)) : ""] : []);
    const line = (r, c) => [...own, rows[r], rows[c], texts[r], texts[c], csv_number(at(r, c)), ...less(r, c)];
    return csv_lines(rows.flatMap((_, r) => rows.map((_, c) => line(r, c))));
  });
  return csv_lines([changes ? [...names, "change"] : names]) + all.join("");
}

function csv_parts(sheets) {
  const all = sheets.flatMap(({ title, down, across, at }) =>
    down.flatMap((row, r) => across.map((column, c) => [...[title, row, column].map(csv_text), csv_number(at(r, c))])));
  return csv_lines([["part", "row", "column", "value"], ...all]);
}
