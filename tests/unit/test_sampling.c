/* model/sampling against transformers and PyTorch: what the filters leave (1e-6), what is drawn (every id), what
 * generate() writes (every id); and the writer's cache against whole passes, past the end of the context too. */
#include "fixture.h"
#include "model/gpt_files.h"
#include "model/sampling.h"

static const char *const FIXTURE = "tests/fixtures/sampling/sampling.safetensors";
static const char *const TINY = "tests/fixtures/sampling/tiny";

static SampleRule fixture_rule(const Safetensors *file, const char *kind, int k) {
    double *numbers = fixture_doubles(file, "%s.%d.rule", kind, k);
    SampleRule rule = {numbers[0], (int)numbers[1], numbers[2]};
    memory_free(numbers);
    return rule;
}

static void filters_match_transformers(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    float largest = 0;
    int cases = 0;
    for (; fixture_has(&file, "filter.%d.logits", cases); cases++) {
        Mat logits = fixture_mat(&file, "filter.%d.logits", cases);
        Mat expected = fixture_mat(&file, "filter.%d.probabilities", cases);
        SampleRule rule = fixture_rule(&file, "filter", cases);
        Mat got = mat_new(1, logits.cols);
        assert_true(sampling_probabilities(got.data, logits.data, logits.cols, rule));
        for (int i = 0; i < got.cols; i++)
            if ((got.data[i] > 0) != (expected.data[i] > 0))
                wrong("case %d: id %d has %g, transformers %g", cases, i, (double)got.data[i],
                      (double)expected.data[i]);
        assert_mats(got, expected, 1e-6f, &largest, "probabilities");
        assert_true(sampling_probabilities(logits.data, logits.data, logits.cols, rule)); /* in place */
        assert_true(mat_same_bits(logits, got));
        mat_free(&logits), mat_free(&expected), mat_free(&got);
    }
    assert_in_range(cases, 20, 100);
    print_largest("probabilities", (double)largest, 1e-6);
    safetensors_close(&file);
}

static void draws_match_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    int cases = 0;
    for (; fixture_has(&file, "draw.%d.ids", cases); cases++) {
        Mat probabilities = fixture_mat(&file, "draw.%d.probabilities", cases);
        Ids ids = fixture_ids(&file, "draw.%d.ids", cases);
        Rng rng = rng_seed(123 + (uint64_t)cases);
        for (int i = 0; i < (int)ids.n; i++) {
            int got = sampling_draw(&rng, probabilities.data, probabilities.cols);
            if (got != ids.at[i]) wrong("case %d, draw %d: %d, PyTorch draws %d", cases, i, got, ids.at[i]);
        }
        mat_free(&probabilities), memory_free(ids.at);
    }
    assert_in_range(cases, 5, 100);
    safetensors_close(&file);
}

/* Of two words that arrive at the same moment the first is drawn: one draw in 50 million, and with this seed the
 * 77th: torch's exponential_ gives 0.37203664 twice, and torch.multinomial the 0 at the end of these. */
static void of_two_at_once_the_first_is_drawn(void **state) {
    (void)state;
    static const char theirs[] = "00001110000011111100000111110100111111101010001110011010010111101000101000100";
    Rng rng = rng_seed(300817);
    for (size_t i = 0; i < sizeof theirs - 1; i++)
        assert_int_equal(sampling_draw(&rng, (const float[]){.5f, .5f}, 2), theirs[i] - '0');
}

/* Raschka's nine words, a thousand draws each with seed 123: the counts that the book prints. */
static void counts_of_the_book(void **state) {
    (void)state;
    static const float logits[9] = {4.51f, .89f, -1.90f, 6.75f, 1.63f, -1.62f, -1.89f, 6.28f, 1.79f};
    static const struct {
        double temperature;
        int counts[9];
    } rows[] = {{1, {73, 0, 0, 582, 2, 0, 0, 343, 0}},
                {.1, {0, 0, 0, 985, 0, 0, 0, 15, 0}},
                {5, {165, 75, 42, 239, 71, 46, 32, 227, 103}}};
    for (int r = 0; r < 3; r++) {
        Rng rng = rng_seed(123);
        int counts[9] = {0};
        float probabilities[9];
        for (int i = 0; i < 1000; i++)
            counts[sampling_next(&rng, probabilities, logits, 9, (SampleRule){.temperature = rows[r].temperature})]++;
        assert_memory_equal(counts, rows[r].counts, sizeof counts);
    }
}

