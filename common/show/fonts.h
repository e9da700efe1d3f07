/* fonts - keeps characters that this machine cannot draw out of a picture.
 *
 * gnuplot's cairo terminals draw a character that no font has as a box of its code number, a thousand times too large:
 * one emoji without a font blackens the whole picture. So such characters become a small box (U+25AF) before gnuplot
 * sees them. fontconfig's fc-list is asked, and only when a text has more than Latin letters. */
#ifndef SHOW_FONTS_H
#define SHOW_FONTS_H
#include "base/memory.h"

/* A copy of the UTF-8 `text` in which every character is one that some font here has. A note says what was missing,
 * once a call, and which packages bring it. Without fc-list the text is left as it is. You free it. */
String fonts_drawable(const String *text);
#endif
