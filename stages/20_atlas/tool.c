#include "tool.h"
#include "base/error.h"
#include "base/json.h"
#include "base/plural.h"
#include "show/label.h"
#include "show/page.h"
#include "view/ablate.h"
#include "view/figures.h"
#include "view/find.h"
#include "view/reordered.h"

#include <stdio.h>
#include <string.h>

const char DEFAULT_TEXT[] = "The artist painted the portrait of a woman with a brush";

static const char EXAMPLES[] =
    "  20_atlas                                       the default sentence: out/20_atlas/index.html\n"
    "  20_atlas --page bank.html \"The bank of the river\"\n"
    "  20_atlas --pair \"It was tired.\" \"The animal slept.\"\n"
    "  20_atlas --mask local --window 2               opens with a mask on it\n"
    "  20_atlas --text2 \"The brush painted the artist\"  two sentences to compare\n"
    "  20_atlas --living                              any sentence can be typed into the page\n"
    "  20_atlas --run out/15_training                 checkpoints of a training, as a scrubber\n";

static Options table_of(Choices *a) {
    Options list = {0};
    Study *s = &a->study;
    study_add_model(&list, s,
                    "folder with config.json, model.safetensors and a vocabulary: a\nBERT, a GPT-2, or what "
                    "stage 15 has trained (default data/minilm)");
    option_text(&list, "pair", "TEXT2", &s->pair, "a second sentence: [CLS] TEXT [SEP] TEXT2 [SEP]");
    option_heading(&list, "what the page holds");
    option_output(&list, "page", "FILE", &a->page, "the page (default index.html in --out)");
    option_flag(&list, "living", &a->living, "the model itself, a byte a weight: any sentence can be typed");
    option_texts(&list, "text2", "TEXT", &a->text2, "another sentence, to compare head by head; may be given again");
    option_flag(&list, "order", &a->order,
                "the same words in another order (--seed), to see whether a head\nfollows places or words");
    option_text(&list, "beside", "DIR", &a->beside, "another model on the same text, to compare");
    option_flag(&list, "twin", &a->twin, "a model of the same form with random weights, to compare");
    option_flag(&list, "ablate", &a->ablate,
                "what the model loses without each head: a pass a head, some seconds\nfor a long text");
    option_text(&list, "run", "DIR", &a->run, "checkpoints that 15_training --keep has left, to walk through");
    option_text(&list, "anatomy-layer", "L", &a->anatomy_layers,
                "layers whose feed-forward strips travel (default: the one it opens with)");
    option_text(&list, "why", "L.H", &a->why,
                "heads whose scores the page can take apart, as 19_heads --why\ndoes: 2.8, a layer 2, several 2.8,3, "
                "all (default: the one opened)");
    option_heading(&list, "what it opens with");
    option_text(&list, "layer", "L", &s->look.layers,
                "a layer, counted from 0; of several (1,3-5) the first, and no others are offered");
    option_text(&list, "head", "H", &s->look.heads, "a head, likewise");
    option_text(&list, "token", "WORD", &s->look.token, "a token, by its word or its place");
    mask_options_add(&list, &s->mask);
    static const Company company = {"from", COMPANY_STILLS, "text2 order run why living ablate twin anatomy-layer"};
    options_company(&list, &company, 1);
    return list;
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.study = study_new("data/minilm")};
    Options list = table_of(&a);
    Program program = {"20_atlas", "everything in one page that needs no network", EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.time)
        fail(EXIT_USAGE, "--time: the page's speed is the browser's. Try: 17_bert --time %d", a.common.time);
    if (!page_has_engine())
        fail(EXIT_ENVIRONMENT, "this program was built without the page's engine. Try: make deps, then make");
    study_ready(&a.study, &a.common, argc, argv);
    return a;
}

Reader reader_of(const Choices *ask) {
    if (ask->study.from) return study_file(&ask->study, &ask->common);
    return reader_open(ask->study.model, ask->common.threads, false);
}

/* ---- what stands in the page ---- */

