/* Stage 05 as a tool: the command line, the tokens, --print and --time. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "text/bpe_files.h"
#include "text/course_text.h"

#include <stdio.h>
#include <string.h>

static void add_options(Options *list, Choices *a) {
    const int most = 1000000000;
    option_heading(list, "the windows");
    option_int(list, "context", "T", &a->context, 1, most, "tokens in a window (default 4)");
    option_int(list, "stride", "S", &a->stride, 1, most, "from one start to the next (default: T, no overlap)");
    option_int(list, "batch", "B", &a->batch, 1, most, "windows in a batch (default 8)");
    option_flag(list, "shuffle", &a->shuffle, "batches in PyTorch's order for --seed, not in the text's");
    option_flag(list, "drop-last", &a->drop_last, "leave out a last batch that is not full");
    option_real(list, "train", "SHARE", &a->train, 0, 1,
                "the first part of the characters is for training (default 0.9)");
    option_choice(list, "tokens", "bpe|bytes", &a->tokens, "GPT-2's tokens, or bytes");
    option_text(list, "vocab", "DIR", &a->vocab, "GPT-2's vocabulary (default data/gpt2-vocabulary)");
    option_flag(list, "print", &a->print,
                "print an epoch, `INPUT -> TARGET` a window, a line between batches,\nnothing else");
    show_options_add(list, &a->show);
}

/* GPT-2's vocabulary, or, where only the default is not there, the bytes. */
static Bpe vocabulary_open(Choices *a) {
    bool is_default = strcmp(a->vocab, "data/gpt2-vocabulary") == 0;
    if (a->tokens == TOKENS_BPE && is_default && !folder_exists(a->vocab)) {
        note("%s is not there, so tokens are bytes. Try: data/fetch.sh gpt2-vocabulary", a->vocab);
        a->tokens = TOKENS_BYTES;
    }
    return a->tokens == TOKENS_BYTES ? bpe_bytes() : bpe_load(a->vocab);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab = "data/gpt2-vocabulary", .context = 4, .batch = 8, .train = 0.9};
    Options list = {0};
    add_options(&list, &a);
    Program program = {"05_windows", "a long text becomes input-target pairs, in batches",
                       "  05_windows                                 a short story in windows of 4 tokens\n"
                       "  05_windows --context 256 --stride 128      overlapping windows\n"
                       "  05_windows --tokens bytes --print \"a rose is a rose\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.stride == 0) a.stride = a.context;
    a.text = course_text_input(&a.common, &a.name);
    a.bpe = vocabulary_open(&a);
    bpe_encode(&a.bpe, a.text.data, a.text.size, &a.ids);
    a.windows = (Windows){a.ids.at, a.ids.n, (size_t)a.context, (size_t)a.stride};
    if (windows_count(a.windows) == 0)
        fail(EXIT_DATA, "%s: a window of %d tokens and its target need at least %d tokens, got %zu. Try: --context N",
             a.name, a.context, a.context + 1, a.ids.n);
    show_options_ready(&a.show, &a.common, argc, argv, !a.print && !a.common.time);
    return a;
}

void choices_free(Choices *a) {
    ids_free(&a->ids);
    bpe_free(&a->bpe);
    bytes_free(&a->text);
    show_options_free(&a->show);
}

/* One epoch, batch by batch; with `print`, a line for each window and an empty one between batches. */
static void run_epoch(const Choices *a, bool print, bool drop_last) {
    Windows w = a->windows;
    Rng rng = rng_seed(a->common.seed);
    Epoch epoch = epoch_new(windows_count(w), a->shuffle ? &rng : NULL);
    size_t size = (size_t)a->batch < epoch.count ? (size_t)a->batch : epoch.count;
    size_t batches = windows_batches(epoch.count, (size_t)a->batch, drop_last);
    int *inputs = memory_new(2 * size * w.context, sizeof *inputs, "a batch"), *targets = inputs + size * w.context;
    for (size_t b = 0; b < batches; b++) {
        size_t rows = windows_batch(w, &epoch, b, size, inputs, targets);
        for (size_t i = 0; i < rows * w.context && print; i += w.context) {
            ids_print(inputs + i, w.context);
            printf(" -> ");
            ids_print(targets + i, w.context);
            putchar('\n');
        }
        if (print && b + 1 < batches) putchar('\n');
    }
    memory_free(inputs);
    epoch_free(&epoch);
}

static void epoch_once(void *context) {
    run_epoch(context, false, false);
}

bool answered(const Choices *a) {
    if (a->print) run_epoch(a, true, a->drop_last);
    else if (a->common.time)
        time_report(a->common.time, epoch_once, (void *)a, (double)windows_count(a->windows), "windows");
    return a->print || a->common.time;
}
