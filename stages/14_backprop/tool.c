/* Stage 14 as a tool: the command line, and the head that it asks for. */
#include "tool.h"
#include "base/error.h"

enum { MOST_WORDS = 128 };

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .width = 3, .head_width = 2, .eps = 1e-5, .rate = 0.01};
    MaskOptions mask = mask_options_new(MASK_CAUSAL);
    Options list = {0};
    option_heading(&list, "the head");
    option_int(&list, "width", "C", &a.width, 1, 64, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 64, "numbers in a query, key or value (default 2)");
    option_heading(&list, "its gradient");
    option_real(&list, "eps", "E", &a.eps, 1e-12, 1, "how far a number is moved to check it (default 1e-5)");
    option_real(&list, "rate", "R", &a.rate, 1e-9, 1e3, "the learning rate of the one step (default 0.01)");
    mask_options_add(&list, &mask);
    show_options_add(&list, &a.show);
    Program program = {"14_backprop", "the backward pass of one head, checked number by number, and one step downhill",
                       "  14_backprop                                         the book's six words, causal\n"
                       "  14_backprop --mask local --window 1 \"a rose is a rose\"\n"
                       "  14_backprop --eps 0.1                               too long a step: what happens?\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    a.toy = toy_read(&a.common, a.width);
    if (a.toy.n > MOST_WORDS)
        fail(EXIT_DATA, "%d words are too many to check every gradient (expected at most %d). Try: a shorter text",
             a.toy.n, MOST_WORDS);
    a.mask = mask_from_options(&mask, a.toy.n);
    return a;
}

void choices_free(Choices *a) {
    named_mask_free(&a->mask);
    toy_free(&a->toy);
    show_options_free(&a->show);
}

/* ---- the head ---- */

const char *const INPUT_NAMES[INPUTS] = {"dWq", "dWk", "dWv", "dx"};

Paper head_input(const Head *h, int which) {
    const Paper inputs[INPUTS] = {h->wq, h->wk, h->wv, h->x};
    return inputs[which];
}

Head head_new(const Choices *a) {
    int n = a->toy.n, width = a->toy.x.cols, d = a->head_width;
    return (Head){paper_new(n, width), paper_new(d, width), paper_new(d, width), paper_new(d, width),
                  paper_new(n, d),     paper_new(n, d),     paper_new(n, d),     paper_new(n, n),
                  paper_new(n, n),     paper_new(n, d),     a->mask.rule};
}

void head_free(Head *h) {
    papers_free(
        (Paper *[]){&h->x, &h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->scores, &h->weights, &h->context, NULL});
}

Head head_of(const Choices *a, const ToyHeads *drawn) {
    Head h = head_new(a);
    const Mat inputs[INPUTS] = {drawn->wq, drawn->wk, drawn->wv, drawn->from};
    for (int i = 0; i < INPUTS; i++) {
        Paper to = head_input(&h, i), from = paper_of(inputs[i]);
        paper_copy(to, from);
        paper_free(&from);
    }
    return h;
}
