/* bert-base-uncased against numbers that others published: the values in the tests of the transformers library, and
 * the docstring's "The capital of France is [MASK]." Skipped without its weights: data/fetch.sh bert-base-uncased,
 * then make test-real. */
#include "model/bert.h"
#include "text/wordpiece.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char FOLDER[] = "data/bert-base-uncased";
static const float TOLERANCE = 1e-4f; /* as published: atol=1e-4 */

static void need_weights(void) {
    if (!file_exists("data/bert-base-uncased/model.safetensors")) skip();
}

/* Eleven ids of which the first is padding: every row may look at all keys but key 0. */
static void last_hidden_state_is_as_published(void **state) {
    enum { N = 11 };
    static const int ids[N] = {0, 345, 232, 328, 740, 140, 1695, 69, 6078, 1588, 2}, types[N] = {0};
    static const float published[3][3] = {{0.4249f, 0.1008f, 0.7531f},
                                          {0.3771f, 0.1188f, 0.7467f},
                                          {0.4152f, 0.1098f, 0.7108f}}; /* tokens 1-3, columns 1-3 */
    (void)state;
    need_weights();
    bool seen[N * N];
    for (int i = 0; i < N * N; i++) seen[i] = i % N > 0;
    Bert bert = bert_load(FOLDER, NULL, false);
    Trace trace = bert_trace_new(&bert, N);
    bert_forward(&bert, NULL, ids, types, (Run){.mask = {.picture = seen, .tokens = N}}, &trace);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            assert_float_equal(mat_at(trace.hidden[trace.layers], i + 1, c + 1), published[i][c], TOLERANCE);
    trace_free(&trace);
    bert_free(&bert);
}

static void capital_of_france_is_paris(void **state) {
    static const char text[] = "The capital of France is [MASK].";
    (void)state;
    need_weights();
    WordPiece tokenizer = wordpiece_load(FOLDER);
    Bert bert = bert_load(FOLDER, NULL, false);
    assert_true(bert.has_mlm);
    Encoding encoding = wordpiece_encode(&tokenizer, text, sizeof text - 1, NULL, 0);
    Trace trace = bert_trace_new(&bert, encoding.n);
    bert_forward(&bert, NULL, encoding.ids, encoding.types, (Run){0}, &trace);
    Mat logits = bert_mlm_logits(&bert, NULL, &trace);
    int at = 0, best = 0;
    while (encoding.ids[at] != tokenizer.mask) at++;
    for (int id = 0; id < logits.cols; id++)
        if (mat_at(logits, at, id) > mat_at(logits, at, best)) best = id;
    assert_string_equal(vocab_token(&tokenizer.vocab, best), "paris");
    mat_free(&logits);
    trace_free(&trace);
    encoding_free(&encoding);
    bert_free(&bert);
    wordpiece_free(&tokenizer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_hidden_state_is_as_published),
        cmocka_unit_test(capital_of_france_is_paris),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
