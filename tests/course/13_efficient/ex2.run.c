#include "runner.h"
#include "stream.h"

extern double streamed_mean(bool (*next_pair)(void *source, double *score, double *value), void *source);

/* n pairs, of which `at` have been taken: those in the arrays, or the long stream's. */
typedef struct {
    double *scores, *values;
    int n, at;
} Source;

static bool next_pair(void *source, double *score, double *value) {
    Source *s = source;
    if (s->at >= s->n) return false;
    *score = s->scores ? s->scores[s->at] : stream_score(s->at);
    *value = s->scores ? s->values[s->at] : stream_value(s->at);
    s->at++;
    return true;
}

void run_case(void) {
    Source source = {.n = (int)take_int()};
    if (source.n != STREAM_PAIRS) {
        source.scores = fresh_room("scores", (size_t)source.n, sizeof(double));
        source.values = fresh_room("values", (size_t)source.n, sizeof(double));
        for (int j = 0; j < source.n; j++) source.scores[j] = take_double(), source.values[j] = take_double();
    }
    const long long before = memory_peak();
    const double mean = streamed_mean(next_pair, &source);
    hand_int(source.at), hand_int(memory_peak() - before), hand_double(mean);
}
