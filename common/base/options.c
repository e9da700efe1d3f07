#include "base/options.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CODE = 1000, MOST_THREADS = 64 };

Option option_heading(const char *help) {
    return (Option){OPTION_HEADING, "", "", help, NULL, 0, 0};
}

Option option_flag(const char *name, bool *value, const char *help) {
    return (Option){OPTION_FLAG, name, "", help, value, 0, 0};
}

Option option_int(const char *name, const char *argument, int *value, int lowest, int highest, const char *help) {
    return (Option){OPTION_INT, name, argument, help, value, lowest, highest};
}

Option option_real(const char *name, const char *argument, double *value, double lowest, double highest,
                   const char *help) {
    return (Option){OPTION_REAL, name, argument, help, value, lowest, highest};
}

Option option_text(const char *name, const char *argument, const char **value, const char *help) {
    return (Option){OPTION_TEXT, name, argument, help, value, 0, 0};
}

Option option_choice(const char *name, const char *words, const char **value, const char *help) {
    return (Option){OPTION_CHOICE, name, words, help, value, 0, 0};
}

bool text_to_int(const char *text, long lowest, long highest, long *number) {
    if (!text || (*text != '-' && (*text < '0' || *text > '9'))) return false; /* strtol would skip spaces and take '+' */
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *number >= lowest && *number <= highest;
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

static _Noreturn void print_help(Program program, const Option *table, size_t count) {
    printf("%s: %s\n\nusage: %s [options] [TEXT | -]\n", program.name, program.purpose, program.name);
    for (size_t i = 0; i < count; i++) {
        if (table[i].kind == OPTION_HEADING)
            printf("\n%s\n", table[i].help);
        else
            print_option(&table[i]);
    }
    if (program.examples) printf("\nexamples\n%s", program.examples);
    exit(finish());
}

/* ---- parsing ---- */

static bool is_choice(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (length && strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0')) return true;
    return false;
}

static void store(const Option *option, const char *text) {
    long whole;
    char *end;
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)option->value = true; break;
    case OPTION_TEXT: *(const char **)option->value = text; break;
    case OPTION_CHOICE:
        if (!is_choice(option->argument, text))
            fail(EXIT_USAGE, "--%s %s: expected one of %s", option->name, text, option->argument);
        *(const char **)option->value = text;
        break;
    case OPTION_INT:
        if (!text_to_int(text, (long)option->lowest, (long)option->highest, &whole))
            fail(EXIT_USAGE, "--%s %s: expected a whole number from %.0f to %.0f", option->name, text,
                 option->lowest, option->highest);
        *(int *)option->value = (int)whole;
        break;
    case OPTION_REAL: {
        double real = strtod(text, &end);
        if (end == text || *end || !isfinite(real) || real < option->lowest || real > option->highest)
            fail(EXIT_USAGE, "--%s %s: expected a number from %g to %g", option->name, text, option->lowest,
                 option->highest);
        *(double *)option->value = real;
        break;
    }
    case OPTION_HEADING: break;
    }
}

/* The rows that every program has, after its own. */
static Option *full_table(Common *common, int *seed, bool *help, const Option *table, size_t count, size_t *total) {
    const Option shared[] = {
        option_heading("common to every stage"),
        option_text("file", "F", &common->file, "read the text from F"),
        option_text("out", "DIR", &common->out, "folder for pictures and their data"),
        option_int("seed", "N", seed, 0, 0x7fffffff, "random numbers: PyTorch's for the same seed (default 123)"),
        option_int("threads", "N", &common->threads, 1, MOST_THREADS, "workers (default: all processors)"),
        option_int("time", "N", &common->time, 1, 1000000,
                   "do the main work N times, draw nothing, print median and\nminimum milliseconds, then the rate"),
        option_flag("help", help, "this text"),
    };
    size_t extra = sizeof shared / sizeof *shared;
    Option *all = memory_new(count + extra, sizeof *all, "the table of options");
    if (count) memcpy(all, table, count * sizeof *all);
    memcpy(all + count, shared, sizeof shared);
    *total = count + extra;
    return all;
}

