/* tables - several masks on the same words, as tables. */
#include "attention/mask_cost.h"
#include "base/error.h"
#include "base/plural.h"
#include "show/label.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sentences of 2, 9 and 25 words. */
static const char *const LENGTHS[] = {
    "Rain fell", "The gardener waters the young trees before the sun",
    ("When the last boat came into the harbour the children ran down to the pier and counted the fish that their "
     "father had brought home")};
enum { LENGTHS_COUNT = 3 };

static void print_layers(int layers) {
    if (layers < 0) printf("  %9s", "never");
    else printf("  %9d", layers);
}

void tell_comparison(const Masked *m, int head) {
    const Heads *h = m->heads;
    label_print(h->title, strlen(h->title), LABEL_ALL, 0);
    printf(", head %d, under each mask, %s\n", head,
           h->in_model ? "every layer masked (scope model)" : "the finished head masked (scope head)");
    printf("  %-34s %6s  %6s  %7s  %7s  %10s  %9s  %9s\n", "", "pairs", "lost", "moved", "entropy", "of at most",
           "first>last", "last>first");
    for (int i = 0; i < m->list.count; i++) {
        Taken t = taken_of(m, i, head);
        if (t.formula >= 0 && t.formula != t.cells)
            fail(EXIT_DATA, "%s: %lld pairs, the closed form says %lld", m->list.at[i].mask.title, t.cells, t.formula);
        printf("  "), name_print(stdout, m->list.at[i].mask.title, 34, false);
        printf(" %6lld  %6.4f  %7.4f  %7.4f  %10.4f", t.cells, t.lost, t.moved, t.entropy, t.ceiling);
        print_layers(t.there), print_layers(t.back);
        putchar('\n');
    }
}

/* The key with the largest weight of a row; -1: the row is empty. */
static int favourite(Mat map, int row) {
    int best = -1;
    for (int j = 0; j < map.cols; j++)
        if (mat_at(map, row, j) > (best < 0 ? 0 : mat_at(map, row, best))) best = j;
    return best;
}

void tell_most_attended(const Masked *m, int head) {
    enum { MOST_ROWS = 16, WIDTH = 12 };
    const Heads *h = m->heads;
    printf("whom each word looks at most\n  %*s", WIDTH, "");
    for (int i = 0; i < m->list.count; i++) putchar(' '), name_print(stdout, m->list.names[i], WIDTH, true);
    putchar('\n');
    for (int row = 0; row < h->n && row < MOST_ROWS; row++) {
        printf("  "), name_print(stdout, h->words[row], WIDTH, false);
        for (int i = 0; i < m->list.count; i++) {
            int best = favourite(masked_map(m, i, head), row);
            putchar(' '), name_print(stdout, best < 0 ? "(nobody)" : h->words[best], WIDTH, true);
        }
        putchar('\n');
    }
    if (h->n > MOST_ROWS) printf("  ... %d more word%s\n", h->n - MOST_ROWS, PLURAL(h->n - MOST_ROWS));
}

static void tell_moved(const Masked *m, int head) {
    enum { MOST_ROWS = 32, WIDTH = 12 };
    const Heads *h = m->heads;
    Mat moved = mat_new(m->list.count, h->n);
    printf("how far each word's context moved, as a share of its length\n  %*s", WIDTH, "");
    for (int i = 0; i < m->list.count; i++) {
        rows_moved(mat_row(moved, i), head_columns(h, m->context[i], head), head_columns(h, h->context, head));
        putchar(' '), name_print(stdout, m->list.names[i], WIDTH, true);
    }
    putchar('\n');
    for (int row = 0; row < h->n && row < MOST_ROWS; row++) {
        printf("  "), name_print(stdout, h->words[row], WIDTH, false);
        for (int i = 0; i < m->list.count; i++) printf(" %*.4f", WIDTH, (double)mat_at(moved, i, row));
        putchar('\n');
    }
    if (h->n > MOST_ROWS) printf("  ... %d more word%s\n", h->n - MOST_ROWS, PLURAL(h->n - MOST_ROWS));
    mat_free(&moved);
}

/* The heaviest of the pairs that a mask forbids; `limit` is the last one's weight and place. False: there is none. */
static bool next_lost(Mat before, Mask mask, float *weight, int *from, int *to) {
    float best = 0, limit = *weight;
    int after = *from < 0 ? -1 : *from * before.cols + *to;
    for (int i = 0; i < before.rows; i++)
        for (int j = 0; j < before.cols; j++) {
            float w = mat_at(before, i, j);
            bool is_told = after >= 0 && (w > limit || (w == limit && i * before.cols + j <= after));
            if (!is_told && w > best && !mask_allows(mask, i, j)) best = w, *from = i, *to = j;
        }
    *weight = best;
    return best > 0;
}

static void tell_lost_pairs(const Masked *m, int head) {
    enum { SHOWN = 4 };
    const Heads *h = m->heads;
    Mat before = mat_rows(h->maps, head * h->n, h->n);
    printf("the heaviest pairs that were lost\n");
    for (int i = 0; i < m->list.count; i++) {
        float weight = INFINITY;
        int from = -1, to = -1;
        printf("  "), name_print(stdout, m->list.at[i].mask.title, 34, false);
        for (int shown = 0; shown < SHOWN && next_lost(before, m->list.at[i].mask.rule, &weight, &from, &to); shown++)
            printf("  %.4f %s>%s", (double)weight, h->words[from], h->words[to]);
        puts(from < 0 ? "  none" : "");
    }
}

void tell_lengths(const Choices *ask) {
    Heads *h[LENGTHS_COUNT];
    MaskList list[LENGTHS_COUNT];
    for (int i = 0; i < LENGTHS_COUNT; i++) {
        h[i] = heads_of_text(ask, LENGTHS[i]);
        MaskOptions usual = mask_options_new(MASK_NONE);
        list[i] = mask_list_read("compare", USUAL_MASKS, &usual, h[i]->n);
        if (!ask->show.terminal) {
            Masked masked = masked_new(h[i], list[i]);
            char name[32];
            snprintf(name, sizeof name, "gallery_%d_words", h[i]->n);
            draw_gallery(ask, &masked, name);
            masked_free(&masked);
        }
    }
    printf("allowed pairs of longer and shorter sentences%*s%d words  %2d words  %2d words\n", 18, "", h[0]->n, h[1]->n,
           h[2]->n);
    for (int mask = 0; mask < list[0].count; mask++) {
        const MaskKind *kind = &MASK_KIND[list[0].at[mask].options.kind];
        printf("  %-14s %-44s", kind->name, kind->pairs);
        for (int i = 0; i < LENGTHS_COUNT; i++) printf("  %8lld", mask_count(list[i].at[mask].mask.rule, h[i]->n));
        putchar('\n');
    }
    for (int i = 0; i < LENGTHS_COUNT; i++) mask_list_free(&list[i]), heads_close(h[i]);
}

void print_compared(const Choices *ask, const Masked *m) {
    int head = m->heads->chosen[0];
    tell_comparison(m, head);
    tell_most_attended(m, head);
    tell_lost_pairs(m, head);
    tell_moved(m, head);
    tell_cost(m, ask->tokens ? ask->tokens : m->heads->n);
}
