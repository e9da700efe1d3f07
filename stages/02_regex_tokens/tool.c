/* Stage 02 as a tool: the command line, --ids and --time. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "text/course_text.h"
#include "text/utf8.h"

#include <stdio.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}};
    Options list = {0};
    option_heading(&list, "the tokens");
    option_flag(&list, "ids", &a.ids,
                "print the ids of the text on one line, nothing else (vocabulary: the same text's)");
    show_options_add(&list, &a.show);
    Program program = {"02_regex_tokens", "a text split by a regular expression, a vocabulary, and unknown words",
                       "  02_regex_tokens                      a short story, its tokens and its vocabulary\n"
                       "  02_regex_tokens --ids \"a b, a c\"     the ids of your own words\n"};
    options_parse(&a.common, program, &list, argc, argv);
    a.text = course_text_input(&a.common, &a.name);
    size_t wrong = utf8_first_invalid(a.text.data, a.text.size);
    if (wrong < a.text.size)
        fail(EXIT_DATA, "%s@%zu: is not UTF-8 (expected a text). Try: 04_gpt2_bpe, which takes any bytes", a.name,
             wrong);
    if (a.text.size == 0 && !a.ids) fail(EXIT_DATA, "%s: the text is empty (expected at least one word)", a.name);
    show_options_ready(&a.show, &a.common, argc, argv, !a.ids && !a.common.time);
    return a;
}

void choices_free(Choices *a) {
    bytes_free(&a->text);
    show_options_free(&a->show);
}

static void print_all_ids(Bytes text) {
    TextSpans spans = {0};
    Ids ids = {0};
    regex_split(text.data, text.size, &spans);
    Vocab vocab = regex_vocab(text.data, &spans, true);
    regex_encode(&vocab, REGEX_V2, text.data, text.size, &ids);
    ids_print(ids.at, ids.n);
    putchar('\n');
    ids_free(&ids);
    vocab_free(&vocab);
    text_spans_free(&spans);
}

static void split_once(void *context) {
    const Bytes *text = context;
    TextSpans spans = {0};
    regex_split(text->data, text->size, &spans);
    text_spans_free(&spans);
}

bool answered(const Choices *a) {
    if (a->ids) print_all_ids(a->text);
    else if (a->common.time)
        time_report(a->common.time, split_once, (void *)&a->text, (double)a->text.size / 1e6, "MB");
    return a->ids || a->common.time;
}