static int processors(void) {
    long found = sysconf(_SC_NPROCESSORS_ONLN);
    return found < 1 ? 1 : found > MOST_THREADS ? MOST_THREADS : (int)found;
}

/* getopt_long prints its own messages in its own form; it is told to be quiet, and we say it our way. */
static _Noreturn void fail_option(int code, int argc, char **argv, const struct option *names) {
    const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "?";
    (void)names;
    if (code == ':') fail(EXIT_USAGE, "%s needs a value. Try: --help", word);
    fail(EXIT_USAGE, "unknown option %s. Try: --help", word);
}

static void parse_all(const Option *all, size_t total, int argc, char **argv) {
    struct option *names = memory_new(total + 1, sizeof *names, "the names of options");
    size_t named = 0;
    for (size_t i = 0; i < total; i++)
        if (all[i].kind != OPTION_HEADING)
            names[named++] = (struct option){all[i].name, all[i].kind == OPTION_FLAG ? no_argument : required_argument,
                                             NULL, FIRST_CODE + (int)i};
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, ":", names, NULL)) != -1;) {
        if (code < FIRST_CODE) fail_option(code, argc, argv, names);
        store(&all[code - FIRST_CODE], optarg);
    }
    memory_free(names);
}

void options_parse(Common *common, Program program, const Option *table, size_t count, int argc, char **argv) {
    static char out[256]; /* lives as long as the process, like argv */
    int seed = 123;
    bool help = false;
    error_program(argc > 0 ? argv[0] : program.name);
    snprintf(out, sizeof out, "out/%s", program.name);
    *common = (Common){.out = out, .threads = processors()};

    size_t total;
    Option *all = full_table(common, &seed, &help, table, count, &total);
    parse_all(all, total, argc, argv);
    if (help) print_help(program, all, total);
    memory_free(all);

    common->seed = (uint64_t)seed;
    if (optind < argc) common->text = argv[optind++];
    if (optind < argc)
        fail(EXIT_USAGE, "two texts given: \"%s\" and \"%s\". Try: put the whole text in quotes", common->text,
             argv[optind]);
    if (common->text && common->file) fail(EXIT_USAGE, "both a TEXT and --file were given. Try: one of them");
}

Bytes options_input(const Common *common, const char *fallback) {
    if (common->file) return file_read(common->file);
    if (common->text && strcmp(common->text, "-") == 0) return stream_read(stdin, "standard input");
    const char *text = common->text ? common->text : fallback;
    if (!text) return (Bytes){0};
    return (Bytes){text_copy(text, strlen(text)), strlen(text)};
}

/* ---- lists ---- */

static void add_once(int *list, int *count, int number) {
    for (int i = 0; i < *count; i++)
        if (list[i] == number) return;
    list[(*count)++] = number;
}

int *options_ranges(const char *name, const char *text, int limit, int *count) {
    int *list = memory_new((size_t)limit, sizeof *list, "a list of numbers");
    *count = 0;
    if (!text)
        for (int i = 0; i < limit; i++) list[(*count)++] = i;
    while (text && *text) {
        char part[64];
        size_t length = strcspn(text, ",");
        snprintf(part, sizeof part, "%.*s", length < sizeof part ? (int)length : 0, text);
        long first, last;
        char *dash = strchr(part, '-');
        if (dash && dash != part) *dash++ = '\0';
        bool good = text_to_int(part, 0, limit - 1, &first) &&
                    text_to_int(dash && dash != part ? dash : part, 0, limit - 1, &last) && first <= last;
        if (!good)
            fail(EXIT_USAGE, "--%s %s: expected numbers from 0 to %d, such as 0 or 0,3-5", name, text, limit - 1);
        for (long i = first; i <= last; i++) add_once(list, count, (int)i);
        text += length;
        if (*text == ',' && *++text == '\0') fail(EXIT_USAGE, "--%s: a number is missing after the comma", name);
    }
    if (*count == 0) fail(EXIT_USAGE, "--%s: empty; expected numbers from 0 to %d, such as 0 or 0,3-5", name, limit - 1);
    return list;
}
