/* Whether a model's weights look trained. Declared in view/page.h. */
#include "base/memory.h"
#include "view/page.h"

#include <math.h>
#include <string.h>

/* The best previous-token head's share of its weight. */
static double looks_back(const Reading *r) {
    const Trace *t = &r->trace;
    double best = 0;
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            double sum = 0;
            for (int i = 1; i < t->n; i++) sum += (double)mat_at(trace_map(t, l, h), i, i - 1);
            best = fmax(best, sum / t->n);
        }
    return best;
}

/* [n] what a model ought to say at each place: the next token; where it learnt to fill gaps, every third token, which
 * becomes one. -1: nothing. You free it. */
static int *wanted(Reading *r, bool gaps) {
    enum { EVERY = 3 };
    int n = r->encoding.n, mask = tokenizer_mask_id(r->reader->tokenizer);
    int *ids = memory_new((size_t)n, sizeof *ids, "the probe");
    for (int i = 0; i < n; i++) ids[i] = !gaps && i + 1 < n ? r->encoding.ids[i + 1] : -1;
    for (int i = 0; gaps && mask >= 0 && i < n; i += EVERY) {
        ids[i] = r->encoding.ids[i];
        r->encoding.ids[i] = mask;
    }
    return ids;
}

/* The mean surprise at what is wanted, as a share of ln V, which is what knowing nothing gives. */
static double surprise(const Reading *r, const int *wanted_ids) {
    Mat logits = model_logits(r->reader->model, r->reader->workers, &r->trace);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < logits.rows; i++) {
        if (wanted_ids[i] < 0) continue;
        const float *row = mat_row(logits, i);
        double all = 0, own = (double)row[wanted_ids[i]];
        for (int id = 0; id < logits.cols; id++) all += exp((double)row[id] - own);
        sum += log(all), count++;
    }
    double share = count ? sum / count / log(logits.cols) : 0;
    mat_free(&logits);
    return share;
}

/* As much of a text as the vocabulary can say, word by word or letter by letter. */
static String sayable(const Tokenizer *t, const char *text) {
    String said = {0};
    string_add(&said, "%s", "");
    while (*text) {
        bool words = tokenizer_kind(t) == TOKENIZER_WORDS;
        size_t size = words ? strcspn(text, " ") : 1;
        if (!words || size == 0) size = 1;
        bool known = tokenizer_kind(t) == TOKENIZER_BPE || tokenizer_kind(t) == TOKENIZER_WORDPIECE ||
                     (words && *text == ' ') || tokenizer_find(t, text, size) >= 0;
        if (known) string_add_bytes(&said, text, size);
        text += size;
    }
    return said;
}

bool page_is_trained(const Reader *reader) {
    static const char probe[] = "the light of the old lamp and the light of the moon";
    const double shares = 0.4, surprised = 0.9;
    if (!reader->model) return true; /* finished heads say nothing of how they came about */
    const Gpt *gpt = model_gpt(reader->model);
    String said = sayable(reader->tokenizer, probe);
    if (said.length < 4) { /* a vocabulary with none of these: nothing to judge by */
        string_free(&said);
        return true;
    }
    Reading r = reading_open(reader, (Bytes){said.text, said.length}, (Bytes){0},
                             (ReadingPlan){.truncate = true, .quiet = true});
    int *ids = wanted(&r, gpt && gpt->config.fills_gaps);
    reading_pass(&r);
    bool trained = looks_back(&r) > shares || (gpt && surprise(&r, ids) < surprised);
    reading_free(&r), memory_free(ids);
    return trained;
}
