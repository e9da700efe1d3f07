/* model/gpt against PyTorch: losses, logits and gradients of every position scheme and several masks; the first twenty
 * losses of a run; dropout by central differences. */
#include "small_gpt.h"
#include "math/loss.h"
#include "math/optimizer.h"
#include "model/gpt_block.h"
#include "model/gpt_pass.h"
#include "model/gpt_run.h"

static const char *const RUN = "tests/fixtures/training/run.safetensors";

/* All of them, as one row. */
static Mat numbers_of(const Gpt *gpt, const GptWeights *weights) {
    return (Mat){weights->numbers, 1, (int)gpt->count, (int)gpt->count};
}

static int asked_of(const Ids *targets) {
    int asked = 0;
    for (size_t i = 0; i < targets->n; i++) asked += targets->at[i] != NO_TARGET;
    return asked;
}

/* All three texts at once, and one after the other into the same gradient: keep 0, then 1. */
static void gradients_match_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    Ids ids = fixture_ids(&file, "ids");
    double worst = 0;
    for (int c = 0; c < CASE_COUNT * 2; c++) {
        const char *name = CASES[c / 2].name;
        int each = c % 2 ? 1 : TEXTS;
        Gpt gpt = fixture_gpt(&file, CASES[c / 2].positions);
        GptPass pass = gpt_pass_new(&gpt, each, LENGTH, 0);
        GptWeights gradient = gpt_weights_new(&gpt);
        for (size_t i = 0; i < gpt.count; i++) gradient.numbers[i] = GUARD; /* keep 0 writes every number */
        Ids targets = fixture_ids(&file, strcmp(name, "masked") ? "targets" : "masked.targets");
        double *expected = fixture_doubles(&file, "%s.loss", name), loss = 0, alone = 0;
        int asked = asked_of(&targets);
        for (int s = 0; s < TEXTS; s += each) {
            const int *in = ids.at + s * LENGTH, *out = targets.at + s * LENGTH;
            alone += gpt_loss(&gpt, &pass, in, out, each, CASES[c / 2].mask);
            loss +=
                gpt_learn(&gpt, &pass, &gradient, s > 0, in, out, each, CASES[c / 2].mask, 1.0f / (float)asked, NULL);
        }
        assert_close(loss / asked, *expected, 2e-6, name), assert_close(alone / asked, *expected, 2e-6, name);
        Mat got = numbers_of(&gpt, &gradient), right = fixture_mat(&file, "%s.gradient", name);
        double relative = (double)mat_max_diff(got, right) / (double)mat_max_abs(right);
        if (!(relative < 1e-5)) wrong("%s: gradients differ by %.3g of the largest", name, relative);
        worst = fmax(worst, relative);
        mat_free(&right), memory_free(expected), memory_free(targets.at);
        gpt_pass_free(&pass, &gpt), gpt_weights_free(&gradient), gpt_free(&gpt);
    }
    print_largest("gradients of all parameters, relative", worst, 1e-5);
    memory_free(ids.at);
    safetensors_close(&file);
}

/* ---- as a person would train ---- */

/* With so many kinds of tokens the head takes 16 rows at a time: what the first part of a batch leaves is kept, what
 * was there before is not. */
static void the_head_adds_up_its_parts(void **state) {
    (void)state;
    enum { COUNT = 5, ROWS = 8, KINDS = 9000 };
    Gpt gpt = gpt_new((GptConfig){1, 2, 8, 16, KINDS, ROWS, NULL, 1e-5f, ACTIVATION_NONE, false, false});
    Rng rng = test_rng(91);
    gpt_randomise(&gpt, &rng, .2f);
    int ids[COUNT * ROWS + 1];
    for (int i = 0; i <= COUNT * ROWS; i++) ids[i] = random_int(&rng, KINDS);
    GptPass all = gpt_pass_new(&gpt, COUNT, ROWS, 0), one = gpt_pass_new(&gpt, 1, ROWS, 0);
    assert_true(all.logits.rows < COUNT * ROWS && one.logits.rows == ROWS);
    GptWeights together = gpt_weights_new(&gpt), alone = gpt_weights_new(&gpt);
    for (size_t i = 0; i < gpt.count; i++) together.numbers[i] = 1e3f;
    const Mask mask = {.causal = true};
    gpt_learn(&gpt, &all, &together, 0, ids, ids + 1, COUNT, mask, 1, NULL);
    for (int s = 0; s < COUNT; s++)
        gpt_learn(&gpt, &one, &alone, s > 0, ids + s * ROWS, ids + s * ROWS + 1, 1, mask, 1, NULL);
    Mat a = numbers_of(&gpt, &together), b = numbers_of(&gpt, &alone);
    assert_true((double)mat_max_diff(a, b) < 1e-5 * (double)mat_max_abs(b));
    double loss = gpt_loss(&gpt, &all, ids, ids + 1, COUNT, mask), sum = 0;
    for (int s = 0; s < COUNT; s++) sum += gpt_loss(&gpt, &one, ids + s * ROWS, ids + s * ROWS + 1, 1, mask);
    assert_close(loss, sum, 1e-5 * sum, "the loss of all parts");
    gpt_weights_free(&together), gpt_weights_free(&alone);
    gpt_pass_free(&all, &gpt), gpt_pass_free(&one, &gpt);
    gpt_free(&gpt);
}

