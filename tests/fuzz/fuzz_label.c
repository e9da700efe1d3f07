/* Any bytes as a label: what comes out holds nothing that gnuplot or a shell would take for its own, and the shell's
 * word is read back as the bytes that went in. The first byte is how many characters may be shown. */
#include "show/label.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void expect(bool fine) {
    if (!fine) abort();
}

static size_t characters(const char *text) {
    size_t count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Every output is one line of UTF-8 in which all can be seen. */
static void expect_clean(const String *out) {
    expect(strlen(out->text) == out->length && utf8_first_invalid(out->text, out->length) == out->length);
    for (size_t i = 0; i < out->length; i++) expect((unsigned char)out->text[i] >= 0x20 && out->text[i] != 0x7F);
}

/* Between the quotes stands no quote of any kind, a backslash only before three octal digits, and a % in a tic's label
 * always twice. */
static void expect_quoted(const String *out, int most, bool tic) {
    size_t last = out->length - 1, escapes = 0, added = 0;
    expect_clean(out);
    expect(out->length >= 2 && out->text[0] == '"' && out->text[last] == '"' && !strstr(out->text, "]]>"));
    for (size_t i = 1; i < last; i++) {
        char c = out->text[i];
        expect(c != '"' && c != '`' && c != '\'');
        if (c == '\\') {
            expect(i + 3 < last && strspn(out->text + i + 1, "01234567") >= 3);
            i += 3, escapes++;
        } else if (c == '%' && tic) {
            expect(out->text[++i] == '%');
            added++;
        } else if (strncmp(out->text + i, "\u200A>", 4) == 0) {
            added++;
        }
    }
    /* "\u202e" is six characters for one that cannot be seen; the hair space of "]]>" and the second % come on top */
    expect(characters(out->text) <= 2 + 3 * escapes + added + 8 * (size_t)most);
}

static void expect_comment(const char *text) {
    String out = {0};
    string_add(&out, "# ");
    label_comment(&out, text);
    expect_clean(&out);
    expect(out.text[out.length - 1] != '\\');
    string_free(&out);
}

/* One word as a shell reads it: plain, '...', \' and $'...' with \xNN, \' and \\. */
static void expect_word(const char *word) {
    String out = {0}, read = {0};
    string_add_bytes(&read, "", 0);
    label_shell(&out, word);
    expect_clean(&out);
    bool quoted = false, escapes = false;
    for (const char *c = out.text; *c; c++) {
        if (!quoted && c[0] == '$' && c[1] == '\'') {
            quoted = escapes = true, c++;
        } else if (*c == '\\' && (escapes || !quoted)) {
            bool hexadecimal = escapes && c[1] == 'x';
            expect(hexadecimal || c[1] == '\'' || (escapes && c[1] == '\\'));
            char byte = hexadecimal ? (char)strtol((char[]){c[2], c[3], 0}, NULL, 16) : c[1];
            string_add_bytes(&read, &byte, 1);
            c += hexadecimal ? 3 : 1;
        } else if (*c == '\'') {
            quoted = !quoted, escapes = escapes && quoted;
        } else {
            expect(quoted || !strchr(" \"`$&|;<>()*?[]#~!{}", *c));
            string_add_bytes(&read, c, 1);
        }
    }
    expect(!quoted && strcmp(read.text, word) == 0);
    string_free(&out), string_free(&read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const char *bytes = (const char *)data + 1;
    int most = data[0] ? data[0] : LABEL_ALL / 16;
    String quoted = {0}, tic = {0};
    label_quote(&quoted, bytes, --size, most);
    expect_quoted(&quoted, most, false);
    label_tic(&tic, bytes, size, most);
    expect_quoted(&tic, most, true);
    string_free(&quoted), string_free(&tic);
    char *text = text_copy(bytes, size); /* up to its first zero */
    expect_comment(text);
    expect_word(text);
    memory_free(text);
    return 0;
}
