#include "text/course_text.h"
#include "base/error.h"
#include "text/utf8.h"

#include <string.h>

static const char VERDICT[] = "data/the-verdict.txt", OUR_OWN[] = "data/lamplighter.txt";

const char *course_text_path(const char *file) {
    if (file) return file;
    if (file_exists(VERDICT)) return VERDICT;
    if (!file_exists(OUR_OWN))
        fail(EXIT_ENVIRONMENT, "%s: not there, and %s neither. Try: run from the folder of the course, or --file F",
             VERDICT, OUR_OWN);
    note("%s is not there, so this is our own %s. Try: data/fetch.sh the-verdict", VERDICT, OUR_OWN);
    return OUR_OWN;
}

Bytes course_text_story(const char *file, const char **name) {
    *name = course_text_path(file);
    Bytes text = file_read(*name);
    size_t bad = utf8_first_invalid(text.data, text.size);
    if (bad < text.size) fail(EXIT_DATA, "%s: byte %zu is no UTF-8 (expected a text). Try: iconv -t UTF-8", *name, bad);
    if (text.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected some to learn from)", *name);
    if (text.size > INT32_MAX / 2) fail(EXIT_DATA, "%s: %zu bytes (expected at most 1 GB)", *name, text.size);
    return text;
}

Bytes course_text_input(const Common *common, const char **name) {
    if (!common->text) {
        *name = course_text_path(common->file);
        return file_read(*name);
    }
    *name = strcmp(common->text, "-") == 0 ? "standard input" : "TEXT";
    return options_input(common, NULL);
}
