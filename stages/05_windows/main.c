/* Stage 05 - Windows: a text of thousands of tokens becomes many small questions, "what comes next?". Windows, strides,
 * batches and the shuffle are told here in loops; common/text/windows.c is what training uses. Run: make run-05 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/show_options.h"
#include "show/terminal.h"
#include "text/bpe_files.h"
#include "text/course_text.h"
#include "text/utf8.h"
#include "text/windows.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Windows, as on paper ---- */

/* Fills inputs and targets (windows, context) row by row and gives the number of rows. The target of a token is the
 * token behind it, so the last window must leave one token over. Both may be NULL, to count only. */
static size_t windows_told(int *inputs, int *targets, const int *ids, size_t n, size_t context, size_t stride) {
    size_t rows = 0;
    for (size_t start = 0; start + context < n; start += stride, rows++)
        for (size_t t = 0; t < context && inputs; t++) {
            inputs[rows * context + t] = ids[start + t];
            targets[rows * context + t] = ids[start + t + 1];
        }
    return rows;
}

/* order = 0..n-1, well mixed: each place in turn takes one of those that are left. PyTorch's randperm, and the two
 * draws before it are what its DataLoader makes for an epoch. */
static void shuffle_told(int *order, int n, Rng *rng) {
    rng_bits64(rng); /* the seed of its workers, which we have none of */
    Rng epoch = rng_seed(rng_bits64(rng));
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = 0; i + 1 < n; i++) {
        int other = i + (int)(rng_bits(&epoch) % (unsigned)(n - i)), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* ---- 2. What the program is asked ---- */

enum { TOKENS_BPE, TOKENS_BYTES }; /* --tokens */

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocab, *name;
    int tokens, context, stride, batch;
    bool shuffle, drop_last, print;
    double train;
    char *command;
} Choices;

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab = "data/gpt2-vocabulary", .context = 4, .batch = 8, .train = 0.9};
    const int most = 1000000000;
    Options list = {0};
    option_heading(&list, "the windows");
    option_int(&list, "context", "T", &a.context, 1, most, "tokens in a window (default 4)");
    option_int(&list, "stride", "S", &a.stride, 1, most, "from one start to the next (default: T, no overlap)");
    option_int(&list, "batch", "B", &a.batch, 1, most, "windows in a batch (default 8)");
    option_flag(&list, "shuffle", &a.shuffle, "batches in PyTorch's order for --seed, not in the text's");
    option_flag(&list, "drop-last", &a.drop_last, "leave out a last batch that is not full");
    option_real(&list, "train", "SHARE", &a.train, 0, 1,
                "the first part of the characters is for training (default 0.9)");
    option_choice(&list, "tokens", "bpe|bytes", &a.tokens, "GPT-2's tokens, or bytes");
    option_text(&list, "vocab", "DIR", &a.vocab, "GPT-2's vocabulary (default data/gpt2-vocabulary)");
    option_flag(&list, "print", &a.print,
                "print an epoch, `INPUT -> TARGET` a window, a line between batches,\nnothing else");
    show_options_add(&list, &a.show);
    Program program = {"05_windows", "a long text becomes input-target pairs, in batches",
                       "  05_windows                                 a short story in windows of 4 tokens\n"
                       "  05_windows --context 256 --stride 128      overlapping windows\n"
                       "  05_windows --tokens bytes --print \"a rose is a rose\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.stride == 0) a.stride = a.context;
    a.command = label_command(argc, argv);
    return a;
}

/* ---- 3. Tokens ---- */

typedef struct {
    Bpe bpe;
    bool bytes; /* no vocabulary: a token is a byte */
} Tokenizer;

static Tokenizer tokenizer_open(const Choices *a) {
    Tokenizer t = {.bytes = a->tokens == TOKENS_BYTES};
    bool is_default = strcmp(a->vocab, "data/gpt2-vocabulary") == 0;
    if (!t.bytes && is_default && !folder_exists(a->vocab)) {
        note("%s is not there, so tokens are bytes. Try: data/fetch.sh gpt2-vocabulary", a->vocab);
        t.bytes = true;
    }
    if (!t.bytes) t.bpe = bpe_load(a->vocab);
    return t;
}

