/* Stage 09 as a tool: the command line, the words that it names, and tables. */
#include "tool.h"
#include "base/error.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The place of the word that --`option` means. */
static int find_word(const Toy *toy, const char *option, const char *word, int otherwise) {
    if (!word) return otherwise < toy->n ? otherwise : toy->n - 1;
    for (int i = 0; i < toy->n; i++)
        if (strcmp(toy->words[i], word) == 0) return i;
    long number;
    if (text_to_int(word, 0, toy->n - 1, &number)) return (int)number;
    fail(EXIT_USAGE, "--%s %s: no such word (expected a word of the text, or 0 to %d)", option, word, toy->n - 1);
}

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .weights = TOY_RAND, .width = 3, .head_width = 2, .temperature = 1};
    const char *from = NULL, *to = NULL;
    Options list = {0};
    option_heading(&list, "the head");
    option_choice(&list, "weights", "rand|linear", &a.weights,
                  "how Wq, Wk and Wv are drawn: as torch.rand (default)\nor as torch.nn.Linear without bias");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in a query, key or value (default 2)");
    option_real(&list, "temperature", "T", &a.temperature, 1e-3, 1e3, "divide the scores by T too (default 1)");
    option_heading(&list, "what to look at");
    option_text(&list, "from", "WORD", &from, "the cell told by hand: who asks (default the second word)");
    option_text(&list, "to", "WORD", &to, "and whom (default the third)");
    show_options_add(&list, &a.show);
    Program program = {"09_queries_keys_values", "one attention head: queries, keys, values, and why 1/sqrt(d)",
                       "  09_queries_keys_values                               the book's six words, torch.rand\n"
                       "  09_queries_keys_values --weights linear --seed 789   the book's second head\n"
                       "  09_queries_keys_values --from cat --to mat \"the cat sat on the mat\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    a.toy = toy_read(&a.common, a.width);
    a.from = find_word(&a.toy, "from", from, 1), a.to = find_word(&a.toy, "to", to, 2);
    return a;
}

void choices_free(Choices *a) {
    toy_free(&a->toy);
    show_options_free(&a->show);
}

void tell_head(const Choices *a, const Head *h) {
    const char **words = a->toy.words;
    table_print_paper(stdout, h->q, (TableOptions){.title = "queries: what each word asks", .rows = words});
    table_print_paper(stdout, h->k, (TableOptions){.title = "keys: what each word answers to", .rows = words});
    table_print_paper(stdout, h->v, (TableOptions){.title = "values: what each word gives", .rows = words});
    table_print_paper(stdout, h->weights,
                      (TableOptions){.title = "weights: softmax of q.k / sqrt(d)", .rows = words, .cols = words});
    table_print_paper(stdout, h->context, (TableOptions){.title = "contexts: weights times values", .rows = words});
}

/* With numbers that fit on paper. */
void tell_cell(const Choices *a, const Head *h) {
    int d = h->q.cols, shown = d < 4 ? d : 4;
    const double *q = h->q.at[a->from], *k = h->k.at[a->to], *scores = h->scores.at[a->from];
    const char *from = a->toy.words[a->from];
    double sum = 0, score = scores[a->to] / a->temperature, top = -INFINITY;
    for (int j = 0; j < a->toy.n; j++) top = fmax(top, scores[j] / a->temperature);
    double away = fabs(top) > 9 ? top : 0; /* beyond it exp has no digits, or too many: stage 08 */
    for (int j = 0; j < a->toy.n; j++) sum += exp(scores[j] / a->temperature - away);
    printf("one cell by hand: how much `%s` takes from `%s`\n", from, a->toy.words[a->to]);
    printf("  q . k         =");
    for (int c = 0; c < shown; c++) printf(" %s%.4f x %.4f", c ? "+ " : "", q[c], k[c]);
    printf("%s = %.4f\n", shown < d ? " + ..." : "", scores[a->to] * sqrt(d));
    printf("  / sqrt(%d)%*s=", d, d < 10 ? 5 : d < 100 ? 4 : 3, "");
    printf(" %.4f\n", scores[a->to]);
    if (a->temperature != 1) printf("  / temperature = %.4f\n", score);
    if (away != 0) printf("  - the largest = %.4f: taken away from all, it changes no weight\n", score - away);
    printf("  exp           = %.4f, and all %d of `%s` sum to %.4f\n", exp(score - away), a->toy.n, from, sum);
    printf("  weight        = %.4f / %.4f = %.4f\n", exp(score - away), sum, exp(score - away) / sum);
}

void print_saturation(const Saturation *rows) {
    printf("why / sqrt(d): %d queries, %d keys each, all numbers from N(0, 1)\n", TRIALS, KEYS);
    printf("  %4s %12s %9s %22s %22s\n", "d", "var(q.k)", "/sqrt(d)", "largest weight, scaled", "slope, scaled");
    for (int w = 0; w < WIDTHS; w++) {
        const Saturation *s = &rows[w];
        printf("  %4d %12.2f %9.2f %14.3f %7.3f %14.4f %7.4f\n", s->width, s->variance, s->variance / s->width,
               s->largest[0], s->largest[1], s->slope[0], s->slope[1]);
    }
}

void print_temperature(double factor, Paper weights) {
    double entropy = 0, last = weights.at[0][weights.cols - 1];
    printf("  %4g", factor);
    for (int j = 0; j < weights.cols; j++) {
        double weight = weights.at[0][j];
        printf("  %.4f", weight);
        if (weight > 0) entropy -= weight * log(weight);
    }
    printf("    %.4f    %.4f\n", entropy, last * (1 - last));
}