enum { ROOMS = 14 };

/* Every matrix of a pass with a row, or several, for each token. */
static void rooms_of(const GptPass *pass, Mat rooms[ROOMS]) {
    const GptLayerPass *p = &pass->layers[1];
    const Mat all[ROOMS] = {p->input, p->normed1, p->qkv,       p->context,   p->middle,     p->normed2,  p->maps,
                            p->inner, p->slope,   pass->normed, pass->logits, pass->dnarrow, pass->dwide, pass->dqkv};
    memcpy(rooms, all, sizeof all);
}

/* Of a pass with room for three texts, two use two thirds, and leave the rest alone; what stood in their own part does
 * not count. Also where the inner width is the smaller one. */
static void a_pass_writes_its_own_rows(void **state) {
    (void)state;
    Rng rng = test_rng(92);
    int ids[2 * LENGTH + 1];
    for (int i = 0; i <= 2 * LENGTH; i++) ids[i] = random_int(&rng, VOCAB);
    for (int inner = 8; inner <= 64; inner += 56) {
        GptConfig config = small("learned");
        config.inner = inner;
        Gpt gpt = gpt_new(config);
        gpt_randomise(&gpt, &rng, .2f);
        GptPass wide = gpt_pass_new(&gpt, 3, LENGTH, 0), just = gpt_pass_new(&gpt, 2, LENGTH, 0);
        GptWeights a = gpt_weights_new(&gpt), b = gpt_weights_new(&gpt);
        Mat rooms[ROOMS];
        rooms_of(&wide, rooms);
        for (int r = 0; r < ROOMS; r++) mat_fill(rooms[r], GUARD);
        const Mask mask = {.causal = true};
        assert_true(gpt_loss(&gpt, &wide, ids, ids + 1, 2, mask) == gpt_loss(&gpt, &just, ids, ids + 1, 2, mask));
        gpt_learn(&gpt, &wide, &a, 0, ids, ids + 1, 2, mask, 1, NULL);
        gpt_learn(&gpt, &just, &b, 0, ids, ids + 1, 2, mask, 1, NULL);
        assert_memory_equal(a.numbers, b.numbers, gpt.count * sizeof(float));
        for (int r = 0; r < ROOMS; r++)
            for (int i = rooms[r].rows / 3 * 2; i < rooms[r].rows; i++)
                for (int j = 0; j < rooms[r].cols; j++)
                    if (mat_at(rooms[r], i, j) != GUARD) wrong("inner %d, matrix %d, row %d was written", inner, r, i);
        gpt_weights_free(&a), gpt_weights_free(&b);
        gpt_pass_free(&wide, &gpt), gpt_pass_free(&just, &gpt), gpt_free(&gpt);
    }
}

static void first_twenty_losses_equal_pytorchs(void **state) {
    (void)state;
    enum { STEPS = 20, BATCH = 16, CONTEXT = 64 };
    Safetensors file = safetensors_open(RUN);
    Ids text = fixture_ids(&file, "text"), starts = fixture_ids(&file, "starts"),
        at = fixture_ids(&file, "gradient.at"), vocabulary = fixture_ids(&file, "vocabulary");
    double *losses = fixture_doubles(&file, "losses"), *norms = fixture_doubles(&file, "norms");
    Mat first = fixture_mat(&file, "gradient.value");
    Gpt gpt = gpt_new((GptConfig){.layers = 2,
                                  .heads = 4,
                                  .width = 64,
                                  .inner = 256,
                                  .vocab = vocabulary.at[0],
                                  .context = CONTEXT,
                                  .norm_eps = 1e-5f});
    Rng rng = rng_seed(123);
    gpt_randomise(&gpt, &rng, .02f);
    GptPass pass = gpt_pass_new(&gpt, BATCH, CONTEXT, 0);
    GptWeights gradient = gpt_weights_new(&gpt);
    Mat m = mat_new(1, (int)gpt.count), v = mat_new(1, (int)gpt.count);
    AdamW plan = {.rate = 2e-3, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1};
    int ids[BATCH * CONTEXT], targets[BATCH * CONTEXT];
    double apart = 0;
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BATCH * CONTEXT; i++) {
            int from = starts.at[step * BATCH + i / CONTEXT] + i % CONTEXT;
            ids[i] = text.at[from], targets[i] = text.at[from + 1];
        }
        double loss = gpt_learn(&gpt, &pass, &gradient, 0, ids, targets, BATCH, (Mask){.causal = true},
                                1.0f / (BATCH * CONTEXT), NULL) /
                      (BATCH * CONTEXT);
        apart = fmax(apart, fabs(loss - losses[step]));
        assert_close(loss, losses[step], 1e-4, "loss");
        if (step == 0) {
            double largest = (double)mat_max_abs(first);
            for (size_t i = 0; i < at.n; i++)
                assert_close((double)gradient.numbers[at.at[i]], (double)first.data[i], 1e-5 * largest, "gradient");
        }
        double norm = gradients_reduce(NULL, &gradient.numbers, 1, gpt.count);
        assert_close(norm, norms[step], 1e-3 * norms[step], "norm");
        adamw_step(NULL, &plan, step, gpt.weights.numbers, m.data, v.data, gradient.numbers, gpt.count, gpt.decayed,
                   norm);
    }
    print_largest("twenty losses", apart, 1e-4);
    memory_free(text.at), memory_free(starts.at), memory_free(at.at), memory_free(vocabulary.at);
    memory_free(losses), memory_free(norms);
    mat_free(&first), mat_free(&m), mat_free(&v);
    gpt_pass_free(&pass, &gpt), gpt_weights_free(&gradient), gpt_free(&gpt);
    safetensors_close(&file);
}

