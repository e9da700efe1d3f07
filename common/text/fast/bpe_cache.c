/* bpe_encode, the fast way through a whole text. Equal to: bpe_encode_plainly (text/bpe_word.h). Five ideas:
 * (1) where pieces start comes as 64 bits for 64 bytes (gpt2_split_blocks.c): no branch a character;
 * (2) a piece seen before is not merged again: its ids are copied from a table;
 * (3) a short piece IS its key: 15 bytes and the length are two 64-bit numbers, so hashing and comparing take a few
 *     instructions, and an entry with up to three ids is half a cache line;
 * (4) three ids are always copied, and the count says how many of them stay: no branch on how many there are;
 * (5) a hundred pieces wait in a queue while the processor fetches the lines of the table where they are looked for:
 *     text of many different words, such as code, would wait for one after the other.
 * A longer piece, or one of more ids, points to where it stood in the text and its ids in the list the first time. */
#include "text/bpe_word.h"
#include "text/fast/gpt2_split_blocks.h"

#include <string.h>

/* ROOM: ids that the pieces of a full queue may append before anybody asks for more room. */
enum { MOST_BYTES = 15, MOST_IDS = 3, BEFORE_END = 16, QUEUE = 128, ROOM = QUEUE * MOST_IDS + MOST_IDS };
enum { FIRST_BITS = 8, LAST_BITS = 20 };

typedef struct {
    uint64_t low, high; /* the bytes, zeros behind them; the topmost byte is their number */
} Key;

typedef struct {
    Key key;
    int ids[MOST_IDS];
    int count; /* 0: there are more, ids[0] of them, from place ids[1] of the list on */
} Near;

typedef struct {
    Key key;    /* of a piece for `near`; of another, high is 0 and low how many bytes it has */
    Near *home; /* where it will be looked for */
    size_t at;
} Piece;

typedef struct {
    uint64_t hash;    /* 0: empty */
    size_t text, ids; /* where it stood, where its ids are */
    size_t length, count;
} Far;

typedef struct {
    const Bpe *bpe;
    const char *text;
    size_t size;
    Ids *out;
    size_t first; /* ids that were in the list before */
    Near *near;   /* [2^bits]; a piece lives at its hash or at the neighbour in the same cache line */
    Far *far;     /* [2^far_bits] */
    int bits, far_bits;
    size_t known, most; /* how many pieces came to `near`; past `most` the table grows */
    Piece queue[QUEUE];
    size_t waiting;
    BpeLists lists;
} Encoder;

/* All bytes of a key from this many on are cut off. */
static const Key KEEP[16] = {
    {0, 0},
    {UINT64_C(0xFF), 0},
    {UINT64_C(0xFFFF), 0},
    {UINT64_C(0xFFFFFF), 0},
    {UINT64_C(0xFFFFFFFF), 0},
    {UINT64_C(0xFFFFFFFFFF), 0},
    {UINT64_C(0xFFFFFFFFFFFF), 0},
    {UINT64_C(0xFFFFFFFFFFFFFF), 0},
    {UINT64_MAX, 0},
    {UINT64_MAX, UINT64_C(0xFF)},
    {UINT64_MAX, UINT64_C(0xFFFF)},
    {UINT64_MAX, UINT64_C(0xFFFFFF)},
    {UINT64_MAX, UINT64_C(0xFFFFFFFF)},
    {UINT64_MAX, UINT64_C(0xFFFFFFFFFF)},
    {UINT64_MAX, UINT64_C(0xFFFFFFFFFFFF)},
    {UINT64_MAX, UINT64_C(0xFFFFFFFFFFFFFF)},
};

/* 16 bytes must be there to be read. */
static inline Key key_of(const char *bytes, size_t length) {
    Key key;
    memcpy(&key.low, bytes, 8);
    memcpy(&key.high, bytes + 8, 8);
    key.low &= KEEP[length].low;
    key.high = (key.high & KEEP[length].high) | (uint64_t)length << 56;
    return key;
}

static inline bool same_key(Key a, Key b) {
    return ((a.low ^ b.low) | (a.high ^ b.high)) == 0;
}

