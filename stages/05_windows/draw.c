/* What stage 05 shows: the questions of a window, a batch, the split, and the sliding grid. */
#include "tool.h"
#include "show/heat.h"
#include "show/label.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

static char *token_label(const Bpe *bpe, int id) {
    return utf8_shown(vocab_token(&bpe->vocab, id), bpe->vocab.length[id], 12);
}

void print_card(const Choices *ask, size_t windows, size_t batches) {
    printf("text        ");
    label_print(ask->name, strlen(ask->name), LABEL_ALL, 0);
    printf(": %zu byte%s, %zu %s\n", ask->text.size, PLURAL(ask->text.size), ask->ids.n,
           ask->tokens == TOKENS_BYTES ? "bytes as tokens" : "tokens of GPT-2");
    printf("windows     context %d, stride %d: %zu window%s, %zu batch%s of %d\n", ask->context, ask->stride, windows,
           PLURAL(windows), batches, batches == 1 ? "" : "es", ask->batch);
}

/* One window is as many questions as it has tokens: after the first one, after the first two, ... */
void print_questions(const Choices *ask) {
    for (int asked = 1; asked <= ask->context && asked <= 4; asked++) {
        printf("question %d  ", asked);
        for (int i = 0; i <= asked; i++) {
            char *label = token_label(&ask->bpe, ask->ids.at[i]);
            printf("%s`%s`", i == asked ? " -> " : i ? " " : "", label);
            memory_free(label);
        }
        putchar('\n');
    }
}

static void print_row(const char *before, const int *ids, size_t n) {
    printf("%s", before);
    for (size_t i = 0; i < n && i < 8; i++) printf(" %5d", ids[i]);
    printf(n > 8 ? " ..." : "");
}

void print_batch(const int *inputs, const int *targets, size_t rows, size_t context) {
    for (size_t r = 0; r < rows && r < 8; r++) {
        print_row(r ? "           " : "batch 0    ", inputs + r * context, context);
        print_row("  ->", targets + r * context, context);
        putchar('\n');
    }
}

/* How many windows common choices make: of the whole text, of its training part, of its validation part. */
static void print_counts(size_t all, size_t train, size_t validation) {
    static const size_t sizes[][2] = {{4, 1},   {4, 4},   {2, 2},     {8, 2},     {16, 16},
                                      {32, 32}, {64, 64}, {128, 128}, {256, 128}, {256, 256}};
    printf("windows     context  stride   all   train  validation\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t context = sizes[i][0], stride = sizes[i][1];
        printf("            %7zu  %6zu  %5zu  %5zu  %5zu\n", context, stride,
               windows_count((Windows){NULL, all, context, stride}),
               windows_count((Windows){NULL, train, context, stride}),
               windows_count((Windows){NULL, validation, context, stride}));
    }
}

/* The text is cut by characters, before it is tokens: so a word may be cut, and the parts have other tokens. */
void print_split(const Choices *ask, Split split) {
    const char *cut = ask->text.data + split.byte;
    size_t left = split.byte, right = ask->text.size - split.byte;
    Ids train = {0}, validation = {0};
    bpe_encode(&ask->bpe, ask->text.data, left, &train);
    bpe_encode(&ask->bpe, cut, right, &validation);
    if (left > 12) left = 12;
    char *before = utf8_shown(cut - left, left, LABEL_ALL),
         *behind = utf8_shown(cut, right < 12 ? right : 12, LABEL_ALL);
    printf("split       %zu + %zu character%s, cut at `%s|%s`\n", split.first, split.characters - split.first,
           PLURAL(split.characters - split.first), before, behind);
    printf("            %zu + %zu = %zu token%s; the whole text has %zu\n", train.n, validation.n,
           train.n + validation.n, PLURAL(train.n + validation.n), ask->ids.n);
    print_counts(ask->ids.n, train.n, validation.n);
    memory_free(before), memory_free(behind);
    ids_free(&train), ids_free(&validation);
}

/* The sliding grid: a row a window, a column a token; what is input, and the one token that is only a target. */
void draw_grid(const Choices *ask) {
    Windows w = ask->windows;
    size_t rows = windows_count(w) < 8 ? windows_count(w) : 8, most = ask->show.terminal ? 48 : 1000;
    while (rows > 1 && (rows - 1) * w.stride + w.context >= most) rows--; /* whole windows only */
    size_t cols = (rows - 1) * w.stride + w.context + 1;
    if (cols > most) cols = most;
    Mat grid = mat_new((int)rows, (int)cols);
    const char **names = memory_new(cols, sizeof *names, "labels");
    for (size_t j = 0; j < cols; j++) {
        names[j] = token_label(&ask->bpe, w.ids[j]);
        for (size_t r = 0; r < rows; r++) {
            bool seen = j >= r * w.stride && j <= r * w.stride + w.context;
            mat_row(grid, (int)r)[j] = !seen ? 0 : j == r * w.stride + w.context ? 0.4f : 1;
        }
    }
    char subtitle[120];
    snprintf(subtitle, sizeof subtitle,
             "context %zu, stride %zu; dark: a window's inputs; paler: the token behind them, only a target", w.context,
             w.stride);
    Sheet sheet = show_sheet(&ask->show, "grid", "Windows slide over the text", subtitle);
    HeatOptions options = {.to = names, .bar = ""};
    if (ask->show.terminal) sheet.line = "windows over the text (from: window, to: token)";
    else options.from_axis = "window", options.to_axis = "token";
    heat_draw(sheet, grid, options);
    show_drawn_one(&ask->show, "grid");
    names_free(names, (int)cols);
    mat_free(&grid);
}
