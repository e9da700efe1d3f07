/* Stage 16 - Sampling: a model gives a number to every token, and one of them must be written. Temperature, top-k and
 * top-p decide how bold the choice is; a race decides who is chosen. Told here on nine words, without any model;
 * cache.c and write.c go on to whole texts. Run: make run-16 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "show/bars.h"
#include "show/label.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. From numbers to shares, as on paper ---- */

enum { WORDS = 9, DRAWS = 1000 };
static const char *const WORD[WORDS] = {"closer", "every", "effort", "forward", "inches",
                                        "moves",  "pizza", "toward", "you"};
static const float LOGITS[WORDS] = {4.51f, 0.89f, -1.90f, 6.75f, 1.63f, -1.62f, -1.89f, 6.28f, 1.79f};

/* share_i = exp(logit_i / T) / sum of all. */
static void softmax_told(double *shares, const float *logits, int n, double temperature) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += exp((double)logits[i] / temperature);
    for (int i = 0; i < n; i++) shares[i] = exp((double)logits[i] / temperature) / sum;
}

/* top-k: a word stays while fewer than k words are likelier. top-p: it stays while the words before it have together
 * less than p; before it are the likelier ones, and equal ones with a lower number. What stays shares all there is. */
static void filter_told(double *shares, int n, SampleRule rule) {
    double kept[WORDS], all = 0, sum = 0;
    for (int i = 0; i < n; i++) {
        int likelier = 0;
        for (int j = 0; j < n; j++) likelier += shares[j] > shares[i];
        kept[i] = rule.top_k == 0 || likelier < rule.top_k ? shares[i] : 0;
        all += kept[i];
    }
    for (int i = 0; i < n; i++) {
        double before = 0;
        for (int j = 0; j < n; j++)
            if (kept[j] > kept[i] || (kept[j] == kept[i] && j < i)) before += kept[j];
        shares[i] = rule.top_p <= 0 || rule.top_p >= 1 || before < rule.top_p * all ? kept[i] : 0;
        sum += shares[i];
    }
    for (int i = 0; i < n; i++) shares[i] /= sum;
}

/* A race: word i arrives after a random time, -log(1 - u) / share_i on average 1 / share_i, and the first to arrive is
 * drawn. The chance to win is the share itself. PyTorch draws like this, so the same seed draws the same words. */
static int race_told(Rng *rng, const double *shares, int n) {
    int first = -1;
    double earliest = INFINITY;
    for (int i = 0; i < n; i++) {
        double time = -log(1 - rng_double(rng)) / shares[i]; /* a share of 0 arrives never */
        if (time < earliest) first = i, earliest = time;
    }
    return first;
}

/* ---- 2. Nine words under several rules ---- */

enum { MOST_RULES = 7 };
typedef struct {
    const char *name[MOST_RULES];
    SampleRule rule[MOST_RULES];
    float shares[MOST_RULES][WORDS];
    int counts[MOST_RULES][WORDS];
    int n;
} Lesson;

static void add_rule(Lesson *l, const char *name, SampleRule rule) {
    l->name[l->n] = name;
    l->rule[l->n++] = rule;
}

static Lesson lesson_run(const Choices *ask) {
    Lesson l = {0};
    add_rule(&l, "T = 0.1", (SampleRule){.temperature = 0.1});
    add_rule(&l, "T = 1", (SampleRule){.temperature = 1});
    add_rule(&l, "T = 5", (SampleRule){.temperature = 5});
    add_rule(&l, "top-k 3", (SampleRule){.temperature = 1, .top_k = 3});
    add_rule(&l, "top-p 0.9", (SampleRule){.temperature = 1, .top_p = 0.9});
    add_rule(&l, "greedy", (SampleRule){0});
    if (ask->has_rule) add_rule(&l, "yours", ask->rule);
    for (int r = 0; r < l.n; r++) {
        Rng rng = rng_seed(ask->common.seed);
        float scratch[WORDS];
        sampling_probabilities(l.shares[r], LOGITS, WORDS, l.rule[r]);
        for (int i = 0; i < DRAWS; i++) l.counts[r][sampling_next(&rng, scratch, LOGITS, WORDS, l.rule[r])]++;
    }
    return l;
}

static void prove(const Choices *ask, const Lesson *l) {
    double apart = 0;
    for (int r = 0; r < l->n; r++) {
        double shares[WORDS];
        int counts[WORDS] = {0};
        Rng rng = rng_seed(ask->common.seed);
        if (l->rule[r].temperature < 0.01) continue; /* greedy is no softmax, and exp(6.75 / 0.001) is no number */
        softmax_told(shares, LOGITS, WORDS, l->rule[r].temperature);
        filter_told(shares, WORDS, l->rule[r]);
        for (int i = 0; i < WORDS; i++) apart = fmax(apart, fabs(shares[i] - (double)l->shares[r][i]));
        for (int i = 0; i < DRAWS; i++) counts[race_told(&rng, shares, WORDS)]++;
        if (memcmp(counts, l->counts[r], sizeof counts) != 0)
            fail(EXIT_DATA, "told and common differ: in what is drawn under %s", l->name[r]);
    }
    if (!(apart <= 1e-5)) fail(EXIT_DATA, "told and common differ: by %g in the shares", apart);
    printf("told and common agree: max difference < 1e-5, and all draws\n");
}

static double entropy(const float *shares) {
    double sum = 0;
    for (int i = 0; i < WORDS; i++)
        if (shares[i] > 0) sum -= (double)shares[i] * log((double)shares[i]);
    return sum;
}

