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

/* The mean surprise at each next token, as a share of ln V, which is what knowing nothing gives. */
static double surprise(const Reading *r) {
    Mat logits = model_logits(r->reader->model, r->reader->workers, &r->trace);
    double sum = 0;
    for (int i = 0; i + 1 < logits.rows; i++) {
        const float *row = mat_row(logits, i);
        double all = 0, own = (double)row[r->encoding.ids[i + 1]];
        for (int id = 0; id < logits.cols; id++) all += exp((double)row[id] - own);
        sum += log(all);
    }
    double share = logits.rows > 1 ? sum / (logits.rows - 1) / log(logits.cols) : 0;
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
    reading_pass(&r);
    bool trained = looks_back(&r) > shares || (gpt && !gpt->config.fills_gaps && surprise(&r) < surprised);
    reading_free(&r);
    return trained;
}
