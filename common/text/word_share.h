/* word_share - how many words of a text occur in another: does a model that spells by letters write words at all?
 * Used in stages 15 and 16. */
#ifndef TEXT_WORD_SHARE_H
#define TEXT_WORD_SHARE_H
#include <stddef.h>

typedef struct {
    int words, known; /* how many words, and how many of them are words of the story */
} WordShare;

/* A word is a run of ASCII letters and of bytes above 127, so that accents stay inside. The last word of `text` counts
 * only when something stands behind it: what a model writes stops in the middle. Both texts end at a 0 byte. */
WordShare word_share(const char *story, const char *text);
#endif
