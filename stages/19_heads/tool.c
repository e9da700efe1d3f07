#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "view/why.h"
#include "view/head_pictures.h"
#include "view/report.h"

static const char EXAMPLES[] =
    "  19_heads                                       the default sentence: all heads measured\n"
    "  19_heads --explain focus                       what a measure is, and what it is here\n"
    "  19_heads --find previous                       heads ranked by what they look at\n"
    "  19_heads --metric previous --terminal          one measure of all heads, drawn\n"
    "  19_heads --tsv heads.tsv \"The cat sat\"         a head a line, for other programs\n"
    "  19_heads --rollout - \"The cat sat\"             attention through all layers at once\n"
    "  19_heads --report out/report                   one page to hand in\n"
    "  19_heads --ablate 2.8 \"The cat sat\"            what moves without a head\n"
    "  19_heads --beside-mask local:2                 the heads beside themselves under a mask\n"
    "  19_heads --mask local --window 2               the same under a mask\n"
    "  19_heads --compare none,local:3,sliding:6      what masks do, over all sentences of a text\n"
    "  19_heads --layer 3 --head 1 --examples 10      where a head's link is strongest\n"
    "  19_heads --model data/gpt2 --json - < text.txt\n";

/* What goes with what: the answers, one of which can be had at a time; files of numbers, which go with many of them;
 * and what only some of them look at. */
static const Company COMPANY[] = {
    {"explain", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"find", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"report", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"head-map", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"paths", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"value-weighted", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"ablate", COMPANY_ANSWER, "tsv json rollout flow distances"},
    {"beside-text", COMPANY_ANSWER, "tsv"},
    {"beside-mask", COMPANY_ANSWER, "tsv"},
    {"beside-model", COMPANY_ANSWER, "tsv"},
    {"beside-twin", COMPANY_ANSWER, "tsv"},
    {"why", COMPANY_ANSWER, "tsv"},
    {"compare", COMPANY_ANSWER, "tsv rows"},
    {"examples", COMPANY_ANSWER, ""},
    {"time", COMPANY_ANSWER, ""},
    {"tsv", COMPANY_ANSWER, "json rollout flow distances"},
    {"json", COMPANY_ANSWER, "rollout flow distances"},
    {"rollout", COMPANY_ANSWER, "flow distances"},
    {"flow", COMPANY_ANSWER, "distances"},
    {"distances", COMPANY_ANSWER, ""},
    {"rows", COMPANY_SERVES, "compare"},
    {"layers", COMPANY_SERVES, "compare"},
    {"no-twin", COMPANY_SERVES, "compare"},
    {"corpus", COMPANY_SERVES, "compare examples"},
    {"lines", COMPANY_SERVES, "compare examples"},
    {"metric", COMPANY_SERVES, "- report"},
    {"layer", COMPANY_SERVES, "why examples value-weighted beside-text beside-mask beside-model beside-twin"},
    {"head", COMPANY_SERVES, "why examples value-weighted beside-text beside-mask beside-model beside-twin"},
    {"token", COMPANY_SERVES, "paths"},
    {"segments", COMPANY_SERVES, "paths value-weighted beside-text beside-mask beside-model beside-twin"},
    {"no-special", COMPANY_SERVES, "paths value-weighted ablate beside-text beside-mask beside-model beside-twin"},
    {"renormalise", COMPANY_SERVES, "paths value-weighted beside-text beside-mask beside-model beside-twin"},
    {"compare", COMPANY_STILLS, "pair"},
    {"examples", COMPANY_STILLS, "pair"},
    {"from", COMPANY_STILLS, "time compare examples"},
};

