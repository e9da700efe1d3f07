/* Stage 03 - BPE training: the two neighbours that stand side by side most often become one token, again and again.
 * Told here by counting everything anew for each merge; common/text/bpe_train.c learns the same merges from 100 MB in
 * two seconds, and this program checks that they agree. Run: make run-03 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "show/curves.h"
#include "show/label.h"
#include "show/show_options.h"
#include "show/terminal.h"
#include "text/bpe_train.h"
#include "text/course_text.h"
#include "text/gpt2_split.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Training, as on paper ---- */

typedef struct {
    int *ids;      /* [n] the text as tokens; at first its bytes */
    size_t *piece; /* [n] which piece of the pre-split each belongs to: no pair reaches across */
    size_t n;
} Told;

static Told told_new(const char *text, size_t size, bool no_split) {
    Told t = {memory_new(size, sizeof *t.ids, "tokens"), memory_new(size, sizeof *t.piece, "tokens"), size};
    size_t end = 0, piece = 0;
    for (size_t i = 0; i < size; i++) {
        if (i == end) {
            end = no_split ? size : gpt2_split_next(text, size, i);
            piece++;
        }
        t.ids[i] = (unsigned char)text[i];
        t.piece[i] = piece;
    }
    return t;
}

static void told_free(Told *t) {
    memory_free(t->ids), memory_free(t->piece);
}

/* counts[left * tokens + right]: how often each pair of neighbours occurs. `aaa` holds (a, a) twice. */
static void count_told(size_t *counts, size_t tokens, const Told *t) {
    memset(counts, 0, tokens * tokens * sizeof *counts);
    for (size_t i = 0; i + 1 < t->n; i++)
        if (t->piece[i] == t->piece[i + 1]) counts[(size_t)t->ids[i] * tokens + (size_t)t->ids[i + 1]]++;
}

/* The pair with the highest count. The table is read from the smallest pair on and only a higher count takes over, so
 * that among equals the smallest (left, right) stays. *tied says how many pairs have that count. */
static TrainedMerge best_told(const size_t *counts, size_t tokens, int *tied) {
    TrainedMerge best = {0};
    *tied = 0;
    for (size_t pair = 0; pair < tokens * tokens; pair++) {
        if (counts[pair] > best.count) {
            best = (TrainedMerge){(int)(pair / tokens), (int)(pair % tokens), counts[pair], 0};
            *tied = 0;
        }
        *tied += counts[pair] > 0 && counts[pair] == best.count;
    }
    return best;
}

/* Writes `token` for every (left, right), from the left; says how many tokens fewer there are now. */
static size_t merge_told(Told *t, int left, int right, int token) {
    size_t kept = 0;
    for (size_t i = 0; i < t->n; i++, kept++) {
        bool here = t->ids[i] == left && i + 1 < t->n && t->ids[i + 1] == right && t->piece[i] == t->piece[i + 1];
        t->piece[kept] = t->piece[i];
        t->ids[kept] = here ? token : t->ids[i];
        i += here;
    }
    size_t fewer = t->n - kept;
    t->n = kept;
    return fewer;
}

/* ---- 2. What the program is asked ---- */

typedef struct {
    Common common;
    ShowOptions show;
    int vocab_size, min_frequency, log;
    bool no_split;
    const char *merges, *name; /* --merges FILE; what the text is called */
    char *command;
} Choices;

enum { TELL_MERGES = 256, TELL_BYTES = 1000000 }; /* the telling takes seconds beyond it, and proves no more */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab_size = 1024, .min_frequency = 1, .log = 20};
    Options list = {0};
    option_heading(&list, "the training (TEXT is the name of a file here, as with --file)");
    option_int(&list, "vocab-size", "N", &a.vocab_size, BPE_BYTES, 10000000,
               "tokens wanted, the 256 bytes included (default 1024)");
    option_int(&list, "min-frequency", "N", &a.min_frequency, 1, 0x7fffffff,
               "a pair must occur as often as this to merge (default 1)");
    option_flag(&list, "no-split", &a.no_split, "no pre-split: tokens may hold several words");
    option_text(&list, "merges", "FILE", &a.merges, "write LEFT RIGHT COUNT, a merge a line, and nothing else");
    option_int(&list, "log", "N", &a.log, 0, TELL_MERGES, "merges to show, with their ties (default 20)");
    show_options_add(&list, &a.show);
    Program program = {"03_bpe_training", "byte-pair encoding is learnt from a text, merge by merge",
                       "  03_bpe_training                                      a short story, 768 merges\n"
                       "  03_bpe_training --vocab-size 32000 --merges m.txt book.txt\n"
                       "  printf aaabdaaabac | 03_bpe_training --vocab-size 259 --terminal -\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.text && strcmp(a.common.text, "-") != 0) {
        a.common.file = a.common.text;
        a.common.text = NULL;
    }
    a.command = label_command(argc, argv);
    return a;
}