static Ids encode(const Tokenizer *t, const char *text, size_t size) {
    Ids ids = {0};
    if (!t->bytes) {
        bpe_encode(&t->bpe, text, size, &ids);
        return ids;
    }
    ids_reserve(&ids, size);
    while (ids.n < size) ids.at[ids.n] = (unsigned char)text[ids.n], ids.n++;
    return ids;
}

static String token_label(const Tokenizer *t, int id) {
    String bytes = {0}, label = {0};
    if (t->bytes) string_add_bytes(&bytes, &(char){(char)id}, 1);
    else bpe_decode(&t->bpe, &id, 1, &bytes);
    utf8_label(&label, bytes.text, bytes.length, 12);
    string_free(&bytes);
    return label;
}

/* ---- 4. What there is to see ---- */

static void print_row(const char *before, const int *ids, size_t n) {
    printf("%s", before);
    for (size_t i = 0; i < n && i < 8; i++) printf(" %5d", ids[i]);
    printf(n > 8 ? " ..." : "");
}

/* One window is as many questions as it has tokens: after the first one, after the first two, ... */
static void print_questions(const Tokenizer *t, Windows w) {
    for (size_t asked = 1; asked <= w.context && asked <= 4; asked++) {
        printf("question %zu  ", asked);
        for (size_t i = 0; i <= asked; i++) {
            String label = token_label(t, i < asked ? windows_input(w, 0)[i] : windows_target(w, 0)[i - 1]);
            printf("%s`%s`", i == asked ? " -> " : i ? " " : "", label.text);
            string_free(&label);
        }
        putchar('\n');
    }
}

static void print_batches(const Choices *a, Windows w, const Epoch *epoch, size_t most) {
    size_t size = (size_t)a->batch < epoch->count ? (size_t)a->batch : epoch->count;
    int *inputs = memory_new(size * w.context, sizeof *inputs, "a batch");
    int *targets = memory_new(size * w.context, sizeof *targets, "a batch");
    size_t batches = windows_batches(epoch->count, (size_t)a->batch, a->drop_last);
    for (size_t b = 0; b < batches && b < most; b++) {
        size_t rows = windows_batch(w, epoch, b, size, inputs, targets);
        for (size_t r = 0; r < rows && (a->print || r < 8); r++) {
            if (!a->print) {
                print_row(r ? "           " : "batch 0    ", inputs + r * w.context, w.context);
                print_row("  ->", targets + r * w.context, w.context);
            }
            for (size_t i = 0; i < w.context && a->print; i++) printf("%s%d", i ? " " : "", inputs[r * w.context + i]);
            for (size_t i = 0; i < w.context && a->print; i++)
                printf("%s%d", i ? " " : " -> ", targets[r * w.context + i]);
            putchar('\n');
        }
        if (a->print && b + 1 < batches) putchar('\n');
    }
    memory_free(inputs), memory_free(targets);
}

/* How many windows common choices make: of the whole text, of its training part, of its validation part. */
static void print_counts(size_t all, size_t train, size_t validation) {
    static const size_t sizes[][2] = {{4, 1},   {4, 4},   {2, 2},     {8, 2},     {16, 16},
                                      {32, 32}, {64, 64}, {128, 128}, {256, 128}, {256, 256}};
    printf("windows     context  stride   all   train  validation\n");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t context = sizes[i][0], stride = sizes[i][1];
        printf("            %7zu  %6zu  %5zu  %5zu  %5zu\n", context, stride,
               windows_count((Windows){NULL, all, context, stride}),
               windows_count((Windows){NULL, train, context, stride}),
               windows_count((Windows){NULL, validation, context, stride}));
    }
}

