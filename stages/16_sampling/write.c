/* write - a text, token by token, and three questions about it: does it run in a circle, does it use words, and how
 * much of it did somebody else write? */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "show/label.h"
#include "text/utf8.h"
#include "text/word_share.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Writing ---- */

static Ids write_counting(const Source *s, Ids prompt, int tokens, SampleRule rule, Rng *rng) {
    Ids ids = {0};
    int vocab = tokenizer_count(s->tokenizer);
    float *logits = memory_new(2 * (size_t)vocab, sizeof *logits, "the logits"), *shares = logits + vocab;
    for (size_t i = 0; i < prompt.n; i++) ids_add(&ids, prompt.at[i]);
    for (int i = 0; i < tokens; i++) {
        count_logits(s, ids.at, ids.n, logits);
        ids_add(&ids, sampling_next(rng, shares, logits, vocab, rule)); /* counts are always finite */
    }
    memory_free(logits);
    return ids;
}

/* The prompt and so many more tokens. You free them. */
static Ids write_text(const Source *s, Workers *workers, Ids prompt, int tokens, SampleRule rule, uint64_t seed) {
    Rng rng = rng_seed(seed);
    if (!s->model) return write_counting(s, prompt, tokens, rule, &rng);
    Ids ids = writer_text(s->gpt, workers, s->gpt->trained.rule, prompt, tokens, rule, &rng);
    if (ids.n < prompt.n + (size_t)tokens)
        fail(EXIT_DATA,
             "%s: what the model says after token %zu is no number (expected finite logits). "
             "Try: an older checkpoint",
             s->name, ids.n);
    return ids;
}

/* Can the vocabulary say this? Characters are ASCII here. */
static bool can_say(const Source *s, const char *text) {
    if (tokenizer_kind(s->tokenizer) == TOKENIZER_BPE) return true;
    if (tokenizer_kind(s->tokenizer) == TOKENIZER_WORDS) return tokenizer_find(s->tokenizer, text, strlen(text)) >= 0;
    for (; *text; text++)
        if (tokenizer_find(s->tokenizer, text, 1) < 0) return false;
    return true;
}

static Ids read_prompt(const Choices *ask, const Source *s) {
    const char *usual = tokenizer_kind(s->tokenizer) == TOKENIZER_WORDS ? "The" : "The ";
    Bytes text = options_input(&ask->common, can_say(s, usual) ? usual : "");
    Ids ids = source_encode(s, text.data, text.size);
    bytes_free(&text);
    return ids;
}

/* ---- 2. Does it run in a circle? ---- */

/* The smallest period in which the text ends, seen three times at least and over eight tokens; 0: none. *first is the
 * token with which the circle begins. */
static size_t circle(Ids ids, size_t *first) {
    for (size_t period = 1; 3 * period <= ids.n; period++) {
        size_t same = 0;
        while (same + period < ids.n && ids.at[ids.n - 1 - same] == ids.at[ids.n - 1 - same - period]) same++;
        if (same < 2 * period || same < 8) continue;
        *first = ids.n - same - period;
        return period;
    }
    return 0;
}

/* ---- 3. Who wrote it? ---- */

enum { LEAST = 20 }; /* bytes: shorter runs are phrases that anyone would use */

static void print_run(const char *text, SharedRun run) {
    size_t cut = 0;
    while (cut < run.length && ((unsigned char)text[run.at + cut] & 0xC0) == 0x80) cut++; /* half a character */
    char *label = utf8_shown(text + run.at + cut, run.length - cut, 80);
    printf("    %zu bytes from byte %zu: \"%s\"\n", run.length, run.place, label);
    memory_free(label);
}

/* The longest runs first, up to `most` of them, without those that overlap one already told. */
static void print_runs(const char *text, SharedRun *runs, size_t count, int most) {
    for (int told = 0; told < most; told++) {
        SharedRun best = {0};
        for (size_t i = 0; i < count; i++)
            if (runs[i].length > best.length) best = runs[i];
        if (best.length == 0) return;
        print_run(text, best);
        for (size_t i = 0; i < count; i++)
            if (runs[i].at < best.at + best.length && best.at < runs[i].at + runs[i].length) runs[i].length = 0;
    }
}

static void print_copies(const Source *s, const char *text, int most) {
    size_t size = strlen(text), count, covered = 0, end = 0;
    SharedRun *runs = substrings_shared(&s->copies, text, size, LEAST, &count);
    for (size_t i = 0; i < count; i++) {
        size_t first = runs[i].at > end ? runs[i].at : end;
        end = runs[i].at + runs[i].length;
        covered += end - first;
    }
    if (count) {
        printf("  copied: %.0f%%, in runs of %d bytes and more; the longest\n", 100.0 * (double)covered / (double)size,
               LEAST);
        print_runs(text, runs, count, most);
    } else {
        SharedRun longest = substrings_longest(&s->copies, text, size);
        printf("  copied: nothing longer than %zu bytes\n", longest.length);
    }
    memory_free(runs);
}

