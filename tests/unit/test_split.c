/* model/split against numpy (tests/fixtures/makers/split.py): every part of q and k, every cell's sum, whole tables;
 * and, where no oracle has run the scheme, that the parts of our own GPTs add up to the score that its pass made. */
#include "fixture.h"
#include "model/split.h"
#include "model/gpt_files.h"

/* Ours are parts of a float32 pass, split in double; numpy's are all double. Measured: 5e-6 (BERT), 2e-6 (GPT-2). */
static const double TOLERANCE = 3e-5, PROMISE = 1e-4;

static const struct {
    const char *name, *folder, *parts;
    int layers, heads;
    bool causal;
} MODELS[] = {
    {"bert", "tests/fixtures/models/plain", "token position segment head 0.0 head 0.1 head 0.2 feed-forward 0 biases",
     2, 3, false},
    {"gpt2", "tests/fixtures/gpt2/story", "token position head 0.0 head 0.1 head 0.2 head 0.3 feed-forward 0 biases", 2,
     4, true},
};

static double sum_of(const double *value, int parts) {
    double sum = 0;
    for (int c = 0; c < parts * parts; c++) sum += value[c];
    return sum;
}

/* One token's [parts][d_head] against rows of the fixture. */
static void compare(const double *ours, Mat theirs, int first, const Split *s, const char *what, double *worst) {
    for (int p = 0; p < s->parts; p++)
        for (int c = 0; c < s->d_head; c++) {
            double expected = (double)mat_at(theirs, first + p, c), got = ours[p * s->d_head + c];
            assert_close(got, expected, TOLERANCE, what);
            *worst = fmax(*worst, fabs(got - expected));
        }
}

static void compare_table(const double *ours, const Safetensors *file, int parts, const char *name, double *worst) {
    Mat theirs = fixture_mat(file, "%s", name);
    for (int c = 0; c < parts * parts; c++) {
        assert_close(ours[c], (double)theirs.data[c], TOLERANCE, name);
        *worst = fmax(*worst, fabs(ours[c] - (double)theirs.data[c]));
    }
    mat_free(&theirs);
}

static void compare_tables(const Split *s, const Safetensors *file, bool causal, const char *at, double *worst) {
    static const int CELLS[][2] = {{0, 0}, {3, 1}, {11, 7}};
    double *value = memory_new((size_t)(2 * s->parts * s->parts), sizeof *value, "tables"),
           *centred = value + s->parts * s->parts;
    for (size_t c = 0; c < sizeof CELLS / sizeof *CELLS; c++) {
        int i = CELLS[c][0], j = CELLS[c][1];
        if (!fixture_has(file, "%s.1.%d.%d.value", at, i, j)) continue;
        char name[64];
        split_table(s, (Mask){.causal = causal}, i, j, value, centred);
        snprintf(name, sizeof name, "%s.1.%d.%d.value", at, i, j);
        compare_table(value, file, s->parts, name, worst);
        snprintf(name, sizeof name, "%s.1.%d.%d.centred", at, i, j);
        compare_table(centred, file, s->parts, name, worst);
    }
    memory_free(value);
}

/* One layer of one text, all heads: parts, sums, tables. */
static void one_layer(const Model *model, Workers *workers, const Trace *t, const Safetensors *file, bool causal,
                      const char *at, int layer, double *worst) {
    Mat q = fixture_mat(file, "%s.q", at), k = fixture_mat(file, "%s.k", at);
    Mat scores = fixture_mat(file, "%s.scores", at);
    for (int h = 0; h < t->heads; h++) {
        Split s = split_new(model, workers, t, layer, h);
        double *value = memory_new((size_t)(s.parts * s.parts), sizeof *value, "a table");
        assert_int_equal(q.rows, t->heads * t->n * s.parts);
        for (int i = 0; i < t->n; i++) {
            compare(split_query(&s, i), q, (h * t->n + i) * s.parts, &s, "a part of q", worst);
            compare(split_key(&s, i), k, (h * t->n + i) * s.parts, &s, "a part of k", worst);
            for (int j = 0; j < t->n; j++) {
                split_table(&s, (Mask){0}, i, j, value, NULL);
                assert_close(sum_of(value, s.parts), (double)mat_at(scores, h * t->n + i, j), PROMISE, "a sum");
            }
        }
        if (h == 1) compare_tables(&s, file, causal, at, worst);
        memory_free(value);
        split_free(&s);
    }
    mat_free(&q), mat_free(&k), mat_free(&scores);
}

static void as_numpy(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof MODELS / sizeof *MODELS; m++) {
        char path[96];
        snprintf(path, sizeof path, "tests/fixtures/split/%s.safetensors", MODELS[m].name);
        Safetensors file = safetensors_open(path);
        Workers *workers = workers_new(2);
        Model *model = model_open(MODELS[m].folder, workers, false);
        double worst = 0;
        for (int text = 0; text < 3; text++) {
            Ids ids = fixture_ids(&file, "%d.input_ids", text), types = fixture_ids(&file, "%d.token_type_ids", text);
            Trace t = model_trace_new(model, (int)ids.n);
            model_run(model, workers, ids.at, types.at, (Run){.mask = model_card(model).trained}, &t);
            for (int l = 0; l < MODELS[m].layers; l++) {
                char at[16];
                snprintf(at, sizeof at, "%d.%d", text, l);
                one_layer(model, workers, &t, &file, MODELS[m].causal, at, l, &worst);
            }
            trace_free(&t), ids_free(&ids), ids_free(&types);
        }
        print_largest(MODELS[m].name, worst, TOLERANCE);
        model_free(model);
        workers_free(workers);
        safetensors_close(&file);
    }
}

