#include "show/figure.h"
#include "base/error.h"
#include "base/files.h"
#include "show/fonts.h"
#include "show/label.h"
#include "show/parts.h"
#include "show/process.h"

#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

/* A terminal measures type in its own way; these factors make 12 points 16 pixels of the PNG in all of them. */
typedef struct {
    const char *terminal, *ending, *options;
    double unit; /* of `size`, in pixels */
    const char *size_unit;
} Terminal;
static const Terminal terminals[] = {
    {"pngcairo", "png", "font 'sans-serif,12' background '#ffffff'", 1, ""},
    {"png", "png", "truecolor font 'sans-serif,12' background '#ffffff'", 1, ""},
    {"svg", "svg", "font 'sans-serif,12' fontscale 1.3333 background '#ffffff'", 1, ""},
    {"pdfcairo", "pdf", "font 'sans-serif,12' fontscale 0.75 linewidth 1.5 background '#ffffff'", 96, "in"},
};
enum { PNGCAIRO, GD, SVG, PDF };
enum { PIXELS_AT_MOST = 4096 }; /* cells drawn as rectangles in svg: half a megabyte */

/* ---- the script ---- */

/* Which terminals the list asks for, each once: their count, or -1 and the word that is none in *wrong. */
static int formats_parse(const char *list, int chosen[FIGURE_FORMATS], const char **wrong) {
    int count = 0;
    for (const char *at = list;; at++) {
        size_t length = strcspn(at, ",");
        int found = -1;
        for (int t = GD; t <= PDF; t++)
            if (length == 3 && strncmp(at, terminals[t].ending, 3) == 0) found = t == GD ? PNGCAIRO : t;
        *wrong = at;
        if (found < 0) return -1;
        bool again = false;
        for (int i = 0; i < count; i++) again = again || chosen[i] == found;
        if (again) return -1; /* the same picture twice */
        chosen[count++] = found;
        at += length;
        if (*at == '\0') return count;
    }
}

void figure_check_formats(const char *formats) {
    int chosen[FIGURE_FORMATS];
    const char *wrong;
    if (formats && formats_parse(formats, chosen, &wrong) < 0)
        fail(EXIT_USAGE,
             "--format %s: \"%.*s\" is no format, or stands there twice (expected png, svg, pdf, or several: "
             "png,svg)",
             formats, (int)strcspn(wrong, ","), wrong);
}

char *sheet_line(const Sheet *sheet) {
    if (sheet->line) return text_format("%s", sheet->line);
    return sheet->subtitle ? text_format("%s (%s)", sheet->title, sheet->subtitle) : text_format("%s", sheet->title);
}

Figure figure_new(Sheet sheet, int width, int height) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    assert(*sheet.name && sheet.name[strspn(sheet.name, plain)] == '\0' && *sheet.name != '-' && *sheet.name != '.');
    if (!sheet.formats) sheet.formats = "png";
    figure_check_formats(sheet.formats);
    folder_make(sheet.folder);
    return (Figure){.sheet = sheet, .width = width, .height = height, .seconds = 60};
}

void figure_add(Figure *figure, const char *format, ...) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(plain);
    va_list values;
    va_start(values, format);
    string_add_values(&figure->body, format, values);
    va_end(values);
    uselocale(before);
    freelocale(plain);
}

void figure_image(Figure *figure, int rows, int cols) {
    figure->cells += (size_t)rows * (size_t)cols;
}

static void add_terminal(String *script, const Figure *figure, const Terminal *terminal) {
    bool pixels = terminal == &terminals[GD] || (terminal == &terminals[SVG] && figure->cells <= PIXELS_AT_MOST);
    Figure head = {0}; /* for figure_add's decimal points */
    figure_add(&head, "reset\nset encoding utf8\nset terminal %s noenhanced size %g%s,%g%s %s\n", terminal->terminal,
               figure->width / terminal->unit, terminal->size_unit, figure->height / terminal->unit,
               terminal->size_unit, terminal->options);
    figure_add(&head, "set output '%s.%s'\nCELLS = 'image%s'\n", figure->sheet.name, terminal->ending,
               pixels ? " pixels" : "");
    string_add_bytes(script, head.body.text, head.body.length);
    string_free(&head.body);
}

