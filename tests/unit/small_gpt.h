/* The small GPTs that PyTorch has computed, one for each scheme of positions and several masks: for test_gpt and
 * test_gpt_files. */
#ifndef UNIT_SMALL_GPT_H
#define UNIT_SMALL_GPT_H
#include "fixture.h"
#include "model/gpt.h"

static const char *const MODELS = "tests/fixtures/training/models.safetensors";
enum { TEXTS = 3, LENGTH = 12, VOCAB = 11 };

static inline GptConfig small(const char *positions) {
    return (GptConfig){.layers = 2,
                       .heads = 2,
                       .width = 16,
                       .inner = 64,
                       .vocab = VOCAB,
                       .context = LENGTH,
                       .positions = position_scheme(positions),
                       .norm_eps = 1e-5f};
}

/* The fixture's model. Its numbers hold learned places, which other schemes leave out. */
static inline Gpt fixture_gpt(const Safetensors *file, const char *positions) {
    Gpt gpt = gpt_new(small(positions));
    Mat numbers = fixture_mat(file, "numbers");
    size_t words = VOCAB * 16, places = LENGTH * 16, skipped = gpt.config.positions->trained ? 0 : places;
    assert_int_equal((size_t)numbers.cols, gpt.count + skipped);
    memcpy(gpt.weights.numbers, numbers.data, words * sizeof(float));
    memcpy(gpt.weights.numbers + words, numbers.data + words + skipped, (gpt.count - words) * sizeof(float));
    mat_free(&numbers);
    return gpt;
}

static const struct {
    const char *name;
    const char *positions;
    Mask mask;
} CASES[] = {
    {"learned", "learned", {.causal = true}},
    {"sinusoidal", "sinusoidal", {.causal = true}},
    {"rope", "rope", {.causal = true}},
    {"alibi", "alibi", {.causal = true}},
    {"none", "none", {.causal = true}},
    {"full", "learned", {0}},
    {"window3", "learned", {.causal = true, .window = 3}},
    {"global", "learned", {.causal = true, .window = 2, .global = 1}},
    {"masked", "learned", {0}},
};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };
#endif
