/* The merging of a word against the definition: again and again the leftmost pair of the lowest rank, looked for among
 * all pairs and all merges. */
#include "judge.h"
#include "bodies/chance.h"

#include <string.h>

enum { MOST_MERGES = 60, MOST_LETTERS = 300 };

typedef struct {
    int pair[2 * MOST_MERGES], merges;
} Merges;

static int rank_of(const Merges *m, int left, int right) {
    for (int r = 0; r < m->merges; r++)
        if (m->pair[2 * r] == left && m->pair[2 * r + 1] == right) return r;
    return m->merges;
}

static int merged(const Merges *m, const char *word, int length, int *ids) {
    int n = length;
    for (int i = 0; i < n; i++) ids[i] = (unsigned char)word[i];
    for (;;) {
        int best = m->merges, at = 0;
        for (int i = 0; i + 1 < n; i++)
            if (rank_of(m, ids[i], ids[i + 1]) < best) best = rank_of(m, ids[i], ids[i + 1]), at = i;
        if (best == m->merges) return n;
        ids[at] = 256 + best;
        memmove(ids + at + 1, ids + at + 2, (size_t)(n - at - 2) * sizeof *ids);
        n--;
    }
}

static void one_word(const Merges *m, const char *word, int length) {
    int ids[MOST_LETTERS];
    const int n = merged(m, word, length, ids);
    input("\"%.*s\"", length < 60 ? length : 60, word);
    input_ints("merges", m->pair, (size_t)(2 * m->merges));
    give_ints(m->pair, (size_t)(2 * m->merges)), give_text(word, (size_t)length);
    ask();
    check_int("how many ids", got_int(), n);
    check_ints("the ids", got_ints((size_t)n), ids, (size_t)n);
}

/* Merges of pairs that are there, each pair once. */
static Merges any_merges(Rng *rng, int letters, int most) {
    Merges m = {{0}, 0};
    for (int tries = 0; tries < 4 * most && m.merges < most; tries++) {
        int side[2];
        for (int i = 0; i < 2; i++) {
            const int token = below(rng, letters + m.merges);
            side[i] = token < letters ? 'a' + token : 256 + token - letters;
        }
        if (rank_of(&m, side[0], side[1]) < m.merges) continue;
        m.pair[2 * m.merges] = side[0], m.pair[2 * m.merges + 1] = side[1];
        m.merges++;
    }
    return m;
}

void check(void) {
    static const Merges pairs = {{'a', 'b', 'b', 'a'}, 2}, twins = {{'a', 'a', 256, 256}, 2}, none = {{0}, 0};
    char word[MOST_LETTERS];
    Rng rng = check_rng();
    one_word(&none, "cat", 3), one_word(&pairs, "a", 1), one_word(&pairs, "ab", 2), one_word(&pairs, "bab", 3);
    one_word(&pairs, "babab", 5), one_word(&twins, "aaa", 3), one_word(&twins, "aaaaaaa", 7);
    one_word(&(Merges){{'b', 'c', 'a', 'b'}, 2}, "abc", 3), one_word(&(Merges){{0xc3, 0xa9}, 1}, "caf\xc3\xa9", 5);
    for (int i = 0; i < (hidden() ? 120 : 30); i++) {
        const Merges m = any_merges(&rng, 2 + i % 4, 2 + i % (MOST_MERGES - 2));
        const int length = 1 + below(&rng, i % 10 ? 24 : 256);
        for (int k = 0; k < length; k++) word[k] = (char)('a' + below(&rng, 2 + i % 4));
        one_word(&m, word, length);
    }
}
