/* After training: what it writes, how much of that it has copied, and the pictures. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "math/vecmath.h"
#include "show/curves.h"
#include "show/grid.h"
#include "text/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- a sample ---- */

/* One id from logits / temperature: the point of the unit interval decides whose share it falls into. */
static int draw_id(float *logits, int vocab, double temperature, Rng *rng) {
    float top = vec_max(logits, (size_t)vocab);
    double sum = (double)vec_exp(logits, (size_t)vocab, top, (float)(1 / temperature)), left = rng_double(rng) * sum;
    for (int i = 0; i < vocab; i++) {
        left -= (double)logits[i];
        if (left < 0) return i;
    }
    return vocab - 1;
}

/* Writes n tokens after the first one that was held back. When the context is full, it begins anew from its second
 * half: learned positions end there. */
static Ids sample(const Run *run, int n) {
    int context = run->gpt.config.context, vocab = run->gpt.config.vocab;
    Ids ids = {memory_new((size_t)n + 1, sizeof *ids.at, "the sample"), 1};
    float *logits = memory_new((size_t)vocab, sizeof *logits, "the logits");
    GptCache cache = gpt_cache_new(&run->gpt, context);
    Rng rng = rng_seed(run->ask->common.seed);
    ids.at[0] = run->story.held.at[0];
    while (ids.n <= n) {
        if (cache.n == context) {
            cache.n = 0;
            for (int i = ids.n - context / 2; i < ids.n - 1 && context > 1; i++)
                gpt_step(&run->gpt, run->workers, &cache, ids.at[i], run->mask, NULL);
        }
        gpt_step(&run->gpt, run->workers, &cache, ids.at[ids.n - 1], run->mask, logits);
        ids.at[ids.n++] = draw_id(logits, vocab, run->ask->temperature, &rng);
    }
    gpt_cache_free(&cache, &run->gpt);
    memory_free(logits);
    return ids;
}

/* ---- how good, how new ---- */

/* The next run of letters from *at on: its length, 0 at the end. */
static size_t next_word(const char **at) {
    while (**at && !isalpha((unsigned char)**at)) ++*at;
    size_t length = 0;
    while (isalpha((unsigned char)(*at)[length])) length++;
    return length;
}

/* The share of the sample's words that are words of the text. The last one may be cut, so it does not count. */
static void print_known_words(const Run *run, const char *text) {
    Vocab known = {0};
    size_t length;
    for (const char *at = run->story.bytes.data; (length = next_word(&at)) > 0; at += length)
        if (vocab_id(&known, at, length) < 0) vocab_add(&known, at, length);
    int words = 0, there = 0;
    for (const char *at = text; (length = next_word(&at)) > 0 && at[length]; at += length) {
        words++;
        there += vocab_id(&known, at, length) >= 0;
    }
    if (words) printf("words   %d of %d (%.0f%%) occur in the text\n", there, words, 100.0 * there / words);
    vocab_free(&known);
}

/* The longest run of tokens that sample and training text share; ends[j] is how long the one is that ends at text
 * token j. */
static void print_longest_copy(const Run *run, Ids ids) {
    Ids text = run->story.train;
    int *ends = memory_new((size_t)text.n + 1, sizeof *ends, "the comparison"), best = 0, best_end = 0;
    for (int i = 0; i < ids.n; i++)
        for (int j = text.n; j >= 1; j--) {
            ends[j] = ids.at[i] == text.at[j - 1] ? ends[j - 1] + 1 : 0;
            if (ends[j] > best) best = ends[j], best_end = i + 1;
        }
    String span = {0};
    for (int i = best_end - best; i < best_end; i++) story_add(&run->story, ids.at[i], &span);
    char shown[512];
    printf("copied  the longest span taken from the text has %d tokens: \"%s\"\n", best,
           error_quote(shown, sizeof shown, span.text ? span.text : ""));
    string_free(&span);
    memory_free(ends);
}

void print_sample(const Run *run) {
    if (run->ask->sample == 0 || run->ask->plan.masked || !run->mask.causal || run->story.held.n < 1) return;
    Ids ids = sample(run, run->ask->sample);
    String text = {0};
    for (int i = 0; i < ids.n; i++) story_add(&run->story, ids.at[i], &text);
    printf("sample  %d tokens at temperature %.2g\n", ids.n - 1, run->ask->temperature);
    for (char *line = text.text; line && *line;) {
        size_t length = strcspn(line, "\n");
        String shown = {0};
        utf8_label(&shown, line, length, 1 << 20); /* BPE may begin in the middle of a character */
        if (length) printf("  %s\n", shown.text);
        string_free(&shown);
        line += length + (line[length] == '\n');
    }
    print_known_words(run, text.text);
    print_longest_copy(run, ids);
    string_free(&text);
    memory_free(ids.at);
}

