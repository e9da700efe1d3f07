#include "text/bpe_train.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/progress.h"
#include "text/bpe_train_words.h"

#include <string.h>

/* The different pieces lie in one array, a gap before and behind each. A token of n bytes fills n places: its id stands
 * in its first and in its last one, so that the neighbours on both sides are found without links. */
typedef struct {
    uint32_t id;   /* or GAP between pieces, or INSIDE a token */
    uint32_t word; /* which piece */
} Place;
enum { GAP = -1, INSIDE = -2 }; /* as uint32_t: above every id */

typedef struct {
    uint64_t count; /* at most this often; exact when it has just been counted */
    int left, right;
    size_t first, places; /* where it stood, in increasing order: a stretch of Trainer.stood */
} Pair;

/* What one step collects about the new token's neighbours, by their id. */
typedef struct {
    uint64_t count;
    size_t places, first;
} Beside;

typedef struct {
    Place *place; /* [size] */
    size_t size;
    uint64_t *weight; /* [pieces] how often each occurs */
    uint32_t *stood;  /* [used] places of all pairs, stretch by stretch */
    size_t used, room;
    Pair *queue; /* [pairs] a heap, the pair to merge next on top */
    size_t pairs;
    uint32_t *length;        /* [tokens] bytes of each token */
    Beside *beside[2];       /* [tokens] before it, behind it; all zero between two steps */
    int *touched[2], met[2]; /* which of them are not zero */
    uint64_t least;          /* min_frequency */
} Trainer;

/* ---- the queue ---- */

static bool comes_first(const Pair *a, const Pair *b) {
    if (a->count != b->count) return a->count > b->count;
    return a->left != b->left ? a->left < b->left : a->right < b->right;
}

static void queue_sink(Trainer *t, Pair pair) {
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < t->pairs; at = child) {
        if (child + 1 < t->pairs && comes_first(&t->queue[child + 1], &t->queue[child])) child++;
        if (!comes_first(&t->queue[child], &pair)) break;
        t->queue[at] = t->queue[child];
    }
    if (t->pairs) t->queue[at] = pair;
}

static void queue_add(Trainer *t, Pair pair) {
    t->queue = memory_for_more(t->queue, t->pairs, sizeof *t->queue, "the queue of pairs");
    size_t at = t->pairs++;
    for (; at > 0 && comes_first(&pair, &t->queue[(at - 1) / 2]); at = (at - 1) / 2)
        t->queue[at] = t->queue[(at - 1) / 2];
    t->queue[at] = pair;
}

static Pair queue_take(Trainer *t) {
    Pair top = t->queue[0], last = t->queue[--t->pairs];
    queue_sink(t, last);
    return top;
}

/* ---- places ---- */

static uint64_t weight_at(const Trainer *t, size_t at) {
    return t->weight[t->place[at].word];
}

/* Room for `more` places; returns where it begins. */
static size_t stretch(Trainer *t, size_t more) {
    size_t first = t->used;
    if (first + more > t->room) {
        t->room = 2 * (first + more);
        t->stood = memory_grow(t->stood, t->room, sizeof *t->stood, "the places of pairs");
    }
    t->used += more;
    return first;
}

/* Counts the pair where it still stands, and forgets the other places. */
static void count_again(Trainer *t, Pair *pair) {
    uint32_t *stood = t->stood + pair->first, step = t->length[pair->left];
    size_t kept = 0;
    pair->count = 0;
    for (size_t i = 0; i < pair->places; i++) {
        uint32_t at = stood[i];
        if (t->place[at].id != (uint32_t)pair->left || t->place[at + step].id != (uint32_t)pair->right) continue;
        pair->count += weight_at(t, at);
        stood[kept++] = at;
    }
    pair->places = kept;
}

/* Puts `token` wherever the pair stands, from the left; keeps the places in its stretch. Returns how many tokens
 * fewer the text has. A place of `aaa` that the one before it has used up is no longer there. */
static uint64_t put_token(Trainer *t, Pair *pair, int token) {
    uint32_t *stood = t->stood + pair->first, step = t->length[pair->left], all = t->length[token];
    size_t kept = 0;
    uint64_t merged = 0;
    for (size_t i = 0; i < pair->places; i++) {
        Place *at = t->place + stood[i];
        if (at->id != (uint32_t)pair->left || at[step].id != (uint32_t)pair->right) continue;
        at[step - 1].id = at[step].id = (uint32_t)INSIDE;
        at[0].id = at[all - 1].id = (uint32_t)token;
        merged += t->weight[at->word];
        stood[kept++] = stood[i];
    }
    pair->places = kept;
    return merged;
}