/* ---- dropout: the same random numbers in every pass, so that the loss is a function of the weights ---- */

typedef struct {
    const Gpt *gpt;
    GptPass *pass;
    GptWeights *gradient;
    const int *ids, *targets;
} Loss;

static double drop_loss(void *context) {
    const Loss *c = context;
    Rng rng = rng_seed(3);
    return gpt_learn(c->gpt, c->pass, c->gradient, 0, c->ids, c->targets, TEXTS, (Mask){.causal = true}, 1, &rng);
}

static void dropout_agrees_with_differences(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    Gpt gpt = fixture_gpt(&file, "learned");
    Ids ids = fixture_ids(&file, "ids"), targets = fixture_ids(&file, "targets");
    GptPass pass = gpt_pass_new(&gpt, TEXTS, LENGTH, .2);
    GptWeights gradient = gpt_weights_new(&gpt), scratch = gpt_weights_new(&gpt);
    Loss c = {&gpt, &pass, &gradient, ids.at, targets.at};
    double with = drop_loss(&c), without = gpt_loss(&gpt, &pass, ids.at, targets.at, TEXTS, (Mask){.causal = true});
    assert_true(fabs(with - without) > 0.1); /* it does something, and evaluation does not do it */
    float most = mat_max_abs(numbers_of(&gpt, &gradient));
    c.gradient = &scratch;
    for (size_t i = 0; i < gpt.count; i += 37) { /* a stride that visits every tensor */
        double slope = slope_by_difference(&gpt.weights.numbers[i], 5e-3f, drop_loss, &c);
        assert_close((double)gradient.numbers[i], slope, 5e-3 * (double)most, "a slope under dropout");
    }
    memory_free(ids.at), memory_free(targets.at);
    gpt_pass_free(&pass, &gpt), gpt_weights_free(&gradient), gpt_weights_free(&scratch), gpt_free(&gpt);
    safetensors_close(&file);
}

/* Nobody drops where there are no random numbers, or no share to drop. */
static void no_dropout_is_none(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    Gpt gpt = fixture_gpt(&file, "learned");
    Ids ids = fixture_ids(&file, "ids"), targets = fixture_ids(&file, "targets");
    GptPass plain = gpt_pass_new(&gpt, TEXTS, LENGTH, 0), drops = gpt_pass_new(&gpt, TEXTS, LENGTH, .2);
    GptWeights right = gpt_weights_new(&gpt), got = gpt_weights_new(&gpt);
    const Mask mask = {.causal = true};
    Rng rng = rng_seed(4), untouched = rng;
    gpt_learn(&gpt, &plain, &right, 0, ids.at, targets.at, TEXTS, mask, 1, NULL);
    gpt_learn(&gpt, &drops, &got, 0, ids.at, targets.at, TEXTS, mask, 1, NULL);
    assert_memory_equal(got.numbers, right.numbers, gpt.count * sizeof(float));
    gpt_learn(&gpt, &plain, &got, 0, ids.at, targets.at, TEXTS, mask, 1, &rng);
    assert_memory_equal(got.numbers, right.numbers, gpt.count * sizeof(float));
    assert_memory_equal(&rng, &untouched, sizeof rng);
    memory_free(ids.at), memory_free(targets.at);
    gpt_pass_free(&plain, &gpt), gpt_pass_free(&drops, &gpt);
    gpt_weights_free(&right), gpt_weights_free(&got), gpt_free(&gpt);
    safetensors_close(&file);
}

