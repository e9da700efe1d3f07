#include "show/layout.h"
#include "show/label.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>

enum { TITLE = 17, SUBTITLE = 11, SMALLEST = 7 };

/* Widths in DejaVu Sans, in ems: a handful of classes is within a few percent for words. */
static double em_of(const char *c, int bytes) {
    static const char narrow[] = "fijlrtI.,:;!|'()[]- ", wide[] = "mwMWQ@%";
    if (bytes > 1) return 0; /* counted by its columns */
    return strchr(narrow, *c) ? 0.42 : strchr(wide, *c) ? 0.96 : *c >= 'A' && *c <= 'Z' ? 0.71 : 0.63;
}

double text_width(const char *text, int most, double points) {
    String visible = {0};
    utf8_label(&visible, text, strlen(text), most);
    double ems = 0;
    for (size_t at = 0; at < visible.length;) {
        char one[5] = "";
        int bytes;
        utf8_decode(visible.text + at, visible.length - at, &bytes);
        memcpy(one, visible.text + at, (size_t)bytes);
        ems += bytes > 1 ? 0.64 * utf8_width(one) : em_of(one, bytes);
        at += (size_t)bytes;
    }
    string_free(&visible);
    return ems * points * 4 / 3;
}

double text_widest(const char *const *labels, int n, double points) {
    double widest = 0;
    char number[16];
    for (int i = 0; i < n; i++) {
        widest = fmax(widest, text_width(name_at(labels, i, number), LABEL_TOKEN, points));
    }
    return widest;
}

static double across(const Figure *figure, double x) {
    return x / figure->width;
}

static double up(const Figure *figure, double y) {
    return 1 - y / figure->height;
}

static void add_label(Figure *figure, double x, double y, const char *how, double points, unsigned colour,
                      const char *text, int most) {
    String quoted = {0};
    label_quote(&quoted, text, strlen(text), most);
    figure_add(figure, "set label %s at screen %.5f,%.5f %s font ',%.3g' textcolor rgb '#%06x' front\n", quoted.text,
               across(figure, x), up(figure, y), how, points, colour);
    string_free(&quoted);
}

void layout_text(Figure *figure, double x, double y, TextSide side, double points, unsigned colour, const char *text) {
    static const char *const sides[] = {"left", "center", "right"};
    double right = figure->width - x - 8, left = x - 8;
    double room = side == TEXT_LEFT ? right : side == TEXT_RIGHT ? left : 2 * fmin(left, right);
    double width = text_width(text, LABEL_LINE, points);
    int most = LABEL_LINE;
    if (width > room) points = fmax(SMALLEST, points * room / width);
    while (most > 8 && text_width(text, most, points) > room * 1.01) most -= 4;
    add_label(figure, x, y, sides[side], points, colour, text, most);
}

void layout_notes(Figure *figure, double line, String *notes, int count) {
    for (int i = 0; i < count; i++) {
        layout_text(figure, LAYOUT_EDGE, figure->height - LAYOUT_EDGE - line * (count - 1 - i) + 4, TEXT_LEFT, 10,
                    COLOUR_FAINT, notes[i].text);
        string_free(&notes[i]);
    }
}

void layout_text_upwards(Figure *figure, double x, double y, double points, unsigned colour, const char *text) {
    add_label(figure, x, y, "center rotate by 90", points, colour, text, LABEL_LINE);
}

void layout_box(Figure *figure, double x, double y, double width, double height, unsigned colour, bool behind) {
    figure_add(figure,
               "set object rectangle from screen %.5f,%.5f to screen %.5f,%.5f %s fillcolor rgb '#%06x' "
               "fillstyle solid noborder\n",
               across(figure, x), up(figure, y + height), across(figure, x + width), up(figure, y),
               behind ? "behind" : "front", colour);
}

static bool has_subtitle(const Sheet *sheet) {
    return sheet->subtitle && *sheet->subtitle;
}

double layout_heading_height(const Sheet *sheet) {
    return has_subtitle(sheet) ? 74 : 56;
}

double layout_heading_width(const Sheet *sheet) {
    double width = text_width(sheet->title, LABEL_LINE, TITLE);
    if (has_subtitle(sheet)) width = fmax(width, text_width(sheet->subtitle, LABEL_LINE, SUBTITLE));
    return 2 * LAYOUT_EDGE + width;
}

void layout_heading(Figure *figure) {
    const Sheet *sheet = &figure->sheet;
    layout_text(figure, LAYOUT_EDGE, 30, TEXT_LEFT, TITLE, COLOUR_INK, sheet->title);
    if (has_subtitle(sheet)) layout_text(figure, LAYOUT_EDGE, 57, TEXT_LEFT, SUBTITLE, COLOUR_FAINT, sheet->subtitle);
}

void layout_next(Figure *figure) {
    figure_add(figure, "unset label\nunset object\nunset arrow\n");
}

void layout_area(Figure *figure, double x, double y, double width, double height) {
    figure_add(figure, "set margins at screen %.5f, at screen %.5f, at screen %.5f, at screen %.5f\n",
               across(figure, x), across(figure, x + width), up(figure, y + height), up(figure, y));
}

void layout_colour_bar(Figure *figure, double x, double y, double width, double height) {
    figure_add(figure, "set colorbox vertical user origin screen %.5f,%.5f size screen %.5f,%.5f\n", across(figure, x),
               up(figure, y + height), width / figure->width, height / figure->height);
}

int layout_step(int n) {
    return n <= LAYOUT_NAMED ? 1 : (n + 63) / 64;
}

double layout_widest(const char *const *labels, int n, int step, double points) {
    return text_widest(labels, n, points) + (step > 1 ? text_width("999 ", LABEL_TOKEN, points) : 0);
}

bool layout_leans(double room, double points) {
    return room > points * 4 / 3 * 1.5;
}

void layout_tics(Figure *figure, const char *axis, const char *const *labels, int n, int step, double points,
                 const char *more) {
    String list = {0};
    for (int i = 0; i < n; i += step) {
        if (i) string_add_bytes(&list, ",", 1);
        if (!labels) {
            string_add(&list, "'%d' %d", i, i);
            continue;
        }
        char *text = step > 1 ? text_format("%d %s", i, labels[i]) : text_copy(labels[i], strlen(labels[i]));
        label_tic(&list, text, strlen(text), LABEL_TOKEN);
        string_add(&list, " %d", i);
        memory_free(text);
    }
    figure_add(figure, "set %stics scale 0 %s font ',%.3g' textcolor rgb '#%06x' (%s)\n", axis, more, points,
               COLOUR_INK, list.text);
    string_free(&list);
}

double layout_legend(Figure *figure, double x, double y, double right, const char *const *names, const int *hues,
                     int n) {
    double at = x;
    for (int i = 0; i < n; i++) {
        double width = 34 + text_width(names[i], LABEL_LINE, 11) + 18;
        if (at > x && at + width > right) {
            at = x;
            y += 26;
        }
        if (figure) {
            layout_box(figure, at, y - 4, 26, 8, colour_hue(hues ? hues[i] : i), false);
            layout_text(figure, at + 34, y, TEXT_LEFT, 11, COLOUR_INK, names[i]);
        }
        at += width;
    }
    return y + 26;
}