static inline uint64_t key_hash(Key key) {
    return (key.low ^ (key.high * UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xD6E8FEB86659FD93);
}

static uint64_t far_hash(const char *bytes, size_t length) {
    uint64_t hash = length + 1, eight;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        memcpy(&eight, bytes + at, 8);
        hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    for (; at < length; at++) hash = (hash ^ (unsigned char)bytes[at]) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 32) | 1;
}

/* Merges a piece of at least one byte, appends its ids and returns how many. */
static size_t merge(Encoder *e, size_t at, size_t length) {
    ids_reserve(e->out, length + ROOM);
    size_t n = bpe_word(e->bpe, e->text + at, length, e->out->at + e->out->n, &e->lists);
    e->out->n += n;
    return n;
}

/* Appends `count` ids that stand in the list already. */
static void append_again(Encoder *e, size_t first, size_t count) {
    ids_reserve(e->out, count + ROOM);
    memcpy(e->out->at + e->out->n, e->out->at + first, count * sizeof *e->out->at);
    e->out->n += count;
}

static void encode_far(Encoder *e, size_t at, size_t length) {
    uint64_t hash = far_hash(e->text + at, length);
    Far *far = &e->far[hash >> (64 - e->far_bits)];
    if (far->hash == hash && far->length == length && memcmp(e->text + far->text, e->text + at, length) == 0) {
        append_again(e, far->ids, far->count);
        return;
    }
    size_t first = e->out->n;
    *far = (Far){hash, at, first, length, merge(e, at, length)};
}

static Near *home_of(const Encoder *e, Key key) {
    return &e->near[key_hash(key) >> (64 - e->bits)];
}

static Near *neighbour_of(const Encoder *e, const Near *home) {
    return &e->near[(size_t)(home - e->near) ^ 1];
}

/* Few pieces want a small table, which stays in the processor's caches; many want a large one, where they do not push
 * each other out. Nobody knows beforehand, so it doubles as they come. */
static void grow(Encoder *e) {
    Near *old = e->near;
    size_t slots = (size_t)1 << e->bits++;
    e->near = memory_new(2 * slots, sizeof *e->near, "known words");
    for (size_t i = 0; i < slots; i++) {
        if (!old[i].key.high) continue;
        Near *home = home_of(e, old[i].key);
        *(home->key.high ? neighbour_of(e, home) : home) = old[i];
    }
    memory_free(old);
    for (size_t i = 0; i < e->waiting; i++) e->queue[i].home = home_of(e, e->queue[i].key);
    e->most = e->bits < LAST_BITS && slots * 2 * sizeof *old < e->size ? slots : SIZE_MAX;
}

/* Appends the ids of a known piece of more than MOST_IDS. */
static void append_many(Encoder *e, const Near *near) {
    append_again(e, (size_t)(uint32_t)near->ids[1], (size_t)near->ids[0]);
}

static void append(Encoder *e, const Near *near) {
    if (near->count == 0) append_many(e, near);
    else
        for (int i = 0; i < near->count; i++) e->out->at[e->out->n++] = near->ids[i];
}

/* A short piece that is not at its place in the table. */
static void encode_new(Encoder *e, const Piece *piece) {
    Near *home = piece->home, *neighbour = neighbour_of(e, home);
    if (same_key(neighbour->key, piece->key)) {
        Near swap = *home; /* the one asked for last stands at home */
        *home = *neighbour;
        *neighbour = swap;
        append(e, home);
        return;
    }
    if (++e->known > e->most) {
        grow(e);
        home = piece->home, neighbour = neighbour_of(e, home);
    }
    if (home->key.high) *neighbour = *home;
    *home = (Near){.key = piece->key};
    size_t first = e->out->n, n = merge(e, piece->at, (size_t)(piece->key.high >> 56));
    if (n <= MOST_IDS) {
        memcpy(home->ids, e->out->at + first, n * sizeof *home->ids);
        home->count = (int)n;
    } else if (first <= UINT32_MAX) {
        home->ids[0] = (int)n, home->ids[1] = (int)(uint32_t)first;
    } else {
        home->key = (Key){0}; /* past the place that an entry can name: such a piece is merged every time */
    }
}

