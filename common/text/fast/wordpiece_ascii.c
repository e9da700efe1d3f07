#include "text/fast/wordpiece_ascii.h"
#include "base/memory.h"
#include "text/bert_characters.h"

#include <string.h>

enum { SPACE, MARK, LETTER, OTHER };

struct AsciiTables {
    unsigned char kind[256];
    char lower[256]; /* of a letter; 0 for everything else */
    int id[256];     /* of a punctuation mark */
};

/* A short word and its few pieces, together one cache line. Piece k ends at letter end[k] and begins where k - 1
 * ended. */
enum { WORD_BYTES = 24, WORD_PIECES = 7 };
struct KnownWord {
    char letters[WORD_BYTES]; /* clean, filled up with zeros: no letter is 0 */
    unsigned char pieces;     /* 0 in an empty slot */
    unsigned char end[WORD_PIECES];
    int id[WORD_PIECES];
};
_Static_assert(sizeof(struct KnownWord) <= 64, "a known word fits a cache line");

struct AsciiTables *ascii_tables_new(const WordPiece *tokenizer) {
    struct AsciiTables *tables = memory_new(1, sizeof *tables, "the tokenizer's tables");
    memset(tables->kind, OTHER, sizeof tables->kind);
    for (int byte = 1; byte < 0x80; byte++) {
        char text = (char)byte;
        int32_t lower[2] = {byte};
        if (tokenizer->rules.clean_text && bert_is_control(byte)) continue;
        if (bert_is_space(byte)) {
            tables->kind[byte] = SPACE;
        } else if (bert_is_punctuation(byte)) {
            int id = vocab_id(&tokenizer->vocab, &text, 1);
            bool known = id >= 0 && id < tokenizer->pieces && tokenizer->longest_word >= 1;
            tables->kind[byte] = MARK;
            tables->id[byte] = known ? id : tokenizer->unk;
        } else {
            if (tokenizer->rules.lower_case) bert_lower(byte, lower);
            tables->kind[byte] = LETTER;
            tables->lower[byte] = (char)lower[0];
        }
    }
    return tables;
}

/* A slot for every eighth byte of text, but no more than fit the processor's caches. */
KnownWords known_words_new(size_t size) {
    size_t slots = 16;
    while (slots < 32768 && slots < size / 8) slots *= 2;
    return (KnownWords){memory_new(slots, sizeof(struct KnownWord), "known words"), slots};
}

void known_words_free(KnownWords *known) {
    memory_free(known->slot);
    *known = (KnownWords){0};
}

static struct KnownWord *slot_of(KnownWords *known, const char letters[WORD_BYTES]) {
    uint64_t part[WORD_BYTES / 8];
    memcpy(part, letters, WORD_BYTES);
    uint64_t hash = (part[0] ^ part[1] * 3 ^ part[2] * 5) * UINT64_C(0x9E3779B97F4A7C15);
    return &known->slot[(hash >> 40) & (known->slots - 1)];
}

/* Cuts the word the plain way, and remembers what came out if it fits. */
static void meet_word(Words *words, struct KnownWord *slot, const char letters[WORD_BYTES], size_t size, size_t first) {
    Encoding *out = words->out;
    int from = out->n;
    words_ascii_word(words, letters, size, first);
    int pieces = out->n - from;
    if (pieces > WORD_PIECES) return;
    memcpy(slot->letters, letters, WORD_BYTES);
    slot->pieces = (unsigned char)pieces;
    for (int i = 0; i < pieces; i++) {
        slot->id[i] = out->ids[from + i];
        slot->end[i] = (unsigned char)(out->end[from + i] - (int)first);
    }
}

static void add_word(Words *words, const struct KnownWord *slot, int first) {
    int begin = first;
    for (int i = 0; i < slot->pieces; i++) {
        int end = first + slot->end[i];
        encoding_push(words->out, slot->id[i], words->type, begin, end);
        begin = end;
    }
}

/* From `first`, where a word begins that is not plain, to the end of everything that hangs together with it. */
static size_t plain_stretch(Words *words, const char *text, size_t first, size_t to) {
    const unsigned char *kind = words->tokenizer->ascii->kind;
    size_t end = first;
    while (end < to && kind[(unsigned char)text[end]] >= LETTER) end++;
    words_text(words, text, first, end);
    return end;
}

static size_t next_word(Words *words, KnownWords *known, const char *text, size_t first, size_t to) {
    const struct AsciiTables *tables = words->tokenizer->ascii;
    char letters[WORD_BYTES] = {0};
    size_t at = first;
    for (char letter; at < to && (letter = tables->lower[(unsigned char)text[at]]) != 0; at++) {
        if (at - first == WORD_BYTES) return plain_stretch(words, text, first, to);
        letters[at - first] = letter;
    }
    if (at < to && tables->kind[(unsigned char)text[at]] == OTHER) return plain_stretch(words, text, first, to);
    struct KnownWord *slot = slot_of(known, letters);
    if (slot->pieces && memcmp(slot->letters, letters, WORD_BYTES) == 0) {
        add_word(words, slot, (int)first);
    } else {
        meet_word(words, slot, letters, at - first, first);
    }
    return at;
}

void ascii_text(Words *words, KnownWords *known, const char *text, size_t from, size_t to) {
    const struct AsciiTables *tables = words->tokenizer->ascii;
    for (size_t at = from; at < to;) {
        unsigned char byte = (unsigned char)text[at];
        if (tables->kind[byte] == SPACE) {
            at++;
        } else if (tables->kind[byte] == MARK) {
            encoding_push(words->out, tables->id[byte], words->type, (int)at, (int)at + 1);
            at++;
        } else {
            at = next_word(words, known, text, at, to);
        }
    }
}
