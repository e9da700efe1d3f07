/* stand_ins - what common/ hears of characters and of JSON, a line each: from utf8proc and jansson, or, compiled with
 * STAND_IN, from what stands in for them inside the page. test_stand_ins.py holds one against the other.
 *
 *   stand_ins table                the table of characters itself, on standard output
 *   stand_ins characters [TABLE]   every code point
 *   stand_ins json FILE...         each file's text as it was understood, or that it is refused */
#include "base/error.h"
#include "base/json.h"
#include "text/bert_characters.h"
#include "text/gpt2_split.h"
#include "text/utf8.h"
#ifdef STAND_IN
#include "show/page/unicode.h"
#else
#include "text/unicode_table.h"
#endif

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static void print_character(int32_t c) {
    int32_t parts[4] = {0}, lower[2] = {0};
    char bytes[4];
    int count = bert_decompose(c, parts), lowered = bert_lower(c, lower), length;
    printf("%x %d%d%d%d%d%d %d %d:%x.%x.%x.%x %d:%x.%x", (unsigned)c, bert_is_control(c), bert_is_space(c),
           bert_is_punctuation(c), bert_is_mark(c), bert_is_any_mark(c), bert_is_word_character(c),
           bert_combining_class(c), count, (unsigned)parts[0], (unsigned)parts[1], (unsigned)parts[2],
           (unsigned)parts[3], lowered, (unsigned)lower[0], (unsigned)lower[1]);
    size_t size = (size_t)utf8_encode(c, bytes);
    printf(" %d\n", (int)gpt2_class(bytes, size, &length));
}

static jmp_buf refused;

static void refuse(ExitCode code, const char *message) {
    (void)code, (void)message;
    longjmp(refused, 1);
}

static void print_json(const char *path) {
    Bytes text = file_read(path);
    json_error_t error;
    error_divert(refuse);
    json_t *json = setjmp(refused) ? NULL : json_try(path, text.data, text.size, &error);
    error_divert(NULL);
    char *shown = json ? json_dumps(json, JSON_COMPACT) : NULL;
    printf("%s %s\n", path, shown ? shown : "refused");
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "json") == 0) {
        for (int i = 2; i < argc; i++) print_json(argv[i]);
        return 0;
    }
#ifdef STAND_IN
    unicode_open(argv[argc - 1]);
#else
    if (argc == 2 && strcmp(argv[1], "table") == 0) {
        String table = unicode_table();
        return fwrite(table.text, 1, table.length, stdout) == table.length ? 0 : 1;
    }
#endif
    for (int32_t c = 0; c < 0x110000; c++) print_character(c);
    return 0;
}
