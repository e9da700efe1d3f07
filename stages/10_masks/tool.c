#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "tool.h"

#include <limits.h>
#include <string.h>

const char *const USUAL_MASKS = "none,causal,local,global-local,sliding:3,dilated,prefix:3,chunked,padding";
const char *const SCOPES[] = {"head", "model"};

static const char EXAMPLES[] =
    "  10_masks                                                local, window 1, on the book's six words\n"
    "  10_masks --mask global-local --window 1 --global 1 \"the cat sat on the mat\"\n"
    "  10_masks --mask sliding --window 3 --tokens 16 --print  only the pattern: # and .\n"
    "  10_masks --mask-file pattern.txt --valid 5              what you draw, and padding\n"
    "  10_masks --compare local:1,local:3,sliding:4+causal --tsv out.tsv --tokens 16384\n"
    "  10_masks --model data/minilm --layer 3 --head 1 --compare none,local:3,dilated:4:2\n";

static void head_options(Options *list, Choices *a) {
    option_heading(list, "whose heads are masked");
    option_choice(list, "weights", "rand|linear|none", &a->weights,
                  "a random head as in stage 09; or none: the dot products of stage 08");
    option_int(list, "heads", "H", &a->random_heads, 1, 64, "so many random heads (default 1)");
    option_int(list, "width", "C", &a->width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(list, "head-width", "D", &a->head_width, 1, 4096, "numbers in a query, key or value (default 2)");
    option_text(list, "model", "DIR", &a->model, "a pretrained BERT, or a GPT from stage 15, instead of random heads");
    option_int(list, "layer", "L", &a->layer, 0, INT_MAX, "of the model (default 0)");
    option_text(list, "head", "0,3-5", &a->heads, "which heads (default all; the first is told in detail)");
    option_choice(list, "mask-scope", "head|model", &a->scope,
                  "head: re-weigh the finished heads (default); model: every layer runs masked");
}

static const char *compare_help(Options *list) {
    String help = {0};
    string_add(&help, "several masks, each with +causal if you like:\n");
    mask_list_forms(&help, 80);
    return options_keep(list, help.text);
}

static void answer_options(Options *list, Choices *a) {
    option_int(list, "valid", "L", &a->mask.said.valid, 1, INT_MAX, "padding: only the first L tokens are real keys");
    option_int(list, "tokens", "N", &a->tokens, 1, INT_MAX, "for --print; and the length whose cost --compare tells");
    option_flag(list, "print", &a->print, "print the mask and nothing else: N lines of # and .");
    option_text(list, "compare", "m1,m2", &a->compare, compare_help(list));
    option_output(list, "tsv", "FILE", &a->tsv, "with --compare: a line a mask and head; - is standard output");
}

/* Options that would be read and then not be used are errors: an answer to another question is worse than none. */
static void check_company(const Choices *a) {
    if (a->tsv && !a->compare) fail(EXIT_USAGE, "--tsv needs masks to compare. Try: --compare none,local:1");
    if (a->print && a->compare) fail(EXIT_USAGE, "--print and --compare are two answers. Try: one of them");
    if (a->compare && mask_options_named(&a->mask))
        fail(EXIT_USAGE, "--mask and --compare both choose masks. Try: --compare none,%s",
             MASK_KIND[a->mask.kind].name);
    if (a->compare && a->mask.file && !strstr(a->compare, "file"))
        fail(EXIT_USAGE, "--mask-file is not among the masks of --compare. Try: --compare %s,file", a->compare);
    if (a->tokens && !a->print && !a->compare)
        fail(EXIT_USAGE, "--tokens %d: here the text decides (expected --print or --compare beside it)", a->tokens);
    if (a->scope == SCOPE_MODEL && !a->model)
        fail(EXIT_USAGE, "--mask-scope model needs a model. Try: --model data/minilm");
    if (a->layer && !a->model) fail(EXIT_USAGE, "--layer %d needs a model. Try: --model data/minilm", a->layer);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_NONE),
                 .weights = TOY_RAND,
                 .scope = SCOPE_HEAD,
                 .random_heads = 1,
                 .width = 3,
                 .head_width = 2};
    Options list = {0};
    mask_options_add(&list, &a.mask);
    answer_options(&list, &a);
    head_options(&list, &a);
    show_options_add(&list, &a.show);
    Program program = {"10_masks", "who may look at whom: every mask, what it costs and what it takes away", EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    check_company(&a);
    bool draws = !a.print && !a.common.time && !(a.tsv && strcmp(a.tsv, "-") == 0);
    show_options_ready(&a.show, &a.common, argc, argv, draws);
    bool is_lesson = draws && !a.compare && a.mask.said.valid < 0 && !mask_options_given(&a.mask);
    if (is_lesson) a.mask.usual = MASK_LOCAL; /* a lesson needs a mask */
    return a;
}

MaskList masks_asked(const Choices *ask, const Heads *h) {
    MaskList list =
        ask->compare ? mask_list_read("compare", ask->compare, &ask->mask, h->n) : mask_list_of(&ask->mask, h->n);
    if (h->is_causal || (ask->compare && ask->mask.said.causal)) mask_list_make_causal(&list);
    return list;
}

MaskList masks_usual(const Choices *ask, const Heads *h) {
    MaskOptions own = ask->mask;
    own.said.valid = -1;
    const char *behind_none = strchr(USUAL_MASKS, ',') + 1; /* which is causal, too, in a causal model */
    MaskList list = mask_list_read("compare", h->is_causal ? behind_none : USUAL_MASKS, &own, h->n);
    if (h->is_causal) mask_list_make_causal(&list);
    return list;
}

bool can_be_told(const Heads *h) {
    enum { LONGEST = 128 };
    bool fine = h->n <= LONGEST && !h->in_model;
    if (!fine)
        note("told in loops only up to %d tokens and with --mask-scope head, so there is no proof this time", LONGEST);
    return fine;
}

/* ---- answers that are no lesson ---- */

typedef struct {
    Heads *heads;
    Mask mask;
    Mat maps, context;
} Timed;

static void run_masked(void *run) {
    Timed *r = run;
    heads_under(r->heads, r->mask, r->maps, r->context);
}

void time_masked(const Choices *ask, Heads *h, Mask mask) {
    Timed run = {h, mask, mat_new(h->heads * h->n, h->n), mat_new(h->n, h->attention.q.cols)};
    time_report(ask->common.time, run_masked, &run, h->n, "tokens");
    mat_free(&run.maps), mat_free(&run.context);
}

/* --print: the rule alone, at any length; no text, no head. */
void print_mask(const Choices *ask) {
    int n = ask->tokens;
    if (!n) {
        Heads *h = heads_open(ask);
        n = h->n;
        heads_close(h);
    }
    MaskList one = mask_list_of(&ask->mask, n);
    mask_print(one.at[0].mask.rule, n, stdout);
    mask_list_free(&one);
}
