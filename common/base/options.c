#include "base/options.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

typedef enum {
    OPTION_HEADING,
    OPTION_FLAG,
    OPTION_INT,
    OPTION_REAL,
    OPTION_TEXT,
    OPTION_TEXTS,
    OPTION_OUTPUT,
    OPTION_CHOICE
} OptionKind;

struct Option {
    OptionKind kind;
    const char *name;     /* without the dashes; "" for a heading */
    const char *argument; /* shown in --help: "N", "FILE"; of a choice the words: "fixed|fit|log" */
    const char *help;
    void *value;            /* where the answer goes; what is there before is the default */
    double lowest, highest; /* of OPTION_INT and OPTION_REAL */
    bool given;
};

/* ---- the list ---- */

static void add(Options *list, Option option) {
    list->row = memory_for_more(list->row, (size_t)list->count, sizeof *list->row, "the list of options");
    list->row[list->count++] = option;
}

void option_heading(Options *list, const char *help) {
    add(list, (Option){OPTION_HEADING, "", "", help, NULL, 0, 0, false});
}

void option_flag(Options *list, const char *name, bool *value, const char *help) {
    add(list, (Option){OPTION_FLAG, name, "", help, value, 0, 0, false});
}

void option_int(Options *list, const char *name, const char *argument, int *value, int lowest, int highest,
                const char *help) {
    add(list, (Option){OPTION_INT, name, argument, help, value, lowest, highest, false});
}

void option_real(Options *list, const char *name, const char *argument, double *value, double lowest, double highest,
                 const char *help) {
    add(list, (Option){OPTION_REAL, name, argument, help, value, lowest, highest, false});
}

void option_text(Options *list, const char *name, const char *argument, const char **value, const char *help) {
    add(list, (Option){OPTION_TEXT, name, argument, help, value, 0, 0, false});
}

void option_texts(Options *list, const char *name, const char *argument, Texts *value, const char *help) {
    add(list, (Option){OPTION_TEXTS, name, argument, help, value, 0, 0, false});
}

void option_output(Options *list, const char *name, const char *argument, const char **value, const char *help) {
    add(list, (Option){OPTION_OUTPUT, name, argument, help, value, 0, 0, false});
}

void option_choice(Options *list, const char *name, const char *words, int *value, const char *help) {
    add(list, (Option){OPTION_CHOICE, name, words, help, value, 0, 0, false});
}

const char *options_keep(Options *list, char *text) {
    list->kept = memory_grow(list->kept, (size_t)list->kept_count + 1, sizeof *list->kept, "the list of options");
    list->kept[list->kept_count++] = text;
    return text;
}

void options_company(Options *list, const Company *rows, int count) {
    for (int i = 0; i < count; i++) {
        list->company =
            memory_for_more(list->company, (size_t)list->company_count, sizeof *rows, "what options go together");
        list->company[list->company_count++] = rows[i];
    }
}

static void list_free(Options *list) {
    for (int i = 0; i < list->kept_count; i++) memory_free(list->kept[i]);
    memory_free(list->kept), memory_free(list->row), memory_free(list->company);
    *list = (Options){0};
}

/* The rows that every program has, after its own. */
static void add_shared(Options *list, Common *common, int *seed, bool *help) {
    option_heading(list, "common to every stage");
    option_text(list, "file", "F", &common->file, "read the text from F");
    option_text(list, "out", "DIR", &common->out, "folder for pictures and their data");
    option_int(list, "seed", "N", seed, 0, 0x7fffffff, "random numbers: PyTorch's for the same seed (default 123)");
    option_int(list, "threads", "N", &common->threads, 1, MOST_THREADS, "workers (default: all processors)");
    option_int(list, "time", "N", &common->time, 1, 1000000,
               "do the main work N times, draw nothing, print median and\nminimum milliseconds, then the rate");
    option_flag(list, "help", help, "this text");
}

/* ---- numbers and words ---- */

/* A decimal number in [lowest, highest]; strtod alone would also take spaces, hexadecimal, "inf" and "nan". */
static bool text_to_real(const char *text, double lowest, double highest, double *number) {
    if (!*text || *text == '+' || strspn(text, "0123456789.eE+-") != strlen(text)) return false;
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && *number >= lowest && *number <= highest;
}

/* Where the word behind this one begins in "fixed|fit|log"; NULL behind the last. */
static const char *next_word(const char *word) {
    const char *bar = strchr(word, '|');
    return bar ? bar + 1 : NULL;
}

