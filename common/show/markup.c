#include "show/markup.h"
#include "show/label.h"
#include "show/page.h"
#include "show/scatter.h"

#include <math.h>

/* ---- the frame ---- */

void markup_line(String *out, const char *key, const char *values) {
    string_add(out, "<p class=\"hint\" data-say=\"%s\"%s></p>\n", key, values);
}

void markup_open(String *out, const char *key, const char *values) {
    string_add(out, "<details class=\"card\"><summary data-say=\"%s\"></summary>\n", key);
    string_add(out, "<p class=\"hint\" data-say=\"%s_says\"%s></p>\n", key, values);
}

void markup_close(String *out) {
    string_add(out, "</details>\n");
}

/* A legend's entry: a sign, drawn in 14 x 14, and a text. */
static void add_entry(String *out, const char *sign, const char *key, int number) {
    string_add(out,
               "<span style=\"margin-right:16px;white-space:nowrap\"><svg width=\"14\" height=\"14\" "
               "viewBox=\"-7 -7 14 14\" style=\"vertical-align:-2px\" aria-hidden=\"true\">%s</svg> ",
               sign);
    if (number < 0) string_add(out, "<span data-say=\"%s\"></span></span>\n", key);
    else string_add(out, "<span data-say=\"%s_%d\"></span></span>\n", key, number);
}

/* The beginning of a link that opens a head. */
static void add_link(String *out, int layer, int head) {
    string_add(out, "<a href=\"#layer=%d&amp;head=%d\" data-at=\"%d.%d\"", layer, head, layer, head);
}

/* ---- a table ---- */

void markup_table(String *out, Mat table, int digits, const char *key) {
    const double strongest = 40; /* per cent of the accent: what stands on it stays readable */
    double most = (double)mat_max_abs(table);
    string_add(out, "<div style=\"overflow-x:auto\" tabindex=\"0\"><table class=\"why\">");
    string_add(out, "<caption class=\"hint\" data-say=\"%s\" style=\"text-align:left\"></caption><thead><tr><td></td>",
               key);
    for (int h = 0; h < table.cols; h++)
        string_add(out, "<th scope=\"col\" style=\"text-align:right;padding:3px 6px\">%d</th>", h);
    string_add(out, "</tr></thead><tbody>\n");
    for (int l = 0; l < table.rows; l++) {
        string_add(out, "<tr><th scope=\"row\">%d</th>", l);
        for (int h = 0; h < table.cols; h++) {
            double value = (double)mat_at(table, l, h), share = most > 0 ? strongest * fabs(value) / most : 0;
            string_add(out,
                       "<td style=\"background:color-mix(in srgb,var(--accent) %.0f%%,transparent);padding:3px 6px\">",
                       share);
            add_link(out, l, h);
            string_add(out, ">%.*f</a></td>", digits, value);
        }
        string_add(out, "</tr>\n");
    }
    string_add(out, "</tbody></table></div>\n");
}

/* ---- a map ---- */

static void add_number(String *out, unsigned number, int bytes) {
    for (int i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)(number >> 8 * i);
        string_add_bytes(out, &byte, 1);
    }
}

/* A BMP of grey: a weight of 1 is white. Rows from the top, each filled up to four bytes. */
static String grey_picture(Mat map) {
    enum { GREYS = 256, HEAD = 14 + 40 + 4 * GREYS };
    String bmp = {0};
    unsigned row = ((unsigned)map.cols + 3) & ~3u, rows = (unsigned)map.rows;
    string_add(&bmp, "BM");
    add_number(&bmp, HEAD + row * rows, 4), add_number(&bmp, 0, 4), add_number(&bmp, HEAD, 4);
    add_number(&bmp, 40, 4), add_number(&bmp, (unsigned)map.cols, 4), add_number(&bmp, 0u - rows, 4);
    add_number(&bmp, 1, 2), add_number(&bmp, 8, 2), add_number(&bmp, 0, 4), add_number(&bmp, row * rows, 4);
    add_number(&bmp, 0, 4), add_number(&bmp, 0, 4), add_number(&bmp, GREYS, 4), add_number(&bmp, 0, 4);
    for (unsigned grey = 0; grey < GREYS; grey++) add_number(&bmp, grey * 0x10101, 4);
    for (int i = 0; i < map.rows; i++)
        for (int j = 0; j < (int)row; j++)
            add_number(&bmp, j < map.cols ? (unsigned)lroundf(255 * fminf(1, fmaxf(0, mat_at(map, i, j)))) : 0, 1);
    return bmp;
}

