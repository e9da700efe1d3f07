#include "view/report.h"
#include "base/plural.h"
#include "show/label.h"
#include "show/page.h"
#include "text/utf8.h"
#include "view/head_map.h"
#include "view/head_pictures.h"

#include <string.h>

/* Nothing may be fetched and no script may run, whatever a token says. */
static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Heads, measured</title>\n<style>\n"
    "body { font: 16px/1.5 sans-serif; color: #1f2933; max-width: 60em; margin: 2em auto; padding: 0 1em }\n"
    "img { max-width: 100% } figure { margin: 1em 0; break-inside: avoid } figcaption { color: #52606d }\n"
    "table { border-collapse: collapse; font-size: 14px } tr { break-inside: avoid }\n"
    "th, td { text-align: right; padding: .15em .6em; border-bottom: 1px solid #d9e2ec }\n"
    "th:first-child, td:first-child { text-align: left }\n"
    "pre, code { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px }\n"
    "dt { font-weight: bold } dd { margin: 0 0 .5em; overflow-wrap: anywhere }\n"
    "@media print { body { font-size: 11pt; margin: 0; max-width: none } }\n"
    "</style>\n</head>\n<body>\n<h1>Heads, measured</h1>\n";

/* Any bytes, as a reader can see them. */
static void add_text(String *out, const char *text, size_t size) {
    char *shown = utf8_shown(text, size, LABEL_ALL);
    html_add(out, shown);
    memory_free(shown);
}

static void add_words(String *out, const char *text) {
    add_text(out, text, strlen(text));
}

/* ---- what was run ---- */

static void add_model(String *out, const Reading *r) {
    char count[32];
    string_add(out, "<dt>%s</dt><dd>", r->reader->model ? "Model" : "File of maps");
    add_words(out, r->reader->folder);
    string_add(out, ": %d layer%s, %d head%s each", r->layers, PLURAL(r->layers), r->heads, PLURAL(r->heads));
    if (r->reader->model) {
        ModelCard card = model_card(r->reader->model);
        string_add(out, ", width %d, %s parameters", card.width, text_grouped(card.parameters, count));
    }
    string_add(out, "</dd>\n");
}

static void add_run(String *out, const Study *s, const Reading *r) {
    string_add(out, "<dl>\n<dt>Command</dt><dd><code>");
    add_words(out, s->show.command);
    string_add(out, "</code></dd>\n");
    add_model(out, r);
    const Bytes texts[] = {r->first, r->second};
    for (int i = 0; i < 2; i++) {
        if (!texts[i].data) continue;
        string_add(out, "<dt>%s</dt><dd>", i ? "Second text" : "Text");
        add_text(out, texts[i].data, texts[i].size);
        string_add(out, "</dd>\n");
    }
    string_add(out, "<dt>Tokens</dt><dd>%d:", r->encoding.n);
    for (int i = 0; i < r->encoding.n; i++) string_add(out, " "), add_words(out, r->labels[i]);
    string_add(out, "</dd>\n<dt>Mask</dt><dd>");
    add_words(out, r->mask.title);
    if (r->is_asked) string_add(out, ", %s", reading_scope(r));
    string_add(out, "</dd>\n</dl>\n");
}

/* ---- pictures ---- */

/* Without cairo and gd gnuplot leaves an svg (show/figure). */
static void add_picture(String *out, const char *folder, const char *name, const char *caption) {
    char *png = text_format("%s/%s.png", folder, name), *svg = text_format("%s/%s.svg", folder, name);
    bool is_png = file_exists(png);
    Bytes bytes = file_read(is_png ? png : svg);
    string_add(out, "<figure><img alt=\"%s\" src=\"data:image/%s;base64,", caption, is_png ? "png" : "svg+xml");
    base64_add(out, bytes.data, bytes.size);
    string_add(out, "\"><figcaption>%s</figcaption></figure>\n", caption);
    bytes_free(&bytes), memory_free(png), memory_free(svg);
}