static void print_lesson(const Lesson *l, uint64_t seed) {
    printf("the next word after `every effort moves you`: nine candidates of a model, and their shares\n");
    printf("  %-8s %7s", "", "logit");
    for (int r = 0; r < l->n; r++) printf(" %9s", l->name[r]);
    for (int i = 0; i < WORDS; i++) {
        printf("\n  %-8s %7.2f", WORD[i], (double)LOGITS[i]);
        for (int r = 0; r < l->n; r++) printf(" %9.4f", (double)l->shares[r][i]);
    }
    printf("\n  %-16s", "entropy, nats");
    for (int r = 0; r < l->n; r++) printf(" %9.4f", entropy(l->shares[r]));
    printf("\n%d draws each, seed %llu\n", DRAWS, (unsigned long long)seed);
    for (int i = 0; i < WORDS; i++) {
        printf("  %-16s", WORD[i]);
        for (int r = 0; r < l->n; r++) printf(" %9d", l->counts[r][i]);
        printf("\n");
    }
}

static void draw_lesson(const Choices *ask, const Lesson *l) {
    enum { SHOWN = 4 };
    if (ask->show.terminal) {
        for (int r = 0; r < SHOWN; r++) terminal_bars(terminal_of(stdout), l->name[r], WORD, l->shares[r], WORDS, 1);
        return;
    }
    Mat shares = mat_new(SHOWN, WORDS);
    for (int r = 0; r < SHOWN; r++) memcpy(mat_row(shares, r), l->shares[r], sizeof l->shares[r]);
    Sheet sheet = {.folder = ask->common.out,
                   .name = "bars",
                   .title = "The same nine logits, more and less bold",
                   .subtitle = "temperature changes all shares, top-k takes the tail away",
                   .formats = ask->show.format,
                   .command = ask->command};
    bars_draw(sheet, shares,
              (BarsOptions){.names = WORD, .series = l->name, .value_axis = "share", .most = 1, .mark = BARS_NONE});
    mat_free(&shares);
}

/* ---- 3. The program ---- */

static void settle(Choices *a, bool greedy, double temperature) {
    a->has_rule = greedy || temperature >= 0 || a->rule.top_k > 0 || a->rule.top_p > 0;
    a->rule.temperature = greedy ? 0 : temperature >= 0 ? temperature : 0.8;
    if (greedy && temperature > 0)
        fail(EXIT_USAGE, "--greedy is --temperature 0, and --temperature %g was given, too. Try: one of them",
             temperature);
    if (a->model && a->counts)
        fail(EXIT_USAGE, "--model and --counts both say where the logits come from. Try: one of them");
    if (a->print && a->common.time) fail(EXIT_USAGE, "--print and --time are two different answers. Try: one of them");
    if (!a->model && !a->counts && file_exists("out/15_training/model.safetensors")) a->model = "out/15_training";
    if (!a->counts) a->counts = 6;
}

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .tokens = 160};
    double temperature = -1;
    bool greedy = false;
    Options list = {0};
    option_heading(&list, "who writes");
    option_text(&list, "model", "DIR", &a.model,
                "a model that 15_training has saved (default out/15_training, if there)");
    option_text(&list, "data", "FILE", &a.data, "the story it was learnt from (default: The Verdict, or our own)");
    option_int(&list, "counts", "N", &a.counts, 1, 64,
               "no model: count what followed the last N characters (default 6)");
    option_int(&list, "tokens", "N", &a.tokens, 0, 1000000, "how many tokens to write (default 160)");
    option_flag(&list, "print", &a.print, "print the text and nothing else");
    option_heading(&list, "how a token is chosen");
    option_real(&list, "temperature", "T", &temperature, 0, 1e6, "divide the logits by T; 0 is greedy (default 0.8)");
    option_int(&list, "top-k", "K", &a.rule.top_k, 0, 1 << 24, "only the K likeliest tokens (default 0: all)");
    option_real(&list, "top-p", "P", &a.rule.top_p, 0, 1, "only the likeliest that have P together (default 0: all)");
    option_flag(&list, "greedy", &greedy, "always the likeliest");
    show_options_add(&list, &a.show);
    Program program = {"16_sampling", "from numbers to the next token, and from tokens to a text",
                       "  16_sampling                                        the lesson\n"
                       "  16_sampling --temperature 1.2 --top-k 10 \"The lamp\"   go on with your words\n"
                       "  16_sampling --model out/15_training --print \"The \" > story.txt\n"};
    options_parse(&a.common, program, &list, argc, argv);
    settle(&a, greedy, temperature);
    if (!a.print && !a.common.time) show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

bool has_prompt(const Choices *ask) {
    return ask->common.text || ask->common.file;
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Source source = source_open(&a);
    Workers *workers = workers_new(a.common.threads);
    if (a.common.time) {
        time_writing(&a, &source, workers);
    } else if (a.print) {
        print_writing(&a, &source, workers);
    } else {
        Lesson lesson = lesson_run(&a);
        if (!has_prompt(&a)) print_lesson(&lesson, a.common.seed);
        prove(&a, &lesson);
        if (!has_prompt(&a)) {
            draw_lesson(&a, &lesson);
            tell_cache(&a, workers);
        }
        tell_writing(&a, &source, workers);
        if (!a.show.terminal) note("drawn into %s: %snext", a.common.out, has_prompt(&a) ? "" : "bars, cache, ");
    }
    workers_free(workers);
    source_free(&source);
    memory_free(a.command);
    return finish();
}
