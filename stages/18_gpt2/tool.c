#include "tool.h"
#include "base/error.h"
#include "base/memory.h"

static const char EXAMPLES[] =
    "  18_gpt2                                            the default text: heads, and what comes next\n"
    "  18_gpt2 --next --top-k 3 \"The old man\"             a table of the likeliest tokens behind every token\n"
    "  18_gpt2 --layer 1 --head 2 --values \"The lamp\"     one head, with its numbers\n"
    "  18_gpt2 --write 100 --temperature 0.7 \"The lamp\"   go on with your words\n"
    "  18_gpt2 --perplexity --stride 16 --file story.txt  how surprised it is by a text of any length\n"
    "  18_gpt2 --mask sliding --window 4 --mask-scope model --view flow\n"
    "  18_gpt2 --model data/gpt2 --export trace.safetensors - < text.txt\n";

static Options table_of(Choices *a) {
    Options list = {0};
    Study *s = &a->study;
    study_add_model(&list, s,
                    "folder with config.json, model.safetensors and a vocabulary\n"
                    "(default data/gpt2, else out/15_training, else a small one is trained)");
    study_add_what(&list, s);
    option_heading(&list, "what comes next");
    option_flag(&list, "next", &a->next, "the likeliest next tokens at every place");
    option_int(&list, "top-k", "K", &a->rule.top_k, 0, 1 << 24,
               "how many of them (default 5);\nwith --write only the K likeliest are drawn (default 0: all)");
    option_flag(&list, "perplexity", &a->perplexity, "how surprised the model is by a text of any length");
    option_int(&list, "stride", "S", &a->stride, 1, 1 << 20,
               "new tokens in a window of the perplexity\n(default: half of the model's context)");
    option_int(&list, "write", "N", &a->write, 0, 1000000,
               "go on with TEXT for N tokens; print the text, nothing else");
    option_real(&list, "temperature", "T", &a->rule.temperature, 0, 1e6,
                "divide the logits by T; 0 is greedy (default 0.8)");
    option_real(&list, "top-p", "P", &a->rule.top_p, 0, 1, "only the likeliest that have P together (default 0: all)");
    option_int(&list, "tokens", "T", &a->tokens, 0, 1 << 20,
               "with --time: the clock for one more token, T times after the prompt");
    study_add_how(&list, s);
    static const Company company[] = {{"next", COMPANY_ANSWER, ""},
                                      {"perplexity", COMPANY_ANSWER, ""},
                                      {"write", COMPANY_ANSWER, ""},
                                      {"tokens", COMPANY_SERVES, "time"},
                                      {"stride", COMPANY_SERVES, "perplexity"},
                                      {"temperature", COMPANY_SERVES, "write"},
                                      {"top-p", COMPANY_SERVES, "write"},
                                      {"top-k", COMPANY_SERVES, "- next write"},
                                      {"from", COMPANY_STILLS, "next perplexity write top-k"}};
    options_company(&list, company, sizeof company / sizeof *company);
    return list;
}

static void check_company(const Choices *a) {
    const Study *s = &a->study;
    bool passes = a->perplexity || a->write >= 0 || a->next || a->tokens;
    if (s->look.segments != SEGMENTS_ALL && !s->from)
        fail(EXIT_USAGE, "--segments is for pairs, and a GPT reads one text. Try: 17_bert --pair TEXT2");
    if (passes && mask_options_given(&s->mask) && s->mask_scope == SCOPE_HEAD)
        fail(EXIT_USAGE, "a mask of scope head re-weighs finished heads and changes no prediction. Try: --mask-scope "
                         "model");
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.study = study_new(NULL), .rule = {.temperature = 0.8}, .write = -1};
    Options list = table_of(&a);
    Program program = {"18_gpt2", "a text goes through GPT-2, or a model of your own: its heads, and what comes next",
                       EXAMPLES};
    options_parse(&a.common, program, &list, argc, argv);
    check_company(&a);
    a.top = a.rule.top_k ? a.rule.top_k : 5;
    study_ready(&a.study, &a.common, argc, argv);
    return a;
}

void choices_free(Choices *ask) {
    study_free(&ask->study);
    memory_free(ask->own_folder);
}
