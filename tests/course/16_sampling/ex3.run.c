#include "runner.h"

extern void punish_repetition(float *logits, int vocab, const int *written, int n, float penalty);

void run_case(void) {
    size_t vocab, n;
    float *logits = take_floats("logits", &vocab);
    const int *written = keep_ints("written", &n);
    punish_repetition(logits, (int)vocab, written, (int)n, (float)take_double());
    hand_floats(logits, vocab);
}
