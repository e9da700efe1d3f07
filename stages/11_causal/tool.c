/* Stage 11 as a tool: the command line. */
#include "tool.h"

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .width = 3, .head_width = 2, .head_seed = 789, .dropout = 0.5};
    Options list = {0};
    option_heading(&list, "the head");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in a query, key or value (default 2)");
    option_int(&list, "head-seed", "S", &a.head_seed, 0, INT32_MAX,
               "draws Wq, Wk and Wv (default 789; --seed: dropout)");
    option_real(&list, "dropout", "P", &a.dropout, 0, 0.99, "share of the weights that is dropped (default 0.5)");
    show_options_add(&list, &a.show);
    Program program = {"11_causal", "causal attention: no word looks ahead, and a test that proves it",
                       "  11_causal                      the book's six words\n"
                       "  11_causal --head-seed 123      the book's CausalAttention class\n"
                       "  11_causal --dropout 0.1 --width 16 \"the cat sat on the mat\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    a.toy = toy_read(&a.common, a.width);
    return a;
}

void choices_free(Choices *a) {
    toy_free(&a->toy);
    show_options_free(&a->show);
}