/* Grey becomes the page's own colour: it says how much of the accent is seen. */
void markup_map(String *out, Mat map, const char *key, const char *values, int number) {
    String bmp = grey_picture(map);
    string_add(out,
               "<figure style=\"margin:8px 12px 0 0;display:inline-block\"><figcaption class=\"hint\" "
               "data-say=\"%s\"%s></figcaption>",
               key, values);
    string_add(
        out,
        "<svg width=\"190\" height=\"190\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
        "style=\"background:var(--paper)\"><mask id=\"made-%d\"><image width=\"%d\" height=\"%d\" "
        "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/bmp;base64,",
        map.cols, map.rows, number, map.cols, map.rows);
    base64_add(out, bmp.text, bmp.length);
    string_add(out,
               "\"/></mask><rect width=\"%d\" height=\"%d\" mask=\"url(#made-%d)\" "
               "style=\"fill:var(--accent)\"/></svg></figure>\n",
               map.cols, map.rows, number);
    string_free(&bmp);
}

/* ---- pictures of all heads ---- */

/* Its names stay readable: it grows with the page, but not without end, and scrolls where that is narrow. */
static void open_picture(String *out, double wide, double tall, double least, double most) {
    string_add(out,
               "<div style=\"overflow-x:auto\" tabindex=\"0\"><svg viewBox=\"0 0 %.0f %.0f\" "
               "style=\"width:100%%;min-width:%.0fpx;max-width:%.0fpx;font-size:8px;color:var(--quiet)\">\n",
               wide, tall, least * wide, most * wide);
}

static void close_picture(String *out) {
    string_add(out, "</svg></div>\n");
}

/* ---- points ---- */

/* One sign a kind: they differ in form, so that nobody has to tell them apart by colour. */
static const char *const SIGN[MARKUP_KINDS] = {"M-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
                                               "M-4 -4L4 0L-4 4Z",
                                               "M4 -4L-4 0L4 4Z",
                                               "M-4 -4H4V4H-4Z",
                                               "M-5 -1.5H5V1.5H-5Z",
                                               "M-1.5 -5H1.5V5H-1.5Z",
                                               "M0 -5L5 0L0 5L-5 0Z",
                                               "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0"};

/* The later the layer, the more of the accent. */
static double warmth(int layer, int layers) {
    return layers > 1 ? 100. * layer / (layers - 1) : 100;
}

/* name: where it stands beside the point. */
static void add_point(String *out, double x, double y, ScatterName name, int layer, int layers, int head, int kind) {
    add_link(out, layer, head);
    string_add(out, " transform=\"translate(%.1f %.1f)\">", x, y);
    string_add(out, "<path d=\"%s\" style=\"fill:color-mix(in srgb,var(--accent) %.0f%%,var(--quiet))\"/>", SIGN[kind],
               warmth(layer, layers));
    string_add(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"currentColor\">%d.%d</text></a>\n",
               name.x, name.y + 3, layer, head);
}

/* [count] where the names stand, from their points, as scatter finds room for them; right of the point where it finds
 * none. You free it. */
static ScatterName *names_placed(Mat points, int heads, double scale) {
    const double letter = 0.8; /* of the picture, in a pixel of scatter's */
    const char **names = names_of_heads(heads, points.rows);
    ScatterName *placed = memory_new((size_t)points.rows, sizeof *placed, "places of names");
    scatter_names(placed, points, names, letter / scale);
    for (int i = 0; i < points.rows; i++) {
        bool room = placed[i].wide > 0;
        placed[i].x = room ? scale * (placed[i].x - (double)mat_at(points, i, 0)) : 14;
        placed[i].y = room ? scale * ((double)mat_at(points, i, 1) - placed[i].y) : 0;
    }
    names_free(names, points.rows);
    return placed;
}

