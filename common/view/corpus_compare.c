/* What masks do to heads and model, over the sentences of a corpus. Declared in corpus.h. */
#include "attention/mask_list.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/progress.h"
#include "math/bootstrap.h"
#include "model/effects.h"
#include "show/heat.h"
#include "show/label.h"
#include "text/utf8.h"
#include "view/corpus.h"
#include "view/heads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The model, and the twin that knows nothing. */
typedef struct {
    const char *prefix; /* of its measures: "", "twin_" */
    Effects effects;
} Side;

/* The numbers of a sentence stand side by side, mask by mask, in two parts: effects_count of each, then the means over
 * heads that the table has, EFFECTS_OF_HEAD of each. */
typedef struct {
    Corpus *corpus;
    const char **name; /* [masks] as the command line spells them; owned */
    int masks, *layer, layers, heads;
    Model *twin; /* NULL: left out */
    Side side[2];
    int sides, each, series; /* numbers of one side and mask; of all */
    MaskList list;           /* for sentences of `tokens` tokens */
    Mask *rule;              /* [masks] of it */
    int tokens;
    unsigned char *marks;
    double *values; /* [series] */
    Bootstrap bootstrap;
    long long all_tokens;
} Compare;

static double *values_of(const Compare *k, int side, int mask) {
    return k->values + ((size_t)side * (size_t)k->masks + (size_t)mask) * (size_t)k->each;
}

static int series_of(const Compare *k, int side, int mask, EffectKind kind, int layer, int head) {
    return (side * k->masks + mask) * k->each + effect_at(&k->side[side].effects, kind, layer, head);
}

/* The mean over all chosen heads, or what the model has one of. */
static int series_of_table(const Compare *k, int side, int mask, EffectKind kind) {
    if (kind >= EFFECTS_OF_HEAD) return series_of(k, side, mask, kind, 0, 0);
    return (side * k->masks + mask) * k->each + effects_count(&k->side[side].effects) + (int)kind;
}

/* ---- what is asked ---- */

static void split_names(Compare *k, const char *list) {
    for (const char *at = list; at; k->masks++) {
        const char *end = strchr(at, ',');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        k->name = memory_for_more(k->name, (size_t)k->masks, sizeof *k->name, "the masks");
        k->name[k->masks] = text_copy(at, length);
        at = end ? end + 1 : NULL;
    }
}

static Compare compare_new(Corpus *c) {
    const Reader *r = c->reader;
    ModelCard card = model_card(r->model);
    Compare k = {.corpus = c, .heads = card.heads};
    MaskList tried =
        mask_list_read("compare", c->options->compare, &c->study->mask, card.context < 8 ? card.context : 8);
    mask_list_free(&tried); /* what makes no sense is said before the work */
    split_names(&k, c->options->compare);
    k.layer = options_ranges("layers", c->options->layers, card.layers, &k.layers);
    k.twin = c->options->no_twin ? NULL : model_twin(r->model, c->common->seed);
    k.sides = k.twin ? 2 : 1;
    for (int s = 0; s < k.sides; s++)
        k.side[s] = (Side){s ? "twin_" : "", effects_new(s ? k.twin : r->model, r->workers, k.layer, k.layers,
                                                         c->study->mask_scope == SCOPE_MODEL)};
    k.each = effects_count(&k.side[0].effects) + EFFECTS_OF_HEAD;
    k.series = k.sides * k.masks * k.each;
    k.values = memory_new((size_t)k.series, sizeof *k.values, "the numbers of a sentence");
    k.rule = memory_new((size_t)k.masks, sizeof *k.rule, "the masks");
    k.bootstrap = bootstrap_new(k.series, c->sentences, c->common->seed);
    return k;
}

static void compare_free(Compare *k) {
    for (int s = 0; s < k->sides; s++) effects_free(&k->side[s].effects);
    names_free(k->name, k->masks), memory_free(k->layer), memory_free(k->values), memory_free(k->rule);
    mask_list_free(&k->list);
    bootstrap_free(&k->bootstrap);
    model_free(k->twin);
}

/* ---- one sentence ---- */

