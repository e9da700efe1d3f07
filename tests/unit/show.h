/* What the tests of show/ share: pictures drawn as svg into the test's folder and looked at without gnuplot's help,
 * and a false gnuplot that goes wrong in a chosen way. */
#ifndef TESTS_SHOW_H
#define TESTS_SHOW_H
#include "expect.h"
#include "show/figure.h"
#include "show/process.h"
#include "text/utf8.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static inline bool have_program(const char *name) {
    const char *const question[] = {name, "--version", NULL};
    Process process = process_run(".", question, STDOUT_FILENO, 10);
    bool there = process.code == 0;
    process_free(&process);
    return there;
}

/* Every test that draws begins with it. */
static inline void need_gnuplot(void) {
    if (!have_program("gnuplot")) skip();
}

static inline Sheet test_sheet(const char *name, const char *formats) {
    return (Sheet){.folder = test_folder,
                   .name = name,
                   .title = "A title",
                   .subtitle = "a subtitle",
                   .formats = formats,
                   .command = "build/17_bert 'a b'"};
}

/* The bytes of test_folder/name; free with bytes_free. */
static inline Bytes test_bytes(const char *name) {
    return file_read(test_path(name));
}

static inline int count_in(const char *text, const char *part) {
    int count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) count++;
    return count;
}

static inline void expect_in_file(const char *name, const char *part) {
    Bytes bytes = test_bytes(name);
    if (!strstr(bytes.data, part)) wrong("%s does not hold \"%s\":\n%.1500s", name, part, bytes.data);
    bytes_free(&bytes);
}

/* ---- svg ---- */

/* Tags nest, text has no bare & or ]]>, all of it is UTF-8 without control characters: what an XML parser would insist
 * on. */
static inline void expect_xml(const Bytes *svg) {
    char open[64][32];
    int depth = 0;
    assert_int_equal(utf8_first_invalid(svg->data, svg->size), svg->size);
    for (const char *at = svg->data; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) wrong("byte %02x in svg", byte);
        if (strncmp(at, "]]>", 3) == 0) wrong("]]> in svg: %.60s", at);
        if (*at == '&' && !strchr("#alqg", at[1])) wrong("a bare & in svg: %.40s", at);
        if (*at != '<') continue;
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (at[1] == '/') {
            size_t length = (size_t)(end - at - 2);
            if (depth == 0 || strlen(open[depth - 1]) != length || strncmp(open[depth - 1], at + 2, length) != 0)
                wrong("%.*s closes nothing", (int)length + 3, at);
            depth--;
        } else if (at[1] != '?' && at[1] != '!' && end[-1] != '/') {
            assert_in_range(depth, 0, 63);
            snprintf(open[depth++], sizeof open[0], "%.*s", (int)strcspn(at + 1, " \t\n>"), at + 1);
        }
        at = end;
    }
    assert_int_equal(depth, 0);
}

/* The colour of the last filled rectangle or polygon around (x, y), in pixels from the top left; -1: there is none, or
 * a pattern. */
static inline long svg_colour(const char *svg, double x, double y) {
    long colour = -1;
    for (const char *at = svg; (at = strstr(at, "<polygon")) != NULL; at++) {
        int red = 0, green = 0, blue = 0;
        double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9, px, py;
        const char *fill = strstr(at, "fill = '"), *points = strstr(at, "points = '"), *end = strstr(at, "/>");
        if (!fill || !points || points > end) continue;
        int used;
        for (points += 10; sscanf(points, " %lf,%lf%n", &px, &py, &used) == 2; points += used) {
            left = px < left ? px : left, right = px > right ? px : right;
            top = py < top ? py : top, bottom = py > bottom ? py : bottom;
        }
        if (x <= left || x >= right || y <= top || y >= bottom) continue;
        bool plain = sscanf(fill, "fill = 'rgb(%d,%d,%d)'", &red, &green, &blue) == 3;
        colour = plain ? (long)red << 16 | green << 8 | blue : -1;
    }
    return colour;
}

static inline void expect_colour(const char *svg, double x, double y, unsigned expected) {
    long found = svg_colour(svg, x, y);
    for (int shift = 0; shift <= 16; shift += 8) {
        long difference = (found >> shift & 255) - (expected >> shift & 255);
        if (found < 0 || labs(difference) > 2)
            wrong("at %g,%g there is %06lx (expected %06x)", x, y, (unsigned long)found & 0xffffff, expected);
    }
}