void markup_points(String *out, Mat points, int heads, const int *kind) {
    const double wide = 640, most_tall = 480, edge = 24;
    double left, right, low, high;
    bool there[MARKUP_KINDS] = {false};
    scatter_ends(points, 0, &left, &right), scatter_ends(points, 1, &low, &high);
    /* one scale for both directions, for a distance is one: as large as the width has room for, or the height */
    double scale = fmin((wide - 2 * edge) / fmax(right - left, 1e-9), (most_tall - 2 * edge) / fmax(high - low, 1e-9));
    double tall = scale * (high - low) + 2 * edge, begin = (wide - scale * (right - left)) / 2;
    open_picture(out, wide, tall, 0.75, 1.4);
    ScatterName *name = names_placed(points, heads, scale);
    for (int i = 0; i < points.rows; i++) {
        double x = begin + scale * ((double)mat_at(points, i, 0) - left);
        double y = edge + scale * (high - (double)mat_at(points, i, 1));
        add_point(out, x, y, name[i], i / heads, points.rows / heads, i % heads, kind[i]);
        there[kind[i]] = true;
    }
    memory_free(name);
    close_picture(out);
    string_add(out, "<p class=\"hint\">");
    for (int k = 0; k < MARKUP_KINDS; k++) {
        char *sign = text_format("<path d=\"%s\" fill=\"currentColor\"/>", SIGN[k]);
        if (there[k]) add_entry(out, sign, "type", k);
        memory_free(sign);
    }
    string_add(out, "</p>\n");
}

/* ---- curves ---- */

static const char *const STROKE[MARKUP_CURVES] = {"stroke:var(--quiet);stroke-width:3", "stroke:var(--accent)",
                                                  "stroke:#3b8ede;stroke-dasharray:4 2",
                                                  "stroke:#3aa655;stroke-dasharray:1.5 1.5"};

static void add_curve(String *out, const float *row, int columns, float most, double wide, double tall, int which) {
    string_add(out, "<path fill=\"none\" style=\"%s\" d=\"M", STROKE[which]);
    for (int c = 0; c < columns; c++)
        string_add(out, "%s%.0f %.1f", c ? "L" : "", wide * c / (columns - 1), tall * (1 - (double)(row[c] / most)));
    string_add(out, "\"/>");
}

void markup_curves(String *out, const Mat *curve, int count, int heads, const char *const *name) {
    enum { WIDE = 62, TALL = 34, STEP_X = 72, STEP_Y = 54, LEFT = 16, TOP = 14 };
    int layers = curve[0].rows / heads, columns = curve[0].cols;
    string_add(out, "<p class=\"hint\">");
    for (int m = 0; m < count; m++) {
        char *sign = text_format("<path d=\"M-7 0H7\" style=\"stroke-width:2;%s\"/>", STROKE[m]);
        add_entry(out, sign, name[m], -1);
        memory_free(sign);
    }
    string_add(out, "</p>\n");
    open_picture(out, LEFT + heads * STEP_X, layers * STEP_Y, 1, 1.2);
    for (int at = 0; at < layers * heads; at++) {
        const float least = 0.2f; /* at the top, at least: noise is not drawn out to a mountain */
        float most = least;
        int l = at / heads, h = at % heads;
        for (int m = 0; m < count; m++) most = fmaxf(most, mat_max_abs(mat_rows(curve[m], at, 1)));
        add_link(out, l, h);
        string_add(out, " transform=\"translate(%d %d)\">", LEFT + h * STEP_X, TOP + l * STEP_Y);
        string_add(out, "<text y=\"-4\" fill=\"currentColor\">%d.%d</text>", l, h);
        string_add(out, "<path fill=\"none\" style=\"stroke:var(--rule)\" d=\"M0 %dH%dM%d 0V%d\"/>", TALL, WIDE,
                   WIDE / 2, TALL);
        for (int m = 0; m < count; m++) add_curve(out, mat_row(curve[m], at), columns, most, WIDE, TALL, m);
        string_add(out, "</a>\n");
    }
    close_picture(out);
}
