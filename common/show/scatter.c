#include "show/scatter.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 1000, HEIGHT = 760 };

/* gnuplot's point types, filled and open, that differ at a glance. */
static const int POINT_TYPE[SCATTER_MARKERS] = {7, 5, 9, 11, 13, 15, 6, 4};
static const char *const POINT_SIGN[SCATTER_MARKERS] = {"●", "■", "▲", "▼", "◆", "⬟", "○", "□"};

static void add_points(Figure *figure, Mat points, const ScatterOptions *o) {
    String *data = figure_data(figure, "");
    string_add(data, "# x, y, point type, colour, name\n");
    for (int i = 0; i < points.rows; i++) {
        data_number(data, (double)mat_at(points, i, 0), -1);
        string_add(data, " ");
        data_number(data, (double)mat_at(points, i, 1), -1);
        string_add(data, " %d %u ", POINT_TYPE[o->marker ? o->marker[i] : 0], colour_hue(o->hue ? o->hue[i] : 0));
        const char *name = o->names ? o->names[i] : "";
        label_quote(data, name, strlen(name), LABEL_NAME);
        string_add(data, "\n");
    }
}

/* The middle of the points on one axis, and how far they reach from it. */
static double middle_of(Mat points, int axis, double *reach) {
    double least = (double)mat_at(points, 0, axis), most = least;
    for (int i = 1; i < points.rows; i++) {
        least = fmin(least, (double)mat_at(points, i, axis));
        most = fmax(most, (double)mat_at(points, i, axis));
    }
    *reach = (most - least) / 2;
    return (most + least) / 2;
}

/* One scale for both axes, so that distances are true. */
static void add_axes(Figure *figure, Mat points, double width, double height) {
    double reach[2], x = middle_of(points, 0, &reach[0]), y = middle_of(points, 1, &reach[1]);
    double unit = 1.12 * fmax(reach[0] / width, reach[1] / height);
    if (!(unit > 0)) unit = 1 / width; /* all in one place */
    figure_add(figure,
               "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\nset border 15 lw 1 lc rgb '#c4cad0'\nunset xtics\n"
               "unset ytics\nunset key\n",
               x - unit * width, x + unit * width, y - unit * height, y + unit * height);
}

static double legends(Figure *figure, double y, const ScatterOptions *o) {
    unsigned colours[64];
    int hues = o->hue_count < 64 ? o->hue_count : 64;
    for (int i = 0; i < hues; i++) colours[i] = colour_hue(i);
    if (o->hues) y = layout_legend(figure, LAYOUT_EDGE, y, WIDTH - LAYOUT_EDGE, o->hues, colours, hues) + 6;
    if (!o->markers) return y;
    String line = {0};
    for (int i = 0; i < o->marker_count; i++)
        string_add(&line, "%s%s %s", i ? "    " : "", POINT_SIGN[i], o->markers[i]);
    layout_text(figure, LAYOUT_EDGE, y + 10, TEXT_LEFT, 11, COLOUR_INK, line.text);
    string_free(&line);
    return y + 26;
}

void scatter_draw(Sheet sheet, Mat points, ScatterOptions o) {
    if (sheet.terminal) return;
    assert(points.cols == 2 && o.marker_count <= SCATTER_MARKERS);
    Figure figure = figure_new(sheet, WIDTH, HEIGHT);
    layout_heading(&figure);
    double top = legends(&figure, layout_heading_height(&sheet) + 14, &o) + 8, bottom = HEIGHT - (o.note ? 62 : 34);
    double width = WIDTH - 2 * LAYOUT_EDGE, height = bottom - top;
    layout_area(&figure, LAYOUT_EDGE, top, width, height);
    add_axes(&figure, points, width, height);
    if (o.note) layout_text(&figure, LAYOUT_EDGE, HEIGHT - LAYOUT_EDGE, TEXT_LEFT, 10, COLOUR_FAINT, o.note);
    add_points(&figure, points, &o);
    figure_add(&figure,
               "plot '%s.dat' using 1:2:3:4 with points pointsize 1.3 pointtype variable linecolor rgb variable "
               "notitle",
               sheet.name);
    if (o.names)
        figure_add(&figure,
                   ", '' using 1:2:5 with labels left offset character 0.8,0.3 font ',8' textcolor rgb '#%06x' "
                   "notitle",
                   COLOUR_FAINT);
    figure_add(&figure, "\n");
    figure_finish(&figure);
}