/* What is not at home in the table, or has many ids. */
static __attribute__((noinline)) void encode_slowly(Encoder *e, const Piece *piece) {
    if (!piece->key.high) encode_far(e, piece->at, (size_t)piece->key.low);
    else if (same_key(piece->home->key, piece->key)) append_many(e, piece->home);
    else encode_new(e, piece);
}

/* Copying a long list to a longer one is what takes time here, so the list grows at once to what the whole text will
 * need if it goes on as it began. */
static void reserve_to_the_end(Encoder *e, size_t done) {
    size_t had = e->out->n - e->first, left = e->size - done, more = left / 4;
    if (done > 0) more = (size_t)((double)had / (double)done * (double)left * 1.03);
    e->out->room = e->out->n + more + ROOM; /* fits: a text has at most as many ids as bytes */
    e->out->at = memory_grow(e->out->at, e->out->room, sizeof *e->out->at, "ids");
}

/* A piece with the place where it will be looked for; the processor is told to fetch that line. */
static inline Piece look_ahead(Near *near, int shift, const char *text, size_t size, size_t at, size_t length) {
    if (length > MOST_BYTES || size - at < BEFORE_END) return (Piece){{length, 0}, near, at};
    Key key = key_of(text + at, length);
    Near *home = &near[key_hash(key) >> shift];
    __builtin_prefetch(home);
    return (Piece){key, home, at};
}

/* The ids of all pieces that wait. */
static void encode_queue(Encoder *e) {
    if (e->out->room - e->out->n < ROOM) reserve_to_the_end(e, e->queue[0].at);
    int *end = e->out->at + e->out->n;
    for (const Piece *piece = e->queue, *last = e->queue + e->waiting; piece < last; piece++) {
        const Near *home = piece->home;
        if (same_key(home->key, piece->key) && home->count > 0) {
            memcpy(end, home->ids, sizeof home->ids);
            end += home->count;
        } else {
            e->out->n = (size_t)(end - e->out->at);
            encode_slowly(e, piece);
            end = e->out->at + e->out->n;
        }
    }
    e->out->n = (size_t)(end - e->out->at);
    e->waiting = 0;
}

/* Queues the pieces that end where the bits say another one starts; *first moves on to the last start. */
static void queue_block(Encoder *e, size_t block, uint64_t starts, size_t *first) {
    Near *near = e->near;
    const char *text = e->text;
    size_t size = e->size, at = *first;
    int shift = 64 - e->bits;
    Piece *piece = e->queue + e->waiting;
    for (; starts; starts &= starts - 1) {
        size_t end = block + (size_t)__builtin_ctzll(starts);
        *piece++ = look_ahead(near, shift, text, size, at, end - at);
        at = end;
    }
    *first = at;
    e->waiting = (size_t)(piece - e->queue);
}

static void encode_blocks(Encoder *e) {
    Gpt2Blocks blocks = {0};
    size_t piece = 0;
    while (blocks.at < e->size) {
        size_t block = blocks.at;
        uint64_t starts = gpt2_block_starts(&blocks, e->text, e->size);
        if (block == 0) starts &= ~UINT64_C(1); /* a piece ends where the next one starts */
        queue_block(e, block, starts, &piece);
        if (e->waiting > QUEUE - 64) encode_queue(e);
    }
    e->queue[e->waiting++] = look_ahead(e->near, 64 - e->bits, e->text, e->size, piece, e->size - piece);
    encode_queue(e);
}

void bpe_encode(const Bpe *bpe, const char *text, size_t size, Ids *out) {
    if (size == 0) return;
    Encoder e = {.bpe = bpe,
                 .text = text,
                 .size = size,
                 .out = out,
                 .first = out->n,
                 .bits = FIRST_BITS,
                 .most = 1 << (FIRST_BITS - 1)};
    e.near = memory_new((size_t)1 << e.bits, sizeof *e.near, "known words");
    e.far_bits = size < 65536 ? 5 : 12;
    e.far = memory_new((size_t)1 << e.far_bits, sizeof *e.far, "known words");
    ids_reserve(out, size / 64 + ROOM);
    encode_blocks(&e);
    memory_free(e.near);
    memory_free(e.far);
    bpe_lists_free(&e.lists);
}
