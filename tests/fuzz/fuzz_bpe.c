/* Any bytes as a text, under a vocabulary that the input itself makes: its first byte says how many of the next
 * pairs of bytes are merges. The fast way must say what the plain one says, long pieces what the rule says, and
 * decoding must give back the text. */
#include "../catch.h"
#include "text/bpe_tree.h"
#include "text/bpe_word.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *data;
    size_t size;
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

/* A merge of two tokens that are there: the bytes of the input count back from the newest, and on from 'a'. */
static int pick(const Bpe *bpe, uint8_t byte) {
    int newer = bpe->vocab.count - 256;
    return byte < newer ? bpe->vocab.count - 1 - byte : byte;
}

static void check_long(const Bpe *bpe, const char *text, size_t size) {
    if (size == 0 || size > 600) return;
    BpeTree tree = bpe_tree(bpe, text, size);
    BpeLists lists = {0};
    int *ids = memory_new(size, sizeof *ids, "ids");
    size_t n = bpe_long_word(bpe, text, size, ids, &lists);
    expect(n == (size_t)tree.roots);
    for (size_t i = 0; i < n; i++) expect(ids[i] == tree.node[tree.root[i]].id);
    memory_free(ids);
    bpe_lists_free(&lists);
    bpe_tree_free(&tree);
}

static void encode(void *context) {
    const Input *input = context;
    const uint8_t *at = input->data + 1, *end = input->data + input->size;
    Bpe bpe = bpe_bytes();
    for (int merges = input->data[0]; merges > 0 && end - at >= 2; merges--, at += 2) {
        int left = pick(&bpe, at[0]), right = pick(&bpe, at[1]);
        if (bpe_rank(&bpe, left, right) == BPE_NONE && bpe.vocab.length[left] + bpe.vocab.length[right] < 4096)
            bpe_merge(&bpe, left, right, -1);
    }
    const char *text = (const char *)at;
    size_t size = (size_t)(end - at);
    Ids fast = {0}, plain = {0};
    String back = {0};
    bpe_encode(&bpe, text, size, &fast);
    bpe_encode_plainly(&bpe, text, size, &plain);
    expect(fast.n == plain.n && (fast.n == 0 || memcmp(fast.at, plain.at, fast.n * sizeof *fast.at) == 0));
    bpe_decode(&bpe, fast.at, fast.n, &back);
    expect(back.length == size && (size == 0 || memcmp(back.text, text, size) == 0));
    check_long(&bpe, text, size);
    ids_free(&fast);
    ids_free(&plain);
    string_free(&back);
    bpe_free(&bpe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    Input input = {data, size};
    Error error;
    expect(!error_catch(&error, encode, &input));
    return 0;
}