static void add_pictures(String *out, const char *folder, const Study *s, const Reading *r, const HeadTable *t,
                         const Null *null, int place) {
    ShowOptions show = s->show;
    show.folder = folder, show.format = "png", show.terminal = false;
    View view = view_open(r, &s->look, &show, true);
    const char *measure = measure_at(place)->name;
    char *index = text_format("index_%s", measure), *depth = text_format("depth_%s", measure);
    draw_head_index(&view, t, place);
    draw_head_depth(&view, t, null->table.value ? &null->table : NULL, place);
    draw_fingerprints(&view);
    int *type = types_beyond_noise(r, t, null);
    view_draw_head_map(&view, type);
    memory_free(type);
    string_add(out, "<h2>Pictures</h2>\n");
    add_picture(out, folder, index, "One measure of every head: layers down, heads across.");
    add_picture(out, folder, depth,
                "The same measure against depth: mean of a layer's heads, least to most as a band.");
    add_picture(out, folder, "fingerprints", "How far each head looks: its mean weight by distance.");
    add_picture(out, folder, "head_map", "Heads that look alike lie near each other.");
    memory_free(index), memory_free(depth);
    view_free(&view);
}

/* ---- tables ---- */

/* A head is outside when its value is one that no head of the twin reaches, on either side. */
static int outside(const HeadTable *t, int place, HeadSpread noise) {
    const double *values = head_values(t, place);
    int count = 0;
    for (int i = 0; i < t->layers * t->heads; i++) count += values[i] < noise.low || values[i] > noise.high;
    return count;
}

static void add_measures(String *out, const HeadTable *t, const Null *null) {
    bool twin = null->table.value != NULL;
    string_add(out,
               "<h2>Measures</h2>\n<table>\n<tr><th>measure</th><th>least</th><th>head</th><th>most</th><th>head"
               "</th><th>mean</th>%s</tr>\n",
               twin ? "<th>twin's least</th><th>most</th><th>heads outside</th>" : "");
    for (int m = 0; m < measure_count(); m++) {
        HeadSpread s = head_spread(t, m);
        string_add(out, "<tr><td>%s</td><td>%.4f</td><td>%d.%d</td><td>%.4f</td><td>%d.%d</td><td>%.4f</td>",
                   measure_at(m)->name, s.low, s.least / t->heads, s.least % t->heads, s.high, s.most / t->heads,
                   s.most % t->heads, s.mean);
        HeadSpread noise = twin ? head_spread(&null->table, m) : s;
        if (twin) string_add(out, "<td>%.4f</td><td>%.4f</td><td>%d</td>", noise.low, noise.high, outside(t, m, noise));
        string_add(out, "</tr>\n");
    }
    string_add(out, "</table>\n<p>Head 2.8 is layer 2, head 8, both from 0. %s</p>\n",
               twin ? "The twin is a model of the same form with random weights: what it does too is no finding. "
                      "Its heads are nearly even, so to lie outside its range is the least to ask of a finding."
                    : "A file of maps has no random twin, so nothing here says what is noise.");
}

static void add_types(String *out, const Reading *r, const HeadTable *t, const Null *null) {
    String types = {0};
    types_add(&types, r, t, null);
    string_add(out, "<h2>Types</h2>\n<pre>");
    html_add(out, types.text);
    string_add(out, "</pre>\n");
    string_free(&types);
}

/* ---- what it does not show ---- */

static void add_caveats(String *out, const Reading *r) {
    string_add(out, "<h2>What this does not show</h2>\n<ul>\n"
                    "<li>One text is one sample. What holds here may not hold on the next one.</li>\n"
                    "<li>A weight says where a head looks, not what depends on it. Try --ablate.</li>\n"
                    "<li>Many heads and many measures are many chances to find something. Say what you looked for "
                    "first.</li>\n"
                    "<li>A type is a threshold: a head just under it does nearly the same.</li>\n"
                    "<li>The map of heads is flat, and their distances are not: read its stress.</li>\n");
    if (r->is_asked)
        string_add(out, "<li>The model was not trained under this mask%s.</li>\n",
                   r->mask_in_model ? "" : ", and the layers below each head saw everything");
    string_add(out, "</ul>\n</body>\n</html>\n");
}

void report_write(const char *folder, const Study *study, const Reading *r, const HeadTable *t, const Null *null,
                  int place) {
    String page = {0};
    string_add_bytes(&page, HEAD, sizeof HEAD - 1);
    add_run(&page, study, r);
    add_pictures(&page, folder, study, r, t, null, place);
    add_measures(&page, t, null);
    add_types(&page, r, t, null);
    add_caveats(&page, r);
    char *path = path_join(folder, "report.html");
    file_save(path, page.text, page.length);
    printf("wrote   ");
    label_print(path, strlen(path), LABEL_ALL, 0);
    printf(": all of it on one page\n");
    memory_free(path);
    string_free(&page);
}
