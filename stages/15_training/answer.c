/* What is going to be trained; and after training: what it writes, and how much of that it has copied. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "model/gpt_run.h"
#include "model/sampling.h"
#include "show/label.h"
#include "text/common_substring.h"
#include "text/word_share.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

void tell_model(const Training *run, const Baselines *b) {
    const GptConfig *c = &run->gpt.config;
    printf("model   %d block%s, %d head%s, width %d, context %d: %zu parameters\n", c->layers, PLURAL(c->layers),
           c->heads, PLURAL(c->heads), c->width, c->context, run->gpt.count);
    printf("mask    %s; positions %s\n", run->mask.title, c->positions->name);
    printf("text    ");
    label_print(run->story.name, strlen(run->story.name), LABEL_ALL, 0);
    printf(": %zu tokens to learn from, %zu held back, %d kind%s\n", run->story.train.n, run->story.held.n, c->vocab,
           PLURAL(c->vocab));
    printf("counts  uniform %.3f, unigram %.3f, bigram %.3f, trigram %.3f nats on what is held back\n", b->uniform,
           b->unigram, b->bigram, b->trigram);
}

enum { LONGEST_TOKEN = 64, LONGEST_COPY = 512 }; /* bytes that are shown */

/* A piece of text between quotes. BPE cuts inside characters: half a one shows as U+FFFD. */
static void print_quoted(const char *text, unsigned long most) {
    char plain[LONGEST_COPY];
    error_quote(plain, most, text);
    char *label = utf8_shown(plain, strlen(plain), LONGEST_COPY);
    printf("\"%s\"", label);
    memory_free(label);
}

/* ---- a sample: how good, how new ---- */

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
    char *span = text_copy(text->text + copied.at, copied.length);
    printf("copied  the longest span taken from the text has %zu bytes: ", copied.length);
    print_quoted(span, LONGEST_COPY);
    printf("\n");
    memory_free(span);
    substrings_free(&story);
}

void tell_sample(const Training *run) {
    if (run->ask->sample == 0 || run->ask->plan.masked || !run->mask.rule.causal || run->story.held.n < 1) return;
    Rng rng = rng_seed(run->ask->common.seed);
    Ids first = {run->story.held.at, 1, 1}; /* the sample goes on from the first token that was held back */
    Ids ids = writer_text(&run->gpt, NULL, run->mask.rule, first, run->ask->sample,
                          (SampleRule){.temperature = run->ask->temperature}, &rng);
    String text = {0};
    tokenizer_decode(run->story.tokenizer, ids.at, ids.n, &text);
    printf("sample  %zu tokens at temperature %.2g\n", ids.n - 1, run->ask->temperature);
    for (char *line = text.text; line && *line;) {
        size_t length = strcspn(line, "\n");
        char *shown = utf8_shown(line, length, 1 << 20); /* BPE may begin in the middle of a character */
        if (length) printf("  %s\n", shown);
        memory_free(shown);
        line += length + (line[length] == '\n');
    }
    print_known_words(run, text.text);
    print_longest_copy(run, &text);
    string_free(&text);
    ids_free(&ids);
}

/* ---- masked language modelling: what was hidden is found again ---- */

static void print_token(const Training *run, int id, const char *behind) {
    char *token = tokenizer_text(run->story.tokenizer, &id, 1);
    printf("  ");
    print_quoted(token, LONGEST_TOKEN);
    printf("%s", behind);
    memory_free(token);
}

static void print_guesses(const Training *run, const float *logits) {
    enum { GUESSES = 5 };
    int best[GUESSES], found = sampling_likeliest(best, GUESSES, logits, run->gpt.config.vocab);
    for (int g = 0; g < found; g++) print_token(run, best[g], "");
    printf("\n");
}

enum { EVERY = 7, LONGEST = 1024 }; /* all maps of a pass are kept: n * n numbers a head */

static bool is_gap(int i) {
    return i % EVERY == EVERY / 2;
}