/* ---- sizes ---- */

static double one_loss(void *context) {
    const Loss *c = context;
    return gpt_loss(c->gpt, c->pass, c->ids, c->targets, 2, (Mask){.causal = true});
}

/* A context of one token has one place, and two texts both learn it: its slope is the sum of theirs. */
static void one_place_is_learnt(void **state) {
    (void)state;
    GptConfig config = small("learned");
    config.context = 1;
    Gpt gpt = gpt_new(config);
    Rng rng = test_rng(93);
    gpt_randomise(&gpt, &rng, .2f);
    GptPass pass = gpt_pass_new(&gpt, 2, 1, 0);
    GptWeights gradient = gpt_weights_new(&gpt);
    const int ids[] = {3, 7}, targets[] = {5, 2};
    gpt_learn(&gpt, &pass, &gradient, 0, ids, targets, 2, (Mask){.causal = true}, 1, NULL);
    Loss c = {&gpt, &pass, NULL, ids, targets};
    for (int i = 0; i < 16; i++) {
        double slope = slope_by_difference(&gpt.weights.places.data[i], 3e-3f, one_loss, &c);
        assert_close((double)gradient.places.data[i], slope, 5e-3, "the slope of a place");
    }
    assert_true(mat_max_abs(gradient.places) > 0.1f);
    gpt_weights_free(&gradient), gpt_pass_free(&pass, &gpt), gpt_free(&gpt);
}

static void new_gpt(void *context) {
    Gpt gpt = gpt_new(*(GptConfig *)context);
    gpt_free(&gpt);
}

static void scores_are_scaled_unless_told_otherwise(void **state) {
    (void)state;
    GptConfig config = small("none");
    assert_true(gpt_attention(&config, (Mask){0}).scale == 0); /* attention's own: 1 / sqrt(d_head) */
    config.unscaled = true;
    assert_true(gpt_attention(&config, (Mask){0}).scale == 1);
}

static void impossible_sizes_are_refused(void **state) {
    (void)state;
    GptConfig heads = small("learned"), none = heads, huge = heads;
    heads.heads = 3, none.layers = 0;
    huge.width = 1 << 16, huge.inner = 1 << 20, huge.layers = 1024, huge.vocab = 1 << 24;
    expect_failure(EXIT_DATA, "3 heads|16", new_gpt, &heads);
    expect_failure(EXIT_DATA, "layers is 0", new_gpt, &none);
    expect_failure(EXIT_ENVIRONMENT, "out of memory", new_gpt, &huge);
}

/* ---- one text: the cache and the trace against the pass that PyTorch has confirmed ---- */

static void cache_and_trace_equal_the_full_pass(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    Ids ids = fixture_ids(&file, "ids");
    float largest = 0;
    for (int c = 0; c < CASE_COUNT; c++) {
        if (!CASES[c].mask.causal) continue; /* a cache cannot know the future */
        Gpt gpt = fixture_gpt(&file, CASES[c].positions);
        Trace trace = gpt_trace_new(&gpt, LENGTH);
        Mat one = mat_new(1, VOCAB);
        Workers *workers = workers_new(2);
        gpt_trace(&gpt, workers, ids.at, (Run){.mask = CASES[c].mask}, &trace);
        Mat full = gpt_logits(&gpt, workers, &trace);
        trace_check(&trace, CASES[c].mask, CASES[c].name);
        char name[32];
        snprintf(name, sizeof name, "%s.logits", CASES[c].name);
        if (fixture_has(&file, "%s", name)) {
            Mat expected = fixture_mat(&file, "%s", name);
            assert_mats(full, mat_rows(expected, 0, LENGTH), 1e-5f, &largest, name);
            mat_free(&expected);
        }
        GptCache cache = gpt_cache_new(&gpt, LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            gpt_read(&gpt, workers, &cache, ids.at + i, 1, CASES[c].mask, one.data);
            assert_mats(one, mat_rows(full, i, 1), 1e-5f, &largest, CASES[c].name);
        }
        gpt_cache_free(&cache, &gpt), trace_free(&trace), workers_free(workers);
        mat_free(&full), mat_free(&one), gpt_free(&gpt);
    }
    print_largest("cache and trace", (double)largest, 1e-5);
    memory_free(ids.at);
    safetensors_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_pytorch),
        cmocka_unit_test(the_head_adds_up_its_parts),
        cmocka_unit_test(first_twenty_losses_equal_pytorchs),
        cmocka_unit_test(dropout_agrees_with_differences),
        cmocka_unit_test(no_dropout_is_none),
        cmocka_unit_test(a_pass_writes_its_own_rows),
        cmocka_unit_test(one_place_is_learnt),
        cmocka_unit_test(scores_are_scaled_unless_told_otherwise),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(cache_and_trace_equal_the_full_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