static Options table_of(Choices *a, const char **metric) {
    Options list = {0};
    Study *s = &a->study;
    study_add_model(&list, s,
                    "folder of a BERT or a GPT: config.json, model.safetensors,\na vocabulary "
                    "(default data/minilm)");
    option_text(&list, "pair", "TEXT2", &s->pair, "a second sentence: [CLS] TEXT [SEP] TEXT2 [SEP]");
    option_flag(&list, "allow-nonfinite", &a->allow_nonfinite, "go on with weights that are NaN or infinite");
    option_heading(&list, "what to measure");
    option_text(&list, "explain", "NAME", &a->explain, "one measure: formula, range, how to read it, reference");
    option_text(&list, "find", "PATTERN", &a->find,
                "rank the heads: next, previous, self, first, separator, same-word,\ninduction, a measure's name, or "
                "pairs of tokens \"3,1 4,2\"");
    option_text(&list, "metric", "NAME", metric, "the measure that is drawn (default entropy)");
    option_text(&list, "why", "I,J", &a->why,
                "who wrote the score of token I at token J (from 0): its parts, with\n--layer L --head H; --tsv FILE: "
                "all of them");
    relations_add(&list, &a->relations);
    view_options_add_what(&list, &s->look);
    corpus_options_add(&list, &a->corpus);
    option_heading(&list, "numbers for other programs");
    option_output(&list, "tsv", "FILE", &s->tsv, "write the measures, a head a line; - is standard output");
    option_output(&list, "json", "FILE", &a->json, "write all of them, the mask-aware ones too, as JSON");
    relations_add_files(&list, &a->relations);
    option_text(&list, "report", "DIR", &a->report,
                "a page to hand in: DIR/report.html, with command, pictures, tables, caveats");
    mask_options_add(&list, &s->mask);
    option_choice(&list, "mask-scope", "head|model", &s->mask_scope,
                  "head: re-weigh the finished heads (default); model: every layer runs masked");
    show_options_add(&list, &s->show);
    options_company(&list, COMPANY, sizeof COMPANY / sizeof *COMPANY);
    return list;
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.study = study_new("data/minilm")};
    const char *metric = "entropy";
    Options list = table_of(&a, &metric);
    Program program = {
        "19_heads", "the heads of a pretrained model, measured: what they look at, and what that is worth", EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    a.metric = measure_place(metric);
    if (a.metric < 0) measure_explain(metric, NULL, NULL);
    corpus_check(&a.corpus, &a.study, &a.common);
    study_ready(&a.study, &a.common, argc, argv);
    if (a.report) folder_make(a.report);
    return a;
}

Reader reader_of(const Choices *ask) {
    if (ask->study.from) return study_file(&ask->study, &ask->common);
    return reader_open(ask->study.model, ask->common.threads, ask->allow_nonfinite);
}

void draw_heads(const Choices *ask, const Reading *r, const HeadTable *table, const Null *null) {
    View view = study_view(&ask->study, &ask->common, r, true);
    draw_head_index(&view, table, ask->metric);
    draw_head_depth(&view, table, null->table.value ? &null->table : NULL, ask->metric);
    draw_fingerprints(&view);
    view_free(&view);
}

static bool written(const Choices *ask) {
    return ask->study.tsv || ask->json || relations_written(&ask->relations);
}

/* Layers, heads and tokens that are not there are said before the pass. */
static void check_look(const Choices *ask, const Reading *r) {
    View view = view_open(r, &ask->study.look, &ask->study.show, !written(ask));
    view_free(&view);
}

static void run_once(void *reading) {
    reading_pass(reading);
    HeadTable table = head_table_new(reading);
    head_table_free(&table);
}

/* --why: all that can be wrong is said before the pass. */
static void explain_score(const Choices *ask, Reading *r) {
    reading_needs(r, NEEDS_MODEL, "--why");
    Why why = why_of(r, ask->why);
    View view = study_view(&ask->study, &ask->common, r, !ask->study.tsv);
    reading_run(r);
    view_why(&view, why, ask->study.tsv);
    view_free(&view);
}

/* Numbers of the heads, as files or printed. */
static void tell_numbers(const Choices *ask, const Reading *r) {
    HeadTable table = head_table_new(r);
    if (ask->study.tsv && !relations_beside(&ask->relations)) head_table_write_tsv(&table, ask->study.tsv);
    if (ask->json) head_table_write_json(&table, r, ask->json);
    if (ask->explain) measure_explain(ask->explain, &table, r);
    if (ask->find || ask->report) {
        Null null = null_new(r, ask->common.seed);
        if (ask->find) print_found(r, &table, &null, ask->find);
        else report_write(ask->report, &ask->study, r, &table, &null, ask->metric);
        null_free(&null);
    }
    head_table_free(&table);
}

bool answered_of_many(const Choices *ask, const Reader *reader) {
    if (!ask->corpus.compare && !ask->corpus.examples) return false;
    corpus_answer(&ask->corpus, &ask->study, &ask->common, reader);
    return true;
}

bool answered(const Choices *ask, Reading *r) {
    bool numbers = ask->study.tsv || ask->json || ask->explain || ask->find || ask->report,
         asked = relations_asked(&ask->relations);
    if (ask->common.time) {
        time_report(ask->common.time, run_once, r, r->encoding.n, "tokens");
    } else if (ask->why) {
        explain_score(ask, r);
    } else {
        check_look(ask, r);
        reading_run(r);
        if (numbers) tell_numbers(ask, r);
        relations_write(&ask->relations, r);
        if (asked) relations_tell(&ask->relations, &ask->study, &ask->common, r);
        return numbers || asked || relations_written(&ask->relations);
    }
    return true;
}