/* The mask and the token that it opens with, as members of the page's state. You free it with string_free. */
static String state_of(const Choices *ask, const Reading *r) {
    String state = {0};
    const MaskOptions *asked = &ask->study.mask;
    if (ask->study.look.token) string_add(&state, "\"token\":%d,", reading_find(r, "token", ask->study.look.token));
    string_add(&state, "\"mask\":\"%s\"", asked->kind >= 0 ? MASK_KIND[asked->kind].name : "none");
    for (int k = 0; k < MASK_KNOBS; k++) {
        int value = mask_knob(asked->said, &MASK_KNOB[k]);
        if (MASK_KNOB[k].letter && value >= 0) string_add(&state, ",\"%s\":%d", MASK_KNOB[k].name, value);
    }
    if (asked->said.causal == 1) string_add(&state, ",\"also_causal\":true");
    return state;
}

void opened(const Choices *ask, const Reading *r, int *layer, int *head) {
    int count;
    int *layers = options_ranges("layer", ask->study.look.layers, r->layers, &count);
    int *heads = options_ranges("head", ask->study.look.heads, r->heads, &count);
    *layer = ask->study.look.layers ? layers[0] : r->layers > 2 ? 2 : r->layers - 1;
    *head = ask->study.look.heads ? heads[0] : r->heads > 8 ? 8 : r->heads - 1;
    memory_free(layers), memory_free(heads);
}

/* Members of the page's JSON: which layers or heads it offers, where several were named. */
static void add_only(String *more, const char *option, const char *text, int limit) {
    int count, *all = options_ranges(option, text, limit, &count);
    if (text && count > 1) {
        string_add(more, ",\"only_%ss\":", option);
        json_add_numbers(more, all, count);
    }
    memory_free(all);
}

/* [layers * heads] whose scores can be taken apart. You free it. */
static bool *why_heads(const Choices *ask, const Reading *r, int layer, int head) {
    bool *why = ask->why ? heads_parse("--why", ask->why, r->layers, r->heads) : NULL;
    if (why) return why;
    int count = r->layers * r->heads;
    why = memory_new((size_t)count, sizeof *why, "the heads of --why");
    for (int at = 0; at < count; at++) why[at] = ask->why || at == layer * r->heads + head;
    return why;
}

/* ---- blocks ---- */

static size_t bytes_of(const Blocks *blocks) {
    size_t bytes = 0;
    for (int i = 0; i < blocks->count; i++) bytes += blocks->at[i].bytes.size;
    return bytes;
}

/* A browser holds the page several times over. What stands beside the text is not let grow without an end. */
static void leave_out_too_much(Blocks *blocks) {
    enum { MOST_MB = 64 };
    const double all = (double)bytes_of(blocks) / 1e6;
    if (all <= MOST_MB) return;
    PageBlock *last = &blocks->at[--blocks->count];
    warn("%s is left out: with it the page would hold %.0f MB of numbers (at most %d). Try: shorter texts, or a page "
         "for each",
         last->id, all, MOST_MB);
    bytes_free(&last->bytes);
}

/* One finished reading. state: members of what the page opens with; more: members of its JSON, each behind a comma;
 * NULL: none. What stands beside the page's text travels without its feed-forward strips. */
static void add_block(Blocks *blocks, const Choices *ask, const Reading *r, const char *state, const char *more) {
    bool first = blocks->count == 0;
    Block block = {0};
    String page = {0};
    PagePlan plan = {.state = state, .twin = first, .trained = page_is_trained(r->reader)};
    Choices plain = *ask;
    if (!first) plain.study.look.layers = plain.study.look.heads = NULL; /* another model may have fewer */
    opened(&plain, r, &plan.one_layer, &plan.one_head);
    int count, *layers = options_ranges("anatomy-layer", first ? ask->anatomy_layers : NULL, r->layers, &count);
    plan.layer = ask->anatomy_layers ? layers : &plan.one_layer;
    bool *why = first ? why_heads(ask, r, plan.one_layer, plan.one_head) : NULL;
    plan.why = why;
    plan.layers = !first ? 0 : ask->anatomy_layers ? count : 1;
    string_add(&page, "{");
    page_add_reading(&block, &page, r, plan);
    string_add(&page, "%s}", more ? more : "");
    blocks->at[blocks->count++].bytes = block_bytes(&block, page.text);
    string_free(&page), memory_free(layers), memory_free(why);
    if (!first) leave_out_too_much(blocks);
}

