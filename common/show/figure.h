/* figure - one picture: a gnuplot script, text data files beside it, one gnuplot process, and a picture that is whole
 * or absent.
 *
 * A figure called "head" in out/17_bert leaves head.gp, head.dat and head.png there, and `cd out/17_bert && gnuplot -d
 * head.gp` draws it again, so that anyone can restyle it. Everything is written aside and renamed when it is complete:
 * two programs that draw into one folder cannot mix their data, and an old picture stays until the new one is good.
 * show/heat.h, lines.h, ... make whole figures; this is what they are made with. Told in stages/17_bert. */
#ifndef SHOW_FIGURE_H
#define SHOW_FIGURE_H
#include "base/memory.h"
#include "math/mat.h"
#include <stdbool.h>

/* Where a figure goes and what it says of itself: into files of a folder, or, as text, to the terminal, by the same
 * call. Everything is borrowed; title and subtitle may be any text. show/show_options.h makes one from the command
 * line. */
typedef struct {
    const char *folder;   /* made when it is missing */
    const char *name;     /* of its files, without an ending: letters, digits, '.', '_', '-'; asserted */
    const char *title;    /* at the top of the picture */
    const char *subtitle; /* a smaller line below it: which model, which mask and its scope; NULL: none */
    const char *formats;  /* "png", "svg", "pdf", or several: "png,svg"; NULL: png */
    const char *command;  /* how to make it again (label_command), for script and gallery; NULL: unknown */
    const char *line;     /* its heading in a terminal; NULL: "title (subtitle)" */
    bool terminal;        /* draw as text on standard output; what only a picture can show is left out */
} Sheet;

char *sheet_line(const Sheet *sheet); /* the heading in a terminal. You free it */

enum { FIGURE_DATA = 8, FIGURE_FORMATS = 3 };

typedef struct {
    Sheet sheet;
    int width, height; /* of the picture, in pixels of the PNG; layout.h measures in them */
    double seconds;    /* gnuplot may take; 60 */
    size_t cells;      /* of all images in it: small ones are drawn as rectangles in svg, see figure_image */
    String body;       /* the script without its head, terminal and output: repeated for each format */
    struct {
        char *name; /* "head.dat" */
        String text;
    } data[FIGURE_DATA];
    int data_count;
} Figure;

/* Fails with EXIT_USAGE unless `formats` is a list of png, svg and pdf (NULL is fine). For programs, before their long
 * work. */
void figure_check_formats(const char *formats);

/* An empty figure. Makes the folder (EXIT_ENVIRONMENT when it cannot be written to); checks formats as above. */
Figure figure_new(Sheet sheet, int width, int height);

/* Appends to the script, with '.' as the decimal point whatever the locale. Text from outside goes through
 * show/label.h. */
void figure_add(Figure *figure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A new data file "NAMEsuffix.dat": returns the text to fill, valid until figure_finish, and is called at most
 * FIGURE_DATA times. In the script it is written '%s%s.dat' with sheet.name and the suffix, in single quotes and
 * nowhere else. */
String *figure_data(Figure *figure, const char *suffix);

/* Says that the script plots a matrix of this many cells by `matrix with @CELLS`: "image", or "image pixels" where the
 * terminal needs rectangles: gnuplot's gd paints masked cells white, and browsers blur small images in svg. */
void figure_image(Figure *figure, int rows, int cols);

/* Writes the files, runs gnuplot, checks the end of every picture, puts them in place, and frees the figure. Without
 * pngcairo the PNG comes from gd, without that it is an svg, with a note. EXIT_ENVIRONMENT: gnuplot is missing (says
 * how to install it), fails (its last line), takes too long, or the disk is full. Script and data are there even so, a
 * torn picture never. */
void figure_finish(Figure *figure);
#endif
