#include "text/common_substring.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdbool.h>

/* A state stands for all runs that end at the same places of the text: `longest` is the longest of them, and the others
 * are its ends, down to one byte more than the link's longest. The link is where the shorter ends go on: they end at
 * more places. */
struct SubstringState {
    uint32_t longest, link; /* link of the start: 0 */
    uint32_t first_end;     /* the first place where they end, as an offset behind the last byte */
    uint32_t edge;          /* the first of its edges; 0: none */
};

struct SubstringEdge {
    uint32_t from, to, next; /* next: of the same state; 0: none */
    unsigned char byte;
};

/* ---- building ---- */

/* Where the edge of a state for a byte is in the hash table, or the empty slot where it belongs. Going through the
 * state's edges would be slow in a text whose every pair of bytes has dozens of bytes behind it. */
static size_t slot_of(const Substrings *s, uint32_t state, unsigned char byte) {
    uint64_t key = (uint64_t)state << 8 | byte;
    size_t slot = key * 0x9E3779B97F4A7C15u >> (64 - s->slot_bits), last = ((size_t)1 << s->slot_bits) - 1;
    for (uint32_t e = s->slot[slot]; e && (s->edge[e].from != state || s->edge[e].byte != byte); e = s->slot[slot])
        slot = (slot + 1) & last;
    return slot;
}

/* The edge of a state for a byte, or NULL. */
static SubstringEdge *find(const Substrings *s, uint32_t state, unsigned char byte) {
    uint32_t e = s->slot[slot_of(s, state, byte)];
    return e ? &s->edge[e] : NULL;
}

/* Twice the edges, and a table that is at most half full. */
static void make_room(Substrings *s) {
    s->edge_room *= 2;
    s->edge = memory_grow(s->edge, s->edge_room, sizeof *s->edge, "the runs of the text");
    s->slot_bits++;
    memory_free(s->slot);
    s->slot = memory_new((size_t)1 << s->slot_bits, sizeof *s->slot, "the runs of the text");
    for (uint32_t e = 1; e < s->edges; e++) s->slot[slot_of(s, s->edge[e].from, s->edge[e].byte)] = e;
}

static void connect(Substrings *s, uint32_t state, unsigned char byte, uint32_t to) {
    if (s->edges == s->edge_room) make_room(s);
    s->edge[s->edges] = (SubstringEdge){state, to, s->state[state].edge, byte};
    s->slot[slot_of(s, state, byte)] = s->edges;
    s->state[state].edge = s->edges++;
}

/* A copy of `old` for its shorter runs, of at most `longest` bytes, which have just got one more place to end. */
static uint32_t split(Substrings *s, uint32_t old, uint32_t longest) {
    uint32_t copy = s->states++;
    s->state[copy] = (SubstringState){longest, s->state[old].link, s->state[old].first_end, 0};
    for (uint32_t e = s->state[old].edge; e; e = s->edge[e].next) connect(s, copy, s->edge[e].byte, s->edge[e].to);
    s->state[old].link = copy;
    return copy;
}

/* Appends a byte to the text whose state as a whole is `last`; gives the new one. */
static uint32_t append(Substrings *s, uint32_t last, unsigned char byte) {
    uint32_t added = s->states++, longest = s->state[last].longest + 1, p = last;
    s->state[added] = (SubstringState){longest, 0, longest, 0};
    while (!find(s, p, byte)) { /* 1. every ending of the text that never had this byte behind it gets it */
        connect(s, p, byte, added);
        if (p == 0) return added;
        p = s->state[p].link;
    }
    uint32_t q = find(s, p, byte)->to; /* 2. the longest ending that had: what it led to is the link */
    if (s->state[p].longest + 1 == s->state[q].longest) {
        s->state[added].link = q;
        return added;
    }
    uint32_t copy = split(s, q, s->state[p].longest + 1); /* 3. unless that also stands for longer runs */
    s->state[added].link = copy;
    for (SubstringEdge *e = find(s, p, byte); e && e->to == q; e = find(s, p, byte)) {
        e->to = copy;
        if (p == 0) break;
        p = s->state[p].link;
    }
    return added;
}

Substrings substrings_new(const char *text, size_t size) {
    if (size > (size_t)1 << 30)
        fail(EXIT_DATA, "a text of %zu bytes is too long to look for copies in (expected at most 1 GB)", size);
    Substrings s = {.states = 1, .edges = 1, .edge_room = 64, .slot_bits = 7};
    s.state = memory_new(2 * size + 1, sizeof *s.state, "the runs of the text");
    s.edge = memory_new(s.edge_room, sizeof *s.edge, "the runs of the text");
    s.slot = memory_new((size_t)1 << s.slot_bits, sizeof *s.slot, "the runs of the text");
    uint32_t last = 0;
    for (size_t i = 0; i < size; i++) last = append(&s, last, (unsigned char)text[i]);
    return s;
}

void substrings_free(Substrings *s) {
    memory_free(s->state), memory_free(s->edge), memory_free(s->slot);
    *s = (Substrings){0};
}

/* ---- running another text through it ---- */

typedef struct {
    uint32_t state;
    size_t length; /* of the longest run that ends here and occurs in the text */
} Walk;

/* Goes on by one byte: shorter and shorter endings are tried until one can be followed by it. */
static Walk walk_on(const Substrings *s, Walk walk, unsigned char byte) {
    SubstringEdge *e = find(s, walk.state, byte);
    while (!e && walk.state != 0) {
        walk.state = s->state[walk.state].link;
        walk.length = s->state[walk.state].longest;
        e = find(s, walk.state, byte);
    }
    return e ? (Walk){e->to, walk.length + 1} : (Walk){0, 0};
}

static SharedRun run_of(const Substrings *s, Walk walk, size_t end) {
    return (SharedRun){end - walk.length, s->state[walk.state].first_end - walk.length, walk.length};
}

SharedRun substrings_longest(const Substrings *s, const char *other, size_t size) {
    SharedRun best = {0};
    Walk walk = {0};
    for (size_t i = 0; i < size; i++) {
        walk = walk_on(s, walk, (unsigned char)other[i]);
        if (walk.length > best.length) best = run_of(s, walk, i + 1);
    }
    return best;
}

typedef struct {
    SharedRun *at;
    size_t n;
} Runs;

static void push(Runs *runs, SharedRun run) {
    runs->at = memory_for_more(runs->at, runs->n, sizeof *runs->at, "the copies");
    runs->at[runs->n++] = run;
}

SharedRun *substrings_shared(const Substrings *s, const char *other, size_t size, size_t least, size_t *count) {
    Runs runs = {0};
    Walk walk = {0};
    for (size_t i = 0; i < size; i++) {
        Walk next = walk_on(s, walk, (unsigned char)other[i]);
        bool grew = next.length > walk.length; /* else the run that ended before this byte could not take it */
        if (!grew && walk.length >= least) push(&runs, run_of(s, walk, i));
        walk = next;
    }
    if (walk.length >= least && size > 0) push(&runs, run_of(s, walk, size));
    *count = runs.n;
    return runs.at;
}
