#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "weights/config.h"

#include <stdio.h>
#include <string.h>

static const char DEFAULT_TEXT[] = "The artist painted the portrait of a woman with a brush";

static const char EXAMPLES[] =
    "  17_bert                                            the default sentence: a grid of all heads, one head large\n"
    "  17_bert --layer 2 --head 3 --values \"The cat sat\"  one head, with its numbers\n"
    "  17_bert --token cat \"The cat sat on the mat\"       who looks at `cat`, and whom it looks at\n"
    "  17_bert --pair \"It was tired.\" --segments ba \"The animal slept.\"\n"
    "  17_bert --mask local --window 2 --mask-scope model --view flow\n"
    "  17_bert --meaning bank                             one word, two sentences, layer by layer\n"
    "  17_bert --export trace.safetensors - < sentence.txt\n";

static Options table_of(Choices *a) {
    Options list = {0};
    option_heading(&list, "the model and its input");
    option_text(&list, "model", "DIR", &a->model,
                "folder with config.json, model.safetensors and a vocabulary\n(default data/minilm)");
    option_text(&list, "pair", "TEXT2", &a->pair, "a second sentence: [CLS] TEXT [SEP] TEXT2 [SEP]");
    option_flag(&list, "truncate", &a->truncate, "cut a text that is longer than the model can read");
    option_flag(&list, "allow-nonfinite", &a->allow_nonfinite, "go on with weights that are NaN or infinite");
    view_options_add_what(&list, &a->look);
    option_text(&list, "meaning", "WORD", &a->meaning,
                "compare WORD in TEXT and in TEXT2, each read alone, layer by layer");
    option_flag(&list, "anatomy", &a->look.anatomy, "the whole way of the sentence through --layer, one figure a step");
    option_flag(&list, "mlm", &a->mlm, "the five likeliest tokens at every place");
    view_options_add_how(&list, &a->look, &a->show);
    mask_options_add(&list, &a->mask);
    option_choice(&list, "mask-scope", "head|model", &a->mask_scope,
                  "head: re-weigh the finished heads (default); model: every layer runs masked");
    option_heading(&list, "numbers for other programs");
    option_flag(&list, "ids", &a->ids, "print the token ids on one line, nothing else");
    option_text(&list, "export", "FILE", &a->export,
                "write ids, hidden states and attention as safetensors;\n- is standard output");
    option_text(&list, "tsv", "FILE", &a->tsv,
                "write layer, head, from, to, weight of all tokens; - is standard output");
    return list;
}

/* Options that need another one, or exclude each other. */
static void check_company(const Choices *a) {
    static const char *const segments[] = {"all", "aa", "bb", "ab", "ba"};
    bool anatomy = a->look.anatomy;
    if (a->look.segments != SEGMENTS_ALL && !a->pair)
        fail(EXIT_USAGE, "--segments %s needs a second sentence. Try: --pair TEXT2", segments[a->look.segments]);
    if (a->look.token && (anatomy || a->mlm))
        fail(EXIT_USAGE, "--token and --%s are two answers. Try: one of them", anatomy ? "anatomy" : "mlm");
    if (anatomy && a->mlm) fail(EXIT_USAGE, "--anatomy and --mlm are two answers. Try: one of them");
    if (!a->meaning) return;
    if ((a->common.text || a->common.file) && !a->pair)
        fail(EXIT_USAGE, "--meaning compares two sentences. Try: TEXT --pair TEXT2");
    const char *other = a->export ? "export" : a->tsv ? "tsv" : a->mlm ? "mlm" : anatomy ? "anatomy" : NULL;
    if (other) fail(EXIT_USAGE, "--meaning and --%s are two answers. Try: one of them", other);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.mask = mask_options_new(MASK_NONE),
                 .look = view_options_new(),
                 .show = {.format = "png"},
                 .model = "data/minilm"};
    Options list = table_of(&a);
    Program program = {"17_bert", "a sentence goes through a pretrained BERT, and you see what its heads look at",
                       EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    check_company(&a);
    figure_check_formats(a.show.format);
    show_options_ready(&a.show, &a.common, argc, argv, false); /* the folder is made when all else is right */
    return a;
}

/* ---- from the command line to a reading ---- */

/* A GPT that stage 15 has trained can be looked at, too; GPT-2 itself is refused as BERT's reader refuses it. */
Reader reader_of(const Choices *ask) {
    if (model_family(ask->model) == FAMILY_GPT2) bert_config_read(ask->model);
    return reader_open(ask->model, ask->common.threads, ask->allow_nonfinite);
}

Reading reading_of(const Choices *ask, const Reader *reader) {
    Bytes first = options_input(&ask->common, DEFAULT_TEXT), second = {0};
    if (ask->pair) second = (Bytes){text_copy(ask->pair, strlen(ask->pair)), strlen(ask->pair)};
    return reading_open(reader, first, second,
                        (ReadingPlan){&ask->mask, ask->mask_scope == SCOPE_MODEL, ask->truncate, NULL});
}

/* ---- ids ---- */

typedef struct {
    const Tokenizer *tokenizer;
    Bytes first;
    const char *pair;
} EncodeWork;

static Encoding encode(const EncodeWork *work) {
    return tokenizer_encode(work->tokenizer, work->first.data, work->first.size, work->pair,
                            work->pair ? strlen(work->pair) : 0);
}

static void encode_once(void *context) {
    Encoding e = encode(context);
    encoding_free(&e);
}

void print_ids(const Choices *ask) {
    Tokenizer *tokenizer = tokenizer_open(ask->model);
    EncodeWork work = {tokenizer, options_input(&ask->common, DEFAULT_TEXT), ask->pair};
    if (ask->common.time) {
        time_report(ask->common.time, encode_once, &work, (double)work.first.size / 1e6, "MB");
    } else {
        Encoding e = encode(&work);
        ids_print(e.ids, (size_t)e.n);
        putchar('\n');
        encoding_free(&e);
    }
    bytes_free(&work.first);
    tokenizer_free(tokenizer);
}

/* ---- time ---- */

static void run_once(void *reading) {
    reading_pass(reading);
}

void time_reading(const Choices *ask, Reading *reading) {
    time_report(ask->common.time, run_once, reading, reading->encoding.n, "tokens");
}
