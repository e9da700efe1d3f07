/* draw - the pictures of stage 16: shares under several rules, and the next token. */
#include "base/error.h"
#include "base/memory.h"
#include "show/bars.h"
#include "show/label.h"
#include "text/utf8.h"
#include "tool.h"

#include <string.h>

/* ---- the lesson ---- */

void draw_lesson(const Choices *ask, const Lesson *l) {
    enum { SHOWN = 4 };
    Mat shares = mat_new(SHOWN, WORDS);
    for (int r = 0; r < SHOWN; r++) memcpy(mat_row(shares, r), l->shares[r], sizeof l->shares[r]);
    Sheet sheet = show_sheet(&ask->show, "bars", "The same nine logits, more and less bold",
                             "temperature changes all shares, top-k takes the tail away");
    bars_draw(sheet, shares,
              (BarsOptions){.names = l->word, .series = l->name, .value_axis = "share", .most = 1, .mark = BARS_NONE});
    mat_free(&shares);
}

/* ---- the next token ---- */

enum { BARS = 12, LONGEST = 40 };

static void next_logits(const Source *s, Workers *workers, Ids prompt, float *logits) {
    if (!s->model) {
        count_logits(s, prompt.at, prompt.n, logits);
        return;
    }
    Writer w = writer_new(s->gpt, workers, s->gpt->trained.rule, prompt.at, (int)prompt.n);
    memcpy(logits, w.logits, (size_t)s->gpt->config.vocab * sizeof *logits);
    writer_free(&w);
}

static void draw_bars(const Choices *ask, const Source *s, Ids prompt, Mat bars, const char **names) {
    char *rule = rule_name(ask->rule), *text = tokenizer_text(s->tokenizer, prompt.at, prompt.n);
    String title = {0}; /* the end of the prompt; a long one may be cut in the middle of a character */
    size_t length = strlen(text), cut = length > LONGEST ? length - LONGEST : 0;
    string_add(&title, cut ? "The token after \"... " : "The token after \"");
    utf8_label(&title, text + cut, length - cut, LONGEST);
    string_add(&title, "\"");
    const char *series[] = {"temperature 1", rule};
    bars_draw(show_sheet(&ask->show, "next", title.text, s->name), bars,
              (BarsOptions){.names = names, .series = series, .value_axis = "share", .mark = BARS_NONE});
    memory_free(rule), memory_free(text), string_free(&title);
}

void show_next(const Choices *ask, const Source *s, Workers *workers, Ids prompt) {
    int vocab = tokenizer_count(s->tokenizer), best[BARS];
    float *logits = memory_new(3 * (size_t)vocab, sizeof *logits, "the shares");
    float *plain = logits + vocab, *ruled = plain + vocab;
    next_logits(s, workers, prompt, logits);
    if (!sampling_probabilities(plain, logits, vocab, (SampleRule){.temperature = 1}) ||
        !sampling_probabilities(ruled, logits, vocab, ask->rule))
        fail(EXIT_DATA,
             "%s: what the model says after the prompt is no number (expected finite logits). "
             "Try: an older checkpoint",
             s->name);
    int n = sampling_likeliest(best, BARS, plain, vocab);
    Mat bars = mat_new(2, n);
    const char **names = memory_new((size_t)n, sizeof *names, "names");
    for (int b = 0; b < n; b++) {
        names[b] = tokenizer_label(s->tokenizer, best[b], 12);
        mat_row(bars, 0)[b] = plain[best[b]], mat_row(bars, 1)[b] = ruled[best[b]];
    }
    draw_bars(ask, s, prompt, bars, names);
    names_free(names, n), mat_free(&bars), memory_free(logits);
}
