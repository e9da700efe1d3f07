/* 18.2: one block of a decoder: by hand; random, against plain loops in double; and on real weights, against what
 * transformers says of them (tests/fixtures/gpt2). */
#include "block.h"
#include "model/gpt_files.h"
#include "weights/safetensors.h"

/* ---- asking ---- */

static void ask_block(Mat x, const GptLayer *w, int heads, Mat expected, double tolerance) {
    give_mat(x);
    give_gpt_layer(w, x.cols);
    give_int(heads);
    ask();
    check_mat("the stream", got_mat(), expected, tolerance);
}

/* ---- cases ---- */

static void by_hand(void) {
    float x[] = {1, 3, 3, 1}, one[] = {1, 1}, none[6] = {0}, same[] = {1, 0, 0, 1}, values[12] = {[8] = 1, [11] = 1};
    const float expected[] = {-0.158808f, 4.841192f, 3.841192f, 0.841192f};
    Linear leave = {{same, 2, 2, 2}, none};
    const GptLayer w = {{one, none, 0}, {{values, 6, 2, 2}, none}, leave, {one, none, 0}, leave, leave};
    input("x: 1 3; norms of gain 1 and eps 0, v, mix, widen, narrow leave a row as it is, q and k are 0");
    ask_block((Mat){x, 1, 2, 2}, &w, 1, (Mat){(float *)(size_t)expected, 1, 2, 2}, 1e-4);
    input("x: 1 3 and 3 1; norms of gain 1 and eps 0, v, mix, widen, narrow leave a row as it is, q and k are 0: token "
          "0 sees itself alone");
    ask_block((Mat){x, 2, 2, 2}, &w, 1, (Mat){(float *)(size_t)expected, 2, 2, 2}, 1e-4);
    const float alone[] = {-0.158808f, 4.841192f, 4.841192f, -0.158808f};
    values[0] = values[3] = values[4] = values[7] = 100;
    input(
        "the same, but q and k are a hundred times the norm: scores of 14,142 and -14,142, so each sees itself alone");
    ask_block((Mat){x, 2, 2, 2}, &w, 1, (Mat){(float *)(size_t)alone, 2, 2, 2}, 1e-4);
}

/* The second norm's eps is not the first one's. */
static void by_chance(Rng *rng, int n, int heads, int d_head, int inner) {
    Gpt gpt = gpt_new((GptConfig){.layers = 1,
                                  .heads = heads,
                                  .width = heads * d_head,
                                  .inner = inner,
                                  .vocab = n,
                                  .context = 1,
                                  .norm_eps = n % 2 ? 1e-5f : 0.1f});
    const float size = heads * d_head > 100 ? 0.1f : 1;
    for (size_t i = 0; i < gpt.count; i++) gpt.weights.numbers[i] = rng_float(rng, -0.7f * size, size);
    gpt.weights.layers->before_feed_forward.eps = 0.5f;
    Mat x = gpt.weights.words, expected = mat_new(n, x.cols);
    expect_block(expected, x, gpt.weights.layers, heads, (Mask){.causal = true});
    input("a random layer: %d tokens, %d heads of width %d, feed-forward width %d", n, heads, d_head, inner);
    ask_block(x, gpt.weights.layers, heads, expected, 2e-4 * (1 + x.cols));
    mat_free(&expected), gpt_free(&gpt);
}

static void on_real_weights(const char *name, int block, const char *folder, const char *path) {
    needs(path, "a whole copy of the course");
    Gpt gpt = gpt_load(folder);
    Safetensors file = safetensors_open(path);
    const Tensor *hidden = safetensors_find(&file, "0.hidden_states");
    int n = (int)hidden->shape[1], C = (int)hidden->shape[2];
    Mat all = mat_new((int)hidden->shape[0] * n, C);
    tensor_floats(hidden, path, 0, hidden->count, all.data);
    input("block %d of %s, %d tokens (expected: by transformers)", block, name, n);
    ask_block(mat_rows(all, block * n, n), &gpt.weights.layers[block], gpt.config.heads,
              mat_rows(all, (block + 1) * n, n), 1e-4);
    mat_free(&all), safetensors_close(&file), gpt_free(&gpt);
}

void check(void) {
    by_hand();
    Rng rng = check_rng();
    by_chance(&rng, 1, 1, 4, 16), by_chance(&rng, 2, 2, 3, 5), by_chance(&rng, 6, 3, 2, 24);
    by_chance(&rng, 33, 4, 4, 64), by_chance(&rng, 5, 1, 7, 2), by_chance(&rng, 3, 16, 2, 5);
    by_chance(&rng, 1100, 2, 1, 3), by_chance(&rng, 2, 2, 132, 1100);
    on_real_weights("a model that has learnt our own story", 0, "tests/fixtures/gpt2/story",
                    "tests/fixtures/gpt2/story/expected.safetensors");
    on_real_weights("a GPT-2 of odd sizes", 1, "tests/fixtures/gpt2/odd_f16",
                    "tests/fixtures/gpt2/odd_f16/expected.safetensors");
}
