/* find - heads by what they do: ranked by a pattern, or named by their type, and both held against a random twin
 * (model/twin), since whatever a head that has learnt nothing does too is no finding. Used in stages/19_heads. */
#ifndef VIEW_FIND_H
#define VIEW_FIND_H
#include "base/memory.h"
#include "view/heads.h"

/* The same tokens, read by a model of the same form that has learnt nothing. Of a file of maps there is none: then
 * table.value is NULL. Borrows the reading. */
typedef struct {
    Reader reader;
    Reading reading;
    HeadTable table;
} Null;
Null null_new(const Reading *reading, uint64_t seed); /* you free it */
void null_free(Null *null);

/* Which heads look for this, in falling order of their share of weight, with the twin's largest share and the type:
 * next, previous, self, first, separator, same-word, induction; a measure's name; or pairs "3,1 4,2" of query and key,
 * for the share of those queries' weight that goes to these keys. EXIT_USAGE for anything else. */
void print_found(const Reading *reading, const HeadTable *table, const Null *null, const char *pattern);

/* Head types (attention/head_type): how many heads of each, and the clearest ones. A head counts only where its share
 * is above the twin's largest; the margin is what lies between. */
void print_types(const Reading *reading, const HeadTable *table, const Null *null);

/* A HeadType for each head, [layers * heads], layer by layer: HEAD_MIXED where it does not count so. You free it. */
int *types_beyond_noise(const Reading *reading, const HeadTable *table, const Null *null);
int *types_beyond_twin(const Reading *reading, uint64_t seed); /* the same, with a table and a twin of its own */
void types_add(String *out, const Reading *reading, const HeadTable *table, const Null *null); /* the same lines */
#endif
