/* heads - the heads of a Reading as numbers: every measure (attention/measures) of every head, as a table, as TSV and
 * as JSON, and what a measure means. First used in stages/19_heads. */
#ifndef VIEW_HEADS_H
#define VIEW_HEADS_H
#include "attention/measures.h"
#include "view/reading.h"

typedef struct {
    int layers, heads;
    double *value; /* [measure_count() * layers * heads]: measure by measure, layer by layer; owned */
} HeadTable;

/* What the reading's tokens are, [n] of MARK_...: [SEP], the full stop and the comma, what frames a text. You free it
 * with memory_free. */
unsigned char *reading_marks(const Reading *reading);

/* Every measure of every head of a finished reading, of the maps as they are shown: under its mask, whatever the scope.
 * The heads are shared out to the reader's workers. You free it. */
HeadTable head_table_new(const Reading *reading);
void head_table_free(HeadTable *table);

/* One number; place is a measure's (measure_place). */
double head_value(const HeadTable *table, int place, int layer, int head);

/* One measure of all heads, [layers * heads], layer by layer. Borrowed. */
const double *head_values(const HeadTable *table, int place);

/* One measure over all heads: least, most and mean, and whose the ends are (layer * heads + head). */
typedef struct {
    int least, most;
    double low, high, mean;
} HeadSpread;
HeadSpread head_spread(const HeadTable *table, int place);

/* The plain measures, a head a line behind a header, nine significant digits; "-" is standard output. The file appears
 * whole or not at all. */
void head_table_write_tsv(const HeadTable *table, const char *path);

/* All measures: {"tokens": [...], "mask": "...", "heads": [{"layer": 0, "head": 0, "confidence_max": ...}, ...]}. */
void head_table_write_json(const HeadTable *table, const Reading *reading, const char *path);

/* Prints the plain measures: the least and the most of all heads, whose they are, and the mean. */
void head_table_print(const HeadTable *table);

/* Prints what a measure is: formula, range, how to read it, reference; and what it is for this reading (NULL: nothing),
 * beside its mask-aware form where there is one. EXIT_USAGE for a name that there is not. */
void measure_explain(const char *name, const HeadTable *table, const Reading *reading);
#endif
