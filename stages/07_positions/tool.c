/* Stage 07 as a tool: the command line, and --time. */
#include "tool.h"
#include "attention/positions.h"
#include "base/error.h"
#include "base/progress.h"

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .tokens = 48, .width = 64, .heads = 8};
    Options list = {0};
    option_heading(&list, "the encodings");
    option_int(&list, "tokens", "N", &a.tokens, 2, 1024, "positions in the pictures (default 48)");
    option_int(&list, "width", "C", &a.width, 2, 1024, "numbers in a vector, even (default 64)");
    option_int(&list, "heads", "H", &a.heads, 1, 64, "ALiBi's heads (default 8)");
    show_options_add(&list, &a.show);
    Program program = {"07_positions", "where a word stands: waves, turns, biases",
                       "  07_positions\n"
                       "  07_positions --heads 12 --tokens 100 --width 128\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.text || a.common.file)
        fail(EXIT_USAGE, "positions are the same for every text (expected no TEXT). Try: --tokens");
    if (a.width % 2)
        fail(EXIT_USAGE, "--width %d: sines and cosines come in pairs. Try: --width %d", a.width, a.width + 1);
    show_options_ready(&a.show, &a.common, argc, argv, !a.common.time);
    return a;
}

static void make_table(void *table) {
    sinusoidal_table(*(Mat *)table, 0, SINUSOIDS_INTERLEAVED);
}

bool answered(const Choices *a) {
    if (!a->common.time) return false;
    Mat table = mat_new(a->tokens, a->width);
    time_report(a->common.time, make_table, &table, a->tokens, "positions");
    mat_free(&table);
    return true;
}