/* ---- the new token's neighbours ---- */

/* The tokens before and behind the one at `at`, or GAP. The same token before it is left out: the two are found once,
 * from the first of them. */
static void neighbours(const Trainer *t, uint32_t at, int token, uint32_t id[2]) {
    id[0] = t->place[at - 1].id;
    id[1] = t->place[at + t->length[token]].id;
    if (id[0] == (uint32_t)token) id[0] = (uint32_t)GAP;
}

static void meet_neighbours(Trainer *t, const Pair *merged, int token) {
    for (size_t i = 0; i < merged->places; i++) {
        uint32_t at = t->stood[merged->first + i], id[2];
        uint64_t weight = weight_at(t, at);
        neighbours(t, at, token, id);
        for (int side = 0; side < 2; side++) {
            if (id[side] == (uint32_t)GAP) continue;
            Beside *beside = &t->beside[side][id[side]];
            if (beside->places++ == 0) t->touched[side][t->met[side]++] = (int)id[side];
            beside->count += weight;
        }
    }
}

/* Writes down where the new pairs stand; a `first` of SIZE_MAX is a pair too rare to keep. */
static void write_places(Trainer *t, const Pair *merged, int token) {
    for (size_t i = 0; i < merged->places; i++) {
        uint32_t at = t->stood[merged->first + i], id[2];
        neighbours(t, at, token, id);
        for (int side = 0; side < 2; side++) {
            if (id[side] == (uint32_t)GAP) continue;
            Beside *beside = &t->beside[side][id[side]];
            if (beside->first == SIZE_MAX) continue;
            t->stood[beside->first++] = side == 0 ? at - t->length[id[side]] : at;
        }
    }
}

/* Every pair that the new token makes goes into the queue. */
static void add_new_pairs(Trainer *t, const Pair *merged, int token) {
    meet_neighbours(t, merged, token);
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < t->met[side]; i++) {
            int id = t->touched[side][i];
            Beside *beside = &t->beside[side][id];
            beside->first = SIZE_MAX;
            if (beside->count < t->least) continue;
            beside->first = stretch(t, beside->places);
            queue_add(t, side == 0 ? (Pair){beside->count, id, token, beside->first, beside->places}
                                   : (Pair){beside->count, token, id, beside->first, beside->places});
        }
    write_places(t, merged, token);
    for (int side = 0; side < 2; side++) {
        while (t->met[side]) t->beside[side][t->touched[side][--t->met[side]]] = (Beside){0};
    }
}

/* ---- the beginning: bytes ---- */

static void add_piece(Trainer *t, const char *bytes, size_t length, uint32_t word, uint64_t count) {
    t->weight[word] = count;
    for (size_t i = 0; i < length; i++) t->place[t->size++] = (Place){(unsigned char)bytes[i], word};
    t->place[t->size++] = (Place){(uint32_t)GAP, word};
}

/* All pairs of bytes at once: a table of 256 x 256 is the neighbours of every byte. */
static void add_byte_pairs(Trainer *t) {
    Beside *table = memory_new((size_t)BPE_BYTES * BPE_BYTES, sizeof *table, "pairs of bytes");
    for (size_t at = 1; at + 1 < t->size; at++) {
        uint32_t left = t->place[at].id, right = t->place[at + 1].id;
        if (left == (uint32_t)GAP || right == (uint32_t)GAP) continue;
        table[left * BPE_BYTES + right].count += weight_at(t, at);
        table[left * BPE_BYTES + right].places++;
    }
    for (int pair = 0; pair < BPE_BYTES * BPE_BYTES; pair++) {
        Beside *found = &table[pair];
        if (found->places == 0) continue;
        found->first = stretch(t, found->places);
        if (found->count >= t->least)
            queue_add(t, (Pair){found->count, pair / BPE_BYTES, pair % BPE_BYTES, found->first, found->places});
    }
    for (size_t at = 1; at + 1 < t->size; at++) {
        uint32_t left = t->place[at].id, right = t->place[at + 1].id;
        if (left == (uint32_t)GAP || right == (uint32_t)GAP) continue;
        t->stood[table[left * BPE_BYTES + right].first++] = (uint32_t)at;
    }
    memory_free(table);
}

