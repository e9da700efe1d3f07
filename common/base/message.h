/* message - the text of an error line: what a stranger wrote in it is shortened, so that the reason stays in the line.
 * base/error prints it, with control characters made visible. */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H
#include <stdarg.h>
#include <stddef.h>

/* The most bytes that one %s brings into a message: of a longer text, a file name of 4,096 bytes, the middle gives way
 * to "...", between two characters. */
enum { MESSAGE_TEXT = 320 };

/* vsnprintf for messages: out[size], always ended by a 0. Formats: %% and d i u x X c f g a s, with flags, width,
 * precision, `*` and the lengths l, ll, z. A precision of digits cuts no character of a text in half. */
void message_format(char *out, size_t size, const char *format, va_list values);
#endif
