#include "text/bpe.h"
#include "base/error.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* ---- the tables ---- */

/* Finds the bucket of (left, right), or the empty one where it would go. */
static size_t find_bucket(const Bpe *bpe, int left, int right) {
    size_t at = (size_t)bpe_pair_hash(left, right) & (bpe->pairs - 1);
    for (; bpe->pair[at].left >= 0; at = (at + 1) & (bpe->pairs - 1))
        if (bpe->pair[at].left == left && bpe->pair[at].right == right) break;
    return at;
}

static void remember(Bpe *bpe, int rank) {
    int left = bpe->merge[rank].left, right = bpe->merge[rank].right;
    BpePair *bucket = &bpe->pair[find_bucket(bpe, left, right)];
    if (bucket->left >= 0) return; /* the first merge of a pair is the one that counts */
    uint64_t hash = bpe_pair_hash(left, right);
    *bucket = (BpePair){left, right, {rank, bpe->merge[rank].made}};
    bpe->maybe[hash >> 51] |= UINT64_C(1) << (hash >> 45 & 63);
    if (bpe->vocab.length[left] != 1 || bpe->vocab.length[right] != 1) return;
    unsigned char first = (unsigned char)*vocab_token(&bpe->vocab, left);
    unsigned char second = (unsigned char)*vocab_token(&bpe->vocab, right);
    if (bpe->byte_id[first] == left && bpe->byte_id[second] == right)
        bpe->byte_pair[first << 8 | second] = bucket->result;
}

static void grow(Bpe *bpe) {
    if (bpe->slots > INT_MAX / 2 - 512) fail(EXIT_DATA, "a vocabulary has more than %d merges", bpe->slots);
    bpe->slots = 2 * bpe->slots + 512;
    bpe->merge = memory_grow(bpe->merge, (size_t)bpe->slots, sizeof *bpe->merge, "merges");
    memory_free(bpe->pair);
    for (bpe->pairs = 1024; bpe->pairs < 2 * (size_t)bpe->slots;) bpe->pairs *= 2;
    bpe->pair = memory_new(bpe->pairs, sizeof *bpe->pair, "merges");
    for (size_t i = 0; i < bpe->pairs; i++) bpe->pair[i].left = -1;
    for (int rank = 0; rank < bpe->merges; rank++) remember(bpe, rank);
}

static int new_token(Bpe *bpe, int left, int right) {
    enum { MOST_BYTES = 1 << 28 }; /* of all tokens: thirty merges, each of two of the one before, would fill a disk */
    size_t first = bpe->vocab.length[left], second = bpe->vocab.length[right];
    if (first + second + bpe->vocab.used > MOST_BYTES)
        fail(EXIT_DATA, "merge %d makes a token of %zu bytes (expected at most 256 MB in all tokens together)",
             bpe->merges, first + second);
    char *joined = memory_new(first + second, 1, "a token");
    memcpy(joined, vocab_token(&bpe->vocab, left), first);
    memcpy(joined + first, vocab_token(&bpe->vocab, right), second);
    int id = vocab_add(&bpe->vocab, joined, first + second);
    memory_free(joined);
    return id;
}

int bpe_merge(Bpe *bpe, int left, int right, int made) {
    assert(left >= 0 && left < bpe->vocab.count && right >= 0 && right < bpe->vocab.count && made < bpe->vocab.count);
    if (!bpe->byte_pair) {
        bpe->maybe = memory_new(8192, sizeof *bpe->maybe, "merges");
        bpe->byte_pair = memory_new(65536, sizeof *bpe->byte_pair, "merges");
        for (int i = 0; i < 65536; i++) bpe->byte_pair[i] = (BpeResult){BPE_NONE, -1};
    }
    if (bpe->merges == bpe->slots) grow(bpe);
    if (made < 0) made = new_token(bpe, left, right);
    bpe->merge[bpe->merges] = (BpeMerge){left, right, made};
    remember(bpe, bpe->merges++);
    return made;
}

Bpe bpe_bytes(void) {
    Bpe bpe = {0};
    for (int byte = 0; byte < 256; byte++) bpe.byte_id[byte] = vocab_add(&bpe.vocab, (char[]){(char)byte}, 1);
    return bpe;
}

void bpe_decode(const Bpe *bpe, const int *ids, size_t n, String *out) {
    vocab_check_ids(&bpe->vocab, ids, n);
    for (size_t i = 0; i < n; i++) string_add_bytes(out, vocab_token(&bpe->vocab, ids[i]), bpe->vocab.length[ids[i]]);
}

void bpe_free(Bpe *bpe) {
    vocab_free(&bpe->vocab);
    memory_free(bpe->merge);
    memory_free(bpe->pair);
    memory_free(bpe->maybe);
    memory_free(bpe->byte_pair);
    added_tokens_free(&bpe->special);
    ids_free(&bpe->before), ids_free(&bpe->behind);
    *bpe = (Bpe){0};
}
