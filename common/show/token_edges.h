/* token_edges - a text with its tokens made visible: a colour each on a terminal, a '|' between them in a pipe or with
 * NO_COLOR. Used in stages 02 and 04. */
#ifndef SHOW_TOKEN_EDGES_H
#define SHOW_TOKEN_EDGES_H
#include "show/terminal.h"
#include "text/regex_tokens.h"

/* Prints the tokens [n] of a text one after the other. What stands between two of them is printed without a colour;
 * line breaks are shown and kept. */
void token_edges_print(Terminal terminal, const char *text, const TextSpan *tokens, size_t n);
#endif
