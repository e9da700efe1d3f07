#include "runner.h"
#include "gpt_given.h"
#include "model/gpt_pass.h"

#include <string.h>

extern void train(Gpt *gpt, float *losses, const int *ids, int n, int length, int steps, AdamW plan);

void run_case(void) {
    int layers = (int)take_int(), heads = (int)take_int(), width = (int)take_int(), vocab = (int)take_int();
    int length = (int)take_int(), spare = (int)take_int(), steps = (int)take_int();
    double rate = take_double(), clip = take_double();
    AdamW plan = plan_of(rate, clip, (int)take_int());
    size_t n, count;
    const float *numbers = keep_floats("the parameters", &count);
    const int *ids = keep_ints("ids", &n);
    float *losses = fresh_room("losses", (size_t)steps, sizeof *losses);
    Gpt gpt = gpt_new(form_of(layers, heads, width, vocab, length + spare));
    memcpy(gpt.weights.numbers, numbers, count * sizeof *numbers);
    train(&gpt, losses, ids, (int)n, length, steps, plan);
    hand_floats(losses, (size_t)steps);
    hand_floats(gpt.weights.numbers, count);
    gpt_free(&gpt);
}
