/* Stage 03 as a tool: the command line, --merges and --time. */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "base/progress.h"
#include "text/course_text.h"

#include <string.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab_size = 1024, .min_frequency = 1, .log = 20};
    Options list = {0};
    option_heading(&list, "the training (TEXT is the name of a file here, as with --file)");
    option_int(&list, "vocab-size", "N", &a.vocab_size, BPE_BYTES, 10000000,
               "tokens wanted, the 256 bytes included (default 1024)");
    option_int(&list, "min-frequency", "N", &a.min_frequency, 1, 0x7fffffff,
               "a pair must occur as often as this to merge (default 1)");
    option_flag(&list, "no-split", &a.no_split, "no pre-split: tokens may hold several words");
    option_output(&list, "merges", "FILE", &a.merges, "write LEFT RIGHT COUNT, a merge a line, and nothing else");
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
    a.text = course_text_input(&a.common, &a.name);
    if (a.text.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected at least two bytes to merge)", a.name);
    show_options_ready(&a.show, &a.common, argc, argv, !a.merges && !a.common.time);
    a.workers = workers_new(a.common.threads);
    return a;
}

void choices_free(Choices *a) {
    workers_free(a->workers);
    bytes_free(&a->text);
    show_options_free(&a->show);
}

static BpeTraining learn(const Choices *a) {
    BpeTrainRules rules = {a->vocab_size, (uint64_t)a->min_frequency, a->no_split};
    return bpe_train(a->workers, a->text.data, a->text.size, rules);
}

BpeTraining train(const Choices *a) {
    BpeTraining t = learn(a);
    if (t.count < a->vocab_size - BPE_BYTES)
        note("%d merge%s, not %d: no pair is left that occurs %d times or more", t.count, PLURAL(t.count),
             a->vocab_size - BPE_BYTES, a->min_frequency);
    return t;
}

static void train_once(void *context) {
    BpeTraining t = learn(context);
    bpe_training_free(&t);
}

bool answered(const Choices *a) {
    if (a->common.time) {
        time_report(a->common.time, train_once, (void *)a, (double)a->text.size / 1e6, "MB");
    } else if (a->merges) {
        BpeTraining t = train(a);
        bpe_training_write(&t, a->merges);
        bpe_training_free(&t);
    }
    return a->common.time || a->merges;
}