static void masks_for(Compare *k, int n) {
    const Corpus *c = k->corpus;
    if (k->tokens == n) return;
    mask_list_free(&k->list);
    k->list = mask_list_read("compare", c->options->compare, &c->study->mask, n);
    if (model_card(c->reader->model).trained.causal) mask_list_make_causal(&k->list);
    for (int m = 0; m < k->masks; m++) k->rule[m] = k->list.at[m].mask.rule;
    k->tokens = n;
}

/* Does a token begin with a letter? */
static bool is_word(const Reading *r, int token) {
    int length;
    const char *label = r->labels[token];
    int32_t c = *label && !reading_is_special(r, token) ? utf8_decode(label, strlen(label), &length) : -1;
    return c >= 0 && utf8proc_category(c) >= UTF8PROC_CATEGORY_LU && utf8proc_category(c) <= UTF8PROC_CATEGORY_LO;
}

/* The word that [MASK] is going to hide: of those that are one token, the nearest to the middle, the earlier of two;
 * -1 when there is none. */
static int hidden_word(const Reading *r) {
    int n = r->encoding.n, found = -1;
    for (int i = 0; i < n; i++) {
        bool whole = r->roles[i] == ROLE_WORD && (i + 1 == n || r->roles[i + 1] != ROLE_PIECE);
        int away = abs(2 * i - (n - 1));
        if (whole && is_word(r, i) && (found < 0 || away < abs(2 * found - (n - 1)))) found = i;
    }
    return found;
}

static void add_means(const Compare *k, double *of_mask) {
    const Effects *e = &k->side[0].effects;
    int heads = k->layers * k->heads;
    for (int kind = 0; kind < EFFECTS_OF_HEAD; kind++) {
        double sum = 0;
        for (int h = 0; h < heads; h++) sum += of_mask[effect_at(e, (EffectKind)kind, h / k->heads, h % k->heads)];
        of_mask[effects_count(e) + kind] = sum / heads;
    }
}

static void measure(Compare *k, const Reading *r, int word) {
    unsigned char *marks = reading_marks(r);
    EffectText text = {
        r->encoding.ids, r->encoding.types, marks, r->encoding.n, word, tokenizer_mask_id(r->reader->tokenizer)};
    int count = effects_count(&k->side[0].effects);
    double *room = memory_new((size_t)k->masks * (size_t)count, sizeof *room, "the numbers of a sentence");
    masks_for(k, text.n);
    for (int s = 0; s < k->sides; s++) {
        effects_of(&k->side[s].effects, text, k->rule, k->masks, room);
        for (int m = 0; m < k->masks; m++) {
            memcpy(values_of(k, s, m), room + (size_t)m * (size_t)count, (size_t)count * sizeof *room);
            add_means(k, values_of(k, s, m));
        }
    }
    bootstrap_add(&k->bootstrap, r->reader->workers, k->values);
    memory_free(room), memory_free(marks);
}

/* ---- files of numbers ---- */

/* Calls row for every series of the files, in their order. */
typedef void (*SeriesRow)(void *context, const char *of, int layer, int head, const char *measure, int series);

static void each_series(const Compare *k, SeriesRow row, void *context) {
    for (int s = 0; s < k->sides; s++)
        for (int m = 0; m < k->masks; m++) {
            char measure[64];
            for (int at = 0; at < k->layers * k->heads * EFFECTS_OF_HEAD; at++) {
                EffectKind kind = (EffectKind)(at % EFFECTS_OF_HEAD);
                int layer = at / EFFECTS_OF_HEAD / k->heads, head = at / EFFECTS_OF_HEAD % k->heads;
                snprintf(measure, sizeof measure, "%s%s", k->side[s].prefix, EFFECT_NAME[kind]);
                row(context, k->name[m], k->layer[layer], head, measure, series_of(k, s, m, kind, layer, head));
            }
            for (int kind = EFFECTS_OF_HEAD; kind < EFFECTS; kind++) {
                snprintf(measure, sizeof measure, "%s%s", k->side[s].prefix, EFFECT_NAME[kind]);
                row(context, k->name[m], -1, -1, measure, series_of(k, s, m, (EffectKind)kind, 0, 0));
            }
        }
}

typedef struct {
    const Compare *compare;
    FILE *out;
    const char *before; /* of a sentence's rows: what they begin with */
} Rows;

