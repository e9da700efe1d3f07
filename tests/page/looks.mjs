// looks.mjs: checks of ways to look at a head. page.mjs calls them with a page that is open, and its check().
import { readFileSync } from "node:fs";

/* A tensor of float32 of the page's own block, read here and not by the page's code. */
function stored(html, name) {
  const bytes = Buffer.from(html.match(/<script[^>]*id="block"[^>]*>([^<]*)</)[1].trim(), "base64"),
    length = Number(bytes.readBigUInt64LE(0)),
    [from, to] = JSON.parse(bytes.toString("utf8", 8, 8 + length))[name].data_offsets;
  return new Float32Array(new Uint8Array(bytes.subarray(8 + length + from, 8 + length + to)).buffer);
}

/* The map that is shown, by way of the gnuplot script that the page saves. */
async function drawn(page) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /gnuplot/i }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8").split("\n"),
    from = lines.indexOf("$map << EOD") + 1;
  return lines.slice(from, lines.indexOf("EOD", from)).flatMap((line) => line.split(" ").map(Number));
}

export async function valued(page, html, check) {
  await page.evaluate(() => headlight.set({ view: "matrix", layer: 1, head: 0, mask: "none", show: "valued" }));
  const { n, heads, map } = await page.evaluate(() => ({
    n: headlight.n,
    heads: headlight.heads,
    map: [...headlight.weights(1, 0)],
  }));
  const lengths = stored(html, "value_norm").slice(heads * n, (heads + 1) * n),
    seen = await drawn(page);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const row = map.slice(i * n, i * n + n).map((weight, j) => weight * lengths[j]),
      sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, j) => (worst = Math.max(worst, Math.abs(value / sum - seen[i * n + j]))));
  }
  check("weights times lengths of values, rows summing to 1", seen.length === n * n && worst < 2e-4, worst);
  check(
    "and it is not the weights that are drawn",
    seen.some((value, at) => Math.abs(value - map[at]) > 0.02),
  );
  await page.evaluate(() => headlight.set({ show: "weights" }));
}
