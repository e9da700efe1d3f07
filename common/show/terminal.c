#include "show/terminal.h"
#include "base/options.h"
#include "show/label.h"
#include "show/numbers.h"
#include "show/pool.h"
#include "text/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NAME_DOWN = 12, SHADE = 2, VALUE = 6 };

Terminal terminal_of(FILE *out) {
    Terminal terminal = {out, INK_PLAIN, 100};
    const char *refused = getenv("NO_COLOR"), *kind = getenv("TERM"), *depth = getenv("COLORTERM"),
               *columns = getenv("COLUMNS");
    bool screen = isatty(fileno(out)) && kind && strcmp(kind, "dumb") != 0;
    if (screen && !(refused && *refused))
        terminal.ink = depth && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0) ? INK_FULL : INK_256;
    struct winsize size;
    long number;
    if (columns && text_to_int(columns, 1, 100000, &number)) {
        terminal.columns = (int)number;
    } else if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        terminal.columns = size.ws_col;
    }
    if (terminal.columns < 20) terminal.columns = 20;
    return terminal;
}

/* ---- names ---- */

static void add_name(String *line, const char *const *names, int i, int width) {
    char *name = name_shown(names, i);
    string_add(line, "%*s%s ", width - utf8_width(name), "", name);
    memory_free(name);
}

/* Prints the line without spaces at its end, and empties it. */
static void end_line(Terminal t, String *line) {
    while (line->length > 0 && line->text[line->length - 1] == ' ') line->length--;
    fprintf(t.out, "%.*s\n", (int)line->length, line->length ? line->text : "");
    string_free(line);
}

/* The part of `text` that stands in line `line` of a name written downwards: a character with the marks that combine
 * with it. */
static void add_letter(String *out, const char *text, int line, int width) {
    size_t at = 0, size = strlen(text);
    int letter = -1, printed = 0;
    while (at < size) {
        int length;
        char one[5] = "";
        utf8_decode(text + at, size - at, &length);
        memcpy(one, text + at, (size_t)length);
        int columns = utf8_width(one);
        if (columns > 0) letter++;
        if (letter == line) {
            string_add(out, "%s", one);
            printed += columns;
        }
        at += (size_t)length;
    }
    string_add(out, "%*s", width - printed, "");
}

static int letters_of(const char *text) {
    int letters = 0;
    for (size_t at = 0, size = strlen(text); at < size;) {
        int length;
        char one[5] = "";
        utf8_decode(text + at, size - at, &length);
        memcpy(one, text + at, (size_t)length);
        letters += utf8_width(one) > 0;
        at += (size_t)length;
    }
    return letters;
}

/* The column names, written downwards so that they end right above their columns. */
static void print_heads(Terminal t, const char *const *names, int n, int indent, int width) {
    char **labels = memory_new((size_t)n + 1, sizeof *labels, "column names");
    int tallest = 0;
    for (int i = 0; i < n; i++) {
        labels[i] = name_shown(names, i);
        int letters = letters_of(labels[i]);
        if (letters > tallest) tallest = letters;
    }
    if (tallest > NAME_DOWN) tallest = NAME_DOWN;
    for (int line = 0; line < tallest; line++) {
        String out = {0};
        string_add(&out, "%*s ", indent, "");
        for (int i = 0; i < n; i++) {
            int letters = letters_of(labels[i]), above = letters < tallest ? tallest - letters : 0;
            string_add(&out, "%*s", width - SHADE, "");
            add_letter(&out, line >= above ? labels[i] : "", line - above, SHADE);
        }
        end_line(t, &out);
    }
    for (int i = 0; i < n; i++) memory_free(labels[i]);
    memory_free(labels);
}

/* ---- cells ---- */

/* The nearest of the 6 x 6 x 6 colours of the 256. */
static unsigned nearest_256(unsigned colour) {
    unsigned index = 16;
    static const unsigned weight[3] = {36, 6, 1};
    for (int i = 0; i < 3; i++) {
        unsigned level = colour >> (16 - 8 * i) & 0xff;
        index += weight[i] * (level < 48 ? 0 : level < 115 ? 1 : (level - 35) / 40);
    }
    return index;
}

/* The text on its colour, or, in plain ink, the text. */
static void add_on(String *line, Ink ink_kind, unsigned colour, const char *text) {
    unsigned ink = colour_text_on(colour);
    if (ink_kind == INK_PLAIN) {
        string_add(line, "%s", text);
    } else if (ink_kind == INK_FULL) {
        string_add(line, "\033[48;2;%u;%u;%um\033[38;2;%u;%u;%um%s\033[0m", colour >> 16, colour >> 8 & 255,
                   colour & 255, ink >> 16, ink >> 8 & 255, ink & 255, text);
    } else {
        string_add(line, "\033[48;5;%um\033[38;5;%um%s\033[0m", nearest_256(colour), ink == 0xffffff ? 231 : 16, text);
    }
}

/* 0..1 on a scale of weights, -1..1 on a signed one; NaN stays NaN (fmin and fmax would make a full weight of it). */
static double place(Range range, double value) {
    if (isnan(value)) return value;
    if (range.palette == PALETTE_SIGNED) return fmax(-1, fmin(1, value / range.high));
    double share = range.log ? log(fmax(value, range.low) / range.low) / log(range.high / range.low)
                             : (value - range.low) / (range.high - range.low);
    return fmax(0, fmin(1, share));
}

