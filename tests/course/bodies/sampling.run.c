/* Logits and a rule to the shares that are drawn from. */
#include "runner.h"

void run_case(void) {
    const double temperature = take_double(), top_p = take_double();
    const int top_k = (int)take_int();
    size_t n;
    const float *logits = keep_floats("logits", &n);
    float *shares = fresh_room("probabilities", n, sizeof *shares);
    for (size_t i = 0; i < n; i++) shares[i] = -1;
    const SampleRule rule = {.temperature = temperature, .top_k = top_k, .top_p = top_p};
    hand_int(sampling_probabilities(shares, logits, (int)n, rule));
    hand_floats(shares, n);
}
