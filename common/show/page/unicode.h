/* unicode - utf8proc's answers, from the table that text/unicode_table wrote. What utf8proc.h declares is answered here
 * once unicode_open has read the table. */
#ifndef SHOW_PAGE_UNICODE_H
#define SHOW_PAGE_UNICODE_H

/* EXIT_DATA when the file is no such table. */
void unicode_open(const char *path);
#endif
