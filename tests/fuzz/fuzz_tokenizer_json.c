/* Any bytes as a tokenizer.json: refused with a message, or a tokenizer whose ids are all in range. The first byte
 * 0xFF, if there is one, ends the file, and what follows is the text to encode. And its vocabulary must be what jansson
 * comes to when it reads everything, as a part of the file and as a file of its own. */
#include "../unit/jansson_vocab.h"
#include "../catch.h"
#include "text/fast/wordpiece_ascii.h"
#include "text/tokenizer_json.h"
#include "text/vocab_json.h"
#include "text/wordpiece.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *bytes, *text;
    size_t size, text_size;
    bool inside; /* the vocabulary stands in a tokenizer.json */
    Vocab vocab; /* out */
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

static void use(void *context) {
    const Input *input = context;
    SpecialNames names = {0};
    WordPiece tokenizer = tokenizer_json_parse("tokenizer.json", input->bytes, input->size, &(Beside){0}, NULL, &names);
    special_names_find(&tokenizer, "tokenizer.json", &names);
    special_names_free(&names);
    tokenizer.ascii = ascii_tables_new(&tokenizer);
    Encoding e = wordpiece_encode(&tokenizer, input->text, input->text_size, NULL, 0);
    for (int i = 0; i < e.n; i++) {
        expect(e.ids[i] >= 0 && e.ids[i] < tokenizer.vocab.count);
        expect(e.first[i] >= 0 && e.first[i] <= e.end[i] && (size_t)e.end[i] <= input->text_size);
    }
    encoding_free(&e);
    wordpiece_free(&tokenizer);
}

static void by_scanner(void *context) {
    Input *input = context;
    if (input->inside) {
        TokenIds tokens;
        json_t *rest = token_ids_cut("f", input->bytes, input->size, &tokens);
        bool there = json_is_object(json_object_get(json_object_get(rest, "model"), "vocab"));
        json_decref(rest);
        expect(there || tokens.count == 0);
        input->vocab = token_ids_vocab("f", &tokens);
    } else {
        input->vocab = vocab_json_parse("f", input->bytes, input->size);
    }
}

static void by_jansson(void *context) {
    Input *input = context;
    vocab_refuse_strangers("f", input->bytes, input->size);
    input->vocab = jansson_vocab(input->bytes, input->size, input->inside);
    if (!input->inside && input->vocab.count == 0) fail(EXIT_DATA, "no tokens");
}

static void compare(Input input, bool inside) {
    Error error;
    Input a = input, b = input;
    a.inside = b.inside = inside;
    bool refused = error_catch(&error, by_scanner, &a);
    expect(!refused || error.code == EXIT_DATA);
    expect(error_catch(&error, by_jansson, &b) == refused);
    if (refused) return;
    expect(same_vocab(&a.vocab, &b.vocab));
    vocab_free(&a.vocab);
    vocab_free(&b.vocab);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *divider = size ? memchr(data, 0xFF, size) : NULL;
    size_t file_size = divider ? (size_t)(divider - data) : size;
    Input input = {.bytes = (const char *)data, .size = file_size, .text = "cats [MASK]", .text_size = 11};
    if (divider) input.text = (const char *)divider + 1, input.text_size = size - file_size - 1;
    Error error;
    if (error_catch(&error, use, &input)) expect(error.code == EXIT_DATA && *error.message);
    compare(input, true);
    compare(input, false);
    return 0;
}
