/* Where a head's link is strongest, over the sentences of a corpus. Declared in corpus.h. */
#include "base/memory.h"
#include "base/plural.h"
#include "base/progress.h"
#include "math/bootstrap.h"
#include "show/label.h"
#include "view/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The strongest link of one sentence: from one token to another, no special one. */
typedef struct {
    double strength; /* below 0: there is none */
    int sentence, from, to;
    char *from_name, *to_name, *text; /* owned, of those that are kept */
} Link;

/* Of a token with itself there is no link: the first one of a GPT sees nothing else. */
static Link strongest_link(const Reading *r, Mat map) {
    Link best = {.strength = -1};
    for (int i = 0; i < map.rows; i++)
        for (int j = 0; j < map.cols; j++) {
            bool counts = i != j && !reading_is_special(r, i) && !reading_is_special(r, j);
            if (counts && (double)mat_at(map, i, j) > best.strength)
                best = (Link){.strength = (double)mat_at(map, i, j), .from = i, .to = j};
        }
    return best;
}

/* The sentence with <from> and [to] marked. */
static char *marked_text(const Reading *r, int from, int to) {
    const Encoding *e = &r->encoding;
    String text = {0};
    for (int at = 0; at <= (int)r->first.size; at++) { /* an end before a begin: two tokens may touch */
        if (at == e->end[from] && at > e->first[from]) string_add(&text, ">");
        if (at == e->end[to] && at > e->first[to]) string_add(&text, "]");
        if (at == e->first[from]) string_add(&text, "<");
        if (at == e->first[to]) string_add(&text, "[");
        if (at < (int)r->first.size) string_add_bytes(&text, r->first.data + at, 1);
    }
    return text.text;
}

static void link_free(Link *l) {
    memory_free(l->from_name), memory_free(l->to_name), memory_free(l->text);
}

/* Keeps best [*count, at most `most`] in falling order; of equal ones the earlier sentence stands first. */
static void keep(Link *best, int *count, int most, Link link, const Reading *r) {
    if (*count == most && link.strength <= best[most - 1].strength) return;
    if (*count == most) link_free(&best[--*count]);
    link.from_name = text_copy(r->labels[link.from], strlen(r->labels[link.from]));
    link.to_name = text_copy(r->labels[link.to], strlen(r->labels[link.to]));
    link.text = marked_text(r, link.from, link.to);
    int at = (*count)++;
    for (; at > 0 && best[at - 1].strength < link.strength; at--) best[at] = best[at - 1];
    best[at] = link;
}

static int falling(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_quantiles(double *strength, int n) {
    static const double shares[] = {0, 0.25, 0.5, 0.75, 0.9, 1};
    static const char *const names[] = {"least", "25%", "median", "75%", "90%", "most"};
    qsort(strength, (size_t)n, sizeof *strength, falling);
    printf("strength of the strongest link, over %d sentence%s:", n, PLURAL(n));
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        printf("%s %s %.4f", i ? "," : "", names[i], quantile_of_sorted(strength, n, shares[i]));
    putchar('\n');
}

static void print_links(const Link *best, int count) {
    for (int i = 0; i < count; i++) {
        String pair = {0};
        string_add(&pair, "%s>%s", best[i].from_name, best[i].to_name);
        printf("  %.4f  ", best[i].strength);
        label_print(pair.text, pair.length, LABEL_TOKEN, LABEL_TOKEN);
        printf(" %5d  ", best[i].sentence);
        label_print(best[i].text, strlen(best[i].text), LABEL_LINE, 0);
        putchar('\n');
        string_free(&pair);
    }
}

void corpus_examples(Corpus *c) {
    int count = 0, n = 0, most = c->options->examples < c->sentences ? c->options->examples : c->sentences;
    Link *best = memory_new((size_t)most, sizeof *best, "the examples");
    double *strength = memory_new((size_t)c->sentences, sizeof *strength, "the sentences");
    int layer = 0, head = 0;
    Progress progress = progress_begin("reading", (size_t)c->sentences);
    for (Reading r; corpus_next(c, &r);) {
        View view = view_open(&r, &c->study->look, &c->study->show, false);
        reading_run(&r);
        layer = view.one_layer, head = view.one_head;
        Link link = strongest_link(&r, shown_map(&view.shown, &r, layer, head));
        link.sentence = c->read - 1;
        if (link.strength >= 0) strength[n++] = link.strength, keep(best, &count, most, link, &r);
        view_free(&view), reading_free(&r);
        progress_step(&progress, (size_t)c->read);
    }
    progress_end(&progress);
    printf("layer %d, head %d, ", layer, head);
    label_print(c->name, strlen(c->name), LABEL_ALL, 0);
    printf(": from one word <from> to another [to], special tokens left out; sentences count from 0\n");
    if (n) print_quantiles(strength, n);
    else printf("no sentence has two words\n");
    print_links(best, count);
    for (int i = 0; i < count; i++) link_free(&best[i]);
    memory_free(best), memory_free(strength);
}
