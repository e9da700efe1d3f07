/* 16.3: the penalty by hand, on ids that occur often, and on random texts by another way: through a set. One text
 * is long, one vocabulary large. */
#include "judge.h"

enum { MOST = 300007 };

static void check_case(const float *logits, int vocab, const int *written, int n, float penalty) {
    static float expected[MOST];
    static bool was[MOST];
    for (int id = 0; id < vocab; id++) was[id] = false;
    for (int i = 0; i < n; i++) was[written[i]] = true;
    for (int id = 0; id < vocab; id++)
        expected[id] = !was[id] ? logits[id] : logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
    input("vocab = %d, n = %d, penalty %g", vocab, n, (double)penalty);
    input_floats("logits", logits, (size_t)vocab), input_ints("written", written, (size_t)n);
    give_floats(logits, (size_t)vocab), give_ints(written, (size_t)n), give_double((double)penalty);
    ask();
    check_floats("the logits", got_floats((size_t)vocab), expected, (size_t)vocab, 1e-5);
}

static void check_random(Rng *rng, int vocab, int n, float penalty) {
    static float logits[MOST];
    static int written[MOST];
    rng_normal(rng, logits, (size_t)vocab, 0, 4);
    for (int i = 0; i < n; i++) written[i] = (int)(rng_bits(rng) % (unsigned)vocab);
    check_case(logits, vocab, written, n, penalty);
}

/* 70,001 tokens, of which only the last is 299. */
static void check_late(Rng *rng) {
    enum { TOKENS = 70001, VOCAB = 300 };
    static int written[TOKENS];
    float logits[VOCAB];
    rng_normal(rng, logits, VOCAB, 0, 4);
    for (int i = 0; i < TOKENS; i++) written[i] = i % (VOCAB - 1);
    written[TOKENS - 1] = VOCAB - 1;
    check_case(logits, VOCAB, written, TOKENS, 1.2f);
}

void check(void) {
    check_case((const float[]){2, -1, 4}, 3, (const int[]){0, 1, 0}, 3, 2);
    check_case((const float[]){2, -1, 4}, 3, (const int[]){2, 2, 2, 2, 2}, 5, 1.5f);
    check_case((const float[]){2, -1, 4}, 3, (const int[]){-1}, 0, 2);
    check_case((const float[]){0, -8}, 2, (const int[]){0, 1}, 2, 1.25f);
    check_case((const float[]){0.5f, -0.25f, 3, 7}, 4, (const int[]){3, 1, 0, 3, 1}, 5, 4);
    check_case((const float[]){3, -3}, 2, (const int[]){1, 0, 1}, 3, 1);
    check_case((const float[]){1e-3f, -1e-3f, 200, -200}, 4, (const int[]){3, 2, 1, 0}, 4, 8);
    Rng rng = check_rng();
    for (int k = 0; k < (hidden() ? 300 : 30); k++) {
        int vocab = 1 + (int)(rng_bits(&rng) % 50), n = (int)(rng_bits(&rng) % 50);
        check_random(&rng, vocab, n, rng_float(&rng, 1, 3));
    }
    check_random(&rng, 300, 3000, 1.2f);
    check_random(&rng, 3001, 5003, 1.2f);
    check_random(&rng, MOST, 100, 1.2f), check_late(&rng);
}
