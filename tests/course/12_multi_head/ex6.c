/* 12.6: a block by hand, and random ones under masks drawn at random, against each number in double (block.h). */
#include "block.h"
#include "base/memory.h"

static void ask_block(Mat x, const GptLayer *w, int heads, Mask mask, double tolerance) {
    Mat expected = mat_new(x.rows, x.cols);
    expect_block(expected, x, w, heads, mask);
    give_mat(x);
    give_gpt_layer(w, x.cols);
    give_int(heads), give_int(mask.window), give_bools(mask.picture, (size_t)x.rows * (size_t)x.rows);
    ask();
    check_mat("x", got_mat(), expected, tolerance);
    mat_free(&expected);
}

static void by_hand(void) {
    float x[] = {1, 3}, one[] = {1, 1}, none[12] = {0}, up[] = {10, 20}, same[] = {1, 0, 0, 1};
    float values[12] = {[8] = 1, [11] = 1};
    const bool sees[] = {true};
    Linear nothing = {{none, 2, 2, 2}, none}, leave = {{same, 2, 2, 2}, none}, no_qkv = {{none, 6, 2, 2}, none};
    LayerNorm norm = {one, none, 0};
    input("one word 1 3, norms of gain 1 and eps 0, everything 0 but the bias of narrow, 10 20");
    ask_block((Mat){x, 1, 2, 2}, &(GptLayer){norm, no_qkv, nothing, norm, nothing, {{none, 2, 2, 2}, up}}, 1,
              (Mask){.picture = sees, .tokens = 1}, 1e-5);
    input("one word 1 3, norms of gain 1 and eps 0, v and mix leave a row as it is, the rest is 0: x + norm(x) = 0 4");
    ask_block((Mat){x, 1, 2, 2}, &(GptLayer){norm, {{values, 6, 2, 2}, none}, leave, norm, nothing, nothing}, 1,
              (Mask){.picture = sees, .tokens = 1}, 1e-5);
    float wide[] = {2.2f, -2.2f};
    float pair[] = {1, 3, 3, 1}, large[12] = {100, 0, 0, 100, 100, 0, 0, 100, 1, 0, 0, 1};
    const bool both[] = {true, true, true, true};
    input("two words 1 3 and 3 1, q and k a hundred times the norm: scores of 14,142, so each looks at itself");
    ask_block((Mat){pair, 2, 2, 2}, &(GptLayer){norm, {{large, 6, 2, 2}, none}, leave, norm, nothing, nothing}, 1,
              (Mask){.picture = both, .tokens = 2}, 1e-4);
    input("one word 1 3, everything 0 but the bias of widen, 2.2 -2.2; narrow leaves a row as it is: gelu is added");
    ask_block((Mat){x, 1, 2, 2}, &(GptLayer){norm, no_qkv, nothing, norm, {{none, 2, 2, 2}, wide}, leave}, 1,
              (Mask){.picture = sees, .tokens = 1}, 2e-5);
}

/* The second norm's eps is not the first one's; some masks have a window, too. */
static void by_chance(Rng *rng, int n, int heads, int d_head, int inner) {
    Gpt gpt = gpt_new((GptConfig){.layers = 1,
                                  .heads = heads,
                                  .width = heads * d_head,
                                  .inner = inner,
                                  .vocab = n,
                                  .context = 1,
                                  .norm_eps = n % 2 ? 1e-5f : 0.1f});
    bool *picture = memory_new((size_t)n * (size_t)n, sizeof *picture, "a picture");
    const float size = heads * d_head > 100 ? 0.1f : 1;
    for (size_t i = 0; i < gpt.count; i++) gpt.weights.numbers[i] = rng_float(rng, -0.7f * size, size);
    gpt.weights.layers->before_feed_forward.eps = 0.5f;
    for (int i = 0; i < n * n; i++) picture[i] = rng_bits(rng) % 8 < 5;
    input("a random layer: %d words, %d heads of width %d, feed-forward width %d, 5 of 8 pairs allowed%s", n, heads,
          d_head, inner, n % 3 == 0 ? ", and a window of 2" : "");
    ask_block(gpt.weights.words, gpt.weights.layers, heads,
              (Mask){.picture = picture, .tokens = n, .window = n % 3 == 0 ? 2 : 0}, 2e-4 * (1 + gpt.config.width));
    gpt_free(&gpt), memory_free(picture);
}

void check(void) {
    by_hand();
    Rng rng = check_rng();
    by_chance(&rng, 1, 1, 4, 16), by_chance(&rng, 2, 2, 3, 5), by_chance(&rng, 6, 3, 2, 24);
    by_chance(&rng, 33, 4, 4, 64), by_chance(&rng, 5, 1, 7, 2), by_chance(&rng, 3, 16, 2, 5);
    by_chance(&rng, 1100, 2, 1, 3), by_chance(&rng, 2, 2, 132, 1100);
    for (int i = 0; i < (hidden() ? 20 : 2); i++)
        by_chance(&rng, 1 + (int)(rng_bits(&rng) % 9), 1 + (int)(rng_bits(&rng) % 4), 1 + (int)(rng_bits(&rng) % 4), 9);
}
