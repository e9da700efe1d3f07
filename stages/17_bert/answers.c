/* answers - what stage 17 prints, and what it writes for other programs. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "show/label.h"
#include "text/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- ids ---- */

typedef struct {
    const WordPiece *tokenizer;
    Bytes first;
    const char *pair;
} EncodeWork;

static void encode_once(void *context) {
    const EncodeWork *work = context;
    Encoding e = wordpiece_encode(work->tokenizer, work->first.data, work->first.size, work->pair,
                                  work->pair ? strlen(work->pair) : 0);
    encoding_free(&e);
}

int print_ids(const Choices *ask) {
    WordPiece tokenizer = wordpiece_load(ask->model);
    Bytes first = options_input(&ask->common, DEFAULT_TEXT);
    EncodeWork work = {&tokenizer, first, ask->pair};
    if (ask->common.time) {
        time_report(ask->common.time, encode_once, &work, (double)first.size / 1e6, "MB");
    } else {
        Encoding e = wordpiece_encode(&tokenizer, first.data, first.size, ask->pair, ask->pair ? strlen(ask->pair) : 0);
        for (int i = 0; i < e.n; i++) printf(i ? " %d" : "%d", e.ids[i]);
        putchar('\n');
        encoding_free(&e);
    }
    bytes_free(&first);
    wordpiece_free(&tokenizer);
    return finish();
}

/* ---- time ---- */

static void forward_once(void *context) {
    Sentence *s = context;
    Mask mask = s->mask_in_model ? s->mask.rule : (Mask){0};
    bert_forward(&s->bert, s->workers, s->encoding.ids, s->encoding.types, (Run){.mask = mask}, &s->trace);
}

void time_forward(Sentence *s) {
    s->trace = bert_trace_new(&s->bert, s->encoding.n);
    time_report(s->ask->common.time, forward_once, s, s->encoding.n, "tokens");
}

/* ---- print ---- */

static char *with_commas(size_t number, char out[32]) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", number), at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

/* A vocabulary is a stranger's file, and may hold what steers a terminal. */
void print_label(const char *label, int most, int columns) {
    String shown = {0};
    utf8_label(&shown, label, strlen(label), most);
    string_add_bytes(&shown, "", 0); /* text of no characters is still a text */
    int rest = columns - utf8_width(shown.text);
    printf("%s%*s", shown.text, rest > 0 ? rest : 0, "");
    string_free(&shown);
}

static void print_token(const char *token, int columns) {
    print_label(token, LABEL_TOKEN, columns);
}

void print_card(const Sentence *s) {
    const BertConfig *c = &s->bert.config;
    char count[32];
    printf("model   %d layer%s x %d head%s, width %d, %s parameters, ", c->layers, c->layers == 1 ? "" : "s", c->heads,
           c->heads == 1 ? "" : "s", c->width, with_commas(s->bert.parameters, count));
    print_label(s->bert.path, LABEL_ALL, 0);
    putchar('\n');
}

void print_tokens(const Sentence *s) {
    const Encoding *e = &s->encoding;
    printf("tokens  %d:", e->n);
    for (int i = 0; i < e->n; i++) {
        putchar(' ');
        print_token(s->labels[i], 0);
    }
    printf("\nids    ");
    for (int i = 0; i < e->n; i++) printf(" %d", e->ids[i]);
    if (s->second.data) {
        printf("\nsegment");
        for (int i = 0; i < e->n; i++) printf(" %c", e->types[i] ? 'B' : 'A');
    }
    putchar('\n');
}

/* ---- the strongest links ---- */

enum { LINKS = 5 };

typedef struct {
    float weight;
    int layer, head, from, to;
} Link;

static bool is_word(const Sentence *s, int token) {
    int id = s->encoding.ids[token];
    return id != s->tokenizer.cls && id != s->tokenizer.sep;
}

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
void print_links(const Sentence *s) {
    const Trace *t = &s->trace;
    Link best[LINKS] = {{0}};
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            Mat map = shown_map(&shown, s, l, h);
            for (int i = 0; i < t->n; i++)
                for (int j = 0; j < t->n; j++)
                    if (abs(i - j) > 1 && is_word(s, i) && is_word(s, j))
                        keep_link(best, (Link){mat_at(map, i, j), l, h, i, j});
        }
    shown_free(&shown);
    for (int b = 0; b < LINKS && best[b].weight > 0; b++) {
        printf("%s layer %d head %-2d  %.2f  ", b ? "       " : "links  ", best[b].layer, best[b].head,
               (double)best[b].weight);
        print_token(s->labels[best[b].from], 0);
        printf(" -> ");
        print_token(s->labels[best[b].to], 0);
        putchar('\n');
    }
}

/* ---- the masked-language-model head ---- */

enum { TOP = 5 };

/* The ids of the five largest logits, largest first; -1 fills up a vocabulary of fewer. */
static void top_of(const float *logits, int vocab, int best[TOP]) {
    int found = 0;
    for (int id = 0; id < vocab; id++) {
        if (found == TOP && logits[id] <= logits[best[TOP - 1]]) continue;
        int at = found < TOP ? found++ : TOP - 1;
        for (; at > 0 && logits[id] > logits[best[at - 1]]; at--) best[at] = best[at - 1];
        best[at] = id;
    }
    while (found < TOP) best[found++] = -1;
}

