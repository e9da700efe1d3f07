/* cross - cross-attention: one sentence asks, another answers. Nothing in the head changes; the map is n x m. */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/init.h"
#include "math/layers.h"
#include "show/heat.h"
#include "show/table.h"
#include "show/terminal.h"

#include <stdio.h>
#include <string.h>

Toy other_sentence(const Choices *a, int width) {
    const char *text = a->pair ? a->pair : "one small step";
    return toy_text(text, strlen(text), width, a->common.seed + 1);
}

static void draw_cross(const Choices *a, Mat map, const Toy *from, const Toy *to, const NamedMask *mask,
                       const bool *hidden) {
    const char **rows = from->words, **cols = to->words;
    if (a->show.terminal) {
        terminal_map(terminal_of(stdout), "cross-attention, head 0", map,
                     (TerminalMap){rows, cols, hidden, SCALE_FIXED, a->show.values});
        return;
    }
    char *subtitle =
        text_format("head 0%s%s; seeded weights, not trained", mask->title ? ", " : "", mask->title ? mask->title : "");
    Sheet sheet = {.folder = a->common.out,
                   .name = "cross",
                   .title = "Cross-attention: one sentence asks, the other answers",
                   .subtitle = subtitle,
                   .formats = a->show.format,
                   .command = a->command};
    heat_draw(sheet, map,
              (HeatOptions){.from = rows, .to = cols, .hidden = hidden, .scale = SCALE_FIXED, .values = true});
    memory_free(subtitle);
}

void tell_cross(const Choices *a, const Toy *toy, const Toy *other) {
    int n = toy->n, width = a->heads * a->head_width;
    int m = other->n, longer = n > m ? n : m;
    /* The user's mask if one was asked for, over both lengths; by default all of the other sentence may be read. */
    NamedMask mask = a->asks_mask ? mask_from_options(&a->mask, longer) : (NamedMask){0};
    Mat wq = mat_new(width, toy->x.cols), wk = mat_new(width, toy->x.cols), wv = mat_new(width, toy->x.cols);
    Rng rng = rng_seed(a->common.seed);
    init_linear(&rng, wq, NULL), init_linear(&rng, wk, NULL), init_linear(&rng, wv, NULL);
    Mat q = mat_new(n, width), k = mat_new(m, width), v = mat_new(m, width), out = mat_new(n, width);
    Mat maps = mat_new(a->heads * n, m), told = mat_new(n, width), told_maps = mat_new(a->heads * n, m);
    linear_forward(NULL, q, toy->x, (Linear){wq, NULL}, ACTIVATION_NONE);
    LinearJob jobs[] = {{k, {wk, NULL}}, {v, {wv, NULL}}};
    linear_forward_all(NULL, jobs, 2, other->x, ACTIVATION_NONE);
    attention_forward(attention_of(q, k, v, a->heads, mask.rule), out, maps);
    for (int h = 0; h < a->heads; h++) {
        int first = h * a->head_width, d = a->head_width;
        head_told(mat_cols(told, first, d), mat_rows(told_maps, h * n, n), mat_cols(q, first, d), mat_cols(k, first, d),
                  mat_cols(v, first, d), mask.rule);
    }
    printf("cross-attention: %d queries, %d keys and values\n", n, m);
    table_print(stdout, attention_map(maps, n, 0),
                (TableOptions){a->asks_mask
                                   ? "weights of head 0 under the mask: a row sums to 1, or to 0 without an allowed key"
                                   : "weights of head 0: every row sums to 1, whatever the map's shape",
                               .rows = toy->words, .cols = other->words});
    expect_agreement("cross-attention maps", maps, told_maps);
    expect_agreement("cross-attention contexts", out, told);
    bool *hidden = mask_hidden_cells(mask.rule, n, m);
    draw_cross(a, attention_map(maps, n, 0), toy, other, &mask, hidden);
    memory_free(hidden);
    Mat *all[] = {&wq, &wk, &wv, &q, &k, &v, &out, &maps, &told, &told_maps};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
    named_mask_free(&mask);
}
