/* choices - the command line of stage 17 as one table. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "show/figure.h"
#include "show/label.h"

const char *const DEFAULT_TEXT = "The artist painted the portrait of a woman with a brush";
const char *const MEANING_TEXT = "The old man sat on the bank of the river and watched the water";

const char VIEWS[] = "heat|lines|flow|neuron";
static const char SEGMENTS[] = "all|aa|bb|ab|ba";

static const char EXAMPLES[] =
    "  17_bert                                            the default sentence: a grid of all heads, one head large\n"
    "  17_bert --layer 2 --head 3 --values \"The cat sat\"  one head, with its numbers\n"
    "  17_bert --token cat \"The cat sat on the mat\"       who looks at `cat`, and whom it looks at\n"
    "  17_bert --pair \"It was tired.\" --segments ba \"The animal slept.\"\n"
    "  17_bert --mask local --window 2 --mask-scope model --view flow\n"
    "  17_bert --meaning bank                             one word, two sentences, layer by layer\n"
    "  17_bert --export trace.safetensors - < sentence.txt\n";

/* The options in parts, so that each fits a screen. */
static void model_options(Options *list, Choices *a) {
    option_heading(list, "the model and its input");
    option_text(list, "model", "DIR", &a->model,
                "folder with config.json, model.safetensors and a vocabulary\n(default data/minilm)");
    option_text(list, "pair", "TEXT2", &a->pair, "a second sentence: [CLS] TEXT [SEP] TEXT2 [SEP]");
    option_flag(list, "truncate", &a->truncate, "cut a text that is longer than the model can read");
    option_flag(list, "allow-nonfinite", &a->allow_nonfinite, "go on with weights that are NaN or infinite");
}

static void look_options(Options *list, Choices *a) {
    option_heading(list, "what to look at");
    option_text(list, "layer", "L", &a->layers, "layers, counted from 0: 2 or 0,3-5 (default: all)");
    option_text(list, "head", "H", &a->heads, "heads, counted from 0: 3 or 1,8-11 (default: all)");
    option_text(list, "token", "WORD", &a->token, "one token, by its word or its place: bars per head and per layer");
    option_choice(list, "segments", SEGMENTS, &a->segments,
                  "of a pair: rows from the first letter's text, columns the second's");
    option_flag(list, "no-special", &a->no_special, "hide [CLS] and [SEP]");
    option_flag(list, "renormalise", &a->renormalise, "make what is left of each row sum to 1 again");
    option_text(list, "meaning", "WORD", &a->meaning,
                "compare WORD in TEXT and in TEXT2, each read alone, layer by layer");
    option_flag(list, "anatomy", &a->anatomy, "the whole way of the sentence through --layer, one figure a step");
    option_flag(list, "mlm", &a->mlm, "the five likeliest tokens at every place");
}

static void draw_options(Options *list, Choices *a) {
    option_heading(list, "how to draw it");
    option_choice(list, "view", VIEWS, &a->view,
                  "heat map, lines between tokens, flow, or one query's neurons");
    option_choice(list, "scale", "fixed|fit|log", &a->scale,
                  "colours from 0 to 1 (default), to the largest weight, or logarithmic");
    option_flag(list, "values", &a->values, "print the weight in each cell");
    option_real(list, "threshold", "W", &a->threshold, 0, 1, "flow: leave out weights below W (default 0.04)");
    option_text(list, "format", "png,svg,pdf", &a->format, "picture formats (default png)");
    option_flag(list, "terminal", &a->terminal, "draw here, in the terminal, instead of into files");
}

static void answer_options(Options *list, Choices *a) {
    option_heading(list, "numbers for other programs");
    option_flag(list, "ids", &a->ids, "print the token ids on one line, nothing else");
    option_text(list, "export", "FILE", &a->export,
                "write ids, hidden states and attention as safetensors;\n- is standard output");
    option_text(list, "tsv", "FILE", &a->tsv,
                "write layer, head, from, to, weight of all tokens; - is standard output");
}

/* Options that need another one, or exclude each other. */
static void check_company(const Choices *a) {
    if (a->segments != SEGMENTS_ALL && !a->pair)
        fail(EXIT_USAGE, "--segments %s needs a second sentence. Try: --pair TEXT2",
             options_word(SEGMENTS, a->segments));
    if (a->token && (a->anatomy || a->mlm))
        fail(EXIT_USAGE, "--token and --%s are two answers. Try: one of them", a->anatomy ? "anatomy" : "mlm");
    if (a->anatomy && a->mlm) fail(EXIT_USAGE, "--anatomy and --mlm are two answers. Try: one of them");
    if (!a->meaning) return;
    if ((a->common.text || a->common.file) && !a->pair)
        fail(EXIT_USAGE, "--meaning compares two sentences. Try: TEXT --pair TEXT2");
    const char *other = a->export ? "export" : a->tsv ? "tsv" : a->mlm ? "mlm" : a->anatomy ? "anatomy" : NULL;
    if (other) fail(EXIT_USAGE, "--meaning and --%s are two answers. Try: one of them", other);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.mask = mask_options_new("none"),
                 .model = "data/minilm",
                 .format = "png",
                 .threshold = 0.04};
    Options list = {0};
    model_options(&list, &a);
    look_options(&list, &a);
    draw_options(&list, &a);
    mask_options_add(&list, &a.mask);
    option_choice(&list, "mask-scope", "head|model", &a.mask_scope,
                  "head: re-weigh the finished heads (default); model: every layer runs masked");
    answer_options(&list, &a);
    Program program = {"17_bert", "a sentence goes through a pretrained BERT, and you see what its heads look at",
                       EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    check_company(&a);
    a.command = label_command(argc, argv);
    figure_check_formats(a.format);
    return a;
}

void choices_free(Choices *ask) {
    memory_free(ask->command);
    *ask = (Choices){0};
}
