/* options - one list describes a program's command line: it parses, checks, and prints --help.
 *
 * Told in no stage. `--name VALUE` or `--name=VALUE`, names in full; the word behind a name is its value whatever it
 * begins with; the last of two wins, but of option_texts. Options may follow TEXT; `--` ends them; `-` as TEXT reads
 * standard input; "" is a text. A wrong command line ends with exit 2 and one line. Options that every stage shares
 * (--file, --out, --seed, --threads, --time, --help) are in Common and are added to each list. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H
#include "base/company.h"
#include "base/files.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Option Option;

typedef struct {
    Option *row;
    int count;
    char **kept; /* texts made for it */
    int kept_count;
    Company *company; /* what goes with what */
    int company_count;
} Options; /* zeroed is empty; options_parse frees it */

/* Each adds a row, in the order of --help. Texts are borrowed until options_parse; one that was made for the list is
 * given to it by options_keep. A value keeps its default when the option is absent. */
void option_heading(Options *list, const char *help);
void option_flag(Options *list, const char *name, bool *value, const char *help);
void option_int(Options *list, const char *name, const char *argument, int *value, int lowest, int highest,
                const char *help);
void option_real(Options *list, const char *name, const char *argument, double *value, double lowest, double highest,
                 const char *help);
void option_text(Options *list, const char *name, const char *argument, const char **value, const char *help);

/* A text that may be given more than once: at the most MOST_TEXTS of them, in the order given. */
enum { MOST_TEXTS = 8 };
typedef struct {
    const char *at[MOST_TEXTS];
    int count;
} Texts;
void option_texts(Options *list, const char *name, const char *argument, Texts *value, const char *help);

/* A file that is written, "-" for standard output. One path for two of them, or the file that another option reads, is
 * refused: one would overwrite the other; so is a file of the model whose folder another option reads, and "". */
void option_output(Options *list, const char *name, const char *argument, const char **value, const char *help);

/* words is "fixed|fit|log"; *value becomes the place of the word that was given: 0 for "fixed", 2 for "log". */
void option_choice(Options *list, const char *name, const char *words, int *value, const char *help);

/* Gives the list a text that was made for a row of it: options_parse frees it. Returns the text. */
const char *options_keep(Options *list, char *text);

/* Adds rows to the table of what goes with what (base/company); options_parse checks it. */
void options_company(Options *list, const Company *rows, int count);

/* The word at that place of "fixed|fit|log", for messages and titles. You free it. */
char *options_word(const char *words, int place);

typedef struct {
    const char *text; /* the TEXT argument, or NULL */
    const char *file; /* --file */
    const char *out;  /* --out; default out/<program> */
    uint64_t seed;    /* --seed, default 123: the book's */
    int threads;      /* --threads, default the number of processors, at most 64 */
    int time;         /* --time N: 0 when absent */
} Common;

typedef struct {
    const char *name;     /* "17_bert": also names the default --out folder */
    const char *purpose;  /* one sentence */
    const char *examples; /* lines for the end of --help; may be NULL */
} Program;

/* Parses argv by the list, frees the list and fills *common. --help prints everything and exits 0. Strings point into
 * argv: borrowed. common->out is owned by the process (static length, never freed). */
void options_parse(Common *common, Program program, Options *list, int argc, char **argv);

/* The text to work on: --file, or standard input for "-", or TEXT, or `fallback` when none was given (may be NULL: then
 * an absent text gives data == NULL). TEXT together with --file is a usage error. You free it (base/files). */
Bytes options_input(const Common *common, const char *fallback);

/* "0,3-5" -> {0,3,4,5}: numbers and ranges below `limit`, in the order given, each once. NULL gives all of them.
 * `name` is the option's, for the error, which says what is allowed. You free the result; *count is at least 1. */
int *options_ranges(const char *name, const char *text, int limit, int *count);

/* A whole number in [lowest, highest] from all of `text`; false for anything else (spaces, signs where lowest >= 0,
 * 1e3). */
bool text_to_int(const char *text, long lowest, long highest, long *number);
#endif