static char shade(Range range, double at) {
    static const char weights[] = " .:-=+*#%@";
    if (isnan(at)) return '?';
    if (range.palette == PALETTE_WEIGHT) return weights[(int)fmin(9, at * 10)];
    int size = (int)fmin(9, floor(fabs(at) * 9 + 0.5));
    return size == 0 ? '.' : (char)((at < 0 ? 'a' : '1') + size - 1);
}

static void add_cell(String *line, Terminal t, Range range, double value, bool hidden, bool numbers) {
    char text[32];
    double at = place(range, value);
    if (hidden) {
        snprintf(text, sizeof text, "%s", numbers ? "   // " : "//");
    } else if (numbers) {
        snprintf(text, sizeof text, "%5.2f ", value);
    } else {
        char c = t.ink == INK_PLAIN || isnan(at) ? shade(range, at) : ' ';
        snprintf(text, sizeof text, "%c%c", c, c);
    }
    add_on(line, t.ink, hidden ? COLOUR_HATCH : colour_of(range.palette, at), text);
}

static void print_legend(Terminal t, Range range, bool numbers, bool hidden) {
    bool is_signed = range.palette == PALETTE_SIGNED;
    String line = {0};
    if (!numbers || t.ink != INK_PLAIN) {
        string_add(&line, "%.3g ", range.low);
        for (int i = 0; i < 10; i++) {
            double at = is_signed ? -1 + 2 * i / 9.0 : (i + 0.5) / 10;
            char c = t.ink == INK_PLAIN ? shade(range, at) : ' ', text[3] = {c, c, '\0'};
            add_on(&line, t.ink, colour_of(range.palette, at), text);
        }
        string_add(&line, " %.3g%s", range.high, range.log ? " (logarithmic)" : "");
        if (is_signed && t.ink == INK_PLAIN) string_add(&line, "   1 to 9: positive, a to i: negative");
    }
    if (hidden) string_add(&line, "%s//: forbidden by the mask", line.text ? "   " : "");
    if (line.text) end_line(t, &line);
}

/* ---- pictures ---- */

static void print_title(Terminal t, const char *title) {
    char *visible = utf8_drawn(title, strlen(title), 4096);
    fprintf(t.out, "%s\n", visible);
    memory_free(visible);
}

void terminal_map(Terminal t, const char *title, Mat m, TerminalMap map) {
    int names = names_width(map.from, m.rows), cell = map.values ? VALUE : SHADE;
    int shown = (t.columns - names - 1) / cell;
    shown = shown < 1 ? 1 : shown > m.cols ? m.cols : shown;
    Range range = scale_range(map.scale, m, map.hidden);
    String line = {0};
    print_title(t, title);
    fprintf(t.out, "%*s %s\n", names, map.row_axis ? map.row_axis : "from", map.col_axis ? map.col_axis : "to (key)");
    print_heads(t, map.to, shown, names, cell);
    for (int i = 0; i < m.rows; i++) {
        add_name(&line, map.from, i, names);
        for (int j = 0; j < shown; j++) {
            add_cell(&line, t, range, mat_at(m, i, j), cell_hidden(map.hidden, m, i, j), map.values);
        }
        end_line(t, &line);
    }
    print_legend(t, range, map.values, map.hidden != NULL);
    if (shown < m.cols)
        fprintf(t.out, "columns %d to %d are left out: the terminal has room for %d. Try: COLUMNS=%d\n", shown,
                m.cols - 1, shown, names + 1 + m.cols * cell);
}

void terminal_bars(Terminal t, const char *title, const char *const *names, const float *values, int n, double most) {
    int width = names_width(names, n), room = t.columns - width - 12;
    if (room < 8) room = 8;
    String line = {0};
    double full = most;
    for (int i = 0; i < n && most <= 0; i++)
        if (isfinite(values[i])) full = fmax(full, fabs((double)values[i]));
    print_title(t, title);
    for (int i = 0; i < n; i++) {
        double share = full > 0 && isfinite(values[i]) ? fmin(1, fabs((double)values[i]) / full) : 0;
        add_name(&line, names, i, width);
        string_add(&line, "%9.4g ", (double)values[i]);
        for (int k = 0; k < (int)(share * room + 0.5); k++) {
            const char *mark = t.ink != INK_PLAIN ? " " : values[i] < 0 ? "-" : "#";
            add_on(&line, t.ink, colour_of(PALETTE_SIGNED, values[i] < 0 ? -0.6 : 0.6), mark);
        }
        end_line(t, &line);
    }
    fprintf(t.out, "a full bar is %.4g\n", full);
}

void terminal_strip(Terminal t, const char *title, const char *const *names, Mat m) {
    int width = names_width(names, m.rows), shown = t.columns - width - 1;
    shown = shown < 1 ? 1 : shown > m.cols ? m.cols : shown;
    double most = scale_most(m, 0.005);
    Range range = {PALETTE_SIGNED, -most, most, false};
    Mat few = mat_new(m.rows, shown);
    String line = {0};
    pool_columns(few, m);
    print_title(t, title);
    for (int i = 0; i < m.rows; i++) {
        add_name(&line, names, i, width);
        for (int j = 0; j < shown; j++) {
            double at = place(range, mat_at(few, i, j));
            char text[2] = {t.ink == INK_PLAIN || isnan(at) ? shade(range, at) : ' ', '\0'};
            add_on(&line, t.ink, colour_of(PALETTE_SIGNED, at), text);
        }
        end_line(t, &line);
    }
    print_legend(t, range, false, false);
    if (shown < m.cols)
        fprintf(t.out, "%d numbers a row in %d columns: each is the largest of its neighbours\n", m.cols, shown);
    mat_free(&few);
}
