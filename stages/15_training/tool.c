/* Stage 15 as a tool: the command line. */
#include "tool.h"
#include "base/error.h"
#include "base/ranks.h"

const char COMPARED[] = "mask|heads|positions|scale|width";

static Choices defaults(void) {
    return (Choices){
        .show = {.format = "png"},
        .mask = mask_options_new(MASK_CAUSAL),
        .compare = COMPARE_NOTHING,
        .model = {.layers = 2, .heads = 4, .width = 64, .context = 64, .norm_eps = 1e-5f},
        .plan = {.batch = 16, .adamw = {.rate = 2e-3, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1}},
        .positions = 1, /* learned */
        .steps = 1000,
        .evaluate = 100,
        .vocabulary = 512,
        .sample = 400,
        .seeds = 5,
        .temperature = 0.5, /* on The Verdict about 70% of the sample's words are then real ones */
    };
}

/* What the table filled in, put where it is used. */
static void settle(Choices *a) {
    a->model.inner = 4 * a->model.width;
    a->model.positions = gpt_position(a->positions);
    a->plan.length = a->model.context;
    a->plan.dropout = a->dropout;
    a->plan.adamw.steps = a->steps;
    a->plan.seed = a->common.seed;
    a->plan.masked = a->objective == OBJECTIVE_MASKED;
    if (a->plan.masked) a->mask.usual = MASK_NONE; /* to fill a gap one looks both ways */
    if (a->data && a->common.file) fail(EXIT_USAGE, "--data and --file both name a text. Try: one of them");
    if (!a->data) a->data = a->common.file;
    if (a->compare != COMPARE_NOTHING && (a->resume || a->common.time))
        fail(EXIT_USAGE, "--compare trains from the start, without a clock. Try: leave out %s",
             a->resume ? "--resume" : "--time");
    if (a->model.width % a->model.heads != 0)
        fail(EXIT_USAGE, "--heads %d does not divide --width %d. Try: --heads 4 --width 64", a->model.heads,
             a->model.width);
}

Choices choices_parse(int argc, char **argv) {
    error_program(argv[0]);
    ranks_begin();
    Choices a = defaults();
    AdamW *adamw = &a.plan.adamw;
    Options list = {0};
    option_heading(&list, "the text");
    option_text(&list, "data", "FILE", &a.data, "the text to learn (default: The Verdict, or our own story)");
    option_choice(&list, "tokens", "char|word|bpe", &a.tokens, "what a token is (default char)");
    option_int(&list, "vocabulary", "N", &a.vocabulary, 256, 65536, "for --tokens bpe: so many tokens (default 512)");
    option_heading(&list, "the model");
    option_int(&list, "layers", "L", &a.model.layers, 1, 1024, "blocks (default 2)");
    option_int(&list, "heads", "H", &a.model.heads, 1, 1024, "heads in each; must divide the width (default 4)");
    option_int(&list, "width", "C", &a.model.width, 1, 65536, "numbers for each token (default 64)");
    option_int(&list, "context", "T", &a.model.context, 1, 1 << 20, "tokens in a window (default 64)");
    option_choice(&list, "positions", options_keep(&list, gpt_position_words()), &a.positions, "(default learned)");
    option_heading(&list, "how it learns");
    option_choice(&list, "objective", "next|masked", &a.objective,
                  "predict the next token, or find 15% hidden ones again (default next)");
    option_int(&list, "batch", "B", &a.plan.batch, 1, 65536, "windows in a step (default 16)");
    option_int(&list, "steps", "N", &a.steps, 0, 100000000, "in total, also with --resume (default 1000)");
    option_real(&list, "lr", "X", &adamw->rate, 0, 10, "the highest learning rate (default 0.002)");
    option_int(&list, "warmup", "N", &adamw->warmup, 0, 100000000, "steps over which it rises (default 0)");
    option_flag(&list, "cosine", &adamw->cosine, "then let it fall along a cosine, to a tenth");
    option_real(&list, "dropout", "P", &a.dropout, 0, 0.95, "share of numbers set to 0 while learning (default 0)");
    option_real(&list, "decay", "X", &adamw->decay, 0, 10, "weight decay, on matrices only (default 0.1)");
    option_real(&list, "clip", "X", &adamw->clip, 0, 1e9, "largest norm of the gradient, 0: any (default 1)");
    option_int(&list, "evaluate", "N", &a.evaluate, 1, 100000000, "steps between evaluations (default 100)");
    option_int(&list, "keep", "N", &a.keep, 0, 100000000,
               "keep the models evaluated at every N-th step, in OUT/step_...\n(default 0: only the last one)");
    option_flag(&list, "resume", &a.resume, "go on from the checkpoint in --out");
    option_choice(&list, "compare", COMPARED, &a.compare,
                  "train variants that differ in this, from the same seeds, and nothing else");
    option_int(&list, "seeds", "N", &a.seeds, 2, 100, "for --compare: how many (default 5)");
    option_heading(&list, "afterwards");
    option_int(&list, "sample", "N", &a.sample, 0, 1000000, "tokens to write (default 400)");
    option_real(&list, "temperature", "X", &a.temperature, 0.01, 100, "of the sample (default 0.5)");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"15_training", "a small GPT learns to write like a short story",
                       "  15_training                                  two blocks, a thousand steps\n"
                       "  15_training --heads 1 --positions none       what is each part worth?\n"
                       "  15_training --mask sliding --window 8        train under a window\n"
                       "  15_training --compare heads --steps 300      1, 2, 4, 8 heads, five seeds each\n"
                       "  15_training --resume --steps 2000            go on\n"};
    options_parse(&a.common, program, &list, argc, argv);
    settle(&a);
    show_options_ready(&a.show, &a.common, argc, argv, false); /* only one of several ranks has a folder: run.c */
    return a;
}
