/* Any bytes as a tokenizer.json: refused with a message, or a tokenizer whose ids are all in range. The first byte
 * 0xFF, if there is one, ends the file, and what follows is the text to encode. And where the scanner of the
 * vocabulary takes a file, jansson must come to the same verdict and the same vocabulary. */
#include "base/catch.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/fast/wordpiece_ascii.h"
#include "text/tokenizer_json.h"
#include "text/vocab_json.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *bytes, *text;
    size_t size, text_size;
    Vocab vocab;  /* out */
    bool scanned; /* out */
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

static void use(void *context) {
    const Input *input = context;
    SpecialNames names = {0};
    WordPiece tokenizer = tokenizer_json_parse("tokenizer.json", input->bytes, input->size, &names);
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
    TokenIds tokens;
    size_t begin, end;
    input->scanned = token_ids_scan(&tokens, input->bytes, input->size, &begin, &end);
    if (!input->scanned) return;
    expect(begin < end && end <= input->size && input->bytes[begin] == '{' && input->bytes[end - 1] == '}');
    String rest = {0};
    string_add_bytes(&rest, input->bytes, begin);
    string_add_bytes(&rest, "{}", 2);
    string_add_bytes(&rest, input->bytes + end, input->size - end);
    json_decref(json_parse("f", rest.text, rest.length));
    string_free(&rest);
    input->vocab = token_ids_vocab("f", &tokens);
    token_ids_free(&tokens);
}

static void by_jansson(void *context) {
    Input *input = context;
    json_t *root = json_parse("f", input->bytes, input->size);
    TokenIds tokens = token_ids_from_json("f", json_object_get(json_object_get(root, "model"), "vocab"));
    input->vocab = token_ids_vocab("f", &tokens);
    token_ids_free(&tokens);
    json_decref(root);
}

static void compare(Input input) {
    Error error;
    Input a = input, b = input;
    bool refused = error_catch(&error, by_scanner, &a);
    if (!a.scanned) return;
    expect(error_catch(&error, by_jansson, &b) == refused);
    if (refused) return;
    expect(a.vocab.count == b.vocab.count && a.vocab.used == b.vocab.used);
    expect(a.vocab.used == 0 || memcmp(a.vocab.bytes, b.vocab.bytes, a.vocab.used) == 0);
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
    compare(input);
    return 0;
}
