/* Stage 04 - GPT-2's BPE: 50,000 merges that somebody else has learned, and how they are used, to the last byte.
 * Splitting, merging, special tokens and the way back are told here in plain loops; common/text/bpe.h does the same
 * much faster, and this program checks that they agree. Run: make run-04 */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "text/gpt2_split.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Pieces: no merge crosses their ends ---- */

static CharacterClass class_at(Bytes text, size_t at, size_t *next) {
    int length;
    CharacterClass class = gpt2_class(text.data + at, text.size - at, &length);
    *next = at + (size_t)length;
    return class;
}

/* Where the piece that begins at `at` ends: a contraction; or one space and a run of one class; or white space, which
 * leaves its last character to what follows. */
static size_t piece_end_told(Bytes text, size_t at) {
    static const char *const endings[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (int i = 0; i < 7; i++) {
        size_t length = strlen(endings[i]);
        if (text.size - at >= length && memcmp(text.data + at, endings[i], length) == 0) return at + length;
    }
    size_t next, end = at, last = at;
    if (text.data[at] == ' ' && at + 1 < text.size && class_at(text, at + 1, &next) != CLASS_SPACE) end++;
    CharacterClass class = class_at(text, end, &next);
    while (end < text.size && class_at(text, end, &next) == class) {
        last = end;
        end = next;
    }
    bool leaves_one = class == CLASS_SPACE && end < text.size && last > at;
    return leaves_one ? last : end;
}

/* ---- 2. Merges: the one that was learned first goes first ---- */

/* The ids of one piece in ids[0..n), n at least its bytes; returns how many. */
static size_t merge_told(const Bpe *bpe, const char *piece, size_t n, int *ids) {
    for (size_t i = 0; i < n; i++) ids[i] = bpe->byte_id[(unsigned char)piece[i]];
    for (;;) {
        int lowest = BPE_NONE;
        for (size_t i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(bpe, ids[i], ids[i + 1]);
            if (rank < lowest) lowest = rank;
        }
        if (lowest == BPE_NONE) return n;
        BpeMerge merge = bpe->merge[lowest];
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            bool here = i + 1 < n && ids[i] == merge.left && ids[i + 1] == merge.right;
            ids[kept++] = here ? merge.made : ids[i];
            i += here;
        }
        n = kept;
    }
}

/* Piece by piece; returns how many pieces there are. */
static size_t encode_told(Ids *ids, const Bpe *bpe, Bytes text) {
    size_t pieces = 0;
    for (size_t at = 0, end; at < text.size; at = end, pieces++) {
        end = piece_end_told(text, at);
        ids_reserve(ids, end - at);
        ids->n += merge_told(bpe, text.data + at, end - at, ids->at + ids->n);
    }
    return pieces;
}

/* ---- 3. Special tokens, which no merge makes, and the way back ---- */

/* The text with every `special` in it as the one token `id`: no piece reaches into it. Between them, all is as ever. */
static void encode_special_told(Ids *ids, const Bpe *bpe, Bytes text, const char *special, int id) {
    size_t length = strlen(special), first = 0, at = 0;
    while (at + length <= text.size) {
        if (memcmp(text.data + at, special, length) != 0) {
            at++;
            continue;
        }
        encode_told(ids, bpe, (Bytes){text.data + first, at - first});
        ids_add(ids, id);
        at += length;
        first = at;
    }
    encode_told(ids, bpe, (Bytes){text.data + first, text.size - first});
}

/* The tokens' bytes, one behind the other. */
static void decode_told(String *out, const Bpe *bpe, const Ids *ids) {
    for (size_t i = 0; i < ids->n; i++)
        string_add_bytes(out, vocab_token(&bpe->vocab, ids->at[i]), bpe->vocab.length[ids->at[i]]);
}

/* ---- 4. Told once, lives once, proven equal; and nothing is lost ---- */

static void prove(const Bpe *bpe, Bytes text, const Ids *told, BpeSpecials specials) {
    Ids common = {0};
    String by_hand = {0}, by_common = {0};
    bpe_encode_special(bpe, text.data, text.size, specials, &common);
    if (!ids_equal(&common, told)) fail(EXIT_DATA, "told and common differ: %zu and %zu ids", told->n, common.n);
    decode_told(&by_hand, bpe, told);
    bpe_decode(bpe, common.at, common.n, &by_common);
    if (!string_is(&by_common, text.data, text.size) || !string_is(&by_hand, text.data, text.size))
        fail(EXIT_DATA, "decoding does not give the text back");
    string_free(&by_hand), string_free(&by_common);
    ids_free(&common);
}

/* ---- 5. The lesson ---- */

static void tell_text(const Choices *ask) {
    Ids ids = {0};
    size_t pieces = encode_told(&ids, &ask->bpe, ask->text);
    print_card(ask, &ids, pieces);
    prove(&ask->bpe, ask->text, &ids, (BpeSpecials){0});
    printf("told and common agree: all %zu id%s; decoded again: the same %zu byte%s\n", ids.n, PLURAL(ids.n),
           ask->text.size, PLURAL(ask->text.size));
    print_edges(ask, &ids);
    ids_free(&ids);
}

/* In somebody else's text the end of a text is seven tokens; in your own it may be the one that says so. */
static void tell_special(const Bpe *bpe, char *sentence) {
    const char *special = "<|endoftext|>";
    Bytes text = {sentence, strlen(sentence)};
    Ids plain = {0}, allowed = {0};
    int which = vocab_id(&bpe->special.texts, special, strlen(special)); /* -1: this vocabulary has no such token */
    encode_told(&plain, bpe, text);
    if (which < 0) encode_told(&allowed, bpe, text);
    else encode_special_told(&allowed, bpe, text, special, bpe->special.token[which].id);
    printf("\n\"%s\"\n", sentence);
    ids_print_first("  as plain text     ", plain.at, plain.n, 20);
    ids_print_first("  special, allowed  ", allowed.at, allowed.n, 20);
    prove(bpe, text, &plain, (BpeSpecials){0});
    prove(bpe, text, &allowed, (BpeSpecials){.allowed = &special, .n = 1});
    ids_free(&plain), ids_free(&allowed);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        tell_text(&ask);
        tell_special(&ask.bpe, "<|endoftext|>The end.<|endoftext|>Another story.");
        compare_with_wordpiece(&ask);
        draw_tree(&ask);
    }
    choices_free(&ask);
    return finish();
}
