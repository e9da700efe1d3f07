#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "weights/config.h"

const char DEFAULT_TEXT[] = "The artist painted the portrait of a woman with a brush";

static const char EXAMPLES[] =
    "  17_bert                                            the default sentence: a grid of all heads, one head large\n"
    "  17_bert --layer 2 --head 3 --values \"The cat sat\"  one head, with its numbers\n"
    "  17_bert --token cat \"The cat sat on the mat\"       who looks at `cat`, and whom it looks at\n"
    "  17_bert --pair \"It was tired.\" --segments ba \"The animal slept.\"\n"
    "  17_bert --mask local --window 2 --mask-scope model --view flow\n"
    "  17_bert --meaning bank                             one word, two sentences, layer by layer\n"
    "  17_bert --export trace.safetensors - < sentence.txt\n"
    "  17_bert --from trace.safetensors --mask causal     any model's attention, out of a file\n";

static Options table_of(Choices *a) {
    Options list = {0};
    Study *s = &a->study;
    study_add_model(&list, s, "folder with config.json, model.safetensors and a vocabulary\n(default data/minilm)");
    option_text(&list, "pair", "TEXT2", &s->pair, "a second sentence: [CLS] TEXT [SEP] TEXT2 [SEP]");
    option_flag(&list, "allow-nonfinite", &a->allow_nonfinite, "go on with weights that are NaN or infinite");
    study_add_what(&list, s);
    option_text(&list, "meaning", "WORD", &a->meaning,
                "compare WORD in TEXT and in TEXT2, each read alone, layer by layer");
    option_flag(&list, "mlm", &a->mlm, "the five likeliest tokens at every place");
    study_add_how(&list, s);
    static const Company company[] = {{"meaning", COMPANY_ANSWER, ""},
                                      {"mlm", COMPANY_ANSWER, "export tsv"},
                                      {"from", COMPANY_STILLS, "meaning mlm"}};
    options_company(&list, company, sizeof company / sizeof *company);
    return list;
}

/* Options that need another one. */
static void check_company(const Choices *a) {
    static const char *const segments[] = {"all", "aa", "bb", "ab", "ba"};
    const Study *s = &a->study;
    if (s->look.segments != SEGMENTS_ALL && !s->pair && !s->from)
        fail(EXIT_USAGE, "--segments %s needs a second sentence. Try: --pair TEXT2", segments[s->look.segments]);
    if (a->meaning && (a->common.text || a->common.file) && !s->pair)
        fail(EXIT_USAGE, "--meaning compares two sentences. Try: TEXT --pair TEXT2");
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.study = study_new("data/minilm")};
    Options list = table_of(&a);
    Program program = {"17_bert", "a sentence goes through a pretrained BERT, and you see what its heads look at",
                       EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    check_company(&a);
    study_ready(&a.study, &a.common, argc, argv);
    return a;
}

/* A GPT that stage 15 has trained can be looked at, too; GPT-2 itself is refused as BERT's reader refuses it. */
Reader reader_of(const Choices *ask) {
    if (ask->study.from) return study_file(&ask->study, &ask->common);
    if (model_family(ask->study.model) == FAMILY_GPT2) bert_config_read(ask->study.model);
    return reader_open(ask->study.model, ask->common.threads, ask->allow_nonfinite);
}

static void run_once(void *reading) {
    reading_pass(reading);
}

void time_reading(const Choices *ask, Reading *reading) {
    time_report(ask->common.time, run_once, reading, reading->encoding.n, "tokens");
}
