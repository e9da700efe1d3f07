#include "show/show_options.h"
#include "show/figure.h"

#include <string.h>

void show_options_table(Option *rows, ShowOptions *o) {
    const Option table[SHOW_OPTIONS] = {
        option_heading("how to draw it"),
        option_flag("values", &o->values, "print the number in each cell"),
        option_text("format", "png,svg,pdf", &o->format, "picture formats (default png)"),
        option_flag("terminal", &o->terminal, "draw here, in the terminal, instead of into files"),
    };
    memcpy(rows, table, sizeof table);
}

void show_options_check(const ShowOptions *o, const char *folder) {
    figure_check_formats(o->format);
    if (!o->terminal) folder_make(folder);
}