/* The page's text, or another, read by any reader. */
static void add_beside(Blocks *blocks, const Choices *ask, const Reader *reader, Bytes text, const char *id,
                       const char *more) {
    Reading r = reading_open(reader, text, (Bytes){0}, (ReadingPlan){.truncate = ask->study.truncate});
    reading_run(&r);
    blocks->at[blocks->count].id = id;
    add_block(blocks, ask, &r, NULL, more);
    reading_free(&r);
}

/* Each text of --text2: "text2", "text3", ... */
static void add_texts(Blocks *blocks, const Choices *ask, const Reader *reader) {
    static const char *const id[MOST_TEXTS] = {"text2", "text3", "text4", "text5", "text6", "text7", "text8", "text9"};
    for (int i = 0; i < ask->text2.count; i++)
        add_beside(blocks, ask, reader, reading_text(ask->text2.at[i]), id[i], NULL);
}

/* The same words in another order: the page's block of them, and what its figures need, whose plan keeps both. */
static void add_order(Blocks *blocks, const Choices *ask, const Reading *r, Reading *other, FiguresPlan *plan) {
    int *from = memory_new((size_t)r->encoding.n, sizeof *from, "the order");
    String more = {0};
    *other = reading_reordered(r, ask->common.seed, from);
    string_add(&more, ",\"from\":");
    json_add_numbers(&more, from, r->encoding.n);
    reading_run(other);
    blocks->at[blocks->count].id = "order";
    add_block(blocks, ask, other, NULL, more.text);
    plan->order = other, plan->from = from;
    string_free(&more);
}

static void add_model(Blocks *blocks, const Choices *ask, const Reading *r) {
    Reader reader = folder_exists(ask->beside) ? reader_open(ask->beside, ask->common.threads, false)
                                               : reader_of_file(ask->beside, ask->common.threads);
    add_beside(blocks, ask, &reader, reader.model ? bytes_copy(r->first) : (Bytes){0}, "beside", NULL);
    reader_free(&reader);
}

/* The same form, with the numbers that the twin's measures are of. */
static void add_twin(Blocks *blocks, const Choices *ask, const Reading *r) {
    Null twin = null_new(r, TWIN_SEED);
    twin.reading.reader = &twin.reader;
    blocks->at[blocks->count].id = "twin";
    add_block(blocks, ask, &twin.reading, NULL, NULL);
    null_free(&twin);
}

/* ---- the checkpoints of a run ---- */

enum { MOST_STEPS = 24 };
static const char *const RUN_ID[MOST_STEPS] = {"run-0",  "run-1",  "run-2",  "run-3",  "run-4",  "run-5",
                                               "run-6",  "run-7",  "run-8",  "run-9",  "run-10", "run-11",
                                               "run-12", "run-13", "run-14", "run-15", "run-16", "run-17",
                                               "run-18", "run-19", "run-20", "run-21", "run-22", "run-23"};

/* Those rows of loss.tsv whose step has a folder. */
static void add_run(Blocks *blocks, const Choices *ask, const Reading *r) {
    char *path = path_join(ask->run, "loss.tsv");
    Bytes losses = file_read(path);
    LineReader lines = line_reader(path, losses.data, losses.size);
    const char *line;
    size_t length;
    int found = 0;
    while (line_next(&lines, &line, &length)) {
        int step;
        double train, held;
        if (sscanf(line, "%d\t%lf\t%lf", &step, &train, &held) != 3) continue;
        char *folder = text_format("%s/step_%d", ask->run, step);
        if (folder_exists(folder) && ++found <= MOST_STEPS) {
            char *more = text_format(",\"step\":%d,\"train_loss\":%.9g,\"val_loss\":%.9g", step, train, held);
            Reader reader = reader_open(folder, ask->common.threads, false);
            add_beside(blocks, ask, &reader, bytes_copy(r->first), RUN_ID[found - 1], more);
            reader_free(&reader);
            memory_free(more);
        }
        memory_free(folder);
    }
    if (!found) fail(EXIT_DATA, "%s: no step of it has a folder. Try: 15_training --keep 200 --out %s", path, ask->run);
    if (found > MOST_STEPS)
        warn("%s: the first %d of %d checkpoints are in the page. Try: 15_training with a larger --keep", path,
             MOST_STEPS, found);
    bytes_free(&losses), memory_free(path);
}

