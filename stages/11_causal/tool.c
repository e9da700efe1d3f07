/* Stage 11 as a tool: the command line, and the head by common/. */
#include "tool.h"
#include "attention/attention.h"
#include "base/progress.h"
#include "math/init.h"
#include "math/layers.h"

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
    return a;
}

Head head_new(Mat x, int d, uint64_t seed) {
    Rng rng = rng_seed(seed);
    Head h = {.x = x, .maps = mat_new(x.rows, x.rows), .out = mat_new(x.rows, d)};
    h.wq = mat_new(d, x.cols), h.wk = mat_new(d, x.cols), h.wv = mat_new(d, x.cols);
    h.q = mat_new(x.rows, d), h.k = mat_new(x.rows, d), h.v = mat_new(x.rows, d);
    init_linear(&rng, h.wq, NULL), init_linear(&rng, h.wk, NULL), init_linear(&rng, h.wv, NULL);
    return h;
}

void head_free(Head *h) {
    Mat *all[] = {&h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->maps, &h->out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

void head_run(Head *h, Mask mask) {
    LinearJob jobs[] = {{h->q, {h->wq, NULL}}, {h->k, {h->wk, NULL}}, {h->v, {h->wv, NULL}}};
    linear_forward_all(NULL, jobs, 3, h->x, ACTIVATION_NONE);
    attention_forward(attention_of(h->q, h->k, h->v, 1, mask), h->out, h->maps);
}

static void run_causal(void *head) {
    head_run(head, (Mask){.causal = true});
}

void time_head(int runs, Head *head) {
    time_report(runs, run_causal, head, head->x.rows, "words");
}
