/* window - which rows and columns of a map are shown: a pair's segments, with or without the special tokens. */
#include "window.h"
#include "base/error.h"
#include "base/memory.h"

static bool is_special(const Sentence *s, int token) {
    int id = s->encoding.ids[token];
    return id == s->tokenizer.cls || id == s->tokenizer.sep;
}

int segment_of_rows(const Choices *ask) {
    return ask->segments == SEGMENTS_BB || ask->segments == SEGMENTS_BA;
}

int segment_of_columns(const Choices *ask) {
    return ask->segments == SEGMENTS_BB || ask->segments == SEGMENTS_AB;
}

/* The tokens of segment 0 or 1, or of both. */
static int *choose(const Sentence *s, int segment, int *count) {
    int *list = memory_new((size_t)s->encoding.n, sizeof *list, "the tokens shown");
    *count = 0;
    for (int i = 0; i < s->encoding.n; i++) {
        if (s->ask->no_special && is_special(s, i)) continue;
        if (s->ask->segments != SEGMENTS_ALL && s->encoding.types[i] != segment) continue;
        list[(*count)++] = i;
    }
    if (*count == 0) fail(EXIT_DATA, "no token is left to show. Try: a text with words in it, or without --no-special");
    return list;
}

static const char **names(const Sentence *s, const int *list, int count) {
    const char **labels = memory_new((size_t)count, sizeof *labels, "the labels");
    for (int i = 0; i < count; i++) labels[i] = s->labels[list[i]];
    return labels;
}

Window window_new(const Sentence *s) {
    Window w = {.renormalise = s->ask->renormalise, .no_special = s->ask->no_special};
    w.row = choose(s, segment_of_rows(s->ask), &w.rows);
    w.col = choose(s, segment_of_columns(s->ask), &w.cols);
    w.row_labels = names(s, w.row, w.rows);
    w.col_labels = names(s, w.col, w.cols);
    w.hidden = memory_new((size_t)w.rows * (size_t)w.cols, sizeof *w.hidden, "the masked cells");
    for (int i = 0; i < w.rows; i++)
        for (int j = 0; j < w.cols; j++)
            w.hidden[(size_t)i * (size_t)w.cols + (size_t)j] = !mask_allows(s->mask.rule, w.row[i], w.col[j]);
    w.part = w.rows < s->encoding.n || w.cols < s->encoding.n;
    return w;
}

void window_free(Window *w) {
    memory_free(w->row), memory_free(w->col);
    memory_free(w->row_labels), memory_free(w->col_labels);
    memory_free(w->hidden);
    *w = (Window){0};
}

void window_fill(Mat out, const Window *w, Mat map) {
    for (int i = 0; i < w->rows; i++) {
        double sum = 0;
        for (int j = 0; j < w->cols; j++) sum += (double)(mat_row(out, i)[j] = mat_at(map, w->row[i], w->col[j]));
        for (int j = 0; j < w->cols && w->renormalise && sum > 0; j++)
            mat_row(out, i)[j] = (float)((double)mat_row(out, i)[j] / sum);
    }
}

static int place_in(const int *list, int count, int token) {
    for (int i = 0; i < count; i++)
        if (list[i] == token) return i;
    return -1;
}

int window_row(const Window *w, int token) {
    return place_in(w->row, w->rows, token);
}

int window_col(const Window *w, int token) {
    return place_in(w->col, w->cols, token);
}

void window_remark(const Window *w, String *text) {
    if (w->no_special) string_add(text, "; [CLS] and [SEP] hidden");
    if (w->part)
        string_add(text, w->renormalise ? "; rows renormalised to 1 over what is shown" : "; rows not renormalised");
}
