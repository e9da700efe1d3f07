/* What stage 12 shows: its tables; and as pictures, heads side by side, and a map of one sentence's queries and
 * another's keys. */
#include "attention/attention.h"
#include "attention/mask_cost.h"
#include "base/memory.h"
#include "show/grid.h"
#include "show/strips.h"
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
    printf("cross-attention: %d %s, %d key%s and value%s\n", from->n, from->n == 1 ? "query" : "queries", to->n,
           PLURAL(to->n), PLURAL(to->n));
    table_print(stdout, attention_map(h->maps, from->n, 0),
                (TableOptions){title, .rows = from->words, .cols = to->words});
}

void print_block(const Choices *ask, Mat out) {
    char title[96];
    snprintf(title, sizeof title, "a whole layer: %d head%s, width %d, feed-forward %d", ask->heads, PLURAL(ask->heads),
             out.cols, 4 * out.cols);
    table_print(stdout, out, (TableOptions){title, .rows = ask->toy.words, .most_cols = 8});
}

/* ---- pictures ---- */

/* Maps of the words, one after the other in `all`, each under its name. */
static void draw_maps(const Choices *ask, Sheet sheet, Mat all, const char *const *names) {
    static const char *const row[] = {""};
    const Toy *toy = &ask->toy;
    const char **words = toy->words;
    int heads = all.rows / toy->n;
    bool *hidden = mask_hidden_cells(ask->own.rule, toy->n, toy->n);
    Mat *maps = memory_new((size_t)heads, sizeof *maps, "maps");
    for (int head = 0; head < heads; head++) {
        maps[head] = attention_map(all, toy->n, head);
        char title[32];
        snprintf(title, sizeof title, "head %d", head);
        if (ask->show.terminal)
            terminal_map(terminal_of(stdout), names ? names[head] : title, maps[head],
                         (TerminalMap){words, words, hidden, SCALE_FIXED, ask->show.values, NULL, NULL});
    }
    grid_draw(sheet, maps, 1, heads,
              (GridOptions){.row_names = row,
                            .row_axis = "",
                            .col_names = names,
                            .col_axis = names ? "a head that looks for" : NULL,
                            .tokens = words,
                            .hidden = hidden,
                            .scale = SCALE_FIXED});
    memory_free(maps), memory_free(hidden);
}

void draw_heads(const Choices *ask, const ToyHeads *h) {
    char *subtitle = text_format("%s; seeded weights, not trained", ask->own.title);
    draw_maps(ask, show_sheet(&ask->show, "heads", "Heads side by side", subtitle), h->maps, NULL);
    memory_free(subtitle);
}

void draw_made(const Choices *ask) {
    Mat maps = made_maps(&ask->toy, ask->own.rule);
    char *subtitle = text_format("%s; queries and keys made by hand", ask->own.title);
    draw_maps(ask, show_sheet(&ask->show, "made", "Four heads, four questions to the same words", subtitle), maps,
              MADE_HEADS);
    memory_free(subtitle), mat_free(&maps);
}

void draw_cross(const Choices *ask, const NamedMask *mask) {
    const Toy *from = &ask->toy, *to = &ask->other;
    bool given = mask_options_given(&ask->mask), *hidden = mask_hidden_cells(mask->rule, from->n, to->n);
    Mat map = made_cross(from, to, mask->rule);
    char *subtitle =
        text_format("a head made by hand: each word looks for itself%s%s", given ? "; " : "", given ? mask->title : "");
    Sheet sheet = show_sheet(&ask->show, "cross", "Cross-attention: one sentence asks, the other answers", subtitle);
    sheet.line = "cross-attention: each word looks for itself";
    heat_draw(sheet, map,
              (HeatOptions){.from = from->words,
                            .to = to->words,
                            .hidden = hidden,
                            .scale = SCALE_FIXED,
                            .values = show_values(&ask->show, true)});
    memory_free(subtitle), memory_free(hidden), mat_free(&map);
}

void draw_block(const Choices *ask, const Block *b) {
    Mat heads = mat_new(b->x.rows, b->x.cols), forward = mat_new(b->x.rows, b->x.cols);
    map_difference(heads, b->middle, b->x);
    map_difference(forward, b->out, b->middle);
    const Strip strips[] = {{"x: what comes in", b->x, 2},
                            {"+ what the heads say", heads, 2},
                            {"+ feed-forward, each word alone", forward, 2},
                            {"= what goes on to the next block", b->out, 2}};
    Sheet sheet = show_sheet(&ask->show, "block", "A block only adds", "seeded weights, not trained; a row a word");
    strips_draw(sheet, strips, 4, (StripsOptions){.rows = ask->toy.words});
    mat_free(&heads), mat_free(&forward);
}