static void greedy_edges_and_ties(void **state) {
    (void)state;
    float p[6];
    Rng rng = rng_seed(1), untouched = rng;
    const float ties[6] = {1, 3, 3, 3, 2, -INFINITY};
    assert_int_equal(sampling_best(ties, 6), 1);
    assert_int_equal(sampling_best((float[]){3, 1, 2}, 3), 0);
    assert_true(sampling_probabilities(p, ties, 6, (SampleRule){0}));
    assert_int_equal(sampling_next(&rng, p, ties, 6, (SampleRule){0}), 1);
    assert_memory_equal(&rng, &untouched, sizeof rng); /* greedy draws nothing */
    assert_true(p[1] == 1 && p[0] == 0 && p[2] == 0);
    assert_true(sampling_probabilities(p, ties, 6, (SampleRule){1, 2, 0})); /* the third is as likely as the second */
    assert_close((double)p[3], 1.0 / 3, 1e-7, "a tie under top-k");
    assert_true(p[0] == 0 && p[4] == 0 && p[5] == 0);
    assert_true(sampling_probabilities(p, ties, 6, (SampleRule){1, 0, 0.3})); /* one has .29 of it all, two have .58 */
    assert_true(p[1] == 0.5f && p[2] == 0.5f && p[3] == 0);
    const float low[3] = {0, -40, -50};
    assert_true(sampling_probabilities(p, low, 3, (SampleRule){1, 2, 1})); /* e^-40 is a share, and p = 1 takes none */
    assert_true(p[0] == 1 && p[1] > 0 && p[2] == 0);
    assert_true(sampling_probabilities(p, (float[]){1, 1, 1}, 3, (SampleRule){1, 2, 0})); /* all as likely */
    assert_close((double)p[2], 1.0 / 3, 1e-7, "all as likely under top-k");
    const float equal[2] = {0, 0};
    assert_true(sampling_probabilities(p, equal, 2, (SampleRule){1, 0, 0.5})); /* the first has exactly a half */
    assert_true(p[0] == 1 && p[1] == 0);
    assert_true(sampling_probabilities(p, ties, 6, (SampleRule){1e-300, 0, 0}));
    assert_true(p[1] == p[3] && p[4] == 0);
    for (int i = 0; i < 500; i++) assert_int_not_equal(sampling_next(&rng, p, ties, 6, (SampleRule){1e6, 0, 0}), 5);
}

static void the_likeliest_come_in_order(void **state) {
    (void)state;
    const float logits[6] = {1, 3, -INFINITY, 3, 2, 3};
    const int expected[6] = {1, 3, 5, 4, 0, 2}; /* of equal ones the lower id first */
    for (int most = 1; most <= 8; most++) {
        int ids[8] = {-1, -1, -1, -1, -1, -1, -1, -1}, found = most < 6 ? most : 6;
        assert_int_equal(sampling_likeliest(ids, most, logits, 6), found);
        assert_memory_equal(ids, expected, (size_t)found * sizeof *ids);
        for (int i = found; i < 8; i++) assert_int_equal(ids[i], -1);
    }
}

static void logits_without_a_best(void **state) {
    (void)state;
    static const float rows[][3] = {{1, NAN, 2}, {INFINITY, 0, 0}, {-INFINITY, -INFINITY, -INFINITY}};
    for (int r = 0; r < 3; r++) {
        float p[3] = {7, 7, 7};
        Rng rng = rng_seed(1);
        assert_int_equal(sampling_best(rows[r], 3), -1);
        assert_false(sampling_probabilities(p, rows[r], 3, (SampleRule){1, 2, 0.5}));
        assert_int_equal(sampling_next(&rng, p, rows[r], 3, (SampleRule){1, 0, 0}), -1);
        assert_int_equal(sampling_next(&rng, p, rows[r], 3, (SampleRule){0}), -1);
        assert_true(p[0] == 7 && p[1] == 7 && p[2] == 7);
    }
}

/* ---- texts ---- */

