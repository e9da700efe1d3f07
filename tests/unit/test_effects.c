/* model/effects and attention/head_type: small maps by hand; what must hold of any model under any mask. (Their numbers
 * are held to numpy in tests/hostile/test_corpus.py.) */
#include "attention/head_type.h"
#include "fixture.h"
#include "model/effects.h"

static const bool NOTHING[81]; /* a drawn mask that allows no pair, of up to 9 tokens */

static Mat map_of(const float *cells, int n) {
    Mat m = mat_new(n, n);
    memcpy(m.data, cells, (size_t)n * (size_t)n * sizeof *cells);
    return m;
}

static void types_by_hand(void **state) {
    (void)state;
    static const struct {
        float cells[9];
        unsigned char marks[3];
        Mask mask;
        HeadType type;
    } cases[] = {
        {{0, 1, 0, 0, 0, 1, 1, 0, 0}, {0}, {0}, HEAD_NEXT}, /* 2/3 of next */
        {{0, 0, 1, 1, 0, 0, 0, 1, 0}, {0}, {0}, HEAD_PREVIOUS},
        {{1, 0, 0, 0, 1, 0, .5f, 0, .5f}, {0}, {0}, HEAD_SELF}, /* 2.5/3, first 1.5/3 */
        {{.7f, .1f, .2f, .7f, .1f, .2f, .7f, .2f, .1f}, {0}, {0}, HEAD_FIRST},
        {{0, .1f, .9f, 0, .1f, .9f, 0, .1f, .9f}, {0, 0, MARK_SEPARATOR}, {0}, HEAD_SEPARATOR},
        {{.1f, .8f, .1f, .1f, .8f, .1f, .2f, .7f, .1f}, {0, MARK_PUNCTUATION, 0}, {0}, HEAD_PUNCTUATION},
        {{.3f, .3f, .4f, .3f, .4f, .3f, .4f, .3f, .3f}, {0}, {0}, HEAD_BROAD},   /* 1.09 of ln 3 = 1.0986 */
        {{.5f, 0, .5f, .5f, 0, .5f, .5f, .5f, 0}, {0}, {0}, HEAD_MIXED},         /* ln 2 = .63 ln 3 */
        {{1, 0, 0, .5f, .5f, 0, .5f, 0, .5f}, {0}, {.causal = true}, HEAD_SELF}, /* 2/3; first is more, .667 */
        {{0}, {0}, {.picture = NOTHING, .tokens = 3}, HEAD_MIXED},               /* nothing is allowed */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Mat map = map_of(cases[i].cells, 3);
        HeadType got = head_type(map, cases[i].mask, cases[i].marks);
        if (got != cases[i].type)
            wrong("case %zu: %s, expected %s", i, HEAD_TYPE_NAME[got], HEAD_TYPE_NAME[cases[i].type]);
        mat_free(&map);
    }
}

/* ---- a model ---- */

static const char *const BERT = "tests/fixtures/models/bf16_mlm", *const GPT = "tests/fixtures/sampling/tiny";
enum { N = 9, MOST = 512 };
static const int IDS[N] = {2, 5, 9, 1, 5, 7, 3, 9, 4};

/* The numbers of each mask [count][effects_count] into out; how many one mask has. */
static int effects_in(const char *folder, Workers *workers, const int *layer, int layers, bool in_model, int n,
                      const Mask *masks, int count, double *out) {
    Model *model = model_open(folder, NULL, false);
    Effects e = effects_new(model, workers, layer, layers, in_model);
    effects_of(&e, (EffectText){.ids = IDS, .n = n, .word = n > 3 ? 3 : -1, .mask_id = 4}, masks, count, out);
    int each = effects_count(&e);
    assert_true(each * count <= MOST && effect_at(&e, EFFECT_PROBABILITY, 0, 0) == each - 1);
    effects_free(&e);
    model_free(model);
    return each;
}

