/* squeeze - script and style without what only readers need: comments, indentation, spaces and line ends that mean
 * nothing, and with one `let` for some `const`. Names and texts stay as they are, and so does what the code does:
 * tests/page/test_squeeze.py holds the grammar of both beside each other. Told in no stage: the sources under
 * show/page/ are the ones to read.
 *
 * It knows where strings, templates and regular expressions begin and end, and no more of the language than that: a
 * line end stays wherever a statement could end at it, but behind a brace: what ends with one and is no block has a
 * semicolon. A regular expression cannot stand right behind `)` or `}`, where it is taken for a division. */
#ifndef SHOW_SQUEEZE_H
#define SHOW_SQUEEZE_H
#include "base/memory.h"

/* Append to `out`; `text` ends with a 0. */
void squeeze_script(String *out, const char *text);
void squeeze_style(String *out, const char *text);
#endif