/* ---- 4. What is printed and drawn ---- */

/* The text as a label (a new line shows as a sign), broken at spaces. */
static void print_wrapped(const char *text) {
    enum { COLUMNS = 96 };
    char *label = utf8_shown(text, strlen(text), INT32_MAX);
    int column = 0;
    for (const char *at = label; *at;) {
        size_t length = strcspn(at + 1, " ") + 1; /* a space and the word behind it */
        int width = (int)utf8_count(at, length);
        bool breaks = column > 0 && column + width > COLUMNS;
        if (breaks || column == 0) printf("%s  ", breaks ? "\n" : "");
        size_t skip = breaks && *at == ' ';
        printf("%.*s", (int)(length - skip), at + skip);
        column = breaks ? width : column + width;
        at += length;
    }
    printf("\n");
    memory_free(label);
}

static void tell_text(const Choices *ask, const Source *s, Workers *workers, Ids prompt, SampleRule rule, int most) {
    Ids ids = write_text(s, workers, prompt, ask->tokens, rule, ask->common.seed);
    char *name = rule_name(rule), *whole = tokenizer_text(s->tokenizer, ids.at, ids.n);
    char *written = tokenizer_text(s->tokenizer, ids.at + prompt.n, ids.n - prompt.n);
    size_t first = 0, period = circle(ids, &first);
    WordShare share = word_share(s->story.data, written);
    printf("%s\n", name);
    print_wrapped(whole);
    if (period) printf("  a circle: from token %zu on, the same %zu again and again\n", first, period);
    if (share.words) printf("  words: %d of %d are the story's\n", share.known, share.words);
    print_copies(s, written, most);
    memory_free(name), memory_free(whole), memory_free(written), ids_free(&ids);
}

/* ---- 5. The three ways to run ---- */

/* On the model itself, when there is one: up to 64 tokens that it has written. */
static void prove_model(const Choices *ask, const Source *s, Workers *workers, Ids prompt) {
    enum { MOST = 64 };
    if (!s->model) return;
    Ids ids = write_text(s, workers, prompt, ask->tokens < MOST ? ask->tokens : MOST, ask->rule, ask->common.seed);
    int context = s->gpt->config.context, n = ids.n < MOST ? (int)ids.n : MOST;
    if (n > context) n = context;
    prove_cache(s->gpt, workers, s->gpt->trained.rule, ids.at + ids.n - n, n);
    ids_free(&ids);
}

void tell_writing(const Choices *ask, const Source *s, Workers *workers) {
    static const SampleRule rules[] = {{0}, {0.8, 0, 0}, {1.5, 0, 0}, {1.5, 5, 0}, {1.5, 0, 0.7}};
    Ids prompt = read_prompt(ask, s);
    bool alone = has_prompt(ask);
    printf("written by ");
    label_print(s->name, strlen(s->name), LABEL_ALL, 0);
    putchar('\n');
    prove_model(ask, s, workers, prompt);
    for (size_t r = 0; r < sizeof rules / sizeof *rules && !alone; r++) tell_text(ask, s, workers, prompt, rules[r], 1);
    if (alone || ask->has_rule) tell_text(ask, s, workers, prompt, ask->rule, 5);
    show_next(ask, s, workers, prompt);
    ids_free(&prompt);
}

void print_writing(const Choices *ask, const Source *s, Workers *workers) {
    Ids prompt = read_prompt(ask, s), ids = write_text(s, workers, prompt, ask->tokens, ask->rule, ask->common.seed);
    char *text = tokenizer_text(s->tokenizer, ids.at, ids.n);
    printf("%s\n", text);
    memory_free(text), ids_free(&ids), ids_free(&prompt);
}

typedef struct {
    const Choices *ask;
    const Source *source;
    Workers *workers;
    Ids prompt;
} Timed;

static void write_once(void *timed) {
    Timed *t = timed;
    Ids ids = write_text(t->source, t->workers, t->prompt, t->ask->tokens, t->ask->rule, t->ask->common.seed);
    ids_free(&ids);
}

void time_writing(const Choices *ask, const Source *s, Workers *workers) {
    Timed timed = {ask, s, workers, read_prompt(ask, s)};
    time_report(ask->common.time, write_once, &timed, ask->tokens, "tokens");
    ids_free(&timed.prompt);
}
