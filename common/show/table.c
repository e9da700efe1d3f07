#include "show/table.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <string.h>

enum { NAME = 16 };

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* The name made visible, `columns` wide on the screen: on the left of its room, or on the right. */
static void print_name(FILE *out, const char *name, int columns, bool right) {
    String label = {0};
    utf8_label(&label, name, strlen(name), NAME < columns ? NAME : columns);
    int spaces = columns - utf8_width(label.text);
    if (spaces < 0) spaces = 0;
    if (right) fprintf(out, "%*s%s", spaces, "", label.text);
    else fprintf(out, "%s%*s", label.text, spaces, "");
    string_free(&label);
}

/* Wide enough for the longest row name that is shown. */
static int name_columns(const char *const *names, int count) {
    int widest = 4;
    for (int i = 0; i < count && names; i++) {
        String label = {0};
        utf8_label(&label, names[i], strlen(names[i]), NAME);
        int width = utf8_width(label.text);
        widest = width > widest ? width : widest;
        string_free(&label);
    }
    return widest;
}

static void print_row(FILE *out, Mat m, int i, int cols, int decimals) {
    for (int j = 0; j < cols; j++) fprintf(out, " %*.*f", decimals + 4, decimals, (double)mat_at(m, i, j));
    fprintf(out, "%s\n", cols < m.cols ? " ..." : "");
}

void table_print(FILE *out, Mat m, TableOptions options) {
    int decimals = options.decimals ? options.decimals : 4;
    int rows = smaller(m.rows, options.most_rows ? options.most_rows : 16);
    int cols = smaller(m.cols, options.most_cols ? options.most_cols : 12), names = name_columns(options.rows, rows);
    if (options.title) fprintf(out, "%s\n", options.title);
    if (options.cols) {
        fprintf(out, "  %*s", names, "");
        for (int j = 0; j < cols; j++) fputc(' ', out), print_name(out, options.cols[j], decimals + 4, true);
        fputc('\n', out);
    }
    for (int i = 0; i < rows; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        fputs("  ", out);
        print_name(out, options.rows ? options.rows[i] : number, names, false);
        print_row(out, m, i, cols, decimals);
    }
    if (rows < m.rows || cols < m.cols) fprintf(out, "  (the first %d x %d of %d x %d)\n", rows, cols, m.rows, m.cols);
}

void table_print_paper(FILE *out, Paper paper, TableOptions options) {
    Mat rounded = paper_rounded(paper);
    table_print(out, rounded, options);
    mat_free(&rounded);
}
