#include "view/study.h"
#include "base/error.h"
#include "base/progress.h"
#include "view/export.h"
#include "view/views.h"

#include <stdio.h>
#include <string.h>

/* ---- the command line ---- */

Study study_new(const char *model) {
    return (Study){
        .model = model, .mask = mask_options_new(MASK_NONE), .look = view_options_new(), .show = {.format = "png"}};
}

void study_add_model(Options *list, Study *s, const char *help) {
    static const Company company = {"from", COMPANY_STILLS, "model truncate pair allow-nonfinite"};
    options_company(list, &company, 1);
    option_heading(list, "the model and its input");
    option_text(list, "model", "DIR", &s->model, help);
    option_text(list, "from", "FILE", &s->from,
                "look at the attention in a safetensors file instead:\n--export's, or any model's (docs/any_model.md)");
    option_flag(list, "truncate", &s->truncate, "cut a text that is longer than the model can read");
}

void study_add_what(Options *list, Study *s) {
    view_options_add_what(list, &s->look);
    option_flag(list, "anatomy", &s->look.anatomy, "the whole way of the text through --layer, one figure a step");
}

void study_add_how(Options *list, Study *s) {
    static const Company company[] = {
        {"ids", COMPANY_ANSWER, "time"},           {"time", COMPANY_ANSWER, "ids"},
        {"export", COMPANY_ANSWER, "tsv"},         {"tsv", COMPANY_ANSWER, "export"},
        {"anatomy", COMPANY_ANSWER, ""},           {"layer", COMPANY_SERVES, "- anatomy tsv"},
        {"head", COMPANY_SERVES, "- anatomy tsv"}, {"token", COMPANY_SERVES, "-"},
        {"segments", COMPANY_SERVES, "- anatomy"}, {"no-special", COMPANY_SERVES, "- anatomy"},
        {"renormalise", COMPANY_SERVES, "-"},      {"view", COMPANY_SERVES, "-"},
        {"scale", COMPANY_SERVES, "- anatomy"},    {"values", COMPANY_SERVES, "- anatomy"},
        {"threshold", COMPANY_SERVES, "-"},        {"from", COMPANY_STILLS, "ids time"}};
    options_company(list, company, sizeof company / sizeof *company);
    view_options_add_how(list, &s->look, &s->show);
    mask_options_add(list, &s->mask);
    option_choice(list, "mask-scope", "head|model", &s->mask_scope,
                  "head: re-weigh the finished heads (default); model: every layer runs masked");
    option_heading(list, "numbers for other programs");
    option_flag(list, "ids", &s->ids, "print the token ids on one line, nothing else");
    option_output(list, "export", "FILE", &s->export,
                  "write ids, hidden states and attention as safetensors;\n- is standard output");
    option_output(list, "tsv", "FILE", &s->tsv,
                  "write layer, head, from, to, weight of all tokens; - is standard output");
}

void study_ready(Study *s, const Common *common, int argc, char **argv) {
    if (s->from && (common->text || common->file))
        fail(EXIT_USAGE, "TEXT is for a model, and --from %s has no model. Try: without it", s->from);
    if (s->look.threshold != view_options_new().threshold && s->look.kind != VIEW_FLOW)
        fail(EXIT_USAGE, "--threshold is for --view flow. Try: with it, or neither");
    figure_check_formats(s->show.format);
    show_options_ready(&s->show, common, argc, argv, false);
}

void study_free(Study *s) {
    show_options_free(&s->show);
    *s = (Study){0};
}

/* ---- from there to a reading ---- */

Reader study_file(const Study *s, const Common *common) {
    return reader_of_file(s->from, common->threads);
}

ReadingPlan study_plan(const Study *s) {
    return (ReadingPlan){.mask = &s->mask, .mask_in_model = s->mask_scope == SCOPE_MODEL, .truncate = s->truncate};
}

Reading study_reading(const Study *s, const Common *common, const Reader *reader, const char *fallback) {
    Bytes text = s->from ? (Bytes){0} : options_input(common, fallback);
    return reading_open(reader, text, reading_text(s->pair), study_plan(s));
}

View study_view(const Study *s, const Common *common, const Reading *reading, bool draws) {
    View view = view_open(reading, &s->look, &s->show, draws);
    if (draws && !s->show.terminal) folder_make(common->out); /* cannot be written? found before the work */
    return view;
}

/* ---- ids ---- */

typedef struct {
    const Tokenizer *tokenizer;
    Bytes first, second;
} EncodeWork;

static Encoding encode(const EncodeWork *work) {
    return tokenizer_encode(work->tokenizer, work->first.data, work->first.size, work->second.data, work->second.size);
}

static void encode_once(void *context) {
    Encoding e = encode(context);
    encoding_free(&e);
}

void study_print_ids(const Study *s, const Common *common, const char *fallback) {
    Tokenizer *tokenizer = tokenizer_open(s->model);
    EncodeWork work = {tokenizer, options_input(common, fallback), reading_text(s->pair)};
    if (common->time) {
        time_report(common->time, encode_once, &work, (double)work.first.size / 1e6, "MB");
    } else {
        Encoding e = encode(&work);
        ids_print(e.ids, (size_t)e.n);
        putchar('\n');
        encoding_free(&e);
    }
    bytes_free(&work.first), bytes_free(&work.second);
    tokenizer_free(tokenizer);
}

/* ---- numbers and pictures ---- */

void study_write(const Study *s, View *view) {
    if (s->export) reading_export(view->reading, s->export);
    if (s->tsv) view_write_tsv(view, s->tsv);
}

void study_draw(const Study *s, View *view) {
    if (s->look.anatomy) view_draw_anatomy(view);
    else if (view->kind == VIEW_NEURON) view_draw_neuron(view);
    else if (view->token >= 0 && view->kind == VIEW_HEAT) view_draw_token(view);
    else view_draw_maps(view);
}
