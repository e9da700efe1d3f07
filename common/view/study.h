/* study - what programs that look at a text with a pretrained model have in common: how the command line names the
 * model, the part to look at, the mask and the files of numbers, and what is done with each. First used in
 * stages/17_bert. */
#ifndef VIEW_STUDY_H
#define VIEW_STUDY_H
#include "base/options.h"
#include "view/view.h"

typedef struct {
    const char *model, *pair; /* a folder; a second text, NULL: none. Borrowed from the command line */
    const char *from;         /* a file of maps instead of a model; NULL: none */
    const char *export, *tsv; /* files, NULL when not asked for */
    MaskOptions mask;
    int mask_scope; /* MaskScope */
    bool truncate, ids;
    ViewOptions look;
    ShowOptions show;
} Study;

Study study_new(const char *model); /* the defaults; model is the default folder, borrowed */

/* The rows of --help, in three parts, between which a program puts its own: --model has the given help; then layers to
 * renormalise, anatomy; then how to draw, masks, --ids, --export, --tsv. */
void study_add_model(Options *list, Study *study, const char *help);
void study_add_what(Options *list, Study *study);
void study_add_how(Options *list, Study *study);

/* After options_parse: formats that exist, and what stands in pictures' captions. The folder is made by study_view,
 * when all else is right. You free it. */
void study_ready(Study *study, const Common *common, int argc, char **argv);
void study_free(Study *study);

/* The file of --from; only when it was given. You free it. */
Reader study_file(const Study *study, const Common *common);

ReadingPlan study_plan(const Study *study); /* the mask that was asked for, where it holds, --truncate */

/* The reading that TEXT (or `fallback`) and study->pair ask for; nothing is computed yet. You free it. */
Reading study_reading(const Study *study, const Common *common, const Reader *reader, const char *fallback);

/* What is to be looked at of it: view_open, and the pictures' folder, where some are to come (draws). You free it. */
View study_view(const Study *study, const Common *common, const Reading *reading, bool draws);

/* --ids: the tokenizer alone, without weights, or its speed with --time. */
void study_print_ids(const Study *study, const Common *common, const char *fallback);

/* --export and --tsv, of a finished reading. */
void study_write(const Study *study, View *view);

void study_draw(const Study *study, View *view); /* the picture that was asked for */
#endif
