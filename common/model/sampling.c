#include "model/sampling.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/ranked.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- one token ---- */

int sampling_best(const float *logits, int n) {
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (isnan(logits[i]) || logits[i] == INFINITY) return -1;
        if (logits[i] > -INFINITY && (best < 0 || logits[i] > logits[best])) best = i;
    }
    return best;
}

int sampling_likeliest(int *ids, int most, const float *logits, int n) {
    int found = 0;
    for (int id = 0; id < n; id++) {
        if (found == most && logits[id] <= logits[ids[most - 1]]) continue;
        int at = found < most ? found++ : most - 1;
        for (; at > 0 && logits[id] > logits[ids[at - 1]]; at--) ids[at] = ids[at - 1];
        ids[at] = id;
    }
    return found;
}

/* How many of the candidates, likeliest first, stay. */
static int count_kept(const Ranked *order, int n, SampleRule rule) {
    int kept = n;
    if (rule.top_k > 0 && rule.top_k < n)
        for (kept = rule.top_k; kept < n && order[kept].size == order[rule.top_k - 1].size;) kept++;
    if (rule.top_p <= 0 || rule.top_p >= 1) return kept;
    double all = 0, before = 0;
    for (int i = 0; i < kept; i++) all += order[i].size;
    int nucleus = 0;
    while (nucleus < kept && before < rule.top_p * all) before += order[nucleus++].size;
    return nucleus;
}

/* What top_k and top_p take away becomes 0. */
static void filter(float *shares, int n, SampleRule rule) {
    bool some = (rule.top_k > 0 && rule.top_k < n) || (rule.top_p > 0 && rule.top_p < 1);
    if (!some) return;
    Ranked *order = memory_new((size_t)n, sizeof *order, "the candidates");
    for (int i = 0; i < n; i++) order[i] = (Ranked){(double)shares[i], i};
    ranked_sort(order, (size_t)n);
    for (int i = count_kept(order, n, rule); i < n; i++) shares[order[i].at] = 0;
    memory_free(order);
}

bool sampling_probabilities(float *probabilities, const float *logits, int n, SampleRule rule) {
    int best = sampling_best(logits, n);
    if (best < 0) return false;
    double top = (double)logits[best], sum = 0;
    if (rule.temperature <= 0) {
        memset(probabilities, 0, (size_t)n * sizeof *probabilities);
        probabilities[best] = 1;
        return true;
    }
    for (int i = 0; i < n; i++) probabilities[i] = (float)exp(((double)logits[i] - top) / rule.temperature);
    filter(probabilities, n, rule);
    for (int i = 0; i < n; i++) sum += (double)probabilities[i];
    for (int i = 0; i < n; i++) probabilities[i] = (float)((double)probabilities[i] / sum);
    return true;
}

int sampling_draw(Rng *rng, const float *probabilities, int n) {
    int best = -1;
    float most = -1;
    for (int i = 0; i < n; i++) {
        float wait = (float)-log1p(-rng_double(rng)); /* Exp(1) */
        if (probabilities[i] > 0 && probabilities[i] / wait > most) best = i, most = probabilities[i] / wait;
    }
    assert(best >= 0);
    return best;
}

int sampling_next(Rng *rng, float *probabilities, const float *logits, int n, SampleRule rule) {
    if (rule.temperature <= 0) {
        int best = sampling_best(logits, n);
        if (best >= 0) sampling_probabilities(probabilities, logits, n, rule);
        return best;
    }
    return sampling_probabilities(probabilities, logits, n, rule) ? sampling_draw(rng, probabilities, n) : -1;
}

/* ---- a text ---- */

enum { MOST_TOKENS = 1 << 30 };

/* Waking a worker takes longer than its share of a small product: measured with 112 thousand parameters, two threads
 * write a quarter as fast as one. */
enum { WORTH_SHARING = 1 << 20 };

static void push(Writer *w, int id) {
    if (w->ids.n == MOST_TOKENS) fail(EXIT_DATA, "the text has %d tokens, and may not have more", MOST_TOKENS);
    ids_add(&w->ids, id);
}

/* Reads what the cache has not read yet. While a prefix is not full, its tokens see each new one, so what they left is
 * no longer true: then all is read again. */
static void read_on(Writer *w) {
    if (w->cache.n < w->mask.prefix) w->cache.n = 0;
    size_t read = w->from + (size_t)w->cache.n;
    gpt_read(w->gpt, w->workers, &w->cache, w->ids.at + read, (int)(w->ids.n - read), w->mask, w->logits);
}

Writer writer_new(const Gpt *gpt, Workers *workers, Mask mask, const int *prompt, int n) {
    assert(n >= 1 && mask.causal);
    int context = gpt->config.context;
    Writer w = {.gpt = gpt,
                .workers = gpt->count < WORTH_SHARING ? NULL : workers,
                .mask = mask,
                .cache = gpt_cache_new(gpt, context)};
    w.logits = memory_new((size_t)gpt->config.vocab, sizeof *w.logits, "the logits");
    for (int i = 0; i < n; i++) {
        assert(prompt[i] >= 0 && prompt[i] < gpt->config.vocab);
        push(&w, prompt[i]);
    }
    w.from = n > context ? (size_t)(n - context) : 0;
    read_on(&w);
    return w;
}

void writer_free(Writer *w) {
    if (w->gpt) gpt_cache_free(&w->cache, w->gpt);
    ids_free(&w->ids), memory_free(w->logits);
    *w = (Writer){0};
}

void writer_add(Writer *w, int id) {
    assert(id >= 0 && id < w->gpt->config.vocab);
    push(w, id);
    if (w->cache.n == w->cache.room) {
        size_t kept = (size_t)w->cache.room / 2; /* of what it had read; a context of 1 keeps nothing */
        w->from = w->ids.n - 1 - kept;
        w->cache.n = 0;
    }
    read_on(w);
}

Ids writer_text(const Gpt *gpt, Workers *workers, Mask mask, Ids prompt, int tokens, SampleRule rule, Rng *rng) {
    int vocab = gpt->config.vocab;
    float *shares = memory_new((size_t)vocab, sizeof *shares, "the next token's shares");
    Writer w = writer_new(gpt, workers, mask, prompt.at, (int)prompt.n);
    for (int id = 0; w.ids.n < prompt.n + (size_t)tokens && id >= 0;) {
        id = sampling_next(rng, shares, w.logits, vocab, rule);
        if (id >= 0) writer_add(&w, id);
    }
    Ids ids = w.ids;
    w.ids = (Ids){0};
    writer_free(&w), memory_free(shares);
    return ids;
}
