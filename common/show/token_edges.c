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

/* White space that no token took. */
static void print_between(Terminal terminal, const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '\n' || terminal.ink != INK_PLAIN) fputc(bytes[i], terminal.out);
}

void token_edges_print(Terminal terminal, const char *text, const TextSpan *tokens, size_t n) {
    for (size_t i = 0, last = 0; i < n; last = tokens[i++].end) {
        if (i > 0) print_between(terminal, text + last, tokens[i].first - last);
        print_token(terminal, text + tokens[i].first, tokens[i].end - tokens[i].first, i);
    }
    fputc('\n', terminal.out);
}
