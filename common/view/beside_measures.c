/* Two Readings held against each other by their numbers. Declared in beside.h. */
#include "attention/divergence.h"
#include "base/memory.h"
#include "view/beside.h"
#include "view/heads.h"

#include <math.h>
#include <stdio.h>

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* One line: the means over the heads that both have, and the head whose value moves most. */
static void print_measure(const HeadTable *a, const HeadTable *b, int place) {
    int layers = smaller(a->layers, b->layers), heads = smaller(a->heads, b->heads), layer = 0, head = 0;
    double first = 0, second = 0, most = -1;
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) {
            double x = head_value(a, place, l, h), y = head_value(b, place, l, h);
            first += x / (layers * heads), second += y / (layers * heads);
            if (fabs(y - x) > most) most = fabs(y - x), layer = l, head = h;
        }
    printf("%-22s %8.4f  %8.4f  %+8.4f  %2d.%-2d %8.4f  %8.4f  %+8.4f\n", measure_at(place)->name, first, second,
           second - first, layer, head, head_value(a, place, layer, head), head_value(b, place, layer, head),
           head_value(b, place, layer, head) - head_value(a, place, layer, head));
}

void beside_measures_print(const Reading *a, const Reading *b) {
    HeadTable first = head_table_new(a), second = head_table_new(b);
    printf("%-22s %8s  %8s  %8s  %-5s %8s  %8s  %8s\n", "measure, mean of heads", "first", "second", "change", "most",
           "first", "second", "change");
    for (int m = 0; measure_at(m) && measure_at(m)->plain; m++) print_measure(&first, &second, m);
    head_table_free(&first), head_table_free(&second);
}

/* How far each row of the second map is from the first one's. */
static void write_rows(FILE *out, Mat a, Mat b, int layer, int head) {
    double *rows = memory_new((size_t)a.rows, sizeof *rows, "the rows' divergences");
    map_row_divergence(rows, a, b);
    for (int i = 0; i < a.rows; i++)
        fprintf(out, "%d\t%d\t%d\tdivergence\t0\t%.9g\t%.9g\n", layer, head, i, rows[i], rows[i]);
    memory_free(rows);
}

void beside_measures_write(const Reading *a, const Reading *b, const char *path) {
    HeadTable first = head_table_new(a), second = head_table_new(b);
    Shown shown_a = shown_new(), shown_b = shown_new();
    FileWriter file = file_create(file_or_output(path));
    fprintf(file.stream, "layer\thead\trow\tmeasure\tfirst\tsecond\tdifference\n");
    for (int l = 0; l < smaller(first.layers, second.layers); l++)
        for (int h = 0; h < smaller(first.heads, second.heads); h++) {
            for (int m = 0; m < measure_count(); m++) {
                double x = head_value(&first, m, l, h), y = head_value(&second, m, l, h);
                fprintf(file.stream, "%d\t%d\t-1\t%s\t%.9g\t%.9g\t%.9g\n", l, h, measure_at(m)->name, x, y, y - x);
            }
            if (a->trace.n == b->trace.n)
                write_rows(file.stream, shown_map(&shown_a, a, l, h), shown_map(&shown_b, b, l, h), l, h);
        }
    file_commit(&file);
    shown_free(&shown_a), shown_free(&shown_b);
    head_table_free(&first), head_table_free(&second);
}
