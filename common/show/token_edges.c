#include "show/token_edges.h"
#include "text/utf8.h"

#include <string.h>

/* One token as it is seen; a newline's mark is followed by the break itself, outside the colour. */
static void print_token(Terminal terminal, const char *bytes, size_t size, size_t number) {
    static const int background[] = {24, 58, 53, 22, 94, 60}; /* of the 256 colours: dark, told apart by neighbours */
    String shown = {0};
    utf8_label(&shown, bytes, size, 1 << 20);
    if (terminal.ink == INK_PLAIN) fprintf(terminal.out, "%s%s", number ? "|" : "", shown.text);
    else fprintf(terminal.out, "\033[48;5;%d;38;5;231m%s\033[0m", background[number % 6], shown.text);
    if (memchr(bytes, '\n', size)) fputc('\n', terminal.out);
    string_free(&shown);
}

/* White space that no token took: a newline breaks the line; the rest is seen between colours alone. */
static void print_between(Terminal terminal, const char *bytes, size_t size) {
    String shown = {0};
    for (size_t at = 0, end; at < size; at = end) {
        for (end = at; end < size && bytes[end] != '\n'; end++) continue;
        shown.length = 0;
        utf8_label(&shown, bytes + at, end - at, 1 << 20);
        if (terminal.ink != INK_PLAIN) fputs(shown.text, terminal.out);
        if (end < size) fputc(bytes[end++], terminal.out);
    }
    string_free(&shown);
}

void token_edges_print(Terminal terminal, const char *text, const TextSpan *tokens, size_t n) {
    for (size_t i = 0, last = 0; i < n; last = tokens[i++].end) {
        if (i > 0) print_between(terminal, text + last, tokens[i].first - last);
        print_token(terminal, text + tokens[i].first, tokens[i].end - tokens[i].first, i);
    }
    fputc('\n', terminal.out);
}