/* ---- the file ---- */

bool page_is_answer(const Choices *ask) {
    return ask->page && strcmp(ask->page, "-") == 0;
}

/* The model's files go into `files`, and what is to be said of them comes back: a member of the page's JSON, and a line
 * on standard output. You free it. */
static char *add_living(Blocks *files, const Choices *ask, const Reading *r, const char *path) {
    if (!ask->living) return NULL;
    PackedError error = living_add(files, r->reader, page_is_answer(ask) ? "20_atlas" : path);
    double mean = error.weights ? error.sum / (double)error.weights : 0;
    if (!page_is_answer(ask)) {
        printf("living  %.1f MB of weights", (double)error.size / 1e6);
        if (error.sentences)
            printf("; %d sentence%s: maps off by %.2g at most, by %.1e on average", error.sentences,
                   PLURAL(error.sentences), error.worst, mean);
        printf("\n");
    }
    if (!error.sentences) return NULL;
    return text_format(",\"living\":{\"sentences\":%d,\"worst\":%.2g,\"mean\":%.2g}", error.sentences, error.worst,
                       mean);
}

Mat packed(Mat exact) {
    Mat copy = mat_new(exact.rows, exact.cols);
    mat_copy(copy, exact);
    block_round(PACK_SHORTS, copy.data, (size_t)copy.rows * (size_t)copy.cols, 1);
    return copy;
}

void write_page(const Choices *ask, const Reading *r) {
    Blocks blocks = {0}, files = {0};
    String state = state_of(ask, r);
    char *path = ask->page ? text_copy(ask->page, strlen(ask->page)) : path_join(ask->common.out, "index.html");
    char *living = add_living(&files, ask, r, path);
    String more = {0}, figures = {0};
    FiguresPlan plan = {.ablate = ask->ablate};
    Reading other = {0};
    string_add(&more, "%s", living ? living : "");
    add_only(&more, "layer", ask->study.look.layers, r->layers);
    add_only(&more, "head", ask->study.look.heads, r->heads);
    blocks.at[0].id = "block";
    add_block(&blocks, ask, r, state.text, more.text);
    add_texts(&blocks, ask, r->reader);
    if (ask->order) add_order(&blocks, ask, r, &other, &plan);
    if (ask->beside) add_model(&blocks, ask, r);
    if (ask->twin) add_twin(&blocks, ask, r);
    if (ask->run) add_run(&blocks, ask, r);
    opened(ask, r, &plan.one_layer, &plan.one_head);
    figures_add(&figures, r, plan);
    const int texts = blocks.count;
    const size_t bytes = bytes_of(&blocks);
    for (int i = 0; i < files.count; i++) blocks.at[blocks.count++] = files.at[i];
    page_write(file_or_output(path), r->first.data ? r->first.data : r->reader->folder, blocks.at, blocks.count,
               figures.text);
    const size_t model = bytes_of(&blocks) - bytes;
    for (int i = 0; i < blocks.count; i++) bytes_free(&blocks.at[i].bytes);
    if (!page_is_answer(ask)) {
        printf("page    ");
        label_print(path, strlen(path), LABEL_ALL, 0);
        printf(": %d text%s of numbers, %.2f MB", texts, PLURAL(texts), (double)bytes / 1e6);
        if (model) printf("; the model itself, %.2f MB", (double)model / 1e6);
        printf("\n");
    }
    if (ask->order) reading_free(&other), memory_free((int *)(size_t)plan.from);
    string_free(&more), string_free(&state), string_free(&figures), memory_free(path), memory_free(living);
}
