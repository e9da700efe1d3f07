/* GPT-2 small against numbers that others published: hidden states as in Bumblebee's tests (11 arbitrary ids), and the
 * greedy texts in those of the transformers library. Skipped without its weights: data/fetch.sh gpt2, then
 * make test-real. */
#include "base/memory.h"
#include "model/sampling.h"
#include "model/model.h"
#include "text/tokenizer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static const char FOLDER[] = "data/gpt2";
static const float TOLERANCE = 1e-4f; /* as published */

static void need_weights(void) {
    if (!file_exists("data/gpt2/model.safetensors")) skip();
}

static void hidden_states_are_as_published(void **state) {
    enum { N = 11 };
    static const int ids[N] = {0, 345, 232, 328, 740, 140, 1695, 69, 6078, 1588, 2};
    static const float published[3][3] = {{-0.0436f, 0.0046f, -0.1025f},
                                          {-0.4822f, 0.2564f, 0.1926f},
                                          {-0.2747f, 0.0428f, -0.1841f}}; /* tokens 1-3, columns 1-3 */
    (void)state;
    need_weights();
    Model *model = model_open(FOLDER, NULL, false);
    assert_int_equal(model_card(model).parameters, 124439808);
    Trace trace = model_trace_new(model, N);
    model_run(model, NULL, ids, NULL, (Run){.mask = model_card(model).trained}, &trace);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            assert_float_equal(mat_at(trace.hidden[trace.layers], i + 1, c + 1), published[i][c], TOLERANCE);
    trace_free(&trace);
    model_free(model);
}

/* 20 tokens with the prompt, as generate(max_length=20, do_sample=False) writes them. */
static void greedy_texts_are_as_published(void **state) {
    static const char *const texts[][2] = {
        {"The dog", "The dog was found in a field near the intersection of West and West Streets.\n\nThe dog"},
        {"Hello, my dog is a little", "Hello, my dog is a little bit of a mess. I'm not sure if he's going"}};
    (void)state;
    need_weights();
    Model *model = model_open(FOLDER, NULL, false);
    Tokenizer *tokenizer = tokenizer_open(FOLDER);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Encoding e = tokenizer_encode(tokenizer, texts[i][0], strlen(texts[i][0]), NULL, 0);
        Writer w = writer_new(model_gpt(model), NULL, model_card(model).trained, e.ids, e.n);
        while (w.ids.n < 20) writer_add(&w, sampling_best(w.logits, model_card(model).vocab));
        String text = {0};
        tokenizer_decode(tokenizer, w.ids.at, w.ids.n, &text);
        assert_string_equal(text.text, texts[i][1]);
        string_free(&text), writer_free(&w), encoding_free(&e);
    }
    tokenizer_free(tokenizer);
    model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_states_are_as_published),
        cmocka_unit_test(greedy_texts_are_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