static void row_of_sentence(void *context, const char *of, int layer, int head, const char *measure, int series) {
    const Rows *rows = context;
    double value = rows->compare->values[series];
    if (isnan(value)) return;
    fprintf(rows->out, "%s\t%s\t%d\t%d\t%s\t%.9g\n", rows->before, of, layer, head, measure, value);
}

static void row_of_means(void *context, const char *of, int layer, int head, const char *measure, int series) {
    const Rows *rows = context;
    Interval i = bootstrap_interval(&rows->compare->bootstrap, series);
    if (!i.sentences) return;
    fprintf(rows->out, "%s\t%d\t%d\t%s\t%.9g\t%.9g\t%.9g\t%d\n", of, layer, head, measure, i.mean, i.low, i.high,
            i.sentences);
}

static void write_means(const Compare *k, const char *path) {
    FileWriter file = file_create(file_or_output(path));
    fprintf(file.stream, "mask\tlayer\thead\tmeasure\tmean\tlow\thigh\tsentences\n");
    each_series(k, row_of_means, &(Rows){k, file.stream, NULL});
    file_commit(&file);
}

/* ---- all sentences ---- */

static void read_all(Compare *k) {
    Corpus *c = k->corpus;
    bool is_bert = model_bert(c->reader->model) != NULL, guesses = model_card(c->reader->model).guesses;
    FileWriter rows = {0};
    if (c->options->rows) {
        rows = file_create(file_or_output(c->options->rows));
        fprintf(rows.stream, "sentence\tbyte\ttokens\tword\tmask\tlayer\thead\tmeasure\tvalue\n");
    }
    Progress progress = progress_begin("reading", (size_t)c->sentences);
    for (Reading r; corpus_next(c, &r);) {
        int word = is_bert && guesses ? hidden_word(&r) : -1;
        measure(k, &r, word);
        k->all_tokens += r.encoding.n;
        if (rows.stream) {
            char before[96];
            snprintf(before, sizeof before, "%d\t%zu\t%d\t%d", c->read - 1, c->at.first, r.encoding.n, word);
            each_series(k, row_of_sentence, &(Rows){k, rows.stream, before});
        }
        reading_free(&r);
        progress_step(&progress, (size_t)c->read);
    }
    progress_end(&progress);
    if (rows.stream) file_commit(&rows);
}

/* ---- the table ---- */

enum { NAME_COLUMNS = 22, CELL_COLUMNS = 25 };

static void print_cell(const Compare *k, int series, int decimals, int columns) {
    Interval i = bootstrap_interval(&k->bootstrap, series);
    char cell[64] = "-";
    if (i.sentences)
        snprintf(cell, sizeof cell, "%.*f [%.*f, %.*f]", decimals, i.mean, decimals, i.low, decimals, i.high);
    printf("  %-*s", columns, cell);
}

static void print_name(const char *name) {
    printf("  ");
    label_print(name, strlen(name), NAME_COLUMNS, NAME_COLUMNS);
}

/* What is shared by all sentences, and what must be known before a number is quoted. */
static void print_head(const Compare *k) {
    const Corpus *c = k->corpus;
    printf("corpus  ");
    label_print(c->name, strlen(c->name), LABEL_ALL, 0);
    printf(": %d sentence%s, %lld token%s\n", c->sentences, PLURAL(c->sentences), k->all_tokens, PLURAL(k->all_tokens));
    printf("masks   %s; final cosine and probability: in %d layer%s of the model\n",
           c->study->mask_scope == SCOPE_MODEL ? "lost, moved and flips in the masked model"
                                               : "lost, moved and flips on the finished heads",
           k->layers, PLURAL(k->layers));
    if (model_gpt(c->reader->model)) printf("asked   the next token, the mean over a sentence\n");
    else if (model_card(c->reader->model).guesses)
        printf("asked   [MASK] for the word nearest to the middle, of those that are one token\n");
    printf("means over sentences [95%% of %d bootstrap samples, seed %llu]; lost, moved and flips: over %d head%s\n",
           BOOTSTRAP_REPLICATES, (unsigned long long)c->common->seed, k->layers * k->heads,
           PLURAL(k->layers * k->heads));
}

