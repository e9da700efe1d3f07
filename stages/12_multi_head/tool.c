/* Stage 12 as a tool: the command line, and what models of such blocks weigh. */
#include "tool.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_CAUSAL),
                 .width = 3,
                 .heads = 2,
                 .head_width = 2,
                 .out_width = 2};
    Options list = {0};
    option_heading(&list, "the heads");
    option_int(&list, "heads", "H", &a.heads, 1, 256, "how many (default 2)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in each head's queries (default 2)");
    option_int(&list, "out-width", "D", &a.out_width, 1, 4096, "width of the module, a multiple of H (default 2)");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_text(&list, "pair", "TEXT2", &a.pair, "cross-attention: where keys and values come from");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"12_multi_head", "several heads: a wrapper, a weight split, cross-attention, a whole layer",
                       "  12_multi_head                                        the book's words, 2 heads, causal\n"
                       "  12_multi_head --heads 8 --head-width 16 --out-width 64 --width 64 \"a rose is a rose\"\n"
                       "  12_multi_head --pair \"it was tired\" \"the animal slept\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.out_width % a.heads)
        fail(EXIT_USAGE, "--out-width %d cannot be cut into %d heads. Try: --out-width %d", a.out_width, a.heads,
             (a.out_width / a.heads + 1) * a.heads);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    const char *other = a.pair ? a.pair : "one small step";
    a.toy = toy_read(&a.common, a.width);
    a.other = toy_text(other, strlen(other), a.toy.x.cols, a.common.seed + 1);
    a.own = mask_from_options(&a.mask, a.toy.n);
    return a;
}

void choices_free(Choices *a) {
    toy_free(&a->toy), toy_free(&a->other);
    named_mask_free(&a->own);
    show_options_free(&a->show);
}

NamedMask mask_of_cross(const Choices *a) {
    int longer = a->toy.n > a->other.n ? a->toy.n : a->other.n;
    return mask_options_given(&a->mask) ? mask_from_options(&a->mask, longer) : (NamedMask){0};
}

/* One row: vocabulary V, context T, width C, L layers. A layer has 4 C^2 + C numbers of attention (no bias on q, k,
 * v), 8 C^2 + 5 C of feed-forward and two layer norms of 2 C. */
static void print_count(const char *name, long long layers, long long width, int heads) {
    const long long vocabulary = 50257, context = 1024;
    long long attention = 4 * width * width + width, feed_forward = 8 * width * width + 5 * width;
    long long body = layers * (attention + feed_forward + 4 * width) + 2 * width + context * width;
    printf("  %-7s %6lld %6d %6lld %12lld %13lld %15lld %15lld\n", name, layers, heads, width, attention, feed_forward,
           body + vocabulary * width, body + 2 * vocabulary * width);
}

void print_counts(void) {
    printf("parameters of GPT-2's four sizes, no bias on q, k and v\n");
    printf("  %-7s %6s %6s %6s %12s %13s %15s %15s\n", "", "layers", "heads", "width", "attention", "feed-forward",
           "tied output", "own output");
    print_count("small", 12, 768, 12);
    print_count("medium", 24, 1024, 16);
    print_count("large", 36, 1280, 20);
    print_count("XL", 48, 1600, 25);
}
