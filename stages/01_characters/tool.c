/* Stage 01 as a tool: the command line, --ids and --time. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "text/course_text.h"
#include "text/ids.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"

#include <stdio.h>

/* Called for every answer: the bytes of a text that is not UTF-8 become tokens, but not in silence. */
static void warn_of_wrong_bytes(const Choices *a) {
    size_t wrong = 0, first = utf8_first_invalid(a->text.data, a->text.size);
    int length;
    for (size_t at = first; at < a->text.size; at += (size_t)length)
        wrong += utf8_decode(a->text.data + at, a->text.size - at, &length) < 0;
    if (wrong > 0)
        warn("%s: %zu bytes are not UTF-8, the first at offset %zu: each is a token of its own", a->name, wrong, first);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .top = 30};
    Options list = {0};
    option_heading(&list, "the characters");
    option_flag(&list, "ids", &a.ids, "print the ids of all characters on one line, nothing else");
    option_int(&list, "top", "N", &a.top, 1, 100, "bars in the histogram (default 30)");
    show_options_add(&list, &a.show);
    Program program = {"01_characters", "bytes, UTF-8, and characters as the simplest tokens",
                       "  01_characters                       a short story, its characters and their histogram\n"
                       "  01_characters --terminal \"na\u00efve\"    your own words, drawn here\n"};
    options_parse(&a.common, program, &list, argc, argv);
    a.text = course_text_input(&a.common, &a.name);
    if (a.text.size == 0 && !a.ids) fail(EXIT_DATA, "%s: the text is empty (expected at least one character)", a.name);
    show_options_ready(&a.show, &a.common, argc, argv, !a.ids && !a.common.time);
    warn_of_wrong_bytes(&a);
    return a;
}

void choices_free(Choices *a) {
    bytes_free(&a->text);
    show_options_free(&a->show);
}

static Ids encode(Bytes text) {
    Vocab vocab = vocab_of_characters(text.data, text.size);
    Ids ids = {0};
    int length;
    ids_reserve(&ids, text.size);
    for (size_t at = 0; at < text.size; at += (size_t)length) {
        utf8_decode(text.data + at, text.size - at, &length);
        ids.at[ids.n++] = vocab_id(&vocab, text.data + at, (size_t)length);
    }
    vocab_free(&vocab);
    return ids;
}

static void encode_once(void *text) {
    Ids ids = encode(*(const Bytes *)text);
    ids_free(&ids);
}

bool answered(const Choices *a) {
    if (a->ids) {
        Ids ids = encode(a->text);
        ids_print(ids.at, ids.n);
        putchar('\n');
        ids_free(&ids);
    } else if (a->common.time) {
        time_report(a->common.time, encode_once, (void *)&a->text, (double)a->text.size / 1e6, "MB");
    }
    return a->ids || a->common.time;
}
