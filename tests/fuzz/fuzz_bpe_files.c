/* Any bytes as a vocabulary: the first byte says which form (our merges, vocab.bpe alone, vocab.bpe and encoder.json
 * with a 0xFE between, tokenizer.json). Refused with a message, or a vocabulary with which any text comes back. */
#include "../catch.h"
#include "text/bpe_files.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned form;
    const char *bytes;
    size_t size;
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

static Bpe parse(const Input *input) {
    const char *divider = input->size ? memchr(input->bytes, 0xFE, input->size) : NULL;
    size_t first = divider ? (size_t)(divider - input->bytes) : input->size;
    switch (input->form % 4) {
    case 0: return bpe_parse_merges("merges", input->bytes, input->size);
    case 1: return bpe_parse_gpt2("vocab.bpe", input->bytes, input->size, NULL, NULL, 0);
    case 2:
        if (!divider) fail(EXIT_DATA, "no divider");
        return bpe_parse_gpt2("vocab.bpe", input->bytes, first, "encoder.json", divider + 1, input->size - first - 1);
    default: return bpe_parse_json("tokenizer.json", input->bytes, input->size, NULL);
    }
}

static void read_and_use(void *context) {
    const Input *input = context;
    Bpe bpe = parse(input);
    expect(bpe.vocab.count >= 256);
    for (int rank = 0; rank < bpe.merges; rank++) {
        const BpeMerge *merge = &bpe.merge[rank];
        expect(merge->left >= 0 && merge->left < bpe.vocab.count && merge->right >= 0 &&
               merge->right < bpe.vocab.count);
        expect(merge->made >= 0 && merge->made < bpe.vocab.count);
        expect(bpe.vocab.length[merge->made] == bpe.vocab.length[merge->left] + bpe.vocab.length[merge->right]);
    }
    size_t size = input->size < 2000 ? input->size : 2000;
    Ids ids = {0};
    String back = {0};
    bpe_encode(&bpe, input->bytes, size, &ids);
    bpe_decode(&bpe, ids.at, ids.n, &back);
    expect(back.length == size && (size == 0 || memcmp(back.text, input->bytes, size) == 0));
    ids_free(&ids);
    string_free(&back);
    bpe_free(&bpe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    Input input = {data[0], (const char *)data + 1, size - 1};
    Error error;
    if (error_catch(&error, read_and_use, &input)) expect(error.code == EXIT_DATA && *error.message);
    return 0;
}