static String script_text(const Figure *figure, const int *chosen, int count) {
    String script = {0};
    string_add(&script, "# title: ");
    label_comment(&script, figure->sheet.title);
    string_add(&script, "\n# command: ");
    label_comment(&script, figure->sheet.command ? figure->sheet.command : "");
    string_add(&script, "\n# Needs gnuplot 5.4 or newer. To draw this again, in this folder: gnuplot -d %s.gp\n",
               figure->sheet.name);
    for (int i = 0; i < count; i++) {
        string_add_bytes(&script, "\n", 1);
        add_terminal(&script, figure, &terminals[chosen[i]]);
        String body = chosen[i] == SVG ? (String){0} : fonts_drawable(&figure->body);
        const String *drawn = chosen[i] == SVG ? &figure->body : &body; /* who looks at an svg has fonts of their own */
        string_add_bytes(&script, drawn->text, drawn->length);
        string_free(&body);
        string_add(&script, "set output\n");
    }
    return script;
}

String *figure_data(Figure *figure, const char *suffix) {
    assert(figure->data_count < FIGURE_DATA);
    int i = figure->data_count++;
    figure->data[i].name = text_format("%s%s.dat", figure->sheet.name, suffix);
    string_add_bytes(&figure->data[i].text, "", 0);
    return &figure->data[i].text;
}

/* ---- the pictures ---- */

/* gnuplot ends with 0 on a full disk and leaves half a picture: only the end of the file tells. */
static bool is_whole(const Bytes *picture, int terminal) {
    const char *tail = terminal == SVG ? "</svg>" : terminal == PDF ? "%%EOF" : "IEND\xae\x42\x60\x82";
    size_t length = strlen(tail), window = length + 4 < picture->size ? length + 4 : picture->size;
    return memmem(picture->data + picture->size - window, window, tail, length) != NULL;
}

/* Browsers smooth an image that is embedded in svg until 13 tokens are a fog; one attribute stops that. */
static void sharpen(const FigurePart *part, const Bytes *picture) {
    char *sharp = text_replaced(picture->data, "<image ", "<image style='image-rendering:pixelated' ");
    part_write(part, sharp);
    memory_free(sharp);
}

static bool picture_is_good(const FigurePart *part, int terminal) {
    if (!file_exists(part->aside)) return false;
    Bytes picture = file_read(part->aside);
    bool whole = is_whole(&picture, terminal);
    if (whole && terminal == SVG && strstr(picture.data, "<image ")) sharpen(part, &picture);
    bytes_free(&picture);
    return whole;
}

/* ---- drawing ---- */

/* One attempt to draw: which terminals, their pictures, the script, and how gnuplot took it. */
typedef struct {
    const Figure *figure;
    int chosen[FIGURE_FORMATS], count;
    FigurePart data[FIGURE_DATA], pictures[FIGURE_FORMATS];
    String script;
    Process run;
    char message[512]; /* the last line of what gnuplot said */
} Drawing;

static FigurePart part_of(const Figure *figure, const char *ending) {
    char *name = text_format("%s.%s", figure->sheet.name, ending);
    FigurePart part = part_new(figure->sheet.folder, name);
    memory_free(name);
    return part;
}

static Process run_gnuplot(const Figure *figure, const char *option, const char *argument) {
    const char *const arguments[] = {"gnuplot", "-d", option ? option : argument, option ? argument : NULL, NULL};
    return process_run(figure->sheet.folder, arguments, STDERR_FILENO, figure->seconds);
}

/* The last line that gnuplot wrote. It names the script aside there; the reader will find the other one. */
static void keep_message(Drawing *drawing, const FigurePart *script) {
    const String *said = &drawing->run.said;
    size_t end = said->length;
    while (end > 0 && strchr(" \t\r\n", said->text[end - 1])) end--;
    size_t start = end;
    while (start > 0 && said->text[start - 1] != '\n') start--;
    char *line = text_copy(said->text + start, end - start);
    char *message = text_replaced(line, part_name(script->aside), part_name(script->path));
    snprintf(drawing->message, sizeof drawing->message, "%s", *message ? message : "it gave no reason");
    memory_free(line), memory_free(message);
}

static void attempt(Drawing *drawing) {
    const Figure *figure = drawing->figure;
    for (int i = 0; i < drawing->count; i++)
        drawing->pictures[i] = part_of(figure, terminals[drawing->chosen[i]].ending);
    string_free(&drawing->script);
    drawing->script = script_text(figure, drawing->chosen, drawing->count);
    char *text = text_copy(drawing->script.text, drawing->script.length);
    for (int i = 0; i < figure->data_count; i++) text = part_in_script(text, &drawing->data[i]);
    for (int i = 0; i < drawing->count; i++) text = part_in_script(text, &drawing->pictures[i]);
    FigurePart script = part_of(figure, "gp");
    part_write(&script, text);
    memory_free(text);
    process_free(&drawing->run);
    drawing->run = run_gnuplot(figure, NULL, part_name(script.aside));
    keep_message(drawing, &script);
    part_end(&script, false);
}

