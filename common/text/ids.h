/* ids - the tokens of a text as numbers, in a list that grows. No limit but memory: a text of 10 GB has more than 2^31
 * of them, so n is no int. */
#ifndef TEXT_IDS_H
#define TEXT_IDS_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int *at; /* [n] owned, with room for more */
    size_t n, room;
} Ids; /* zeroed is empty */

/* Makes room for `more` ids behind the n that are there. What does not fit in memory ends the program with exit 3. */
void ids_reserve(Ids *ids, size_t more);
void ids_add(Ids *ids, int id);
void ids_free(Ids *ids);
bool ids_equal(const Ids *a, const Ids *b);

/* Writes n ids to standard output, a space between two; no line break. */
void ids_print(const int *ids, size_t n);

/* A line of a lesson: the title, the first `most` of n ids, and "..." when there are more. */
void ids_print_first(const char *title, const int *ids, size_t n, size_t most);
#endif
