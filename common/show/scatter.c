#include "show/scatter.h"
#include "base/memory.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 1000, HEIGHT = 760 };
enum { LETTER = 6, LINE = 10, ASIDE = 8 }; /* pixels: a name's size, and how far it is from its point */

/* gnuplot's point types, filled and open, that differ at a glance. */
static const int POINT_TYPE[SCATTER_MARKERS] = {7, 5, 9, 11, 13, 15, 6, 4};
static const char *const POINT_SIGN[SCATTER_MARKERS] = {"●", "■", "▲", "▼", "◆", "⬟", "○", "□"};

static bool overlap(ScatterName a, ScatterName b) {
    return a.wide > 0 && b.wide > 0 && fabs(a.x - b.x) < (a.wide + b.wide) / 2 && fabs(a.y - b.y) < LINE;
}

/* The first place around point i where the name hides neither a point nor a name that has its place. */
static ScatterName place_name(const ScatterName *point, const ScatterName *placed, int count, int i, double wide) {
    static const int side[6][2] = {{1, 1}, {-1, 1}, {1, -1}, {-1, -1}, {0, 2}, {0, -2}};
    for (int c = 0; c < 6; c++) {
        ScatterName p = {point[i].x + side[c][0] * (ASIDE + wide / 2), point[i].y + side[c][1] * LINE / 2.0, wide};
        bool free = true;
        for (int k = 0; k < count && free; k++)
            free = (k == i || !overlap(p, point[k])) && (k >= i || !overlap(p, placed[k]));
        if (free) return p;
    }
    return (ScatterName){0};
}

int scatter_names(ScatterName *placed, Mat points, const char *const *names, double unit) {
    int count = points.rows, left_out = 0;
    ScatterName *point = memory_new((size_t)count, sizeof *point, "points in pixels");
    for (int i = 0; i < count; i++)
        point[i] = (ScatterName){(double)mat_at(points, i, 0) / unit, (double)mat_at(points, i, 1) / unit, ASIDE};
    for (int i = 0; i < count; i++) {
        placed[i] = place_name(point, placed, count, i, LETTER * fmin(40, (double)strlen(names[i])));
        left_out += !(placed[i].wide > 0);
    }
    for (int i = 0; i < count; i++) placed[i].x *= unit, placed[i].y *= unit;
    memory_free(point);
    return left_out;
}

static void add_points(Figure *figure, Mat points, const ScatterOptions *o, const ScatterName *placed) {
    String *data = figure_data(figure, "");
    string_add(data, "# x, y, point type, colour, name; where the name is drawn, and what is drawn\n");
    for (int i = 0; i < points.rows; i++) {
        bool drawn = o->names && placed[i].wide > 0;
        data_number(data, (double)mat_at(points, i, 0), -1);
        string_add(data, " ");
        data_number(data, (double)mat_at(points, i, 1), -1);
        string_add(data, " %d %u ", POINT_TYPE[o->marker ? o->marker[i] : 0], colour_hue(o->hue ? o->hue[i] : 0));
        const char *name = o->names ? o->names[i] : "";
        label_quote(data, name, strlen(name), LABEL_NAME);
        string_add(data, " ");
        data_number(data, drawn ? placed[i].x : (double)mat_at(points, i, 0), -1);
        string_add(data, " ");
        data_number(data, drawn ? placed[i].y : (double)mat_at(points, i, 1), -1);
        string_add(data, " ");
        label_quote(data, drawn ? name : "", drawn ? strlen(name) : 0, LABEL_NAME);
        string_add(data, "\n");
    }
}

void scatter_ends(Mat points, int axis, double *least, double *most) {
    *least = *most = (double)mat_at(points, 0, axis);
    for (int i = 1; i < points.rows; i++) {
        *least = fmin(*least, (double)mat_at(points, i, axis));
        *most = fmax(*most, (double)mat_at(points, i, axis));
    }
}

/* One scale for both axes, so that distances are true; says how much of the data is a pixel. */
static double add_axes(Figure *figure, Mat points, double width, double height) {
    double left, right, low, high;
    scatter_ends(points, 0, &left, &right), scatter_ends(points, 1, &low, &high);
    double x = (right + left) / 2, y = (high + low) / 2;
    double unit = 1.12 * fmax((right - left) / 2 / width, (high - low) / 2 / height);
    if (!(unit > 0)) unit = 1 / width; /* all in one place */
    figure_add(figure,
               "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\nset border 15 lw 1 lc rgb '#c4cad0'\nunset xtics\n"
               "unset ytics\nunset key\n",
               x - unit * width, x + unit * width, y - unit * height, y + unit * height);
    return 2 * unit; /* from edge to edge: width pixels, 2 unit width of the data */
}

static double legends(Figure *figure, double y, const ScatterOptions *o) {
    if (o->hues) y = layout_legend(figure, LAYOUT_EDGE, y, WIDTH - LAYOUT_EDGE, o->hues, NULL, o->hue_count) + 6;
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
    double top = legends(&figure, layout_heading_height(&sheet) + 14, &o) + 8;
    double bottom = HEIGHT - (o.note || o.names ? 62 : 34);
    double width = WIDTH - 2 * LAYOUT_EDGE, height = bottom - top;
    layout_area(&figure, LAYOUT_EDGE, top, width, height);
    double unit = add_axes(&figure, points, width, height);
    ScatterName *placed = memory_new((size_t)points.rows, sizeof *placed, "places of names");
    int left_out = o.names ? scatter_names(placed, points, o.names, unit) : 0;
    if (o.note) layout_text(&figure, LAYOUT_EDGE, HEIGHT - LAYOUT_EDGE, TEXT_LEFT, 10, COLOUR_FAINT, o.note);
    if (left_out) {
        char *said = text_format("%d names have no room: %s.dat has them", left_out, sheet.name);
        layout_text(&figure, WIDTH - LAYOUT_EDGE, bottom + 14, TEXT_RIGHT, 10, COLOUR_FAINT, said);
        memory_free(said);
    }
    add_points(&figure, points, &o, placed);
    memory_free(placed);
    figure_add(&figure,
               "plot '%s.dat' using 1:2:3:4 with points pointsize 1.3 pointtype variable linecolor rgb variable "
               "notitle",
               sheet.name);
    if (o.names)
        figure_add(&figure,
                   ", '' using 6:7:8 with labels center font ',8' textcolor rgb '#%06x' "
                   "notitle",
                   COLOUR_FAINT);
    figure_add(&figure, "\n");
    figure_finish(&figure);
}