static BpeTrainRules rules_of(const Choices *a) {
    return (BpeTrainRules){a->vocab_size, (uint64_t)a->min_frequency, a->no_split};
}

/* ---- 3. What there is to see ---- */

/* Appends the bytes that a token stands for: a merge is its left part, then its right part. */
static void add_token(String *out, const BpeTraining *t, int id) {
    if (id < BPE_BYTES) {
        string_add_bytes(out, &(char){(char)id}, 1);
        return;
    }
    add_token(out, t, t->merges[id - BPE_BYTES].left);
    add_token(out, t, t->merges[id - BPE_BYTES].right);
}

static String label_of(const BpeTraining *t, int id) {
    String bytes = {0}, label = {0};
    add_token(&bytes, t, id);
    string_add(&label, "`");
    utf8_label(&label, bytes.text, bytes.length, 24);
    string_add(&label, "`");
    string_free(&bytes);
    return label;
}

static void print_padded(const BpeTraining *t, int id, int width) {
    String label = label_of(t, id);
    printf("%s%*s", label.text, width > utf8_width(label.text) ? width - utf8_width(label.text) : 0, "");
    string_free(&label);
}

static void print_merge(const BpeTraining *t, int i, int tied, uint64_t tokens) {
    const TrainedMerge *m = &t->merges[i];
    printf("%5d = ", BPE_BYTES + i);
    print_padded(t, m->left, 8);
    printf(" + ");
    print_padded(t, m->right, 8);
    printf(" -> ");
    print_padded(t, BPE_BYTES + i, 10);
    printf(" %6llu times  %8llu tokens left", (unsigned long long)m->count, (unsigned long long)tokens);
    printf(tied > 1 ? "  (%d pairs tied)\n" : "\n", tied);
}

/* How the first words are cut after `merges` merges: bars between the tokens, or colours on a terminal. */
static void print_cut(const Choices *a, const BpeTraining *t, Bytes text, int merges) {
    size_t size = text.size < 60 ? text.size : 60;
    while (size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80) size++; /* no half character */
    Told told = told_new(text.data, size, a->no_split);
    for (int i = 0; i < merges && i < t->count; i++)
        merge_told(&told, t->merges[i].left, t->merges[i].right, BPE_BYTES + i);
    bool colours = terminal_of(stdout).ink != INK_PLAIN;
    printf("%6d merges  ", merges);
    for (size_t i = 0; i < told.n; i++) {
        String bytes = {0}, label = {0};
        add_token(&bytes, t, told.ids[i]);
        utf8_label(&label, bytes.text, bytes.length, LABEL_ALL);
        if (colours) printf("\033[30;48;5;%dm%s\033[0m", i % 2 ? 153 : 223, label.text);
        else printf("%s%s", i ? "|" : "", label.text);
        string_free(&bytes), string_free(&label);
    }
    putchar('\n');
    told_free(&told);
}

/* Tokens left at the vocabulary sizes that books print. */
static void print_lengths(const BpeTraining *t, size_t bytes) {
    static const int sizes[] = {256, 257, 266, 276, 288, 300, 320, 384, 512, 768, 1000, 1024, 2048, 8192, 32000};
    uint64_t tokens = bytes;
    printf("vocabulary  tokens    bytes a token\n");
    for (int done = 0, row = 0; row < (int)(sizeof sizes / sizeof *sizes); row++) {
        if (sizes[row] - BPE_BYTES > t->count) break;
        for (; done < sizes[row] - BPE_BYTES; done++) tokens -= t->merges[done].merged;
        printf("%10d  %-8llu  %.2f\n", sizes[row], (unsigned long long)tokens, (double)bytes / (double)tokens);
    }
}

static Curve curve_new(const char *name, const BpeTraining *t, size_t bytes, float *x, float *y) {
    uint64_t tokens = bytes;
    for (int i = 0; i <= t->count; i++) {
        x[i] = (float)i;
        y[i] = (float)tokens;
        if (i < t->count) tokens -= t->merges[i].merged;
    }
    return (Curve){name, x, y, t->count + 1, false};
}

/* Length against merges, with and without the pre-split. A long text gets its one curve only: without a pre-split no
 * piece occurs twice, and the training takes 25 bytes of memory for each byte. */