static int window_length(const Training *run) {
    return run->gpt.config.context < LONGEST ? run->gpt.config.context : LONGEST;
}

/* What the model says of the first window held back, with its gaps. You free it. */
static Mat logits_of_gaps(const Training *run) {
    int n = window_length(run), *ids = memory_new((size_t)n, sizeof *ids, "a window");
    for (int i = 0; i < n; i++) ids[i] = is_gap(i) ? run->gpt.config.vocab - 1 : run->story.held.at[i];
    Trace trace = gpt_trace_new(&run->gpt, n);
    gpt_trace(&run->gpt, run->workers, ids, (Run){.mask = run->mask.rule}, &trace);
    Mat logits = gpt_logits(&run->gpt, run->workers, &trace);
    trace_free(&trace), memory_free(ids);
    return logits;
}

/* Tokens `from` to `to` of the window as text, in brackets when they are a guess. */
static void add_tokens(const Training *run, String *line, const int *ids, int from, int to, bool guess) {
    bool apart = run->ask->tokens == TOKENS_WORD && from > 0;
    char *text = tokenizer_text(run->story.tokenizer, ids + from, (size_t)(to - from));
    string_add(line, guess ? "%s[%s]" : "%s%s", apart ? " " : "", text);
    memory_free(text);
}

/* The beginning of the window on one line, with what stands in its gaps: the model's first guesses, or, without logits,
 * the text itself. You free it. */
static char *with_gaps(const Training *run, const Mat *logits) {
    enum { TOKENS = 64, CHARACTERS = 160 };
    int n = window_length(run), ids[TOKENS], from = 0;
    if (n > TOKENS) n = TOKENS;
    String line = {0};
    for (int i = 0; i < n; i++) {
        ids[i] = run->story.held.at[i];
        if (!is_gap(i)) continue;
        if (logits) sampling_likeliest(&ids[i], 1, mat_row(*logits, i), run->gpt.config.vocab);
        if (from < i) add_tokens(run, &line, ids, from, i, false);
        add_tokens(run, &line, ids, i, i + 1, true);
        from = i + 1;
    }
    if (from < n) add_tokens(run, &line, ids, from, n, false);
    char *shown = utf8_shown(line.text, line.length, CHARACTERS);
    string_free(&line);
    return shown;
}

void keep_gaps(Training *run) {
    History *h = &run->history;
    if (!run->ask->plan.masked || h->gaps_count == MOST_MAPS) return;
    Mat logits = logits_of_gaps(run);
    h->gaps[h->gaps_count] = with_gaps(run, &logits);
    h->gaps_steps[h->gaps_count++] = run->trainer.step;
    mat_free(&logits);
}

/* What it was like while it was learned. */
static void print_gaps_kept(const Training *run) {
    const History *h = &run->history;
    char *text = with_gaps(run, NULL);
    printf("gaps    one token in %d of the first window held back is hidden; in brackets the first guess\n", EVERY);
    for (int i = 0; i < h->gaps_count; i++) printf("  step %5d  %s\n", h->gaps_steps[i], h->gaps[i]);
    printf("  the text    %s\n", text);
    memory_free(text);
}

void tell_gaps(const Training *run) {
    if (!run->ask->plan.masked) return;
    int n = window_length(run), vocab = run->gpt.config.vocab, found = 0, asked = 0;
    Mat logits = logits_of_gaps(run);
    print_gaps_kept(run);
    printf("[MASK]  the five likeliest, best first\n");
    for (int i = EVERY / 2; i < n; i += EVERY, asked++) {
        const float *row = mat_row(logits, i);
        bool right = true;
        for (int id = 0; id < vocab; id++) right &= row[id] <= row[run->story.held.at[i]];
        found += right;
        if (asked >= 4) continue;
        print_token(run, run->story.held.at[i], " was there:");
        print_guesses(run, row);
    }
    printf("found   %d of %d at the first guess\n", found, asked);
    mat_free(&logits);
}
