#include "show/scale.h"
#include "show/numbers.h"

#include <math.h>
#include <stdlib.h>

static const double LOG_LOWEST = 1e-4;

/* Widens *low..*high to hold every finite cell that is not hidden. */
static void extend(double *low, double *high, Mat m, const bool *hidden) {
    for (int i = 0; i < m.rows; i++) {
        for (int j = 0; j < m.cols; j++) {
            double value = mat_at(m, i, j);
            if (cell_hidden(hidden, m, i, j) || !isfinite(value)) continue;
            *low = fmin(*low, value);
            *high = fmax(*high, value);
        }
    }
}

Range scale_range(Scale scale, Mat m, const bool *hidden) {
    return scale_range_of_all(scale, &m, &hidden, 1);
}

Range scale_range_of_all(Scale scale, const Mat *maps, const bool *const *hidden, int count) {
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < count; i++) extend(&low, &high, maps[i], hidden[i]);
    if (low > high) low = high = 0; /* nothing to see: any range will do */
    if (scale == SCALE_FIXED) return (Range){PALETTE_WEIGHT, 0, 1, false};
    if (scale == SCALE_LOG) return (Range){PALETTE_WEIGHT, LOG_LOWEST, 1, true};
    if (scale == SCALE_SIGNED) {
        double most = fmax(fabs(low), fabs(high));
        if (most == 0) most = 1;
        return (Range){PALETTE_SIGNED, -most, most, false};
    }
    if (scale == SCALE_AMOUNT) return (Range){PALETTE_WEIGHT, 0, high > 0 ? high : 1, false};
    if (high - low < 1e-6 * fmax(fabs(high), 1e-3)) { /* one value everywhere: around it, not a division by zero */
        low -= 0.5 * fmax(fabs(low), 1e-3);
        high += 0.5 * fmax(fabs(high), 1e-3);
    }
    return (Range){PALETTE_WEIGHT, low, high, false};
}

void scale_add(Figure *figure, Range range) {
    colour_palette(&figure->body, range.palette);
    figure_add(figure,
               "%sset logscale cb\nset cbrange [%.6g:%.6g]\nset cbtics scale 0.4 font ',10' textcolor rgb '#%06x' "
               "format '%%g'\n",
               range.log ? "" : "un", range.low, range.high, COLOUR_INK);
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

double scale_most(Mat m, double tail) {
    size_t count = 0, cells = (size_t)m.rows * (size_t)m.cols;
    float *sizes = memory_new(cells + 1, sizeof *sizes, "sorting a strip");
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++)
            if (isfinite(mat_at(m, i, j))) sizes[count++] = fabsf(mat_at(m, i, j));
    qsort(sizes, count, sizeof *sizes, by_size);
    double most = count ? sizes[(size_t)((double)(count - 1) * (1 - tail))] : 0, largest = count ? sizes[count - 1] : 0;
    memory_free(sizes);
    if (most == 0) most = largest;
    return most > 0 ? most : 1;
}

void scale_plot(Figure *figure, const char *suffix, int rows, int cols, Range range) {
    const char *name = figure->sheet.name;
    if (rows < 2 || cols < 2) { /* gnuplot's image draws nothing for a single row or column */
        figure_add(figure,
                   "plot '%s%s.dat' matrix using ($3 == $3 ? $1 : NaN):2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):3 "
                   "with boxxyerror fillcolor palette fillstyle solid noborder notitle",
                   name, suffix);
        return;
    }
    figure_image(figure, rows, cols);
    figure_add(figure, "plot '%s%s.dat' matrix ", name, suffix);
    if (range.log) figure_add(figure, "using 1:2:($3 < %g ? %g : $3) ", range.low, range.low);
    figure_add(figure, "with @CELLS notitle");
}

void scale_add_hatch(Figure *figure) {
    figure_add(
        figure,
        "set object rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#%06x' fillstyle solid noborder\n"
        "set object rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#%06x' fillstyle "
        "transparent pattern 4 noborder\n",
        COLOUR_MASK, COLOUR_HATCH);
}

static double dark_from(Range range) {
    for (int i = 0; i <= 100; i++)
        if (colour_text_on(colour_of(range.palette, i / 100.0)) == 0xffffff) return i / 100.0;
    return 1;
}

void scale_plot_values(Figure *figure, Range range, double points) {
    bool is_signed = range.palette == PALETTE_SIGNED;
    double dark = dark_from(range), light = 0.1, middle = is_signed ? 0 : range.low;
    double threshold = range.log ? pow(10, -4 * (1 - dark)) : middle + dark * (range.high - middle);
    double pale = range.log ? pow(10, -4 * (1 - light)) : middle + light * (range.high - middle);
    const char *size = is_signed ? "abs($3)" : "$3"; /* dark at both ends, or only at the upper one */
    figure_add(figure,
               ", '' matrix using 1:2:($3 == $3 ? sprintf(%s, $3) : ''):"
               "(%s > %.4g ? 0xffffff : abs($3) < 0.005 && %s < %.4g ? 0xa8b0b8 : 0x%06x) with labels font ',%.3g' "
               "textcolor rgb variable notitle",
               range.log ? "$3 >= 0.005 ? '%.2f' : $3 > 0 ? '%.0e' : '%.0f'" : "'%.2f'", size, threshold, size, pale,
               COLOUR_INK, range.log ? 0.75 * points : points);
}
