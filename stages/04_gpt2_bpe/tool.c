/* Stage 04 as a tool: the command line, ids on one line, bytes again, and --time. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "text/bpe_files.h"
#include "text/course_text.h"

#include <stdio.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab = "data/gpt2-vocabulary", .word = " unfamiliarword"};
    Options list = {0};
    option_heading(&list, "the tokens");
    option_text(&list, "vocab", "DIR", &a.vocab,
                "folder of the vocabulary (default data/gpt2-vocabulary), or a merges file of 03");
    option_flag(&list, "ids", &a.ids,
                "print the ids of the text on one line, nothing else (default text: standard input)");
    option_flag(&list, "decode", &a.decode, "print the bytes of ids, nothing else (ids: TEXT, or standard input)");
    option_flag(&list, "special", &a.special, "with --ids: <|endoftext|> in the text is the special token");
    option_flag(&list, "refuse-special", &a.refuse, "with --ids: <|endoftext|> in the text is an error");
    option_text(&list, "word", "WORD", &a.word, "whose merge tree to draw (default ' unfamiliarword')");
    show_options_add(&list, &a.show);
    Program program = {"04_gpt2_bpe", "GPT-2's own vocabulary: any bytes to ids and back, exactly",
                       "  04_gpt2_bpe                              a short story in GPT-2's tokens\n"
                       "  04_gpt2_bpe --word \" lamplighter\"        another merge tree\n"
                       "  printf 'Hello' | 04_gpt2_bpe --ids | 04_gpt2_bpe --decode\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.ids && a.decode) fail(EXIT_USAGE, "--ids and --decode at once (expected one of them)");
    if (a.special && a.refuse) fail(EXIT_USAGE, "--special and --refuse-special at once (expected one of them)");
    a.bpe = folder_exists(a.vocab) || !file_exists(a.vocab) ? bpe_load(a.vocab) : bpe_read_merges(a.vocab);
    a.name = "standard input";
    bool pipe = (a.ids || a.decode) && !a.common.text && !a.common.file, lesson = !a.ids && !a.decode && !a.common.time;
    a.text = pipe ? stream_read(stdin, a.name) : course_text_input(&a.common, &a.name);
    if (lesson && a.text.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected at least one byte)", a.name);
    show_options_ready(&a.show, &a.common, argc, argv, lesson);
    return a;
}

void choices_free(Choices *a) {
    bytes_free(&a->text);
    bpe_free(&a->bpe);
    show_options_free(&a->show);
}

static void print_all_ids(const Choices *a) {
    Ids ids = {0};
    BpeSpecials specials = {.all = a->special, .refuse_rest = a->refuse};
    bpe_encode_special(&a->bpe, a->text.data, a->text.size, specials, &ids);
    ids_print(ids.at, ids.n);
    putchar('\n');
    ids_free(&ids);
}

static bool is_between(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void print_decoded(const Bpe *bpe, Bytes text, const char *name) {
    Ids ids = {0};
    String bytes = {0};
    size_t line = 1;
    for (size_t at = 0; at < text.size;) {
        line += text.data[at] == '\n';
        if (is_between(text.data[at])) {
            at++;
            continue;
        }
        size_t first = at;
        long id = 0;
        bool fine = true;
        for (; at < text.size && !is_between(text.data[at]); at++) {
            fine = fine && text.data[at] >= '0' && text.data[at] <= '9';
            if (fine) id = id * 10 + (text.data[at] - '0');
            fine = fine && id < bpe->vocab.count;
        }
        if (!fine)
            fail(EXIT_DATA, "%s:%zu: '%.*s' is no id of the vocabulary (expected a whole number from 0 to %d)", name,
                 line, (int)(at - first < 40 ? at - first : 40), text.data + first, bpe->vocab.count - 1);
        ids_reserve(&ids, 1);
        ids.at[ids.n++] = (int)id;
    }
    bpe_decode(bpe, ids.at, ids.n, &bytes);
    if (bytes.length) fwrite(bytes.text, 1, bytes.length, stdout);
    string_free(&bytes);
    ids_free(&ids);
}

static void encode_once(void *context) {
    const Choices *a = context;
    Ids ids = {0};
    bpe_encode(&a->bpe, a->text.data, a->text.size, &ids);
    ids_free(&ids);
}

bool answered(const Choices *a) {
    if (a->common.time) time_report(a->common.time, encode_once, (void *)a, (double)a->text.size / 1e6, "MB");
    else if (a->decode) print_decoded(&a->bpe, a->text, a->name);
    else if (a->ids) print_all_ids(a);
    return a->common.time || a->decode || a->ids;
}
