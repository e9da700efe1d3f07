/* 16.3: the penalty by hand, on ids that occur often, and on random texts by another way: through a set. */
#include "judge.h"
#include <stdbool.h>

extern void punish_repetition(float *logits, int vocab, const int *written, int n, float penalty);

enum { MOST = 50 };

static void check_case(const float *logits, int vocab, const int *written, int n, float penalty) {
    float got[MOST], expected[MOST];
    for (int id = 0; id < vocab; id++) {
        bool was = false;
        for (int i = 0; i < n; i++) was |= written[i] == id;
        got[id] = logits[id];
        expected[id] = !was ? logits[id] : logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
    }
    input("logits %g %g ... (vocab = %d), written %d %d ... (n = %d), penalty %g", (double)logits[0],
          vocab > 1 ? (double)logits[1] : 0.0, vocab, n > 0 ? written[0] : -1, n > 1 ? written[1] : -1, n,
          (double)penalty);
    punish_repetition(got, vocab, written, n, penalty);
    check_floats("the logits", got, expected, (size_t)vocab, 1e-6);
}

void check(void) {
    check_case((const float[]){2, -1, 4}, 3, (const int[]){0, 1, 0}, 3, 2);
    check_case((const float[]){2, -1, 4}, 3, (const int[]){2, 2, 2, 2, 2}, 5, 1.5f);
    check_case((const float[]){2, -1, 4}, 3, (const int[]){-1}, 0, 2);
    check_case((const float[]){0, -8}, 2, (const int[]){0, 1}, 2, 1.25f);
    check_case((const float[]){3, -3}, 2, (const int[]){1, 0, 1}, 3, 1);
    Rng rng = check_rng();
    for (int k = 0; k < (hidden() ? 300 : 30); k++) {
        float logits[MOST];
        int written[MOST], vocab = 1 + (int)(rng_bits(&rng) % MOST), n = (int)(rng_bits(&rng) % MOST);
        rng_normal(&rng, logits, (size_t)vocab, 0, 4);
        for (int i = 0; i < n; i++) written[i] = (int)(rng_bits(&rng) % (unsigned)vocab);
        check_case(logits, vocab, written, n, rng_float(&rng, 1, 3));
    }
}
