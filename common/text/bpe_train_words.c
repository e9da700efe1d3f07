#include "text/bpe_train_words.h"
#include "base/memory.h"
#include "text/fast/gpt2_split_blocks.h"

#include <string.h>

enum { FIRST_SLOTS = 1 << 14, BLOCK = 64, LONG_TAG = 0xFF };

/* ---- one table ---- */

static uint64_t mixed(uint64_t low, uint64_t high) {
    uint64_t h = (low ^ (high << 29 | high >> 35)) * UINT64_C(0x9E3779B97F4A7C15);
    h ^= h >> 32 ^ high;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

static uint64_t hash_long(const char *text, size_t length) {
    uint64_t h = length, part;
    for (; length >= sizeof part; text += sizeof part, length -= sizeof part) {
        memcpy(&part, text, sizeof part);
        h = mixed(h, part);
    }
    part = 0;
    memcpy(&part, text, length);
    return mixed(h, part);
}

/* The first n <= 8 bytes at `text`, of which 8 may be read. */
static uint64_t load(const char *text, size_t n) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return n >= 8 ? word : word & ((UINT64_C(1) << 8 * n) - 1);
}

/* The key of text[first .. first + length). A short one is read as two whole words where that does not pass `size`. */
static WordSlot key_of(const char *text, size_t size, size_t first, size_t length) {
    WordSlot key = {.length = length};
    char room[16] = {0};
    if (length > WORD_INSIDE) {
        key.low = first;
        key.high = hash_long(text + first, length) >> 8 | (uint64_t)LONG_TAG << 56;
        return key;
    }
    const char *at = text + first;
    if (size - first < sizeof room) at = memcpy(room, at, length);
    key.low = load(at, length < 8 ? length : 8);
    if (length > 8) key.high = load(at + 8, length - 8);
    key.high |= (uint64_t)length << 56;
    return key;
}

static bool same_key(const WordCounts *words, const WordSlot *slot, const WordSlot *key) {
    if (slot->high != key->high) return false;
    if (slot->low == key->low) return true;
    return key->high >> 56 == LONG_TAG && slot->length == key->length &&
           memcmp(words->text + slot->low, words->text + key->low, key->length) == 0;
}

/* Where the key is, or the free slot where it belongs. */
static WordSlot *find(const WordCounts *words, const WordSlot *key) {
    bool is_long = key->high >> 56 == LONG_TAG; /* where it stands says nothing about what it is */
    size_t at = (size_t)mixed(is_long ? 0 : key->low, key->high) & (words->slots - 1);
    while (words->slot[at].count && !same_key(words, &words->slot[at], key)) at = (at + 1) & (words->slots - 1);
    return &words->slot[at];
}

static void add(WordCounts *words, const WordSlot *key, uint64_t count) {
    WordSlot *slot = find(words, key);
    if (slot->count == 0) {
        *slot = *key;
        slot->count = 0;
        words->used++;
    }
    slot->count += count;
    words->pieces += count;
}

static bool is_full(const WordCounts *words) {
    return words->used + BLOCK > words->slots / 2;
}

static void grow(WordCounts *words) {
    WordCounts bigger = {.text = words->text, .slots = words->slots ? words->slots * 4 : FIRST_SLOTS};
    bigger.slot = memory_new(bigger.slots, sizeof *bigger.slot, "the pieces of the text");
    for (size_t i = 0; i < words->slots; i++)
        if (words->slot[i].count) add(&bigger, &words->slot[i], words->slot[i].count);
    memory_free(words->slot);
    *words = bigger;
}

/* ---- the parts ---- */

typedef struct {
    WordCounts words;
    size_t first, end; /* of the part, in the text */
    size_t begun;      /* where the piece begins whose end has not been seen */
    Gpt2Blocks blocks; /* counts from `first` */
} Part;

/* Counts until the part or the room is at its end: a task may not allocate, so it stops, and is called again. */
static void count_part(void *context, int piece, int worker) {
    (void)worker;
    Part *part = (Part *)context + piece;
    const char *text = part->words.text;
    size_t size = part->end - part->first;
    while (part->blocks.at < size && !is_full(&part->words)) {
        size_t base = part->first + part->blocks.at;
        uint64_t starts = gpt2_block_starts(&part->blocks, text + part->first, size);
        for (; starts; starts &= starts - 1) {
            size_t start = base + (size_t)__builtin_ctzll(starts);
            if (start == part->begun) continue; /* the first piece of the part */
            WordSlot key = key_of(text, part->end, part->begun, start - part->begun);
            add(&part->words, &key, 1);
            part->begun = start;
        }
    }
    if (part->blocks.at == size && part->begun < part->end && !is_full(&part->words)) {
        WordSlot key = key_of(text, part->end, part->begun, part->end - part->begun);
        add(&part->words, &key, 1);
        part->begun = part->end;
    }
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first place from `at` on where a letter is followed by a space: a piece ends there and another one begins,
 * whatever the rest of the text says. */
static size_t safe_cut(const char *text, size_t size, size_t at) {
    if (at == 0) return 0;
    while (at < size && !(is_letter(text[at - 1]) && text[at] == ' ')) at++;
    return at;
}

WordCounts words_count(Workers *workers, const char *text, size_t size) {
    int parts = size < 1 << 16 ? 1 : workers_count(workers);
    Part *part = memory_new((size_t)parts, sizeof *part, "parts of the text");
    for (int i = 0; i < parts; i++) {
        size_t first = safe_cut(text, size, size / (size_t)parts * (size_t)i);
        part[i] = (Part){.words.text = text, .first = first, .begun = first, .end = size};
        if (i) part[i - 1].end = first;
    }
    for (bool left = true; left;) {
        left = false;
        for (int i = 0; i < parts; i++) {
            if (part[i].begun == part[i].end) continue;
            if (is_full(&part[i].words)) grow(&part[i].words);
            left = true;
        }
        if (left) workers_run(workers, parts, count_part, part);
    }
    WordCounts all = part[0].words;
    for (int i = 1; i < parts; i++) {
        for (size_t j = 0; j < part[i].words.slots; j++) {
            const WordSlot *slot = &part[i].words.slot[j];
            if (slot->count == 0) continue;
            if (is_full(&all)) grow(&all);
            add(&all, slot, slot->count);
        }
        memory_free(part[i].words.slot);
    }
    memory_free(part);
    all.text = text;
    return all;
}

void word_counts_free(WordCounts *words) {
    memory_free(words->slot);
    *words = (WordCounts){0};
}

const char *words_at(const WordCounts *words, size_t slot, char room[16]) {
    const WordSlot *found = &words->slot[slot];
    if (found->count == 0) return NULL;
    if (found->length > WORD_INSIDE) return words->text + found->low;
    memcpy(room, &found->low, 8);
    memcpy(room + 8, &found->high, 8);
    return room;
}