void print_mlm(const Sentence *s) {
    if (!s->bert.has_mlm) {
        printf("mlm     this model has no masked-language-model head, so it cannot fill in [MASK]. "
               "Try: --model data/bert-base-uncased (data/fetch.sh bert-base-uncased)\n");
        return;
    }
    Mat logits = bert_mlm_logits(&s->bert, s->workers, &s->trace);
    printf("%3s %-14s %-14s %9s %12s %11s\n", "at", "token", "likeliest", "logit", "exp(logit)", "probability");
    for (int i = 0; i < logits.rows; i++) {
        const float *row = mat_row(logits, i);
        int best[TOP];
        double sum = 0;
        for (int id = 0; id < logits.cols; id++) sum += exp((double)row[id]);
        top_of(row, logits.cols, best);
        for (int rank = 0; rank < TOP && best[rank] >= 0; rank++) {
            double e = exp((double)row[best[rank]]);
            const char *mark = s->encoding.ids[i] == s->tokenizer.mask ? " <- masked" : "";
            const char *token =
                best[rank] < s->tokenizer.vocab.count ? vocab_token(&s->tokenizer.vocab, best[rank]) : "?";
            printf(rank == 0 ? "%3d " : "    ", i);
            print_token(rank == 0 ? s->labels[i] : "", 14);
            putchar(' ');
            print_token(token, 14);
            printf(" %9.4f %12.5g %11.4f%s\n", (double)row[best[rank]], e, e / sum, rank == 0 ? mark : "");
        }
        printf("%3s %-14s %-14s %9s %12.5g  (the sum over all %d)\n", "", "", "", "", sum, logits.cols);
    }
    mat_free(&logits);
}

/* ---- files ---- */

static const char *file_name(const char *path) {
    return strcmp(path, "-") == 0 ? "/dev/stdout" : path;
}

static float *stack_maps(const Sentence *s) {
    const Trace *t = &s->trace;
    size_t each = (size_t)t->n * (size_t)t->n;
    float *all = memory_new((size_t)t->layers * (size_t)t->heads * each, sizeof *all, "the attention maps");
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++)
            memcpy(all + ((size_t)l * (size_t)t->heads + (size_t)h) * each, shown_map(&shown, s, l, h).data,
                   each * sizeof *all);
    shown_free(&shown);
    return all;
}

static float *stack_hidden(const Trace *t) {
    size_t each = (size_t)t->n * (size_t)t->width;
    float *all = memory_new((size_t)(t->layers + 1) * each, sizeof *all, "the hidden states");
    for (int l = 0; l <= t->layers; l++) memcpy(all + (size_t)l * each, t->hidden[l].data, each * sizeof *all);
    return all;
}

static int64_t *wide(const int *numbers, int n) {
    int64_t *all = memory_new((size_t)n, sizeof *all, "the ids");
    for (int i = 0; i < n; i++) all[i] = numbers[i];
    return all;
}

void write_export(const Sentence *s, const char *path) {
    const Trace *t = &s->trace;
    size_t n = (size_t)t->n, layers = (size_t)t->layers, heads = (size_t)t->heads, width = (size_t)t->width;
    int64_t *ids = wide(s->encoding.ids, t->n), *types = wide(s->encoding.types, t->n);
    float *hidden = stack_hidden(t), *maps = stack_maps(s);
    Mat logits = s->bert.has_mlm ? bert_mlm_logits(&s->bert, s->workers, t) : (Mat){0};
    TensorOut out[] = {{"input_ids", TYPE_I64, {n}, 1, ids},
                       {"token_type_ids", TYPE_I64, {n}, 1, types},
                       {"hidden_states", TYPE_F32, {layers + 1, n, width}, 3, hidden},
                       {"attentions", TYPE_F32, {layers, heads, n, n}, 4, maps},
                       {"mlm_logits", TYPE_F32, {n, (size_t)logits.cols}, 2, logits.data}};
    safetensors_write(file_name(path), out, s->bert.has_mlm ? 5 : 4);
    mat_free(&logits);
    memory_free(ids), memory_free(types), memory_free(hidden), memory_free(maps);
}

void write_tsv(const Sentence *s, const char *path) {
    const Trace *t = &s->trace;
    int layers, heads;
    int *layer = options_ranges("layer", s->ask->layers, t->layers, &layers);
    int *head = options_ranges("head", s->ask->heads, t->heads, &heads);
    Shown shown = shown_new();
    FileWriter file = file_create(file_name(path));
    fprintf(file.stream, "layer\thead\tfrom\tto\tweight\n");
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) {
            Mat map = shown_map(&shown, s, layer[l], head[h]);
            for (int i = 0; i < t->n; i++)
                for (int j = 0; j < t->n; j++)
                    fprintf(file.stream, "%d\t%d\t%d\t%d\t%.7g\n", layer[l], head[h], i, j, (double)mat_at(map, i, j));
        }
    file_commit(&file);
    shown_free(&shown);
    memory_free(layer), memory_free(head);
}
