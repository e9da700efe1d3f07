/* find - which token a word on the command line means. */
#include "tool.h"
#include "base/error.h"
#include "show/label.h"
#include "text/utf8.h"

#include <string.h>
#include <strings.h>

/* The first token whose text is `word`, upper or lower case; -1 when there is none. *count is how many there are. */
static int find_label(const Sentence *s, const char *word, int *count) {
    int first = -1;
    *count = 0;
    for (int i = 0; i < s->encoding.n; i++)
        if (strcasecmp(s->labels[i], word) == 0 && (*count)++ == 0) first = i;
    return first;
}

/* The first piece of a word that the tokenizer cut: found by where the word stands in the text. */
static int find_in_text(const Sentence *s, const char *word) {
    for (int segment = 0; segment < 2; segment++) {
        const Bytes *text = segment ? &s->second : &s->first;
        const char *found = text->data && *word ? strstr(text->data, word) : NULL;
        for (int i = 0; found && i < s->encoding.n; i++)
            if (s->encoding.types[i] == segment && s->encoding.end[i] > s->encoding.first[i] &&
                s->encoding.end[i] > found - text->data)
                return i;
    }
    return -1;
}

int find_token(const Sentence *s, const char *option, const char *word) {
    int count;
    long index;
    int at = find_label(s, word, &count);
    if (at >= 0) {
        if (count > 1)
            note("%d tokens are called %s: this is the first, token %d. Choose another by its number", count, word, at);
        return at;
    }
    if (text_to_int(word, 0, s->encoding.n - 1, &index)) return (int)index;
    at = find_in_text(s, word);
    if (at >= 0) {
        note("%s is not one token; this is where it begins: %s, token %d", word, s->labels[at], at);
        return at;
    }
    String shown = {0};
    utf8_label(&shown, word, strlen(word), LABEL_LINE); /* a message has no room for ten thousand letters */
    fail(EXIT_USAGE, "--%s %s: no such token. Expected a word of the text, or a number from 0 to %d", option,
         shown.text ? shown.text : "", s->encoding.n - 1);
}