static void names(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof MODELS / sizeof *MODELS; m++) {
        Model *model = model_open(MODELS[m].folder, NULL, false);
        Trace t = model_trace_new(model, 1);
        int id = 5;
        model_run(model, NULL, &id, NULL, (Run){0}, &t);
        Split s = split_new(model, NULL, &t, 1, 0);
        String all = {0};
        for (int p = 0; p < s.parts; p++) string_add(&all, p ? " %s" : "%s", s.name[p]);
        assert_string_equal(all.text, MODELS[m].parts);
        string_free(&all), split_free(&s), trace_free(&t), model_free(model);
    }
}

/* ---- position schemes that transformers' GPT-2 has not ---- */

/* What attention made of a cell before ALiBi's bias, from the q and k of the pass itself. */
static double score_of(const Trace *t, const Split *s, int layer, int head, int i, int j) {
    double sum = 0;
    for (int c = head * s->d_head; c < (head + 1) * s->d_head; c++)
        sum += (double)mat_at(t->attention[layer].q, i, c) * (double)mat_at(t->attention[layer].k, j, c);
    return sum * s->scale;
}

static void all_cells_add_up(const Model *model, const Trace *t, const char *scheme) {
    for (int layer = 0; layer < t->layers; layer++)
        for (int head = 0; head < t->heads; head++) {
            Split s = split_new(model, NULL, t, layer, head);
            double *value = memory_new((size_t)(s.parts * s.parts), sizeof *value, "a table");
            for (int i = 0; i < t->n; i++)
                for (int j = 0; j < t->n; j++) {
                    split_table(&s, (Mask){0}, i, j, value, NULL);
                    double score = score_of(t, &s, layer, head, i, j);
                    assert_close(sum_of(value, s.parts), score, PROMISE * fmax(1, fabs(score)), scheme);
                }
            memory_free(value), split_free(&s);
        }
}

/* Every scheme that a GPT of ours can have, a head switched off, a mask in every layer, biases that are not 0. */
static void schemes(void **state) {
    (void)state;
    static const int ids[] = {3, 1, 4, 1, 5, 9, 2, 6, 5};
    static const bool off[] = {false, true, false, false};
    for (int place = 0; gpt_position(place); place++) {
        const PositionScheme *scheme = gpt_position(place);
        Gpt gpt = gpt_new((GptConfig){.layers = 2,
                                      .heads = 2,
                                      .width = 12,
                                      .inner = 20,
                                      .vocab = 11,
                                      .context = 16,
                                      .positions = scheme,
                                      .norm_eps = 1e-5f,
                                      .unscaled = place == 1});
        Rng rng = rng_seed(7);
        for (size_t c = 0; c < gpt.count; c++) gpt.weights.numbers[c] += rng_float(&rng, -.6f, .6f);
        gpt_save(&gpt, test_folder);
        gpt_free(&gpt);
        Model *model = model_open(test_folder, NULL, false);
        Trace t = model_trace_new(model, 9);
        model_run(model, NULL, ids, NULL, (Run){.mask = {.causal = true, .window = 4}, .heads_off = off}, &t);
        all_cells_add_up(model, &t, scheme->name);
        Split s = split_new(model, NULL, &t, 1, 0);
        bool has_position = strcmp(s.name[1], "position") == 0;
        assert_int_equal(has_position, scheme->place == POSITIONS_INPUT);
        int silent = 1 + has_position + 1; /* token, perhaps position, head 0.0: head 0.1 wrote nothing */
        assert_string_equal(s.name[silent], "head 0.1");
        for (int c = 0; c < s.d_head; c++) assert_true(split_query(&s, 4)[silent * s.d_head + c] == 0);
        split_free(&s), trace_free(&t), model_free(model);
    }
}

/* A row that may see nothing has no mean to take away; what all keys share has none left. */
static void centred(void **state) {
    (void)state;
    static const bool nothing[16] = {false};
    static const int ids[] = {3, 3, 3, 3};
    Model *model = model_open("tests/fixtures/models/plain", NULL, false);
    Trace t = model_trace_new(model, 4);
    model_run(model, NULL, ids, NULL, (Run){0}, &t);
    Split s = split_new(model, NULL, &t, 0, 2);
    double value[16], centred[16];
    assert_int_equal(s.parts, 4);
    split_table(&s, (Mask){.picture = nothing, .tokens = 4}, 1, 2, value, centred);
    assert_memory_equal(value, centred, sizeof value);
    split_table(&s, (Mask){0}, 1, 2, value, centred);
    double total = 0;
    for (int j = 0; j < 4; j++) {
        split_table(&s, (Mask){.causal = true}, 2, j, NULL, centred);
        if (j <= 2) total += centred[5];
    }
    assert_close(total, 0, 1e-9, "position x position over the row's allowed keys");
    split_free(&s), trace_free(&t), model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_numpy), cmocka_unit_test(names), cmocka_unit_test(schemes),
                                       cmocka_unit_test(centred)};
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
