/* Any bytes as a vocab.txt: refused with a message, or a table in which every line is found again. */
#include "../catch.h"
#include "text/utf8.h"
#include "text/vocab.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *bytes;
    size_t size;
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

/* The last line of the same text is the one that answers. */
static int last_with_text(const Vocab *vocab, int id) {
    int last = id;
    for (int other = id + 1; other < vocab->count; other++)
        if (vocab->length[other] == vocab->length[id] &&
            memcmp(vocab_token(vocab, other), vocab_token(vocab, id), vocab->length[id]) == 0)
            last = other;
    return last;
}

static void parse(void *context) {
    const Input *input = context;
    Vocab vocab = vocab_parse("vocab.txt", input->bytes, input->size);
    size_t newlines = 0, bytes = 0;
    for (size_t i = 0; i < input->size; i++) newlines += input->bytes[i] == '\n';
    expect((size_t)vocab.count == newlines + (input->bytes[input->size - 1] != '\n'));
    for (int id = 0; id < vocab.count && id < 300; id++) {
        const char *token = vocab_token(&vocab, id);
        size_t length = vocab.length[id], found;
        expect(token[length] == '\0' && !memchr(token, '\n', length));
        expect(utf8_first_invalid(token, length) == length);
        expect(vocab_id(&vocab, token, length) == last_with_text(&vocab, id));
        if (length) expect(vocab_longest(&vocab, token, 1, length, vocab.count, &found) == last_with_text(&vocab, id));
        bytes += length + 1;
    }
    expect(bytes <= input->size + 1);
    vocab_free(&vocab);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Input input = {(const char *)data, size};
    Error error;
    if (error_catch(&error, parse, &input)) expect(error.code == EXIT_DATA && *error.message);
    return 0;
}