/* ---- masked language modelling: what was hidden is found again ---- */

/* The n likeliest ids, best first. */
static void print_guesses(const Run *run, const float *logits, int n) {
    int vocab = run->gpt.config.vocab, best[8];
    for (int k = 0; k < n; k++) {
        best[k] = -1;
        for (int id = 0; id < vocab; id++) {
            bool taken = false;
            for (int i = 0; i < k; i++) taken |= best[i] == id;
            if (!taken && (best[k] < 0 || logits[id] > logits[best[k]])) best[k] = id;
        }
        char shown[64];
        if (best[k] >= 0) printf("  \"%s\"", error_quote(shown, sizeof shown, vocab_token(&run->story.vocab, best[k])));
    }
    printf("\n");
}

void print_filled_masks(const Run *run) {
    enum { GUESSES = 5, EVERY = 7 };
    int n = run->gpt.config.context, vocab = run->gpt.config.vocab, found = 0, asked = 0;
    int *ids = memory_new((size_t)n, sizeof *ids, "a window");
    for (int i = 0; i < n; i++) ids[i] = i % EVERY == EVERY / 2 ? vocab - 1 : run->story.held.at[i];
    Trace trace = gpt_trace_new(&run->gpt, n);
    Mat logits = mat_new(n, vocab);
    gpt_trace(&run->gpt, run->workers, ids, run->mask, &trace, logits);
    printf("[MASK]  one token in %d of the first window held back is hidden; the five likeliest, best first\n", EVERY);
    for (int i = EVERY / 2; i < n; i += EVERY, asked++) {
        const float *row = mat_row(logits, i);
        bool right = true;
        for (int id = 0; id < vocab; id++) right &= row[id] <= row[run->story.held.at[i]];
        found += right;
        char shown[64];
        if (asked < 4)
            printf("  \"%s\" was there:",
                   error_quote(shown, sizeof shown, vocab_token(&run->story.vocab, run->story.held.at[i])));
        if (asked < 4) print_guesses(run, row, GUESSES);
    }
    printf("found   %d of %d at the first guess\n", found, asked);
    trace_free(&trace), mat_free(&logits), memory_free(ids);
}

/* ---- pictures ---- */

static Sheet sheet_of(const Run *run, const char *name, const char *title, const char *subtitle) {
    return (Sheet){run->ask->common.out, name, title, subtitle, run->ask->show.format, run->ask->command};
}

void draw_loss(const Run *run, const Baselines *b) {
    const History *h = &run->history;
    if (h->count < 2) return;
    float x[] = {h->step[0], h->step[h->count - 1]};
    float flat[4][2] = {{(float)b->uniform, (float)b->uniform},
                        {(float)b->unigram, (float)b->unigram},
                        {(float)b->bigram, (float)b->bigram},
                        {(float)b->trigram, (float)b->trigram}};
    const Curve curves[] = {{"train", h->step, h->train, h->count, false},
                            {"held back", h->step, h->held, h->count, false},
                            {"uniform", x, flat[0], 2, true},
                            {"unigram", x, flat[1], 2, true},
                            {"bigram", x, flat[2], 2, true},
                            {"trigram", x, flat[3], 2, true}};
    char *subtitle = text_format("%zu parameters; dashed: counting alone, on the text held back", run->gpt.count);
    curves_draw(sheet_of(run, "loss", "Loss while learning", subtitle), curves, run->ask->plan.masked ? 2 : 6,
                (CurvesOptions){.x_axis = "step", .y_axis = "nats per token"});
    memory_free(subtitle);
}

void draw_maps(const Run *run) {
    const History *h = &run->history;
    if (h->map_count == 0) return;
    int n = h->maps[0].rows;
    char steps[MOST_MAPS][32];
    const char *names[MOST_MAPS], *row = "head 0", *tokens[MAP_TOKENS];
    bool hidden[MAP_TOKENS * MAP_TOKENS];
    for (int i = 0; i < h->map_count; i++) {
        snprintf(steps[i], sizeof steps[i], "step %d", h->map_steps[i]);
        names[i] = steps[i];
    }
    for (int i = 0; i < n; i++) tokens[i] = vocab_token(&run->story.vocab, run->story.held.at[i]);
    for (int i = 0; i < n * n; i++) hidden[i] = !mask_allows(run->mask, i / n, i % n);
    char *subtitle =
        text_format("layer %d head 0, on the first tokens that were held back", run->gpt.config.layers - 1);
    grid_draw(sheet_of(run, "maps", "One head learns to look", subtitle), h->maps, 1, h->map_count,
              (GridOptions){.row_names = &row,
                            .col_names = names,
                            .row_axis = "",
                            .col_axis = "",
                            .tokens = tokens,
                            .hidden = hidden,
                            .scale = SCALE_FIXED});
    memory_free(subtitle);
}