/* Where the axes of a figure's n-th plot are, in pixels from the top left, as its script says. */
typedef struct {
    double left, right, top, bottom;
    int width, height; /* of the whole picture */
} Axes;

static inline Axes axes_of(const char *script, int n) {
    Bytes gp = test_bytes(script);
    Axes a;
    const char *size = strstr(gp.data, " noenhanced size "), *at = gp.data;
    assert_non_null(size);
    assert_int_equal(sscanf(size, " noenhanced size %d,%d", &a.width, &a.height), 2);
    for (int i = 0; i <= n; i++) {
        at = strstr(at, "set margins at screen ");
        assert_non_null(at++);
    }
    assert_int_equal(sscanf(at, "et margins at screen %lf, at screen %lf, at screen %lf, at screen %lf", &a.left,
                            &a.right, &a.bottom, &a.top),
                     4);
    a.left *= a.width, a.right *= a.width;
    a.top = a.height * (1 - a.top), a.bottom = a.height * (1 - a.bottom);
    bytes_free(&gp);
    return a;
}

/* The colour of cell (i, j), above and left of its middle, where no number stands, in a plot of rows x cols cells. */
static inline void expect_cell(const char *svg, Axes a, int rows, int cols, int i, int j, unsigned expected) {
    expect_colour(svg, a.left + (j + 0.25) * (a.right - a.left) / cols, a.top + (i + 0.25) * (a.bottom - a.top) / rows,
                  expected);
}

/* The svg that was just drawn, looked at as XML; its size is the script's. Free with bytes_free. */
static inline Bytes test_svg(const char *name) {
    char file[64], script[64], size[64];
    snprintf(file, sizeof file, "%s.svg", name), snprintf(script, sizeof script, "%s.gp", name);
    Bytes svg = test_bytes(file);
    Axes a = axes_of(script, 0);
    snprintf(size, sizeof size, "width=\"%d\" height=\"%d\"", a.width, a.height);
    expect_xml(&svg);
    if (!strstr(svg.data, size)) wrong("%s is not %s: %.300s", file, size, svg.data);
    return svg;
}

/* Texts that somebody typed, and nothing that they ask for may happen. Each becomes an empty file when it does. */
static const char *const hostile[] = {"\"; !touch pwn1 #",
                                      "`touch pwn2`",
                                      "$(touch pwn3)",
                                      "'; system('touch pwn4'); '",
                                      "\n!touch pwn5\n",
                                      "@GPVAL_VERSION",
                                      "{a}_b^c",
                                      "]]>",
                                      "%s%d%n",
                                      "\\",
                                      "\\n\\",
                                      "<b>&amp;",
                                      "'quo`te\"",
                                      "\xF0\x9F\x98\x80",
                                      "\xD9\x85\xD8\xB1",
                                      "\xff\xfe",
                                      "''''",
                                      "\"\"",
                                      "# no comment",
                                      ""};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static inline void find_nothing_run(void) {
    static const char *const names[] = {"pwn1", "pwn2", "pwn3", "pwn4", "pwn5"};
    for (int i = 0; i < COUNT(names); i++) {
        if (file_exists(test_path(names[i]))) wrong("gnuplot ran what a label says: %s", names[i]);
        if (file_exists(names[i])) wrong("gnuplot ran what a label says, here: %s", names[i]);
    }
}

/* ---- a false gnuplot ---- */

/* A shell script called gnuplot, first in PATH; real_gnuplot_again undoes it. $1 is -d, $2 the script or -e. */
static char *path_before;

static inline void false_gnuplot(const char *script) {
    char *folder = text_format("%s/bin", test_folder), *program = text_format("%s/gnuplot", folder);
    path_before = text_copy(getenv("PATH"), strlen(getenv("PATH")));
    mkdir(folder, 0777);
    char *text = text_format("#!/bin/sh\n%s\n", script), *path = text_format("%s:%s", folder, path_before);
    write_test_text(program, text);
    assert_int_equal(chmod(program, 0755), 0);
    setenv("PATH", path, 1);
    memory_free(folder), memory_free(program), memory_free(text), memory_free(path);
}

static inline void real_gnuplot_again(void) {
    setenv("PATH", path_before, 1);
    memory_free(path_before);
    unlink(test_path("bin/gnuplot"));
    rmdir(test_path("bin"));
}
#endif
