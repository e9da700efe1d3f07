#include "show/table.h"
#include "show/label.h"

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static void print_row(FILE *out, Mat m, int i, int cols, int decimals) {
    for (int j = 0; j < cols; j++) fprintf(out, " %*.*f", decimals + 4, decimals, (double)mat_at(m, i, j));
    fprintf(out, "%s\n", cols < m.cols ? " ..." : "");
}

void table_print(FILE *out, Mat m, TableOptions options) {
    int decimals = options.decimals ? options.decimals : 4;
    int rows = smaller(m.rows, options.most_rows ? options.most_rows : 16);
    int cols = smaller(m.cols, options.most_cols ? options.most_cols : 12), names = names_width(options.rows, rows);
    if (names < 4) names = 4;
    if (options.title) fprintf(out, "%s\n", options.title);
    if (options.cols) {
        fprintf(out, "  %*s", names, "");
        for (int j = 0; j < cols; j++) fputc(' ', out), name_print(out, options.cols[j], decimals + 4, true);
        fputc('\n', out);
    }
    for (int i = 0; i < rows; i++) {
        char number[16];
        fputs("  ", out);
        name_print(out, name_at(options.rows, i, number), names, false);
        print_row(out, m, i, cols, decimals);
    }
    if (rows < m.rows || cols < m.cols) fprintf(out, "  (the first %d x %d of %d x %d)\n", rows, cols, m.rows, m.cols);
}

void table_print_paper(FILE *out, Paper paper, TableOptions options) {
    Mat rounded = paper_rounded(paper);
    table_print(out, rounded, options);
    mat_free(&rounded);
}
