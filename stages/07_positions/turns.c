/* RoPE in the plane: one pair of numbers of q, and the same pair of k, as arrows from the origin. */
#include "tool.h"
#include "attention/positions.h"
#include "show/layout.h"
#include "show/numbers.h"

#include <math.h>
#include <stdio.h>

enum { POSITIONS = 6, FAN = 4, PANELS = 4, SIDE = 290, GAP = 14, TITLE = 46, LEGEND = 30 };

static const double REACH = 1.3, ARC = 0.32;     /* of the axes; of the arc that shows an angle */
static const double DEGREES = 57.29577951308232; /* a radian */

/* One pair of q and one of k at each position, turned by common/: the first pair, whose speed is 1 radian a word. */
typedef struct {
    Mat q, k; /* (POSITIONS, 2) */
} Pairs;

static Pairs pairs_new(void) {
    Pairs pairs = {mat_new(POSITIONS, 2), mat_new(POSITIONS, 2)};
    for (int p = 0; p < POSITIONS; p++) {
        mat_row(pairs.q, p)[0] = 1;
        mat_row(pairs.k, p)[0] = 0.6F, mat_row(pairs.k, p)[1] = 0.35F;
    }
    rope_rotate(pairs.q, 1, 0, 10000, false, false), rope_rotate(pairs.k, 1, 0, 10000, false, false);
    return pairs;
}

static void add_row(String *data, double x, double y, const char *more) {
    data_number(data, x, -1);
    string_add(data, " ");
    data_number(data, y, -1);
    string_add(data, "%s\n", more);
}

/* Where it ends, its colour, and its name at a place a little further out. */
static void add_arrow(String *data, const float *end, int hue, const char *what, int position) {
    double length = hypot((double)end[0], (double)end[1]), out = 1 + 0.15 / length;
    char more[96];
    snprintf(more, sizeof more, " %u %.4f %.4f \"%s%d\"", colour_hue(hue), (double)end[0] * out, (double)end[1] * out,
             what, position);
    add_row(data, (double)end[0], (double)end[1], more);
}

/* The angle from k to q, in radians. */
static double between(const float *q, const float *k) {
    return atan2((double)(k[0] * q[1] - k[1] * q[0]), (double)(k[0] * q[0] + k[1] * q[1]));
}

static void add_arc(String *data, const float *q, const float *k) {
    enum { STEPS = 24 };
    double from = atan2((double)k[1], (double)k[0]), angle = between(q, k);
    for (int i = 0; i <= STEPS; i++)
        add_row(data, ARC * cos(from + angle * i / STEPS), ARC * sin(from + angle * i / STEPS), "");
}

/* The axes of panel number `panel`, with a circle for the length of q and one for that of k. */
static void add_axes(Figure *figure, int panel, double top, const Pairs *pairs) {
    layout_area(figure, LAYOUT_EDGE + panel * (SIDE + GAP), top, SIDE, SIDE);
    figure_add(figure,
               "set xrange [%g:%g]\nset yrange [%g:%g]\nset border 15 lw 1 lc rgb '#c4cad0'\nunset xtics\nunset "
               "ytics\nunset key\nset zeroaxis lt 1 lc rgb '#e3e6e9'\n",
               -REACH, REACH, -REACH, REACH);
    for (int i = 0; i < 2; i++) {
        const float *row = mat_row(i ? pairs->k : pairs->q, 0);
        figure_add(figure, "set object %d circle at 0,0 size first %.6f fillstyle empty border lc rgb '#%06x' lw 0.7\n",
                   900 + i, hypot((double)row[0], (double)row[1]), colour_fade(colour_hue(i), 0.5));
    }
}

static void add_title(Figure *figure, int panel, double y, const char *first, const char *second) {
    double x = LAYOUT_EDGE + panel * (SIDE + GAP) + SIDE / 2.0;
    layout_text(figure, x, y - 34, TEXT_CENTRE, 12, COLOUR_INK, first);
    layout_text(figure, x, y - 14, TEXT_CENTRE, 11, COLOUR_FAINT, second);
}

/* Arrows are block number `panel` of the one file, the arc is that block of the other. */
static void add_plot(Figure *figure, int panel) {
    const char *name = figure->sheet.name;
    figure_add(figure,
               "plot '%s_arcs.dat' index %d using 1:2 with lines linewidth 2 linecolor rgb '#%06x' notitle, \\\n"
               "    '%s.dat' index %d using (0):(0):1:2:3 with vectors head filled size screen 0.008,18 linewidth 2.5 "
               "linecolor rgb variable notitle, \\\n    '' index %d using 4:5:6 with labels font ',10' textcolor rgb "
               "'#%06x' notitle\n",
               name, panel, COLOUR_FAINT, name, panel, panel, COLOUR_INK);
}

/* q at one position and k at another: their angle, and their product. */
static void add_pair(Figure *figure, String *arrows, String *arcs, int panel, double top, const Pairs *pairs, int at_q,
                     int at_k) {
    const float *q = mat_row(pairs->q, at_q), *k = mat_row(pairs->k, at_k);
    char first[64], second[64];
    snprintf(first, sizeof first, "q at %d, k at %d: distance %d", at_q, at_k, at_q - at_k);
    snprintf(second, sizeof second, "angle %.1f°, q · k = %.3f", DEGREES * between(q, k),
             (double)(q[0] * k[0] + q[1] * k[1]));
    add_axes(figure, panel, top, pairs);
    add_title(figure, panel, top, first, second);
    string_add(arrows, "\n\n"), string_add(arcs, "\n\n");
    add_arrow(arrows, q, 0, "q", at_q), add_arrow(arrows, k, 1, "k", at_k);
    add_arc(arcs, q, k);
    add_plot(figure, panel);
}

void draw_turns(const Choices *a) {
    static const int places[PANELS - 1][2] = {{2, 1}, {5, 4}, {3, 1}};
    Sheet sheet = show_sheet(&a->show, "turns", "RoPE: two numbers of a row are an arrow, and its position turns it",
                             "one pair of q and one of k; each position turns both by 1 radian, 57.3°");
    if (sheet.terminal) return;
    double top = layout_heading_height(&sheet) + TITLE + LEGEND;
    Figure figure = figure_new(sheet, 2 * LAYOUT_EDGE + PANELS * (SIDE + GAP) - GAP, (int)top + SIDE + LAYOUT_EDGE);
    String *arrows = figure_data(&figure, ""), *arcs = figure_data(&figure, "_arcs");
    Pairs pairs = pairs_new();
    layout_heading(&figure);
    layout_legend(&figure, LAYOUT_EDGE, top - TITLE - LEGEND + 8, 600, (const char *const[]){"query", "key"}, NULL, 2);
    figure_add(&figure, "set multiplot\n");
    add_axes(&figure, 0, top, &pairs);
    add_title(&figure, 0, top, "q and k at positions 0 to 3", "no length changes");
    string_add(arrows, "# x, y, colour, x and y of the name, name\n");
    string_add(arcs, "# x, y; no arc in the first\n0 0\n");
    for (int p = 0; p < FAN; p++)
        add_arrow(arrows, mat_row(pairs.q, p), 0, "q", p), add_arrow(arrows, mat_row(pairs.k, p), 1, "k", p);
    add_plot(&figure, 0);
    for (int i = 1; i < PANELS; i++) {
        layout_next(&figure);
        add_pair(&figure, arrows, arcs, i, top, &pairs, places[i - 1][0], places[i - 1][1]);
    }
    figure_add(&figure, "unset multiplot\n");
    figure_finish(&figure);
    mat_free(&pairs.q), mat_free(&pairs.k);
}
