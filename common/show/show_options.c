#include "show/show_options.h"
#include "show/figure.h"

void show_options_add(Options *list, ShowOptions *o) {
    option_heading(list, "how to draw it");
    option_flag(list, "values", &o->values, "print the number in each cell");
    option_text(list, "format", "png,svg,pdf", &o->format, "picture formats (default png)");
    option_flag(list, "terminal", &o->terminal, "draw here, in the terminal, instead of into files");
}

void show_options_check(const ShowOptions *o, const char *folder) {
    figure_check_formats(o->format);
    if (!o->terminal) folder_make(folder);
}
