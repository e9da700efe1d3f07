#include "show/label.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

/* Once the control characters are visible, what is left to hide from gnuplot are five ASCII characters. */
static void quote(String *out, const char *text, size_t size, int most, bool tic) {
    char *visible = utf8_drawn(text, size, most);
    string_add_bytes(out, "\"", 1);
    for (const char *c = visible; *c; c++) {
        if (*c == '"' || *c == '\\' || *c == '`' || *c == '\'') {
            string_add(out, "\\%03o", (unsigned)*c);
        } else if (*c == '%' && tic) {
            string_add_bytes(out, "%%", 2);
        } else if (*c == '>' && c - visible >= 2 && c[-1] == ']' && c[-2] == ']') {
            string_add_bytes(out, "\u200A>", 4);
        } else {
            string_add_bytes(out, c, 1);
        }
    }
    string_add_bytes(out, "\"", 1);
    memory_free(visible);
}

void label_quote(String *out, const char *text, size_t size, int most) {
    quote(out, text, size, most, false);
}

void label_tic(String *out, const char *text, size_t size, int most) {
    quote(out, text, size, most, true);
}

void label_comment(String *out, const char *text) {
    utf8_label(out, text, strlen(text), LABEL_ALL);
    if (out->length && out->text[out->length - 1] == '\\') string_add_bytes(out, " ", 1);
}

static bool is_visible(const char *bytes, size_t size) {
    String visible = {0};
    utf8_label(&visible, bytes, size, LABEL_ALL);
    bool same = visible.length == size && memcmp(visible.text, bytes, size) == 0;
    string_free(&visible);
    return same;
}

/* bash's and zsh's (and, since 2024, the POSIX shell's) $'...': what cannot be seen is written \xNN, byte by byte. */
static void add_escaped_word(String *out, const char *word) {
    string_add_bytes(out, "$'", 2);
    for (size_t at = 0, size = strlen(word); at < size;) {
        int length;
        utf8_decode(word + at, size - at, &length);
        if (word[at] == '\\' || word[at] == '\'') {
            string_add(out, "\\%c", word[at]);
        } else if (is_visible(word + at, (size_t)length)) {
            string_add_bytes(out, word + at, (size_t)length);
        } else {
            for (int i = 0; i < length; i++) string_add(out, "\\x%02x", (unsigned char)word[at + (size_t)i]);
        }
        at += (size_t)length;
    }
    string_add_bytes(out, "'", 1);
}

void label_shell(String *out, const char *word) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    if (*word && word[strspn(word, plain)] == '\0') {
        string_add_bytes(out, word, strlen(word));
        return;
    }
    if (!is_visible(word, strlen(word))) {
        add_escaped_word(out, word);
        return;
    }
    string_add_bytes(out, "'", 1);
    for (const char *c = word; *c; c++) {
        if (*c == '\'') {
            string_add_bytes(out, "'\\''", 4);
        } else {
            string_add_bytes(out, c, 1);
        }
    }
    string_add_bytes(out, "'", 1);
}

void label_print(const char *text, size_t size, int most, int columns) {
    char *shown = utf8_drawn(text, size, most);
    int rest = columns - utf8_width(shown);
    printf("%s%*s", shown, rest > 0 ? rest : 0, "");
    memory_free(shown);
}

char *label_command(int argc, char **argv) {
    String out = {0};
    for (int i = 0; i < argc; i++) {
        if (i) string_add_bytes(&out, " ", 1);
        label_shell(&out, argv[i]);
    }
    if (!out.text) string_add_bytes(&out, "", 0);
    return out.text;
}

const char *name_at(const char *const *names, int i, char number[16]) {
    snprintf(number, 16, "%d", i);
    return names ? names[i] : number;
}

char *name_shown(const char *const *names, int i) {
    char number[16];
    const char *name = name_at(names, i, number);
    return utf8_drawn(name, strlen(name), LABEL_NAME);
}

int names_width(const char *const *names, int n) {
    int widest = 0;
    for (int i = 0; i < n; i++) {
        char *name = name_shown(names, i);
        int width = utf8_width(name);
        if (width > widest) widest = width;
        memory_free(name);
    }
    return widest;
}

void name_print(FILE *out, const char *name, int columns, bool right) {
    int most = columns;
    char *label = utf8_drawn(name, strlen(name), most);
    while (utf8_width(label) > columns && --most > 0) {
        memory_free(label);
        label = utf8_drawn(name, strlen(name), most);
    }
    int spaces = columns - utf8_width(label);
    fprintf(out, "%*s%s%*s", right ? spaces : 0, "", label, right ? 0 : spaces, "");
    memory_free(label);
}

void token_print(const char *token, int columns) {
    if (columns) name_print(stdout, token, columns, false);
    else label_print(token, strlen(token), LABEL_TOKEN, 0);
}

const char **names_numbered(const char *what, const int *numbers, int count) {
    const char **names = memory_new((size_t)count, sizeof *names, "names");
    for (int i = 0; i < count; i++) names[i] = text_format("%s%d", what, numbers ? numbers[i] : i);
    return names;
}

const char **names_of_heads(int heads, int count) {
    const char **names = memory_new((size_t)count, sizeof *names, "the names of the heads");
    for (int i = 0; i < count; i++) names[i] = text_format("%d.%d", i / heads, i % heads);
    return names;
}

void names_free(const char **names, int count) {
    for (int i = 0; i < count; i++) memory_free((void *)(size_t)names[i]);
    memory_free(names);
}

const char **names_chosen(const char *const *names, const int *which, int count) {
    const char **chosen = memory_new((size_t)count, sizeof *chosen, "names");
    for (int i = 0; i < count; i++) chosen[i] = names[which[i]];
    return chosen;
}
