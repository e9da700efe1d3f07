#include "tool.h"
#include "base/error.h"
#include "base/memory.h"

static void settle(Choices *a, bool greedy, double temperature) {
    a->has_rule = greedy || temperature >= 0 || a->rule.top_k > 0 || a->rule.top_p > 0;
    a->rule.temperature = greedy ? 0 : temperature >= 0 ? temperature : 0.8;
    if (greedy && temperature > 0)
        fail(EXIT_USAGE, "--greedy is --temperature 0, and --temperature %g was given, too. Try: one of them",
             temperature);
    if (a->model && a->counts)
        fail(EXIT_USAGE, "--model and --counts both say where the logits come from. Try: one of them");
    if (a->print && a->common.time) fail(EXIT_USAGE, "--print and --time are two different answers. Try: one of them");
    if (!a->model && !a->counts && file_exists("out/15_training/model.safetensors")) a->model = "out/15_training";
    if (!a->counts) a->counts = 6;
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .tokens = 160};
    double temperature = -1;
    bool greedy = false;
    Options list = {0};
    option_heading(&list, "who writes");
    option_text(&list, "model", "DIR", &a.model,
                "a model that 15_training has saved (default out/15_training, if there)");
    option_text(&list, "data", "FILE", &a.data, "the story it was learnt from (default: The Verdict, or our own)");
    option_int(&list, "counts", "N", &a.counts, 1, 64,
               "no model: count what followed the last N characters (default 6)");
    option_int(&list, "tokens", "N", &a.tokens, 0, 1000000, "how many tokens to write (default 160)");
    option_flag(&list, "print", &a.print, "print the text and nothing else");
    option_heading(&list, "how a token is chosen");
    option_real(&list, "temperature", "T", &temperature, 0, 1e6, "divide the logits by T; 0 is greedy (default 0.8)");
    option_int(&list, "top-k", "K", &a.rule.top_k, 0, 1 << 24, "only the K likeliest tokens (default 0: all)");
    option_real(&list, "top-p", "P", &a.rule.top_p, 0, 1, "only the likeliest that have P together (default 0: all)");
    option_flag(&list, "greedy", &greedy, "always the likeliest");
    show_options_add(&list, &a.show);
    Program program = {"16_sampling", "from numbers to the next token, and from tokens to a text",
                       "  16_sampling                                        the lesson\n"
                       "  16_sampling --temperature 1.2 --top-k 10 \"The lamp\"   go on with your words\n"
                       "  16_sampling --model out/15_training --print \"The \" > story.txt\n"};
    options_parse(&a.common, program, &list, argc, argv);
    settle(&a, greedy, temperature);
    show_options_ready(&a.show, &a.common, argc, argv, !a.print && !a.common.time);
    return a;
}

bool has_prompt(const Choices *ask) {
    return ask->common.text || ask->common.file;
}

char *rule_name(SampleRule rule) {
    String name = {0};
    if (rule.temperature <= 0) string_add(&name, "greedy");
    else string_add(&name, "temperature %g", rule.temperature);
    if (rule.temperature > 0 && rule.top_k) string_add(&name, ", top-k %d", rule.top_k);
    if (rule.temperature > 0 && rule.top_p > 0 && rule.top_p < 1) string_add(&name, ", top-p %g", rule.top_p);
    return name.text;
}