/* Room for pieces of together `bytes` bytes, and for `tokens` tokens. */
static Trainer trainer_new(size_t pieces, size_t bytes, size_t tokens, uint64_t least) {
    Trainer t = {.least = least, .size = 1};
    size_t places;
    if (!size_add(bytes, pieces + 1, &places) || places >= UINT32_MAX - 1)
        fail(EXIT_DATA, "the different pieces of the text have %zu bytes (expected less than 4 GB). Try: a part of it",
             bytes);
    t.place = memory_new(places, sizeof *t.place, "the pieces of the text");
    t.place[0].id = (uint32_t)GAP;
    t.weight = memory_new(pieces, sizeof *t.weight, "the pieces of the text");
    t.length = memory_new(tokens, sizeof *t.length, "tokens");
    for (int side = 0; side < 2; side++) {
        t.beside[side] = memory_new(tokens, sizeof **t.beside, "tokens");
        t.touched[side] = memory_new(tokens, sizeof **t.touched, "tokens");
    }
    for (int i = 0; i < BPE_BYTES; i++) t.length[i] = 1;
    return t;
}

static void trainer_free(Trainer *t) {
    memory_free(t->place), memory_free(t->weight), memory_free(t->stood);
    memory_free(t->queue), memory_free(t->length);
    for (int side = 0; side < 2; side++) memory_free(t->beside[side]), memory_free(t->touched[side]);
}

/* ---- the training ---- */

/* At most this many merges are possible: each makes one token of two in at least one place. */
static size_t most_merges(size_t bytes, int vocab_size) {
    size_t wanted = (size_t)(vocab_size - BPE_BYTES);
    return wanted < bytes ? wanted : bytes;
}

/* The pair to merge next in *pair; false when none is left that occurs often enough. */
static bool next_pair(Trainer *t, Pair *pair) {
    while (t->pairs) {
        Pair top = queue_take(t);
        uint64_t believed = top.count;
        count_again(t, &top);
        if (top.count == believed) {
            *pair = top;
            return true;
        }
        if (top.places && top.count >= t->least) queue_add(t, top);
    }
    return false;
}

static void learn(Trainer *t, BpeTraining *training, size_t most) {
    training->merges = memory_new(most, sizeof *training->merges, "merges");
    Progress progress = progress_begin("merging", most);
    add_byte_pairs(t);
    Pair pair;
    while ((size_t)training->count < most && next_pair(t, &pair)) {
        int token = BPE_BYTES + training->count;
        t->length[token] = t->length[pair.left] + t->length[pair.right];
        uint64_t merged = put_token(t, &pair, token);
        add_new_pairs(t, &pair, token);
        training->merges[training->count++] = (TrainedMerge){pair.left, pair.right, pair.count, merged};
        training->tokens -= merged;
        progress_step(&progress, (size_t)training->count);
    }
    progress_end(&progress);
}

static Trainer trainer_of_words(const WordCounts *words, BpeTrainRules rules, size_t *bytes) {
    char room[16];
    *bytes = 0;
    for (size_t i = 0; i < words->slots; i++) *bytes += words->slot[i].length;
    Trainer t =
        trainer_new(words->used, *bytes, BPE_BYTES + most_merges(*bytes, rules.vocab_size), rules.min_frequency);
    uint32_t word = 0;
    for (size_t i = 0; i < words->slots; i++) {
        const char *piece = words_at(words, i, room);
        if (piece) add_piece(&t, piece, words->slot[i].length, word++, words->slot[i].count);
    }
    return t;
}

BpeTraining bpe_train(Workers *workers, const char *text, size_t size, BpeTrainRules rules) {
    BpeTraining training = {.tokens = size, .pieces = size > 0, .distinct = size > 0};
    Trainer t;
    size_t bytes = size;
    if (rules.no_split) {
        t = trainer_new(1, size, BPE_BYTES + most_merges(size, rules.vocab_size), rules.min_frequency);
        add_piece(&t, text, size, 0, 1);
    } else {
        WordCounts words = words_count(workers, text, size);
        training.pieces = words.pieces;
        training.distinct = words.used;
        t = trainer_of_words(&words, rules, &bytes);
        word_counts_free(&words);
    }
    learn(&t, &training, most_merges(bytes, rules.vocab_size));
    trainer_free(&t);
    return training;
}

void bpe_training_free(BpeTraining *training) {
    memory_free(training->merges);
    *training = (BpeTraining){0};
}

void bpe_training_write(const BpeTraining *training, const char *path) {
    FileWriter file = file_create(path);
    for (int i = 0; i < training->count; i++) {
        const TrainedMerge *m = &training->merges[i];
        char line[80];
        int length = snprintf(line, sizeof line, "%d %d %llu\n", m->left, m->right, (unsigned long long)m->count);
        file_write(&file, line, (size_t)length);
    }
    file_commit(&file);
}
