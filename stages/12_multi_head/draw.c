/* The pictures of stage 12: heads side by side, and a map of one sentence's queries and another's keys. */
#include "attention/attention.h"
#include "base/memory.h"
#include "show/grid.h"
#include "show/terminal.h"
#include "tool.h"

#include <stdio.h>

void draw_heads(const Choices *ask, const ToyHeads *h, const Toy *toy, const char *mask_title) {
    static const char *const row[] = {""};
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
                         (TerminalMap){words, words, hidden, SCALE_FIXED, ask->show.values});
    }
    grid_draw(show_sheet(&ask->show, "heads", "Heads side by side", mask_title), maps, 1, heads,
              (GridOptions){.row_names = row, .row_axis = "", .tokens = words, .hidden = hidden, .scale = SCALE_FIXED});
    memory_free(maps), memory_free(hidden);
}

void draw_cross(const Choices *ask, const ToyHeads *h, const Toy *from, const Toy *to, const char *mask_title) {
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