static void print_caution(const Compare *k) {
    long long each = effects_count(&k->side[0].effects) - !model_card(k->corpus->reader->model).guesses, count = 0;
    for (int m = 0; m < k->masks; m++) count += strcmp(k->name[m], "none") != 0 ? each : 0;
    printf("compared with none: %lld number%s (--tsv has them all). ", count, PLURAL(count));
    if (!count) printf("There is no other mask. Try: --compare none,local:3\n");
    else printf("Of so many 95%% intervals about %.0f miss what they are for by chance\n", ceil((double)count / 20));
}

static void print_table(const Compare *k) {
    static const char *const titles[EFFECTS] = {"lost", "moved", "types flipped", "final cosine", "probability"};
    bool guesses = model_card(k->corpus->reader->model).guesses;
    int kinds = guesses ? EFFECTS : EFFECT_PROBABILITY;
    print_head(k);
    printf("  %-*s", NAME_COLUMNS, "");
    for (int kind = 0; kind < kinds; kind++) printf("  %-*s", kind + 1 < kinds ? CELL_COLUMNS : 0, titles[kind]);
    putchar('\n');
    for (int m = 0; m < k->masks; m++)
        for (int s = 0; s < k->sides; s++) {
            print_name(s ? "  its random twin" : k->name[m]);
            for (int kind = 0; kind < kinds; kind++)
                print_cell(k, series_of_table(k, s, m, (EffectKind)kind), kind == EFFECT_PROBABILITY ? 5 : 4,
                           kind + 1 < kinds ? CELL_COLUMNS : 0);
            putchar('\n');
        }
    print_caution(k);
}

/* ---- the picture: each mask and layer a row, each head a column ---- */

static void draw_effect(const Compare *k, EffectKind kind, const char *name, const char *what, Scale scale) {
    const Corpus *c = k->corpus;
    Mat m = mat_new(k->masks * k->layers, k->heads);
    const char **rows = memory_new((size_t)m.rows, sizeof *rows, "the rows");
    for (int row = 0; row < m.rows; row++) {
        int mask = row / k->layers, layer = row % k->layers;
        rows[row] = text_format("%d %s", k->layer[layer], k->name[mask]);
        for (int h = 0; h < k->heads; h++)
            mat_row(m, row)[h] = (float)bootstrap_interval(&k->bootstrap, series_of(k, 0, mask, kind, layer, h)).mean;
    }
    char *title = text_format("%s, mean over %d sentence%s", what, c->sentences, PLURAL(c->sentences));
    char *subtitle = text_format("%s; %s; masks %s", c->reader->folder, c->name,
                                 k->side[0].effects.in_model ? "in every chosen layer" : "on the finished heads");
    Sheet sheet = show_sheet(&c->study->show, name, title, subtitle);
    heat_draw(sheet, m,
              (HeatOptions){.from = rows,
                            .from_axis = "layer and mask",
                            .to_axis = "head",
                            .bar = EFFECT_NAME[kind],
                            .scale = scale,
                            .values = show_values(&c->study->show, m.rows * m.cols <= 400)});
    names_free(rows, m.rows);
    memory_free(title), memory_free(subtitle);
    mat_free(&m);
}

static void draw(const Compare *k) {
    draw_effect(k, EFFECT_LOST, "corpus_lost", "Share of each head's weight on keys that the mask forbids",
                SCALE_FIXED);
    draw_effect(k, EFFECT_MOVED, "corpus_moved", "How far each head's results move, as a share of their length",
                SCALE_AMOUNT);
    show_drawn(&k->corpus->study->show, "corpus_lost, corpus_moved");
}

void corpus_compare(Corpus *c) {
    const Study *s = c->study;
    bool piped = (s->tsv && strcmp(s->tsv, "-") == 0) || (c->options->rows && strcmp(c->options->rows, "-") == 0);
    bool draws = !s->tsv && !c->options->rows;
    if (draws && !s->show.terminal) folder_make(c->common->out);
    Compare k = compare_new(c);
    read_all(&k);
    if (s->tsv) write_means(&k, s->tsv);
    if (!piped) print_table(&k);
    if (draws) draw(&k);
    compare_free(&k);
}