/* The text is cut by characters, before it is tokens: so a word may be cut, and the parts have other tokens. */
static void print_split(const Choices *a, const Tokenizer *t, Bytes text, size_t all) {
    size_t characters = utf8_count(text.data, text.size), first = split_at(characters, a->train);
    size_t cut = split_offset(text.data, text.size, first);
    Ids train = encode(t, text.data, cut), validation = encode(t, text.data + cut, text.size - cut);
    String before = {0}, behind = {0};
    size_t left = cut < 12 ? cut : 12, right = text.size - cut < 12 ? text.size - cut : 12;
    utf8_label(&before, text.data + cut - left, left, LABEL_ALL);
    utf8_label(&behind, text.data + cut, right, LABEL_ALL);
    printf("split       %zu + %zu characters, cut at `%s|%s`\n", first, characters - first,
           before.text ? before.text : "", behind.text ? behind.text : "");
    printf("            %zu + %zu = %zu tokens; the whole text has %zu\n", train.n, validation.n,
           train.n + validation.n, all);
    print_counts(all, train.n, validation.n);
    string_free(&before), string_free(&behind);
    ids_free(&train), ids_free(&validation);
}

static void print_orders(const Choices *a, size_t count) {
    Rng rng = rng_seed(a->common.seed);
    for (int e = 0; e < 2; e++) {
        Epoch epoch = epoch_new(count, &rng);
        printf("epoch %d    ", e);
        for (size_t i = 0; i < count && i < 18; i++) printf(" %d", epoch.order[i]);
        printf(count > 18 ? " ...\n" : "\n");
        epoch_free(&epoch);
    }
}

/* The sliding grid: a row a window, a column a token; what is input, and the one token that is only a target. */
static void draw(const Choices *a, const Tokenizer *t, Windows w) {
    size_t rows = windows_count(w) < 8 ? windows_count(w) : 8, most = a->show.terminal ? 48 : 1000;
    while (rows > 1 && (rows - 1) * w.stride + w.context >= most) rows--; /* whole windows only */
    size_t cols = (rows - 1) * w.stride + w.context + 1;
    if (cols > most) cols = most;
    Mat grid = mat_new((int)rows, (int)cols);
    String *labels = memory_new(cols, sizeof *labels, "labels");
    const char **names = memory_new(cols, sizeof *names, "labels");
    for (size_t j = 0; j < cols; j++) {
        labels[j] = token_label(t, w.ids[j]);
        names[j] = labels[j].text;
        for (size_t r = 0; r < rows; r++) {
            bool seen = j >= r * w.stride && j <= r * w.stride + w.context;
            mat_row(grid, (int)r)[j] = !seen ? 0 : j == r * w.stride + w.context ? 0.4f : 1;
        }
    }
    char subtitle[120];
    snprintf(subtitle, sizeof subtitle, "context %zu, stride %zu; the paler cell of a row is only a target", w.context,
             w.stride);
    if (a->show.terminal) {
        terminal_map(terminal_of(stdout), "windows over the text (from: window, to: token)", grid,
                     (TerminalMap){.to = names, .scale = SCALE_FIXED});
    } else {
        Sheet sheet = {.folder = a->common.out,
                       .name = "grid",
                       .title = "Windows slide over the text",
                       .subtitle = subtitle,
                       .formats = a->show.format,
                       .command = a->command};
        heat_draw(sheet, grid,
                  (HeatOptions){
                      .to = names, .from_axis = "window", .to_axis = "token", .bar = "1: input, 0.4: only a target"});
        note("drawn: %s/grid.%.3s", a->common.out, a->show.format);
    }
    for (size_t j = 0; j < cols; j++) string_free(&labels[j]);
    memory_free(labels), memory_free(names);
    mat_free(&grid);
}

/* ---- 5. Told once, lives once, proven equal ---- */

