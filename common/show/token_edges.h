/* token_edges - a text with its tokens made visible: a colour each on a terminal, a '|' between them in a pipe or with
 * NO_COLOR. Used in stages 02, 03 and 04. */
#ifndef SHOW_TOKEN_EDGES_H
#define SHOW_TOKEN_EDGES_H
#include "show/terminal.h"

/* Prints the tokens text[start[i]..end[i]) one after the other, at most `most` of them, and a line that says how many
 * are left out. What stands between two tokens is printed without a colour; line breaks are shown and kept. */
void token_edges_print(Terminal terminal, const char *text, const size_t *start, const size_t *end, size_t n,
                       size_t most);
#endif