static bool terminal_missing(const Figure *figure, int terminal) {
    char *command = text_format("set terminal %s", terminals[terminal].terminal);
    Process probe = run_gnuplot(figure, "-e", command);
    bool missing = probe.code > 0 && !probe.missing;
    process_free(&probe);
    memory_free(command);
    return missing;
}

/* When a PNG was not drawn because this gnuplot lacks the terminal: chooses the next one. False when there is none, or
 * when the reason was another. */
static bool choose_next(Drawing *drawing) {
    int i = 0;
    while (i < drawing->count && drawing->chosen[i] > GD) i++;
    if (i == drawing->count || !terminal_missing(drawing->figure, drawing->chosen[i])) return false;
    const Terminal *now = &terminals[drawing->chosen[i]];
    note("this gnuplot cannot draw with %s: trying %s", now[0].terminal, now[1].terminal);
    for (int j = 0; j < drawing->count; j++) part_end(&drawing->pictures[j], false);
    int next = drawing->chosen[i] + 1;
    bool there = false;
    for (int j = 0; j < drawing->count; j++) there = there || drawing->chosen[j] == next;
    drawing->chosen[i] = there ? drawing->chosen[--drawing->count] : next;
    return true;
}

static _Noreturn void fail_drawing(const Drawing *drawing) {
    const Figure *figure = drawing->figure;
    const char *folder = figure->sheet.folder, *name = figure->sheet.name;
    if (drawing->run.missing)
        fail(EXIT_ENVIRONMENT,
             "gnuplot is not installed, so %s/%s was not drawn; its script and data are there. "
             "Try: apt install gnuplot-nox (macOS: brew install gnuplot), then: cd %s && gnuplot -d %s.gp",
             folder, name, folder, name);
    fail(EXIT_ENVIRONMENT, "%s/%s: gnuplot failed: %s. Try: cd %s && gnuplot -d %s.gp", folder, name, drawing->message,
         folder, name);
}

/* Why a picture is not whole, when the disk tells: the system's words for not taking some bytes more behind it. */
static const char *disk_reason(const FigurePart *part) {
    static const char more[1 << 16];
    FILE *stream = fopen(part->aside, "ab");
    if (!stream) return NULL;
    bool written = fwrite(more, 1, sizeof more, stream) == sizeof more && fflush(stream) == 0;
    int reason = errno;
    fclose(stream);
    return written ? NULL : strerror(reason);
}

static void judge_pictures(Drawing *drawing) {
    for (int i = 0; i < drawing->count && drawing->run.code == 0; i++) {
        if (picture_is_good(&drawing->pictures[i], drawing->chosen[i])) continue;
        const char *reason = disk_reason(&drawing->pictures[i]);
        drawing->run.code = -1;
        snprintf(drawing->message, sizeof drawing->message, "the picture is not whole%s%s", reason ? ": " : "",
                 reason ? reason : "");
    }
}

/* Puts the pictures in place when all of them are whole, and the script and the data whatever happened: a torn picture
 * goes first, because on a full disk its room is what the script needs. */
static void keep(Drawing *drawing) {
    const Figure *figure = drawing->figure;
    judge_pictures(drawing);
    for (int i = 0; i < drawing->count; i++) part_end(&drawing->pictures[i], drawing->run.code == 0);
    for (int i = 0; i < figure->data_count; i++) part_end(&drawing->data[i], true);
    FigurePart script = part_of(figure, "gp");
    part_write(&script, drawing->script.text);
    part_end(&script, true);
    string_free(&drawing->script);
}

void figure_finish(Figure *figure) {
    Drawing drawing = {.figure = figure};
    const char *wrong;
    drawing.count = formats_parse(figure->sheet.formats, drawing.chosen, &wrong);
    for (int i = 0; i < figure->data_count; i++) {
        drawing.data[i] = part_new(figure->sheet.folder, figure->data[i].name);
        part_write(&drawing.data[i], figure->data[i].text.text);
    }
    do attempt(&drawing);
    while (drawing.run.code > 0 && !drawing.run.missing && choose_next(&drawing));
    keep(&drawing);
    if (drawing.run.code != 0) fail_drawing(&drawing);
    for (int i = 0; i < figure->data_count; i++) {
        memory_free(figure->data[i].name);
        string_free(&figure->data[i].text);
    }
    process_free(&drawing.run);
    string_free(&figure->body);
    *figure = (Figure){0};
}
