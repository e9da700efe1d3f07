/* What stage 12 shows: its tables; and as pictures, heads side by side, and a map of one sentence's queries and
 * another's keys. */
#include "attention/attention.h"
#include "base/memory.h"
#include "show/grid.h"
#include "show/table.h"
#include "show/terminal.h"
#include "tool.h"

#include <stdio.h>

/* ---- tables ---- */

void print_heads(const Choices *ask, const ToyHeads *h) {
    char title[96];
    snprintf(title, sizeof title, "contexts of %d heads of width %d, side by side", ask->heads, ask->head_width);
    table_print(stdout, h->out, (TableOptions){title, .rows = ask->toy.words});
}

void print_cross(const Choices *ask, const ToyHeads *h) {
    const Toy *from = &ask->toy, *to = &ask->other;
    const char *title = mask_options_given(&ask->mask)
                            ? "weights of head 0 under the mask: a row sums to 1, or to 0 without an allowed key"
                            : "weights of head 0: every row sums to 1, whatever the map's shape";
    printf("cross-attention: %d queries, %d keys and values\n", from->n, to->n);
    table_print(stdout, attention_map(h->maps, from->n, 0),
                (TableOptions){title, .rows = from->words, .cols = to->words});
}

void print_block(const Choices *ask, Mat out) {
    char title[96];
    snprintf(title, sizeof title, "a whole layer: %d heads, width %d, feed-forward %d", ask->heads, out.cols,
             4 * out.cols);
    table_print(stdout, out, (TableOptions){title, .rows = ask->toy.words, .most_cols = 8});
}

/* ---- pictures ---- */

void draw_heads(const Choices *ask, const ToyHeads *h) {
    static const char *const row[] = {""};
    const Toy *toy = &ask->toy;
    const char **words = toy->words;
    int heads = h->attention.heads;
    bool *hidden = mask_hidden_cells(h->attention.mask, toy->n, toy->n);
    Mat *maps = memory_new((size_t)heads, sizeof *maps, "maps");
    for (int head = 0; head < heads; head++) {
        maps[head] = attention_map(h->maps, toy->n, head);
        char title[32];
        snprintf(title, sizeof title, "head %d", head);
        if (ask->show.terminal)
            terminal_map(terminal_of(stdout), title, maps[head],
                         (TerminalMap){words, words, hidden, SCALE_FIXED, ask->show.values, NULL, NULL});
    }
    grid_draw(show_sheet(&ask->show, "heads", "Heads side by side", ask->own.title), maps, 1, heads,
              (GridOptions){.row_names = row, .row_axis = "", .tokens = words, .hidden = hidden, .scale = SCALE_FIXED});
    memory_free(maps), memory_free(hidden);
}

void draw_cross(const Choices *ask, const ToyHeads *h, const char *mask_title) {
    const Toy *from = &ask->toy, *to = &ask->other;
    bool *hidden = mask_hidden_cells(h->attention.mask, from->n, to->n);
    char *subtitle =
        text_format("head 0%s%s; seeded weights, not trained", mask_title ? ", " : "", mask_title ? mask_title : "");
    Sheet sheet = show_sheet(&ask->show, "cross", "Cross-attention: one sentence asks, the other answers", subtitle);
    sheet.line = "cross-attention, head 0";
    heat_draw(sheet, attention_map(h->maps, from->n, 0),
              (HeatOptions){.from = from->words,
                            .to = to->words,
                            .hidden = hidden,
                            .scale = SCALE_FIXED,
                            .values = show_values(&ask->show, true)});
    memory_free(subtitle), memory_free(hidden);
}