/* A mask that forbids nothing changes nothing; one that forbids all leaves no NaN; shares are shares. */
static void what_must_hold(void **state) {
    (void)state;
    const Mask masks[] = {
        {.causal = true, .window = 100}, {.window = 2}, {.chunk = 4, .valid = 2}, {.picture = NOTHING, .tokens = N}};
    const int layer[] = {0, 1};
    double out[MOST];
    for (int which = 0; which < 8; which++) {
        int n = which & 4 ? 1 : N;
        int each = effects_in(which & 1 ? GPT : BERT, NULL, layer, 2, which & 2, n, masks, 4, out);
        for (int i = 0; i < 4 * each; i++)
            if (isnan(out[i])) assert_true(n == 1 && i % each == each - 1); /* no word, nothing that comes next */
        for (int m = 0; m < 4; m++)
            for (int i = 0; i < each - 2; i += 3) {
                const double *of = out + m * each + i; /* lost, moved, flips */
                assert_true(of[0] >= 0 && of[0] <= 1 + 1e-6 && of[1] >= 0 && (of[2] == 0 || of[2] == 1));
                if (m == 3) assert_close(of[0], 1, 1e-5, "all is lost"), assert_close(of[1], 1, 1e-5, "all has moved");
                if (m == 0 && which & 1) assert_true(of[0] == 0 && of[1] < 1e-5 && of[2] == 0);
            }
        if (which & 1) assert_close(out[each - 2], 1, 1e-6, "causal changes nothing in a GPT");
        assert_true(n == 1 || out[2 * each - 2] < 1 - 1e-6);
    }
}

/* Only the chosen layers are masked: below the last one nothing has moved, in the model or in its heads. */
static void layers_that_are_not_masked(void **state) {
    (void)state;
    const Mask mask = {.window = 2};
    const int second[] = {1};
    double head[MOST], model[MOST];
    int each = effects_in(BERT, NULL, second, 1, false, N, &mask, 1, head);
    effects_in(BERT, NULL, second, 1, true, N, &mask, 1, model);
    for (int i = 0; i < each; i++) assert_close(model[i], head[i], 1e-5, "the only masked layer");
}

static void two_workers_are_one(void **state) {
    (void)state;
    const Mask masks[] = {{.window = 2}, {.causal = true}};
    const int layer[] = {0, 1};
    Workers *two = workers_new(2);
    double a[MOST], b[MOST];
    for (int which = 0; which < 4; which++) {
        const char *folder = which & 1 ? GPT : BERT;
        int each = effects_in(folder, NULL, layer, 2, which & 2, N, masks, 2, a);
        effects_in(folder, two, layer, 2, which & 2, N, masks, 2, b);
        assert_memory_equal(a, b, (size_t)each * 2 * sizeof *a);
    }
    workers_free(two);
}

/* What a run knows is copied, and changes nothing: the same bits as without it, in every part of the trace. */
static void a_known_beginning_is_copied(void **state) {
    (void)state;
    const bool first_only[] = {true, false};
    for (int which = 0; which < 4; which++) {
        Model *model = model_open(which & 1 ? GPT : BERT, NULL, false);
        int layers = model_card(model).layers, from = which >> 1;
        assert_int_equal(layers, 2);
        Trace known = model_trace_new(model, N), whole = model_trace_new(model, N), part = model_trace_new(model, N);
        Run run = {.mask = {.window = 2, .causal = true}, .unmasked = from ? first_only : NULL};
        model_run(model, NULL, IDS, NULL, (Run){.mask = model_card(model).trained}, &known);
        model_run(model, NULL, IDS, NULL, run, &whole);
        run.known = &known, run.from = from;
        model_run(model, NULL, IDS, NULL, run, &part);
        for (int l = 0; l < layers; l++) {
            assert_true(mat_max_diff(part.attention[l].q, whole.attention[l].q) == 0);
            assert_true(mat_max_diff(part.attention[l].v, whole.attention[l].v) == 0);
            assert_true(mat_max_diff(part.maps[l], whole.maps[l]) == 0);
            assert_true(mat_max_diff(part.context[l], whole.context[l]) == 0);
            assert_true(mat_max_diff(part.attended[l], whole.attended[l]) == 0);
            assert_true(mat_max_diff(part.inner[l], whole.inner[l]) == 0);
            assert_true(mat_max_diff(part.hidden[l + 1], whole.hidden[l + 1]) == 0);
        }
        mat_fill(from ? known.maps[0] : known.attention[0].q, 7); /* is it read at all? */
        model_run(model, NULL, IDS, NULL, run, &part);
        assert_true(mat_at(from ? part.maps[0] : part.attention[0].q, 0, 0) == 7);
        trace_free(&known), trace_free(&whole), trace_free(&part);
        model_free(model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_by_hand), cmocka_unit_test(what_must_hold), cmocka_unit_test(layers_that_are_not_masked),
        cmocka_unit_test(a_known_beginning_is_copied), cmocka_unit_test(two_workers_are_one)};
    return cmocka_run_group_tests_name("model/effects", tests, NULL, NULL);
}
