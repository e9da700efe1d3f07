/* write - a text, token by token, and three questions about it: does it run in a circle, does it use words, and how
 * much of it did somebody else write? */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "show/bars.h"
#include "show/terminal.h"
#include "text/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1. Writing ---- */

static int choose(const Source *s, Rng *rng, float *shares, const float *logits, SampleRule rule, int at) {
    int id = sampling_next(rng, shares, logits, source_vocab(s), rule);
    if (id < 0)
        fail(EXIT_DATA, "%s: what the model says after token %d is no number (expected finite logits). "
             "Try: an older checkpoint", s->name, at);
    return id;
}

static Ids write_counting(const Source *s, Ids prompt, int tokens, SampleRule rule, Rng *rng, float *shares) {
    Ids ids = {memory_new((size_t)prompt.n + (size_t)tokens, sizeof *ids.at, "the text"), prompt.n};
    float *logits = memory_new((size_t)source_vocab(s), sizeof *logits, "the logits");
    memcpy(ids.at, prompt.at, (size_t)prompt.n * sizeof *ids.at);
    for (int end = prompt.n + tokens; ids.n < end;) {
        count_logits(s, ids.at, ids.n, logits);
        ids.at[ids.n] = choose(s, rng, shares, logits, rule, ids.n);
        ids.n++;
    }
    memory_free(logits);
    return ids;
}

/* The prompt and so many more tokens. You free `at`. */
static Ids write_text(const Source *s, Workers *workers, Ids prompt, int tokens, SampleRule rule, uint64_t seed) {
    float *shares = memory_new((size_t)source_vocab(s), sizeof *shares, "the shares");
    Rng rng = rng_seed(seed);
    Ids ids;
    if (s->gpt.count == 0) {
        ids = write_counting(s, prompt, tokens, rule, &rng, shares);
    } else {
        Writer w = writer_new(&s->gpt, workers, s->mask, prompt.at, prompt.n);
        for (int i = 0; i < tokens; i++) writer_add(&w, choose(s, &rng, shares, w.logits, rule, w.ids.n));
        ids = w.ids;
        w.ids = (Ids){0};
        writer_free(&w);
    }
    memory_free(shares);
    return ids;
}

static Ids read_prompt(const Choices *ask, const Source *s) {
    Common prompt = ask->common;
    prompt.file = NULL; /* that one is the story */
    if (!prompt.text) { /* "The ", if the vocabulary can say it */
        for (const char *usual = s->kind == TOKENS_WORDS ? "The" : "The "; *usual;) {
            bool known = s->kind == TOKENS_BPE || vocab_id(&s->vocab, "The", 3) >= 0 || s->kind != TOKENS_WORDS;
            for (const char *at = usual; *at && s->kind == TOKENS_CHARACTERS; at++)
                known &= vocab_id(&s->vocab, at, 1) >= 0;
            return source_encode(s, known ? usual : "", known ? strlen(usual) : 0);
        }
    }
    Bytes text = options_input(&prompt, "");
    Ids ids = source_encode(s, text.data, text.size);
    bytes_free(&text);
    return ids;
}
