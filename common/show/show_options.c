#include "show/show_options.h"
#include "base/error.h"
#include "base/memory.h"
#include "show/label.h"

void show_options_add(Options *list, ShowOptions *o) {
    option_heading(list, "how to draw it");
    option_flag(list, "values", &o->values, "print the number in each cell");
    option_text(list, "format", "png,svg,pdf", &o->format, "picture formats (default png)");
    option_flag(list, "terminal", &o->terminal, "draw here, in the terminal, instead of into files");
}

void show_options_ready(ShowOptions *o, const Common *common, int argc, char **argv, bool draws) {
    o->folder = common->out;
    o->command = label_command(argc, argv);
    if (!draws) return;
    figure_check_formats(o->format);
    if (!o->terminal) folder_make(o->folder);
}

void show_options_free(ShowOptions *o) {
    memory_free(o->command);
    o->command = NULL;
}

Sheet show_sheet(const ShowOptions *o, const char *name, const char *title, const char *subtitle) {
    return (Sheet){.folder = o->folder,
                   .name = name,
                   .title = title,
                   .subtitle = subtitle,
                   .formats = o->format,
                   .command = o->command,
                   .terminal = o->terminal};
}

bool show_values(const ShowOptions *o, bool few) {
    return o->values || (few && !o->terminal);
}

void show_drawn(const ShowOptions *o, const char *names) {
    if (!o->terminal) note("drawn into %s: %s", o->folder, names);
}

void show_drawn_one(const ShowOptions *o, const char *name) {
    if (!o->terminal) note("drawn: %s/%s.%.3s", o->folder, name, o->format);
}
