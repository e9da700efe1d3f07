/* page - the frame of every picture of stage 17: what it says of itself, and which heads it shows. */
#include "page.h"
#include "base/error.h"
#include "base/memory.h"
#include "show/label.h"

#include <stdio.h>
#include <string.h>

/* ---- what every picture says of itself ---- */

/* The model's folder name, and the mask with its scope: no picture may be quoted without them. A picture of anything
 * but maps shows what was computed without the mask when its scope is the finished heads. */
static char *subtitle_of(const Sentence *s, const Window *w) {
    const char *folder = s->ask->model, *slash = strrchr(folder, '/');
    String text = {0};
    string_add(&text, "%s", slash && slash[1] ? slash + 1 : folder);
    if (mask_options_given(&s->ask->mask))
        string_add(&text, "; mask: %s, %s", s->mask.title,
                   s->mask_in_model ? "in every layer of the model"
                   : w              ? "on the finished heads"
                                    : "which this step does not see");
    if (w && s->ask->segments != SEGMENTS_ALL)
        string_add(&text, "; from sentence %c to sentence %c", 'A' + segment_of_rows(s->ask),
                   'A' + segment_of_columns(s->ask));
    if (w) window_remark(w, &text);
    return text.text;
}

/* The frame of a picture. name, title and subtitle are owned by it; free it with page_free. */
Page page_new(const Sentence *s, const Window *w, char *name, char *title) {
    Page page = {.name = name, .title = title, .subtitle = subtitle_of(s, w)};
    page.sheet = (Sheet){.folder = s->ask->common.out,
                         .name = name,
                         .title = title,
                         .subtitle = page.subtitle,
                         .formats = s->ask->format,
                         .command = s->ask->command};
    return page;
}

void page_free(Page *page) {
    memory_free(page->name), memory_free(page->title), memory_free(page->subtitle), memory_free(page->line);
    *page = (Page){0};
}

const char *page_line(Page *page) {
    if (!page->line) page->line = text_format("%s (%s)", page->title, page->subtitle);
    return page->line;
}

void page_done(const Page *page, const Sentence *s) {
    if (s->ask->terminal) return;
    const char *formats = page->sheet.formats;
    bool several = strchr(formats, ',') != NULL;
    printf("wrote   ");
    print_label(page->sheet.folder, LABEL_ALL, 0);
    printf("/%s.%s%s%s: ", page->name, several ? "{" : "", formats, several ? "}" : "");
    print_label(page->title, LABEL_LINE, 0);
    putchar('\n');
}

/* ---- which heads ---- */

Selection selection_new(const Sentence *s) {
    const Choices *ask = s->ask;
    const BertConfig *c = &s->bert.config;
    Selection sel = {0};
    sel.layer = options_ranges("layer", ask->layers, c->layers, &sel.layers);
    sel.head = options_ranges("head", ask->heads, c->heads, &sel.heads);
    sel.one_layer = ask->layers ? sel.layer[0] : c->layers > 2 ? 2 : c->layers - 1;
    sel.one_head = ask->heads ? sel.head[0] : c->heads > 8 ? 8 : c->heads - 1;
    return sel;
}

void selection_free(Selection *sel) {
    memory_free(sel->layer), memory_free(sel->head);
    *sel = (Selection){0};
}

void choices_check(Sentence *s, bool draws) {
    const Choices *ask = s->ask;
    Selection sel = selection_new(s);
    selection_free(&sel);
    if (ask->meaning) return; /* it names tokens of two sentences */
    if (ask->token) s->token = find_token(s, "token", ask->token);
    if (!draws || ask->view == VIEW_NEURON) return;
    Window w = window_new(s);
    bool leaves = window_row(&w, s->token) >= 0, arrives = window_col(&w, s->token) >= 0;
    if (ask->token && !leaves && (!arrives || ask->view != VIEW_HEAT))
        fail(EXIT_USAGE, "--token %d is not among the tokens shown. Try: other --segments, or without --no-special",
             s->token);
    window_free(&w);
}
