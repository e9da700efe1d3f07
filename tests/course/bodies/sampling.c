/* Temperature, top-k and top-p by their definitions: a token stays while fewer than k are likelier, and while those
 * before it have less than p of what top-k left; of equal ones the lower id is before the higher. */
#include "judge.h"
#include "bodies/chance.h"

#include <math.h>

enum { MOST = 64 };
typedef struct {
    double temperature, top_p;
    int top_k;
} Rule;

static int best_of(const float *logits, int n) {
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (isnan(logits[i]) || logits[i] == INFINITY) return -1;
        if (logits[i] > -INFINITY && (best < 0 || logits[i] > logits[best])) best = i;
    }
    return best;
}

static void expect(float *out, const float *logits, int n, Rule rule, int best) {
    float share[MOST], kept[MOST];
    double all = 0, sum = 0;
    for (int i = 0; i < n; i++) share[i] = (float)exp(((double)logits[i] - (double)logits[best]) / rule.temperature);
    for (int i = 0; i < n; i++) {
        int likelier = 0;
        for (int j = 0; j < n; j++) likelier += share[j] > share[i];
        kept[i] = rule.top_k == 0 || likelier < rule.top_k ? share[i] : 0;
        all += (double)kept[i];
    }
    for (int i = 0; i < n; i++) {
        double before = 0;
        for (int j = 0; j < n; j++)
            if (kept[j] > kept[i] || (kept[j] == kept[i] && j < i)) before += (double)kept[j];
        out[i] = rule.top_p <= 0 || rule.top_p >= 1 || before < rule.top_p * all ? kept[i] : 0;
        sum += (double)out[i];
    }
    for (int i = 0; i < n; i++) out[i] = (float)((double)out[i] / sum);
}

static void one_case(const float *logits, int n, Rule rule) {
    float expected[MOST];
    const int best = best_of(logits, n);
    for (int i = 0; i < n; i++) expected[i] = best < 0 ? -1 : i == best;
    if (best >= 0 && rule.temperature > 0) expect(expected, logits, n, rule, best);
    input("temperature %g, top_k %d, top_p %g", rule.temperature, rule.top_k, rule.top_p);
    input_floats("logits", logits, (size_t)n);
    give_double(rule.temperature), give_double(rule.top_p), give_int(rule.top_k), give_floats(logits, (size_t)n);
    ask();
    check_int("is there a best one", got_int(), best >= 0);
    check_floats("the probabilities", got_floats((size_t)n), expected, (size_t)n, 1e-5);
}

void check(void) {
    static const float few[] = {1, 3, 2, 3, -1, 0.5f};
    Rng rng = check_rng();
    one_case(few, 6, (Rule){1, 0, 0}), one_case(few, 6, (Rule){0, 0, 0}), one_case(few, 6, (Rule){2, 0, 3});
    one_case(few, 6, (Rule){1, 0, 1}), one_case(few, 6, (Rule){1, 0.6, 0}), one_case(few, 6, (Rule){1, 0.2, 0});
    one_case(few, 6, (Rule){1, 0.9, 4}), one_case(few, 6, (Rule){1, 1.5, 99}), one_case(few, 1, (Rule){1, 0.5, 1});
    one_case((const float[]){1, NAN, 2}, 3, (Rule){1, 0, 0}),
        one_case((const float[]){1, INFINITY}, 2, (Rule){1, 0, 0});
    one_case((const float[]){-INFINITY, -INFINITY}, 2, (Rule){1, 0, 0});
    one_case((const float[]){900, -INFINITY, 899}, 3, (Rule){0.5, 0, 0}); /* exp(900) is no number */
    for (int i = 0; i < (hidden() ? 60 : 20); i++) {
        float logits[MOST];
        const int n = 2 + below(&rng, MOST - 2);
        for (int j = 0; j < n; j++) logits[j] = (float)below(&rng, 24) / 4;
        one_case(
            logits, n,
            (Rule){0.5 + (double)(i % 4), i % 3 ? 0.1 + 0.8 * rng_double(&rng) : 0, i % 2 ? 1 + below(&rng, 9) : 0});
    }
}