static void draw(const Choices *a, const BpeTraining *t, Bytes text, Workers *workers) {
    BpeTrainRules rules = rules_of(a);
    rules.no_split = !rules.no_split;
    bool both = text.size <= TELL_BYTES;
    BpeTraining other = both ? bpe_train(workers, text.data, text.size, rules) : (BpeTraining){0};
    size_t room = (size_t)(t->count > other.count ? t->count : other.count) + 1;
    Mat points = mat_new(4, (int)room);
    const char *names[2] = {"in GPT-2's pieces", "without a pre-split"};
    Curve curves[2] = {
        curve_new(names[a->no_split], t, text.size, mat_row(points, 0), mat_row(points, 1)),
        curve_new(names[!a->no_split], &other, text.size, mat_row(points, 2), mat_row(points, 3)),
    };
    curves[1].dashed = true;
    Sheet sheet = {.folder = a->common.out,
                   .name = "length",
                   .title = "The text grows shorter with every merge",
                   .subtitle = a->name,
                   .formats = a->show.format,
                   .command = a->command};
    curves_draw(sheet, curves, both ? 2 : 1,
                (CurvesOptions){.x_axis = "merges", .y_axis = "tokens", .low = 0, .high = (double)text.size});
    note("drawn: %s/length.%.3s", a->common.out, a->show.format);
    mat_free(&points);
    bpe_training_free(&other);
}

/* ---- 4. The telling, live, and the proof ---- */

static void tell(const Choices *a, const BpeTraining *t, Bytes text) {
    int most = t->count < TELL_MERGES ? t->count : TELL_MERGES;
    if (text.size > TELL_BYTES) {
        note("%zu bytes: told in loops up to %d, so there are no ties and no proof this time", text.size, TELL_BYTES);
        return;
    }
    Told told = told_new(text.data, text.size, a->no_split);
    size_t tokens = (size_t)(BPE_BYTES + most), *counts = memory_new(tokens * tokens, sizeof *counts, "counts"),
           ties = 0;
    for (int i = 0; i < most; i++) {
        int tied;
        count_told(counts, tokens, &told);
        TrainedMerge best = best_told(counts, tokens, &tied);
        best.merged = merge_told(&told, best.left, best.right, BPE_BYTES + i);
        const TrainedMerge *m = &t->merges[i];
        if (best.left != m->left || best.right != m->right || best.count != m->count || best.merged != m->merged)
            fail(EXIT_DATA, "told and common differ: at merge %d, (%d, %d) against (%d, %d)", BPE_BYTES + i, best.left,
                 best.right, m->left, m->right);
        ties += tied > 1;
        if (i < a->log) print_merge(t, i, tied, told.n);
    }
    printf("ties        %zu of the first %d merges had a rival with the same count\n", ties, most);
    printf("told and common agree: %d merges\n", most);
    memory_free(counts);
    told_free(&told);
}

static void lesson(const Choices *a, const BpeTraining *t, Bytes text, Workers *workers) {
    printf("text        %s: %zu bytes, %llu pieces, %zu different\n", a->name, text.size, (unsigned long long)t->pieces,
           t->distinct);
    tell(a, t, text);
    print_lengths(t, text.size);
    print_cut(a, t, text, 0);
    if (t->count > 100) print_cut(a, t, text, 100);
    print_cut(a, t, text, t->count);
    if (!a->show.terminal) draw(a, t, text, workers);
}

/* ---- 5. The program ---- */

typedef struct {
    const Choices *choices;
    Bytes text;
    Workers *workers;
} Work;

static void train_once(void *context) {
    Work *w = context;
    BpeTraining t = bpe_train(w->workers, w->text.data, w->text.size, rules_of(w->choices));
    bpe_training_free(&t);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Bytes text = course_text_input(&a.common, &a.name);
    if (text.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected at least two bytes to merge)", a.name);
    bool is_lesson = !a.merges && !a.common.time;
    if (is_lesson) show_options_check(&a.show, a.common.out);
    Workers *workers = workers_new(a.common.threads);
    if (a.common.time) {
        Work work = {&a, text, workers};
        time_report(a.common.time, train_once, &work, (double)text.size / 1e6, "MB");
    } else {
        BpeTraining t = bpe_train(workers, text.data, text.size, rules_of(&a));
        if (t.count < a.vocab_size - BPE_BYTES)
            note("%d merges, not %d: no pair is left that occurs %d times or more", t.count, a.vocab_size - BPE_BYTES,
                 a.min_frequency);
        if (a.merges) bpe_training_write(&t, a.merges);
        if (is_lesson) lesson(&a, &t, text, workers);
        bpe_training_free(&t);
    }
    workers_free(workers);
    bytes_free(&text);
    memory_free(a.command);
    return finish();
}
