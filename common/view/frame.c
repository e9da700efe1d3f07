/* The frame of a picture. Declared in view.h. */
#include "show/label.h"
#include "view/view.h"

#include <stdio.h>
#include <string.h>

/* What a reader must know of a part of a map: what is hidden, whether rows sum to 1. */
static void add_part(const View *v, String *text) {
    if (v->no_special) string_add(text, "; special tokens hidden");
    if (v->window.part)
        string_add(text, v->renormalise ? "; rows renormalised to 1 over what is shown" : "; rows not renormalised");
}

static void add_name(const Reading *r, String *text) {
    char *name = reader_name(r->reader);
    string_add(text, "%s", name);
    memory_free(name);
}

/* A picture of anything but maps shows what was computed without the mask when its scope is the finished heads. */
static void add_mask(const Reading *r, FrameKind kind, String *text) {
    if (!r->is_asked && !mask_is_full(r->mask.rule)) string_add(text, "; mask: %s", r->mask.title);
    bool unseen = kind == FRAME_PART_OF_MODEL && !r->mask_in_model;
    if (r->is_asked)
        string_add(text, "; mask: %s, %s", r->mask.title, unseen ? "which this step does not see" : reading_scope(r));
}

/* Of two readings side by side: each model's folder and each one's mask, where they differ. */
static void add_second(const View *v, String *text) {
    const Reading *a = v->reading, *b = v->beside;
    if (strcmp(a->reader->folder, b->reader->folder) != 0) string_add(text, " and "), add_name(b, text);
    if (strcmp(a->mask.title, b->mask.title) == 0) add_mask(a, FRAME_MAP, text);
    else
        string_add(text, "; masks: %s, and %s, %s", a->mask.title, b->mask.title,
                   reading_scope(a->mask_in_model ? a : b));
}

/* The model's folder name, and the mask with its scope: no picture may be quoted without them. */
static char *subtitle_of(const View *v, FrameKind kind) {
    String text = {0};
    add_name(v->reading, &text);
    if (v->beside) add_second(v, &text);
    else add_mask(v->reading, kind, &text);
    if (kind != FRAME_PART_OF_MODEL && v->segments != SEGMENTS_ALL) {
        bool from_b = v->segments == SEGMENTS_BB || v->segments == SEGMENTS_BA;
        bool to_b = v->segments == SEGMENTS_BB || v->segments == SEGMENTS_AB;
        string_add(&text, "; from sentence %c to sentence %c", from_b ? 'B' : 'A', to_b ? 'B' : 'A');
    }
    if (kind == FRAME_MAP) add_part(v, &text);
    return text.text;
}

Frame frame_begin(const View *v, FrameKind kind, char *name, char *title) {
    Frame f = {.name = name, .title = title, .subtitle = subtitle_of(v, kind)};
    f.sheet = show_sheet(v->show, name, title, f.subtitle);
    return f;
}

static void say_where(const Frame *f) {
    const char *formats = f->sheet.formats;
    bool several = strchr(formats, ',') != NULL;
    printf("wrote   ");
    label_print(f->sheet.folder, strlen(f->sheet.folder), LABEL_ALL, 0);
    printf("/%s.%s%s%s: ", f->name, several ? "{" : "", formats, several ? "}" : "");
    label_print(f->title, strlen(f->title), LABEL_LINE, 0);
    putchar('\n');
}

void frame_end(Frame *f) {
    if (!f->sheet.terminal) say_where(f);
    memory_free(f->name), memory_free(f->title), memory_free(f->subtitle);
    *f = (Frame){0};
}

void frame_heat(const View *v, FrameKind kind, char *name, char *title, Mat m, HeatOptions options) {
    Frame f = frame_begin(v, kind, name, title);
    heat_draw(f.sheet, m, options);
    frame_end(&f);
}