/* The place of `text` among the words; -1: it is none of them. */
static int place_of(const char *words, const char *text) {
    int place = 0;
    for (const char *word = words; word; word = next_word(word), place++) {
        size_t length = strcspn(word, "|");
        if (length == strlen(text) && strncmp(word, text, length) == 0) return place;
    }
    return -1;
}

char *options_word(const char *words, int place) {
    const char *word = words;
    for (int i = 0; i < place && word; i++) word = next_word(word);
    assert(word);
    return text_copy(word, strcspn(word, "|"));
}

/* ---- --help ---- */

static void print_option(const Option *option) {
    char left[128];
    snprintf(left, sizeof left, "--%s%s%s", option->name, *option->argument ? " " : "", option->argument);
    printf(strlen(left) > 26 ? "  %s\n  %-26s  " : "  %-26s  ", left, "");
    for (const char *c = option->help; *c; c++) {
        putchar(*c);
        if (*c == '\n') printf("%30s", "");
    }
    putchar('\n');
}

static void print_help(Program program, const Options *list) {
    printf("%s: %s\n\nusage: %s [options] [TEXT | -]\n", program.name, program.purpose, program.name);
    for (int i = 0; i < list->count; i++) {
        if (list->row[i].kind == OPTION_HEADING) printf("\n%s\n", list->row[i].help);
        else print_option(&list->row[i]);
    }
    if (program.examples) printf("\nexamples\n%s", program.examples);
}

/* ---- parsing ---- */

static void store_more(const Option *option, const char *text) {
    Texts *texts = option->value;
    if (texts->count == MOST_TEXTS)
        fail(EXIT_USAGE, "--%s is given more than %d times. Try: fewer", option->name, MOST_TEXTS);
    texts->at[texts->count++] = text;
}

static void store(Option *option, const char *text) {
    int place;
    option->given = true;
    long whole;
    double real;
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)option->value = true; break;
    case OPTION_OUTPUT:
    case OPTION_TEXT: *(const char **)option->value = text; break;
    case OPTION_TEXTS: store_more(option, text); break;
    case OPTION_CHOICE:
        place = place_of(option->argument, text);
        if (place < 0) fail(EXIT_USAGE, "--%s %s: expected one of %s", option->name, text, option->argument);
        *(int *)option->value = place;
        break;
    case OPTION_INT:
        if (!text_to_int(text, (long)option->lowest, (long)option->highest, &whole))
            fail(EXIT_USAGE, "--%s %s: expected a whole number from %.0f to %.0f", option->name, text, option->lowest,
                 option->highest);
        *(int *)option->value = (int)whole;
        break;
    case OPTION_REAL:
        if (!text_to_real(text, option->lowest, option->highest, &real))
            fail(EXIT_USAGE, "--%s %s: expected a number from %g to %g", option->name, text, option->lowest,
                 option->highest);
        *(double *)option->value = real;
        break;
    case OPTION_HEADING: break;
    }
}

static int processors(void) {
    long found = sysconf(_SC_NPROCESSORS_ONLN);
    return found < 1 ? 1 : found > MOST_THREADS ? MOST_THREADS : (int)found;
}

/* The row that `word` ("--name" or "--name=value") names in full. A shortened name is refused: a script that uses
 * one would break on the day when a second option begins with it. */
static Option *find_option(const Options *list, const char *word) {
    size_t length = strcspn(word + 2, "=");
    for (int i = 0; i < list->count; i++) {
        Option *option = &list->row[i];
        if (length && strlen(option->name) == length && strncmp(option->name, word + 2, length) == 0) return option;
    }
    return NULL;
}

static _Noreturn void fail_unknown(const Options *list, const char *word) {
    if (strncmp(word, "--", 2) != 0)
        fail(EXIT_USAGE, "unknown option %s. Try: --help, or -- before a text that begins with a dash", word);
    for (int i = 0; i < list->count; i++) { /* "--layers" for --layer, "--thr" for --threads */
        const char *name = list->row[i].name, *given = word + 2;
        if (*given && *name && (strncmp(name, given, strlen(given)) == 0 || strncmp(name, given, strlen(name)) == 0))
            fail(EXIT_USAGE, "unknown option %s. Try: --%s, or --help", word, name);
    }
    fail(EXIT_USAGE, "unknown option %s. Try: --help", word);
}

/* Reads the option at argv[i]; returns the index of the last word that it took. The word behind an option that needs a
 * value is its value, whatever it begins with. */
