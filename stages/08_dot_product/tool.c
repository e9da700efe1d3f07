/* Stage 08 as a tool: the command line, the words that it names, and tables. */
#include "tool.h"
#include "base/error.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .width = 3, .query = 1};
    Options list = {0};
    option_heading(&list, "the words");
    option_int(&list, "width", "D", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "query", "I", &a.query, 0, TOY_MOST_WORDS - 1,
               "the word to follow step by step, from 0 (default 1)");
    show_options_add(&list, &a.show);
    Program program = {"08_dot_product", "attention with no weights at all: words mixed by their dot products",
                       "  08_dot_product                                the book's six words\n"
                       "  08_dot_product --width 64 \"a rose is a rose\"   your words, with seeded vectors\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    a.toy = toy_read(&a.common, a.width);
    if (a.query >= a.toy.n && a.common.text == NULL && a.common.file == NULL)
        fail(EXIT_USAGE, "--query %d: there are %d words (expected 0 to %d)", a.query, a.toy.n, a.toy.n - 1);
    if (a.query >= a.toy.n) a.query = a.toy.n - 1;
    return a;
}

void choices_free(Choices *a) {
    toy_free(&a->toy);
    show_options_free(&a->show);
}

void tell_word(const Choices *a, const Lesson *l) {
    static const char *const names[] = {"dot product", "divided by sum", "softmax"}, *const context[] = {"context"};
    Paper mixture = {1, l->context.cols, &l->context.at[a->query]};
    printf("word %d, `%s`, asks everyone\n", a->query, a->toy.words[a->query]);
    table_print_paper(stdout, l->steps, (TableOptions){.rows = names, .cols = a->toy.words});
    table_print_paper(stdout, mixture, (TableOptions){.rows = context});
}

void tell_all(const Choices *a, const Lesson *l) {
    table_print_paper(stdout, l->weights,
                      (TableOptions){.title = "all weights: a row is one word's mixture", .rows = a->toy.words});
    table_print_paper(stdout, l->context, (TableOptions){.title = "all contexts", .rows = a->toy.words});
}

/* Is a score the same in both directions? Always. A weight? Only by accident: each row is divided by its own sum. */
void tell_symmetry(const Choices *a, const Lesson *l) {
    double most = -1;
    int pair[2] = {0};
    for (int i = 0; i < a->toy.n; i++)
        for (int j = 0; j < i; j++) {
            double apart = fabs(l->weights.at[i][j] - l->weights.at[j][i]);
            if (apart > most) most = apart, pair[0] = i, pair[1] = j;
        }
    for (int turn = 0; turn < 2 && a->toy.n > 1; turn++) {
        int from = pair[turn], to = pair[1 - turn];
        printf("%s -> %s  score %.4f  weight %.4f\n", a->toy.words[from], a->toy.words[to], l->scores.at[from][to],
               l->weights.at[from][to]);
    }
}
