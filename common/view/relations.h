/* relations - what is asked beyond a head's own numbers: which heads are alike, what goes through all layers, what is
 * missed without a head, and what another text, mask or model does. Its options, and the answer to each. Used in
 * stages/19_heads. */
#ifndef VIEW_RELATIONS_H
#define VIEW_RELATIONS_H
#include "view/study.h"

/* As the options give it; zeroed: nothing is asked. Texts are borrowed from the command line. */
typedef struct {
    const char *rollout, *flow, *distances; /* files of numbers */
    const char *ablate, *beside_text, *beside_mask, *beside_model;
    bool paths, head_map, values, beside_twin;
} Relations;

void relations_add(Options *list, Relations *relations);       /* what to draw and tell */
void relations_add_files(Options *list, Relations *relations); /* what to write */

/* Is an answer on standard output asked for? */
bool relations_asked(const Relations *relations);

bool relations_beside(const Relations *relations); /* are two readings held against each other? --tsv is of both then */

/* Is a file asked for? */
bool relations_written(const Relations *relations);

/* Of a finished reading. relations_tell opens the view that study and common ask for, and for --beside-... the other
 * reading. */
void relations_write(const Relations *relations, const Reading *reading);
void relations_tell(const Relations *relations, const Study *study, const Common *common, const Reading *reading);
#endif