static int parse_one(const Options *list, int argc, char **argv, int i) {
    const char *equals = strchr(argv[i], '=');
    Option *option = strncmp(argv[i], "--", 2) == 0 ? find_option(list, argv[i]) : NULL;
    if (!option) fail_unknown(list, argv[i]);
    if (option->kind == OPTION_FLAG) {
        if (equals) fail(EXIT_USAGE, "--%s takes no value. Try: --help", option->name);
        store(option, NULL);
        return i;
    }
    if (equals) {
        store(option, equals + 1);
        return i;
    }
    if (i + 1 >= argc) fail(EXIT_USAGE, "--%s needs a value. Try: --help", option->name);
    store(option, argv[i + 1]);
    return i + 1;
}

/* Options and TEXT in any order; the C library's getopt_long would shorten names and obey POSIXLY_CORRECT. */
static const char *parse_all(const Options *list, int argc, char **argv) {
    const char *text = NULL;
    bool only_texts = false;
    for (int i = 1; i < argc; i++) {
        bool is_option = !only_texts && argv[i][0] == '-' && argv[i][1] != '\0';
        if (is_option && strcmp(argv[i], "--") == 0) {
            only_texts = true;
        } else if (is_option) {
            i = parse_one(list, argc, argv, i);
        } else if (text) {
            fail(EXIT_USAGE, "two texts given: \"%s\" and \"%s\". Try: put the whole text in quotes", text, argv[i]);
        } else {
            text = argv[i];
        }
    }
    return text;
}

/* ---- what goes together ---- */

static bool is_given(const void *list, const char *name) {
    const Options *options = list;
    for (int i = 0; i < options->count; i++)
        if (strcmp(options->row[i].name, name) == 0) return options->row[i].given;
    return false;
}

/* The path of a written file, without "./" in front; NULL: the option writes none. */
static const char *output_of(const Option *option) {
    if (option->kind != OPTION_OUTPUT || !option->given) return NULL;
    const char *path = *(const char **)option->value;
    while (strncmp(path, "./", 2) == 0) path += 2;
    return path;
}

/* The path that an option reads, given or not; NULL: none. */
static const char *input_of(const Option *option) {
    return option->kind == OPTION_TEXT ? *(const char **)option->value : NULL;
}

static void check_files(const Options *list) {
    for (int i = 0; i < list->count; i++) {
        const char *path = output_of(&list->row[i]);
        if (path && !*path)
            fail(EXIT_USAGE, "--%s \"\": expected the name of a file. Try: --help", list->row[i].name);
        for (int j = 0; j < list->count && path; j++) {
            const Option *other = &list->row[j];
            const char *second = output_of(other);
            if (second && j > i && strcmp(second, "/dev/null") != 0 &&
                (strcmp(path, second) == 0 || file_is_same(path, second)))
                fail(EXIT_USAGE, "--%s and --%s write to the same place, %s. Try: two files", list->row[i].name,
                     other->name, strcmp(path, "-") == 0 ? "standard output" : path);
            const char *input = input_of(other);
            if (input && (file_is_same(path, input) || file_is_of_model(path, input)))
                fail(EXIT_USAGE, "--%s would overwrite the file that --%s reads, %s. Try: another file",
                     list->row[i].name, other->name, path);
        }
    }
}

/* A stream that was closed before we started (`prog >&-`) is held by /dev/null, opened the wrong way round: reading and
 * writing still fail, and the next file that we open does not become standard output. A limit on the size of files
 * (`ulimit -f`) shall be a failed write like any other, not a signal that ends us. */
static void hold_streams(void) {
    for (int stream = 0; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
    signal(SIGXFSZ, SIG_IGN);
}

void options_parse(Common *common, Program program, Options *list, int argc, char **argv) {
    static char out[256]; /* lives as long as the process, like argv */
    int seed = 123;
    bool help = false;
    error_program(argc > 0 ? argv[0] : program.name);
    hold_streams();
    snprintf(out, sizeof out, "out/%s", program.name);
    *common = (Common){.out = out, .threads = processors()};

    add_shared(list, common, &seed, &help);
    common->text = parse_all(list, argc, argv);
    if (help) print_help(program, list);
    if (help) list_free(list), exit(finish());
    if (common->text && common->file) fail(EXIT_USAGE, "both a TEXT and --file were given. Try: one of them");
    company_check(list->company, list->company_count, is_given, list);
    check_files(list);
    list_free(list);
    common->seed = (uint64_t)seed;
}

Bytes options_input(const Common *common, const char *fallback) {
    if (common->file) return file_read(common->file);
    if (common->text && strcmp(common->text, "-") == 0) return stream_read(stdin, "standard input");
    const char *text = common->text ? common->text : fallback;
    if (!text) return (Bytes){0};
    return (Bytes){text_copy(text, strlen(text)), strlen(text)};
}
