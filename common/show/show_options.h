/* show_options - --format, --values and --terminal: the same words mean the same in every stage that draws; and the
 * Sheets that follow from them. */
#ifndef SHOW_SHOW_OPTIONS_H
#define SHOW_SHOW_OPTIONS_H
#include "base/options.h"
#include "show/figure.h"
#include <stdbool.h>

typedef struct {
    const char *format; /* "png", "svg", "pdf", or several: "png,svg"; set it to "png" first */
    bool terminal;      /* draw as text on standard output, write no picture */
    bool values;        /* print the number in each cell */
    const char *folder; /* where pictures go: --out; borrowed */
    char *command;      /* the command line, for captions; owned */
} ShowOptions;

/* Adds them to a program's options, a heading first. */
void show_options_add(Options *list, ShowOptions *options);

/* Behind options_parse: notes the folder and the command line, and, when the program is going to draw, finds out before
 * the work whether --format is right (EXIT_USAGE) and the folder can be written to (EXIT_ENVIRONMENT). */
void show_options_ready(ShowOptions *options, const Common *common, int argc, char **argv, bool draws);
void show_options_free(ShowOptions *options);

/* A figure of that name, with these lines, where the options say. Borrows all of them. */
Sheet show_sheet(const ShowOptions *options, const char *name, const char *title, const char *subtitle);

/* Numbers in the cells: when --values asks for them, or when there are few and it is a picture. */
bool show_values(const ShowOptions *options, bool few);

/* What stands where, as a note; nothing in a terminal. "drawn into out/12_multi_head: heads, cross" */
void show_drawn(const ShowOptions *options, const char *names);
void show_drawn_one(const ShowOptions *options, const char *name); /* "drawn: out/08_dot_product/weights.png" */
#endif
