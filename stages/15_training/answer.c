/* After training: what it writes, how much of that it has copied, and the pictures. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/gpt_run.h"
#include "model/sampling.h"
#include "show/curves.h"
#include "show/grid.h"
#include "text/common_substring.h"
#include "text/word_share.h"
#include "text/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- a sample ---- */

/* n tokens after the first one that was held back, drawn as in stage 16. You free them. */
static Ids sample(const Training *run, int n) {
    int vocab = run->gpt.config.vocab;
    float *shares = memory_new((size_t)vocab, sizeof *shares, "the next token's shares");
    Rng rng = rng_seed(run->ask->common.seed);
    Writer writer = writer_new(&run->gpt, NULL, run->mask, run->story.held.at, 1);
    for (int id = 0; writer.ids.n <= (size_t)n && id >= 0;) {
        id = sampling_next(&rng, shares, writer.logits, vocab, (SampleRule){.temperature = run->ask->temperature});
        if (id >= 0) writer_add(&writer, id);
    }
    Ids ids = writer.ids;
    writer.ids = (Ids){0};
    writer_free(&writer);
    memory_free(shares);
    return ids;
}

/* ---- how good, how new ---- */

/* The share of the sample's words that are words of the text. */
static void print_known_words(const Training *run, const char *text) {
    WordShare share = word_share(run->story.bytes.data, text);
    if (share.words)
        printf("words   %d of %d (%.0f%%) occur in the text\n", share.known, share.words,
               100.0 * share.known / share.words);
}

/* The longest run of bytes that sample and text share. */
static void print_longest_copy(const Training *run, const String *text) {
    Substrings story = substrings_new(run->story.bytes.data, run->story.bytes.size);
    SharedRun copied = substrings_longest(&story, text->text, text->length);
    char *span = text_copy(text->text + copied.at, copied.length), shown[512];
    printf("copied  the longest span taken from the text has %zu bytes: \"%s\"\n", copied.length,
           error_quote(shown, sizeof shown, span));
    memory_free(span);
    substrings_free(&story);
}

void print_sample(const Training *run) {
    if (run->ask->sample == 0 || run->ask->plan.masked || !run->mask.causal || run->story.held.n < 1) return;
    Ids ids = sample(run, run->ask->sample);
    String text = {0};
    for (size_t i = 0; i < ids.n; i++) story_add(&run->story, ids.at[i], &text);
    printf("sample  %zu tokens at temperature %.2g\n", ids.n - 1, run->ask->temperature);
    for (char *line = text.text; line && *line;) {
        size_t length = strcspn(line, "\n");
        String shown = {0};
        utf8_label(&shown, line, length, 1 << 20); /* BPE may begin in the middle of a character */
        if (length) printf("  %s\n", shown.text);
        string_free(&shown);
        line += length + (line[length] == '\n');
    }
    print_known_words(run, text.text);
    print_longest_copy(run, &text);
    string_free(&text);
    ids_free(&ids);
}

/* ---- masked language modelling: what was hidden is found again ---- */

/* The n likeliest ids, best first. */
static void print_guesses(const Training *run, const float *logits, int n) {
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

void print_filled_masks(const Training *run) {
    enum { GUESSES = 5, EVERY = 7 };
    int n = run->gpt.config.context, vocab = run->gpt.config.vocab, found = 0, asked = 0;
    int *ids = memory_new((size_t)n, sizeof *ids, "a window");
    for (int i = 0; i < n; i++) ids[i] = i % EVERY == EVERY / 2 ? vocab - 1 : run->story.held.at[i];
    Trace trace = gpt_trace_new(&run->gpt, n);
    gpt_trace(&run->gpt, run->workers, ids, (Run){.mask = run->mask}, &trace);
    Mat logits = gpt_logits(&run->gpt, run->workers, &trace);
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

static Sheet sheet_of(const Training *run, const char *name, const char *title, const char *subtitle) {
    return (Sheet){.folder = run->ask->common.out,
                   .name = name,
                   .title = title,
                   .subtitle = subtitle,
                   .formats = run->ask->show.format,
                   .command = run->ask->command};
}

void draw_loss(const Training *run, const Baselines *b) {
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

void draw_maps(const Training *run) {
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
