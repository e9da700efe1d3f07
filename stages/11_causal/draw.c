/* What stage 11 shows: its tables, and before and after as a picture. */
#include "base/memory.h"
#include "show/panels.h"
#include "show/table.h"
#include "tool.h"

void print_causal(const Choices *ask, const ToyHeads *h, Paper kept) {
    const char **words = ask->toy.words;
    table_print_paper(stdout, kept,
                      (TableOptions){"what the softmax had given to the past and the word itself", .cols = words});
    table_print(stdout, h->maps, (TableOptions){"causal weights", .rows = words, .cols = words});
    table_print(stdout, h->out, (TableOptions){"causal contexts", .rows = words});
}

void print_leak(int moved, int moved_causal, int of, double most) {
    printf("the leak test: change one word, count the rows before it that move by even one bit\n");
    printf("  no mask  %d of %d, by up to %.4f\n", moved, of, most);
    printf("  causal   %d of %d\n", moved_causal, of);
}

void print_dropout(const Choices *ask, Paper ones, Paper weights) {
    const char **words = ask->toy.words;
    char title[80];
    snprintf(title, sizeof title, "dropout %.2g of a matrix of ones", ask->dropout);
    table_print_paper(stdout, ones, (TableOptions){title, .decimals = 2});
    table_print_paper(stdout, weights, (TableOptions){"the same on the causal weights", .rows = words, .cols = words});
}

void draw_maps(const Choices *ask, Mat before, Mat causal, Mat dropped) {
    const Toy *toy = &ask->toy;
    bool *future = mask_hidden_cells((Mask){.causal = true}, toy->n, toy->n);
    const Panel panels[] = {{"before: everyone sees everyone", before, SCALE_FIXED, .hidden = NULL},
                            {"causal", causal, SCALE_FIXED, .hidden = future},
                            {"causal, with dropout", dropped, SCALE_FIT, .hidden = future}};
    bool values = show_values(&ask->show, toy->n <= 10);
    panels_draw(show_sheet(&ask->show, "causal", "No word looks ahead",
                           "hatched: forbidden; each row of the first two sums to 1"),
                panels, 3, (PanelsOptions){toy->words, toy->words, values});
    show_drawn_one(&ask->show, "causal");
    memory_free(future);
}
