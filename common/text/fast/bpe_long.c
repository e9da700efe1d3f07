/* One piece of thousands of bytes: a line of dashes, a megabyte of spaces, base64. Looking for the lowest rank among
 * all pairs at every merge would take n^2 steps. Here every rank has a list of the places where its pair stands, and
 * ranks are served in rising order, so that a merge costs a few steps whatever the length.
 *
 * The tokens lie in ids[0..length) at the place of their first byte; the last byte's place holds BEHIND + the token's
 * length, so that one gets from a token to the one before it. A list may hold places where its pair is no more: that
 * is seen when it is taken out (Hugging Face's tokenizers do the same with the entries of their heap). */
#include "text/fast/bpe_long.h"
#include "base/error.h"

struct BpeList {
    uint32_t first, last; /* node + 1, or 0 */
};
struct BpeNode {
    uint32_t place, next; /* next: node + 1, or 0 */
};

static const uint32_t BEHIND = UINT32_C(1) << 31;

typedef struct {
    const Bpe *bpe;
    int *ids;
    size_t length;
    BpeLists *lists;
    size_t waiting; /* entries in all lists */
    int lowest;     /* no list below this rank has any */
} LongWord;

static size_t token_length(const LongWord *word, size_t place) {
    return word->bpe->vocab.length[word->ids[place]];
}

static bool is_token(const LongWord *word, size_t place) {
    return ((uint32_t)word->ids[place] & BEHIND) == 0;
}

static size_t next_place(const LongWord *word, size_t place) {
    return place + token_length(word, place);
}

static size_t place_before(const LongWord *word, size_t place) {
    uint32_t behind = (uint32_t)word->ids[place - 1];
    return place - (behind & BEHIND ? behind & ~BEHIND : 1);
}

static int rank_at(const LongWord *word, size_t place) {
    size_t next = next_place(word, place);
    return next < word->length ? bpe_pair(word->bpe, word->ids[place], word->ids[next]).rank : BPE_NONE;
}

/* The first piece is given as many nodes as it has bytes, which nearly always is enough: growing copies, and for a
 * moment takes twice the room. */
static uint32_t take_node(BpeLists *lists, size_t length) {
    if (!lists->unused) {
        size_t had = lists->nodes;
        lists->nodes = had ? had + had / 2 : length + 1024;
        if (lists->nodes >= BEHIND) fail(EXIT_DATA, "a piece of the text is longer than 2 GB");
        lists->node = memory_grow(lists->node, lists->nodes, sizeof *lists->node, "pairs of a long word");
        for (size_t i = had; i < lists->nodes; i++) {
            lists->node[i].next = (uint32_t)lists->unused;
            lists->unused = i + 1;
        }
    }
    uint32_t node = (uint32_t)lists->unused;
    lists->unused = lists->node[node - 1].next;
    return node;
}

static void enlist(LongWord *word, size_t place) {
    int rank = rank_at(word, place);
    if (rank == BPE_NONE) return;
    uint32_t node = take_node(word->lists, word->length);
    struct BpeList *list = &word->lists->list[rank];
    word->lists->node[node - 1] = (struct BpeNode){(uint32_t)place, 0};
    if (list->first) word->lists->node[list->last - 1].next = node;
    else list->first = node;
    list->last = node;
    word->waiting++;
    if (rank < word->lowest) word->lowest = rank;
}

/* Takes the first place out of the lowest list; *rank is which that was. */
static size_t next_in_turn(LongWord *word, int *rank) {
    BpeLists *lists = word->lists;
    while (!lists->list[word->lowest].first) word->lowest++;
    struct BpeList *list = &lists->list[word->lowest];
    uint32_t node = list->first;
    size_t place = lists->node[node - 1].place;
    list->first = lists->node[node - 1].next;
    lists->node[node - 1].next = (uint32_t)lists->unused;
    lists->unused = node;
    word->waiting--;
    *rank = word->lowest;
    return place;
}

static void merge_at(LongWord *word, size_t place, int rank) {
    size_t second = next_place(word, place), end = next_place(word, second);
    word->ids[second] = (int)BEHIND;
    word->ids[place] = word->bpe->merge[rank].made;
    word->ids[end - 1] = (int)(BEHIND | (uint32_t)(end - place));
    if (place > 0) enlist(word, place_before(word, place));
    enlist(word, place);
}

/* Merges at `place`. In x x x the pair stands twice and only the left one merges; entries come in the order of the text
 * unless two merges make the same token, so the run of x is served from its start up to this place. */
static void merge_run(LongWord *word, size_t place, int rank) {
    size_t at = place;
    int left = word->bpe->merge[rank].left;
    if (left == word->bpe->merge[rank].right)
        while (at > 0 && word->ids[place_before(word, at)] == left) at = place_before(word, at);
    for (; at <= place && rank_at(word, at) == rank; at = next_place(word, at)) merge_at(word, at, rank);
}

size_t bpe_long_word(const Bpe *bpe, const char *text, size_t length, int *ids, BpeLists *lists) {
    if (length >= BEHIND) fail(EXIT_DATA, "a piece of the text is longer than 2 GB");
    for (size_t i = 0; i < length; i++) ids[i] = bpe->byte_id[(unsigned char)text[i]];
    if (bpe->merges == 0) return length;
    if (!lists->list) lists->list = memory_new((size_t)bpe->merges, sizeof *lists->list, "pairs of a long word");
    LongWord word = {bpe, ids, length, lists, 0, bpe->merges};
    for (size_t i = 0; i + 1 < length; i++) enlist(&word, i);
    while (word.waiting) {
        int rank;
        size_t place = next_in_turn(&word, &rank);
        if (is_token(&word, place) && rank_at(&word, place) == rank) merge_run(&word, place, rank);
    }
    size_t n = 0;
    for (size_t at = 0, next; at < length; at = next) {
        next = next_place(&word, at);
        ids[n++] = ids[at];
    }
    return n;
}

void bpe_lists_free(BpeLists *lists) {
    memory_free(lists->list);
    memory_free(lists->node);
    *lists = (BpeLists){0};
}
