/* label - any text made safe for where it goes: a gnuplot script, a comment in one, a command line.
 *
 * Tokens hold what a stranger typed: quotes, backquotes, newlines, half a character, ten thousand letters. Between
 * double quotes gnuplot runs what stands in backquotes, and a raw newline ends the statement, so every text passes
 * through here and nothing else in show/ writes a quote around a text. All functions append to *out and never fail on
 * any bytes. Control characters and wrong bytes become visible first (text/utf8, utf8_label). */
#ifndef SHOW_LABEL_H
#define SHOW_LABEL_H
#include "base/memory.h"
#include <stddef.h>
#include <stdio.h>

enum {
    LABEL_NAME = 16,
    LABEL_TOKEN = 24,
    LABEL_LINE = 160,
    LABEL_ALL = 1 << 30
}; /* how many characters to show at most */

/* "..." with the quotes, for titles and labels: `"`, `\`, a backquote and `'` as octal escapes, which gnuplot never
 * runs; a hair space splits "]]>", which its svg terminal would write raw. At most `most` characters; a cut ends in
 * U+2026. */
void label_quote(String *out, const char *text, size_t size, int most);

/* The same for the labels of tics, where gnuplot reads `%` as a number format: it is doubled. */
void label_tic(String *out, const char *text, size_t size, int most);

/* One line for a `#` comment: it never ends in a backslash, which would swallow the next line of the script. */
void label_comment(String *out, const char *text);

/* One word of a shell command on one line, as a person would type it again: plain, in '...', or in $'...' when it has
 * bytes that cannot be seen. The shell reads back exactly the bytes of `word`. */
void label_shell(String *out, const char *word);

/* On standard output, as a terminal can show it (utf8_drawn): `most` characters, filled up with spaces to `columns`. */
void label_print(const char *text, size_t size, int most, int columns);

/* The whole command line, each word by label_shell, with the user's own spelling of argv[0]. You free it. */
char *label_command(int argc, char **argv);

/* ---- names of rows and columns; NULL names are their numbers ---- */

const char *name_at(const char *const *names, int i, char number[16]);

/* The name as a terminal shows it, cut to LABEL_NAME characters, and the columns of the widest of n. You free it. */
char *name_shown(const char *const *names, int i);
int names_width(const char *const *names, int n);

/* A name in so many columns of a terminal, where wide characters take two: cut, or filled up with spaces behind it, or
 * before it (right). */
void name_print(FILE *out, const char *name, int columns, bool right);

/* A token on standard output, in so many columns, cut or filled up; 0: as many as it takes. */
void token_print(const char *token, int columns);

/* A list that owns each of its texts: "head 0", "head 3", or with "" in front only the numbers; NULL numbers are
 * 0, 1, 2, ... Free them with names_free. */
const char **names_numbered(const char *what, const int *numbers, int count);
const char **names_of_heads(int heads, int count); /* "0.0", "0.1", ... layer by layer; freed likewise */
void names_free(const char **names, int count);

/* [count] names[which[0]], names[which[1]], ...: borrowed, in a list of their own, which you free with memory_free. */
const char **names_chosen(const char *const *names, const int *which, int count);
#endif