static void texts_match_generate(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Gpt gpt = gpt_load(TINY);
    int vocab = gpt.config.vocab, cases = 0;
    Mat probabilities = mat_new(1, vocab), logits = fixture_mat(&file, "text.logits");
    float largest = 0;
    for (; fixture_has(&file, "text.%d.ids", cases); cases++) {
        Ids prompt = fixture_ids(&file, "text.%d.prompt", cases), ids = fixture_ids(&file, "text.%d.ids", cases);
        Rng rng = rng_seed(123 + (uint64_t)cases);
        Writer writer = writer_new(&gpt, NULL, (Mask){.causal = true}, prompt.at, (int)prompt.n);
        while (writer.ids.n < ids.n) {
            if (cases == 0)
                assert_mats((Mat){writer.logits, 1, vocab, vocab}, mat_rows(logits, (int)writer.ids.n - 1, 1), 2e-5f,
                            &largest, "logits");
            SampleRule rule = fixture_rule(&file, "text", cases);
            writer_add(&writer, sampling_next(&rng, probabilities.data, writer.logits, vocab, rule));
        }
        Rng again = rng_seed(123 + (uint64_t)cases);
        Ids alone = writer_text(&gpt, NULL, (Mask){.causal = true}, prompt, (int)(ids.n - prompt.n),
                                fixture_rule(&file, "text", cases), &again);
        assert_true(ids_equal(&alone, &ids));
        ids_free(&alone);
        for (int i = 0; i < (int)ids.n; i++)
            if (writer.ids.at[i] != ids.at[i])
                wrong("text %d, token %d: %d, generate() writes %d", cases, i, writer.ids.at[i], ids.at[i]);
        writer_free(&writer), memory_free(prompt.at), memory_free(ids.at);
    }
    assert_in_range(cases, 5, 100);
    print_largest("logits", (double)largest, 2e-5);
    mat_free(&probabilities), mat_free(&logits), gpt_free(&gpt);
    safetensors_close(&file);
}

/* The writer's logits against a whole pass over what its cache has read, token after token. */
static void follow_writer(const Gpt *gpt, Mask mask, Rng *rng, int prompt, int more, float *largest) {
    int vocab = gpt->config.vocab, context = gpt->config.context, *ids = memory_new((size_t)prompt, sizeof *ids, "ids");
    for (int i = 0; i < prompt; i++) ids[i] = random_int(rng, vocab);
    Writer w = writer_new(gpt, NULL, mask, ids, prompt);
    assert_int_equal(w.from, prompt > context ? prompt - context : 0);
    for (int i = 0; i < more; i++) {
        if (i) writer_add(&w, random_int(rng, vocab));
        int n = (int)(w.ids.n - w.from), all = (int)w.ids.n;
        assert_int_equal(all, prompt + i);
        assert_int_equal(w.cache.n, n);
        assert_in_range(n, all <= context ? all : context / 2, context);
        Trace trace = gpt_trace_new(gpt, n);
        gpt_trace(gpt, NULL, w.ids.at + w.from, (Run){.mask = mask}, &trace);
        Mat logits = gpt_logits(gpt, NULL, &trace);
        assert_mats((Mat){w.logits, 1, vocab, vocab}, mat_rows(logits, n - 1, 1), 1e-5f, largest, "logits");
        trace_free(&trace), mat_free(&logits);
    }
    assert_memory_equal(w.ids.at, ids, (size_t)prompt * sizeof *ids);
    writer_free(&w), memory_free(ids);
}

static void cache_equals_whole_pass(void **state) {
    (void)state;
    Rng rng = test_rng(16);
    float largest = 0;
    const int contexts[] = {1, 2, 3, 8, 17};
    const Mask masks[] = {{.causal = true},
                          {.causal = true, .window = 3},
                          {.causal = true, .window = 2, .global = 1},
                          {.causal = true, .prefix = 5}};
    for (int c = 0; c < 5; c++)
        for (int p = 0; gpt_position(p); p++) {
            GptConfig config = {.layers = 2,
                                .heads = 2,
                                .width = 8,
                                .inner = 16,
                                .vocab = 11,
                                .context = contexts[c],
                                .positions = gpt_position(p),
                                .norm_eps = 1e-5f};
            Gpt gpt = gpt_new(config);
            gpt_randomise(&gpt, &rng, 0.3f);
            follow_writer(&gpt, masks[p % 4], &rng, 1, 2 * contexts[c] + 5, &largest);
            follow_writer(&gpt, masks[p % 4], &rng, contexts[c] + 4, contexts[c] + 3, &largest);
            gpt_free(&gpt);
        }
    print_largest("logits", (double)largest, 1e-5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_match_transformers),  cmocka_unit_test(draws_match_pytorch),
        cmocka_unit_test(of_two_at_once_the_first_is_drawn),
        cmocka_unit_test(counts_of_the_book),          cmocka_unit_test(greedy_edges_and_ties),
        cmocka_unit_test(the_likeliest_come_in_order), cmocka_unit_test(logits_without_a_best),
        cmocka_unit_test(texts_match_generate),        cmocka_unit_test(cache_equals_whole_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