static void prove(const Choices *a, Windows w) {
    size_t most = 1 + 10000000 / w.context; /* windows to tell: more prove no more */
    if (windows_count(w) > most) w.n = (most - 1) * w.stride + w.context + 1;
    size_t count = windows_told(NULL, NULL, w.ids, w.n, w.context, w.stride);
    int *inputs = memory_new(count * w.context, sizeof *inputs, "windows");
    int *targets = memory_new(count * w.context, sizeof *targets, "windows");
    int *order = memory_new(count, sizeof *order, "an order");
    windows_told(inputs, targets, w.ids, w.n, w.context, w.stride);
    bool agree = count == windows_count(w);
    for (size_t i = 0; i < count && agree; i++)
        agree = memcmp(inputs + i * w.context, windows_input(w, i), w.context * sizeof(int)) == 0 &&
                memcmp(targets + i * w.context, windows_target(w, i), w.context * sizeof(int)) == 0;
    Rng told = rng_seed(a->common.seed), common = told;
    for (int e = 0; e < 2; e++) {
        shuffle_told(order, (int)count, &told);
        Epoch epoch = epoch_new(count, &common);
        agree = agree && memcmp(order, epoch.order, count * sizeof *order) == 0;
        epoch_free(&epoch);
    }
    memory_free(inputs), memory_free(targets), memory_free(order);
    if (!agree) fail(EXIT_DATA, "told and common differ in the windows or in their order");
    printf("told and common agree: %zu windows, 2 epochs\n", count);
}

/* ---- 6. The program ---- */

typedef struct {
    const Choices *choices;
    Windows windows;
} Work;

static void run_epoch(void *context) {
    const Work *work = context;
    Windows w = work->windows;
    Rng rng = rng_seed(work->choices->common.seed);
    Epoch epoch = epoch_new(windows_count(w), work->choices->shuffle ? &rng : NULL);
    size_t size = (size_t)work->choices->batch < epoch.count ? (size_t)work->choices->batch : epoch.count;
    int *room = memory_new(2 * size * w.context, sizeof *room, "a batch");
    for (size_t b = 0; b < windows_batches(epoch.count, size, false); b++)
        windows_batch(w, &epoch, b, size, room, room + size * w.context);
    memory_free(room);
    epoch_free(&epoch);
}

static void lesson(const Choices *a, const Tokenizer *t, Bytes text, Windows w) {
    size_t count = windows_count(w);
    printf("text        %s: %zu bytes, %zu %s\n", a->name, text.size, w.n,
           t->bytes ? "bytes as tokens" : "tokens of GPT-2");
    printf("windows     context %zu, stride %zu: %zu windows, %zu batches of %d\n", w.context, w.stride, count,
           windows_batches(count, (size_t)a->batch, a->drop_last), a->batch);
    print_questions(t, w);
    Rng rng = rng_seed(a->common.seed);
    Epoch epoch = epoch_new(count, a->shuffle ? &rng : NULL);
    print_batches(a, w, &epoch, 1);
    epoch_free(&epoch);
    print_orders(a, count);
    print_split(a, t, text, w.n);
    prove(a, w);
    draw(a, t, w);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Bytes text = course_text_input(&a.common, &a.name);
    Tokenizer tokenizer = tokenizer_open(&a);
    Ids ids = encode(&tokenizer, text.data, text.size);
    Windows w = {ids.at, ids.n, (size_t)a.context, (size_t)a.stride};
    if (windows_count(w) == 0)
        fail(EXIT_DATA, "%s: a window of %d tokens and its target need at least %d tokens, got %zu. Try: --context N",
             a.name, a.context, a.context + 1, ids.n);
    if (a.print) {
        Rng rng = rng_seed(a.common.seed);
        Epoch epoch = epoch_new(windows_count(w), a.shuffle ? &rng : NULL);
        print_batches(&a, w, &epoch, SIZE_MAX);
        epoch_free(&epoch);
    } else if (a.common.time) {
        Work work = {&a, w};
        time_report(a.common.time, run_epoch, &work, (double)windows_count(w), "windows");
    } else {
        show_options_check(&a.show, a.common.out);
        lesson(&a, &tokenizer, text, w);
    }
    ids_free(&ids);
    bpe_free(&tokenizer.bpe);
    bytes_free(&text);
    memory_free(a.command);
    return finish();
}
