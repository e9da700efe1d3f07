/* page - what the drawing files of stage 17 share: the frame of a picture, and which heads it shows. */
#ifndef STAGE_17_PAGE_H
#define STAGE_17_PAGE_H
#include "show/figure.h"
#include "tool.h"
#include "window.h"

typedef struct {
    Sheet sheet;
    char *name, *title, *subtitle, *line; /* owned; the sheet borrows the first three */
} Page;

/* name and title are taken over; `window` may be NULL when the picture shows no map. */
Page page_new(const Sentence *s, const Window *window, char *name, char *title);
void page_done(const Page *page, const Sentence *s); /* says on stdout which file to open */
const char *page_line(Page *page);                   /* title and subtitle as one line, for a terminal; borrowed */
void page_free(Page *page);

/* The layers and heads that --layer and --head name, or all of them; and the one that stands for them when one is
 * needed: the only one that was named, or a head of MiniLM that shows some grammar. */
typedef struct {
    int *layer, *head; /* owned */
    int layers, heads;
    int one_layer, one_head;
} Selection;
Selection selection_new(const Sentence *s);
void selection_free(Selection *selection);
#endif
