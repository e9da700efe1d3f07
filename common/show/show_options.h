/* show_options - --format, --values and --terminal: the same words mean the same in every stage that draws. */
#ifndef SHOW_SHOW_OPTIONS_H
#define SHOW_SHOW_OPTIONS_H
#include "base/options.h"
#include <stdbool.h>

typedef struct {
    const char *format; /* "png", "svg", "pdf", or several: "png,svg"; set it to "png" first */
    bool terminal;      /* draw as text on standard output, write no picture */
    bool values;        /* print the number in each cell */
} ShowOptions;

/* Adds them to a program's options, a heading first. */
void show_options_add(Options *list, ShowOptions *options);

/* Before the work starts: is --format right (EXIT_USAGE), can the folder be written to (EXIT_ENVIRONMENT)? */
void show_options_check(const ShowOptions *options, const char *folder);
#endif
