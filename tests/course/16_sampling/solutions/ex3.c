/* Exercise 16.3: a penalty for what has been said. */
#include "course.h"

void punish_repetition(float *logits, int vocab, const int *written, int n, float penalty) {
    for (int id = 0; id < vocab; id++)
        for (int i = 0; i < n; i++)
            if (written[i] == id) {
                logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
                break;
            }
}
