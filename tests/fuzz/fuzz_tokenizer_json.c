/* Any bytes as a tokenizer.json: refused with a message, or a tokenizer whose ids are all in range. The first byte
 * 0xFF, if there is one, ends the file, and what follows is the text to encode. And its vocabulary must be what jansson
 * comes to when it reads everything, as a part of the file and as a file of its own. */
#include "../unit/jansson_vocab.h"
#include "text/fast/wordpiece_ascii.h"
#include "text/tokenizer_json.h"
#include "text/wordpiece.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *bytes, *text;
    size_t size, text_size;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *divider = size ? memchr(data, 0xFF, size) : NULL;
    size_t file_size = divider ? (size_t)(divider - data) : size;
    Input input = {.bytes = (const char *)data, .size = file_size, .text = "cats [MASK]", .text_size = 11};
    if (divider) input.text = (const char *)divider + 1, input.text_size = size - file_size - 1;
    Error error;
    if (error_catch(&error, use, &input)) expect(error.code == EXIT_DATA && *error.message);
    taken_as_by_jansson(input.bytes, input.size, true);
    taken_as_by_jansson(input.bytes, input.size, false);
    return 0;
}
