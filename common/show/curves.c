#include "show/curves.h"
#include "show/layout.h"
#include "show/numbers.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 1060, HEIGHT = 640, MOST_DOTTED = 40 };

static double legend(Figure *figure, double y, const Curve *curves, int count) {
    const char *names[FIGURE_DATA];
    for (int i = 0; i < count; i++) names[i] = curves[i].name;
    return layout_legend(figure, LAYOUT_EDGE, y, WIDTH - LAYOUT_EDGE, names, NULL, count);
}

/* A point that a logarithmic axis cannot show is a gap, like NaN. */
static void add_points(String *data, const Curve *curve, const CurveBand *band, const CurvesOptions *o) {
    string_add(data, "# x, y\n");
    int points = 0;
    for (int i = 0; i < curve->n; i++) {
        bool shown = isfinite(curve->x[i]) && isfinite(curve->y[i]) && !(o->log_x && curve->x[i] <= 0) &&
                     !(o->log_y && curve->y[i] <= 0);
        if (!shown) {
            string_add(data, "\n");
            continue;
        }
        data_number(data, curve->x[i], -1);
        string_add_bytes(data, " ", 1);
        data_number(data, curve->y[i], -1);
        for (int end = 0; band && end < 2; end++) {
            string_add_bytes(data, " ", 1);
            data_number(data, (end ? band->high : band->low)[i], -1);
        }
        string_add_bytes(data, "\n", 1);
        points++;
    }
    if (points == 0) string_add(data, "NaN NaN NaN NaN\n"); /* gnuplot refuses a file without points */
}

static void widen(double *least, double *most, const float *values, int n, bool log_scale) {
    for (int j = 0; j < n; j++) {
        double value = (double)values[j];
        if (!isfinite(value) || (log_scale && value <= 0)) continue;
        *least = fmin(*least, value);
        *most = fmax(*most, value);
    }
}

/* The ends of an axis: what the points need and a little air, or 0 to 1 when there are none. */
static void range_of(double *low, double *high, const Curve *curves, const CurveBand *bands, int count, bool y,
                     bool log_scale) {
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < count; i++) {
        const Curve *c = &curves[i];
        widen(&least, &most, y ? c->y : c->x, c->n, log_scale);
        if (!y || !bands) continue;
        widen(&least, &most, bands[i].low, c->n, log_scale);
        widen(&least, &most, bands[i].high, c->n, log_scale);
    }
    if (least > most) least = log_scale ? 0.1 : 0, most = 1;
    if (log_scale) {
        double air = pow(most / least, 0.04) * 1.02;
        *low = least / air, *high = most * air;
        return;
    }
    double air = most > least ? 0.04 * (most - least) : 0.5 * fmax(fabs(most), 1);
    *low = least - air, *high = most + air;
}

static void add_axes(Figure *figure, double left, double top, const Curve *curves, int count, const CurvesOptions *o) {
    double low, high, bottom = HEIGHT - 74 - (o->names ? text_widest(o->names, o->names_count, 11) * 0.72 : 0);
    layout_area(figure, left, top, WIDTH - left - 40, bottom - top);
    range_of(&low, &high, curves, NULL, count, false, o->log_x);
    figure_add(figure, "set xrange [%.9g:%.9g]\n", low, high);
    range_of(&low, &high, curves, o->bands, count, true, o->log_y);
    if (o->low < o->high) low = o->low, high = o->high;
    figure_add(figure, "set yrange [%.9g:%.9g]\n%s%sset border 3 lw 1 lc rgb '#808890'\nunset key\n", low, high,
               o->log_x ? "set logscale x\n" : "", o->log_y ? "set logscale y\n" : "");
    figure_add(figure,
               "set grid xtics ytics lc rgb '#e3e6e9' lw 1 lt 1\n"
               "set ytics nomirror scale 0.5 font ',11' textcolor rgb '#%06x' format '%%g'\n",
               COLOUR_INK);
    if (o->names) {
        layout_tics(figure, "x", o->names, o->names_count, 1, 11, "nomirror rotate by 45 right");
    } else {
        figure_add(figure, "set xtics nomirror scale 0.5 font ',11' textcolor rgb '#%06x' format '%%g'\n", COLOUR_INK);
    }
    if (o->x_axis)
        layout_text(figure, left + (WIDTH - left - 40) / 2, HEIGHT - LAYOUT_EDGE, TEXT_CENTRE, 12, COLOUR_INK,
                    o->x_axis);
    if (o->y_axis) layout_text_upwards(figure, LAYOUT_EDGE, (top + bottom) / 2, 12, COLOUR_INK, o->y_axis);
}

static void add_curve(Figure *figure, const Curve *curve, int i, const CurvesOptions *o) {
    const char *name = figure->sheet.name;
    const CurveBand *band = o->bands ? &o->bands[i] : NULL;
    char suffix[16];
    snprintf(suffix, sizeof suffix, "_%d", i);
    add_points(figure_data(figure, suffix), curve, band, o);
    figure_add(figure, "%s", i ? ", \\\n    " : "plot");
    if (band)
        figure_add(figure,
                   " '%s_%d.dat' using 1:3:4 with filledcurves fillcolor rgb '#%06x' fillstyle transparent solid 0.15 "
                   "noborder notitle, \\\n    ",
                   name, i, colour_hue(i));
    bool dots = curve->n <= MOST_DOTTED && !curve->dashed;
    figure_add(figure, " '%s_%d.dat' using 1:2 with %s linewidth 2.5 %s linecolor rgb '#%06x' notitle", name, i,
               dots ? "linespoints pointtype 7 pointsize 0.9" : "lines", curve->dashed ? "dashtype 2" : "",
               colour_hue(i));
}

void curves_draw(Sheet sheet, const Curve *curves, int count, CurvesOptions options) {
    if (sheet.terminal) return;
    Figure figure = figure_new(sheet, WIDTH, HEIGHT);
    layout_heading(&figure);
    double top = layout_heading_height(&sheet) + 14;
    top = count > 1 ? legend(&figure, top, curves, count) + 8 : top;
    add_axes(&figure, 104, top, curves, count, &options);
    for (int i = 0; i < count; i++) add_curve(&figure, &curves[i], i, &options);
    figure_add(&figure, "\n");
    figure_finish(&figure);
}
