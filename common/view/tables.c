#include "view/tables.h"
#include "base/error.h"
#include "base/plural.h"
#include "model/sampling.h"
#include "show/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the model and the tokens ---- */

void print_card(const Model *model) {
    ModelCard c = model_card(model);
    char count[32];
    printf("model   %d layer%s x %d head%s, width %d, %s parameters, ", c.layers, PLURAL(c.layers), c.heads,
           PLURAL(c.heads), c.width, text_grouped(c.parameters, count));
    label_print(c.path, strlen(c.path), LABEL_ALL, 0);
    putchar('\n');
}

void print_source(const Reading *r) {
    const Trace *t = &r->trace;
    if (r->reader->model) {
        print_card(r->reader->model);
        return;
    }
    printf("file    %d layer%s x %d head%s, attentions%s%s%s, ", t->layers, PLURAL(t->layers), t->heads,
           PLURAL(t->heads), t->attention[0].q.data ? ", q, k" : "", t->attention[0].v.data ? ", v" : "",
           t->hidden ? ", hidden states" : "");
    label_print(r->reader->folder, strlen(r->reader->folder), LABEL_ALL, 0);
    putchar('\n');
}

void print_tokens(const Reading *r) {
    const Encoding *e = &r->encoding;
    printf("tokens  %d:", e->n);
    for (int i = 0; i < e->n; i++) {
        putchar(' ');
        token_print(r->labels[i], 0);
    }
    if (r->has_ids) printf("\nids    ");
    for (int i = 0; i < e->n && r->has_ids; i++) printf(" %d", e->ids[i]);
    if (r->is_pair) {
        printf("\nsegment");
        for (int i = 0; i < e->n; i++) printf(" %c", e->types[i] ? 'B' : 'A');
    }
    putchar('\n');
}

void print_mask(const Reading *r) {
    if (r->is_asked) printf("mask    %s, %s\n", r->mask.title, reading_scope(r));
}

/* ---- the strongest links ---- */

enum { LINKS = 5 };

typedef struct {
    float weight;
    int layer, head, from, to;
} Link;

/* Keeps the list in falling order of weight, one link for each head: else one loud head would fill it. */
static void keep_link(Link best[LINKS], Link link) {
    int at = 0;
    while (at < LINKS && !(best[at].layer == link.layer && best[at].head == link.head && best[at].weight > 0)) at++;
    if (at == LINKS) at = LINKS - 1;
    if (link.weight <= best[at].weight) return;
    for (; at > 0 && link.weight > best[at - 1].weight; at--) best[at] = best[at - 1];
    best[at] = link;
}

/* Words that look past their neighbours: what a sentence's grammar is made of, and what [CLS], [SEP] and next-word
 * heads hide. */
void print_links(const Reading *r) {
    const Trace *t = &r->trace;
    Link best[LINKS] = {{0}};
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            Mat map = shown_map(&shown, r, l, h);
            for (int i = 0; i < t->n; i++)
                for (int j = 0; j < t->n; j++)
                    if (abs(i - j) > 1 && !reading_is_special(r, i) && !reading_is_special(r, j))
                        keep_link(best, (Link){mat_at(map, i, j), l, h, i, j});
        }
    shown_free(&shown);
    for (int b = 0; b < LINKS && best[b].weight > 0; b++) {
        printf("%s layer %d head %-2d  %.2f  ", b ? "       " : "links  ", best[b].layer, best[b].head,
               (double)best[b].weight);
        token_print(r->labels[best[b].from], 0);
        printf(" -> ");
        token_print(r->labels[best[b].to], 0);
        putchar('\n');
    }
}

/* ---- what the model would write ---- */

/* What is worth saying of a guess: that it fills a gap, or that the text goes on with it. */
static const char *remark(const Reading *r, int at, int rank, int guess) {
    const Encoding *e = &r->encoding;
    if (model_gpt(r->reader->model)) return at + 1 < e->n && guess == e->ids[at + 1] ? " <- the text's own" : "";
    return rank == 0 && e->ids[at] == tokenizer_mask_id(r->reader->tokenizer) ? " <- masked" : "";
}

static void print_place(const Reading *r, int at, const float *logits, int vocab, int *best, int top) {
    double sum = 0;
    for (int id = 0; id < vocab; id++) sum += exp((double)logits[id]);
    int found = sampling_likeliest(best, top, logits, vocab);
    for (int rank = 0; rank < found; rank++) {
        double e = exp((double)logits[best[rank]]);
        printf(rank == 0 ? "%3d " : "    ", at);
        token_print(rank == 0 ? r->labels[at] : "", 14);
        putchar(' ');
        char *guess = reader_label(r->reader, best[rank]);
        token_print(guess, 14);
        memory_free(guess);
        printf(" %9.4f %#12.6g %11.4f%s\n", (double)logits[best[rank]], e, e / sum, remark(r, at, rank, best[rank]));
    }
    printf("%3s %-14s %-14s %9s %#12.6g  (the sum over all %d)\n", "", "", "", "", sum, vocab);
}

void print_guesses(const Reading *r, int first, int top) {
    const Model *model = r->reader->model;
    if (!model_card(model).guesses) {
        printf("mlm     this model has no masked-language-model head, so it cannot fill in [MASK]. "
               "Try: --model data/bert-base-uncased (data/fetch.sh bert-base-uncased)\n");
        return;
    }
    Mat logits = model_logits(model, r->reader->workers, &r->trace);
    if (top > logits.cols) top = logits.cols;
    int *best = memory_new((size_t)top, sizeof *best, "the guesses");
    printf("%3s %-14s %-14s %9s %12s %11s\n", "at", "token", "likeliest", "logit", "exp(logit)", "probability");
    for (int i = first; i < logits.rows; i++) print_place(r, i, mat_row(logits, i), logits.cols, best, top);
    memory_free(best);
    mat_free(&logits);
}
