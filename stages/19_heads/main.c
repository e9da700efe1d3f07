/* Stage 19 - Heads: 72 maps are too many to look at, so they are measured. Three things are told here: the entropy of a
 * head, which says how undecided it is; the rollout, which says whom a token has heard of through all layers; and one
 * score, split by who wrote it. The other measures are rows of a table, common/attention/measures.c; what is printed
 * and drawn stands in common/view. Run: make run-19 */
#include "tool.h"
#include "base/error.h"
#include "view/tables.h"

#include <math.h>

static const char DEFAULT_TEXT[] = "The artist painted the portrait of a woman with a brush";

/* ---- 1. How undecided is a head? ---- */

/* The entropy of one row of weights, in nats: the mean of -ln(weight), each weighted by itself. All on one word: 0. The
 * same on each of n words: ln n. */
static double entropy_told(const double *weights, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++)
        if (weights[j] > 0) sum -= weights[j] * log(weights[j]);
    return fmax(sum, 0); /* below 0 come only rows of a file that do not sum to 1 */
}

/* A head's entropy is the mean of its rows'; exp of a row's is how many words it looks at, as if equally. */
static void head_told(double *entropy, double *words, Paper map) {
    *entropy = 0;
    *words = 0;
    for (int i = 0; i < map.rows; i++) {
        double row = entropy_told(map.at[i], map.cols);
        *entropy += row / map.rows;
        *words += exp(row) / map.rows;
    }
}

/* ---- 2. Whom has a token heard of? ---- */

/* mix (n, n): what a layer does to a token's mixture of words. Half of it goes past the layer, by the residual sum; the
 * other half comes from where its heads look, on average. maps (heads * n, n). */
static void mix_told(Paper mix, Paper maps) {
    int n = mix.rows, heads = maps.rows / n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            mix.at[i][j] = i == j ? 0.5 : 0;
            for (int h = 0; h < heads; h++) mix.at[i][j] += 0.5 * maps.at[h * n + i][j] / heads;
        }
    for (int i = 0; i < n; i++) { /* a row that may look at nobody is itself, and all of it */
        double sum = 0;
        for (int j = 0; j < n; j++) sum += mix.at[i][j];
        for (int j = 0; j < n; j++) mix.at[i][j] /= sum;
    }
}

/* rolled (n, n) = mix_L ... mix_1 mix_0: who looks at whom, who had looked at whom, and so on down to the words. */
static void rollout_told(Paper rolled, const Reading *r) {
    int n = rolled.rows;
    Paper mix = paper_new(n, n), below = paper_new(n, n);
    for (int i = 0; i < n; i++) rolled.at[i][i] = 1;
    for (int l = 0; l < r->layers; l++) {
        Paper maps = maps_of(r, l);
        mix_told(mix, maps);
        paper_copy(below, rolled);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                rolled.at[i][j] = 0;
                for (int k = 0; k < n; k++) rolled.at[i][j] += mix.at[i][k] * below.at[k][j];
            }
        paper_free(&maps);
    }
    paper_free(&mix), paper_free(&below);
}

/* ---- 3. Who wrote a score? ---- */

enum { TOKEN, POSITION, SEGMENT, BIASES, PARTS };

/* In layer 0 a token's row is norm(token + position + segment). With the whole's deviation held fixed a norm is linear:
 * each part goes through alone, its own mean taken away. out (d_head) += W (gain * (part - mean) / deviation). */
static void through_told(double *out, const double *part, double deviation, LayerNorm norm, Paper w) {
    double mean = 0;
    for (int c = 0; c < w.cols; c++) mean += part[c] / w.cols;
    for (int o = 0; o < w.rows; o++)
        for (int c = 0; c < w.cols; c++) out[o] += w.at[o][c] * norm.gain[c] * (part[c] - mean) / deviation;
}

/* q (or k) of one token as a sum of rows, parts (PARTS, d_head); those of the token are embedded (3, width). */
static void parts_told(Paper parts, Paper embedded, LayerNorm norm, Linear layer) {
    Paper w = paper_of(layer.weight), whole = paper_new(1, embedded.cols);
    double mean = 0, variance = 0;
    for (int p = TOKEN; p <= SEGMENT; p++)
        for (int c = 0; c < whole.cols; c++) whole.at[0][c] += embedded.at[p][c];
    for (int c = 0; c < whole.cols; c++) mean += whole.at[0][c] / whole.cols;
    for (int c = 0; c < whole.cols; c++) variance += pow(whole.at[0][c] - mean, 2) / whole.cols;
    for (int p = TOKEN; p <= SEGMENT; p++)
        through_told(parts.at[p], embedded.at[p], sqrt(variance + norm.eps), norm, w);
    for (int o = 0; o < w.rows; o++) { /* what depends on no token */
        parts.at[BIASES][o] = layer.bias[o];
        for (int c = 0; c < w.cols; c++) parts.at[BIASES][o] += w.at[o][c] * norm.bias[c];
    }
    paper_free(&w), paper_free(&whole);
}

/* table (PARTS, PARTS): each part of q with each part of k. Its sum is the score q . k / sqrt(d_head). */
static void split_told(Paper table, Paper q, Paper k) {
    for (int a = 0; a < PARTS; a++)
        for (int b = 0; b < PARTS; b++) {
            table.at[a][b] = 0;
            for (int c = 0; c < q.cols; c++) table.at[a][b] += q.at[a][c] * k.at[b][c] / sqrt(q.cols);
        }
}

/* ---- 4. Told once, lives once, proven equal ---- */

/* Cell (4, 3) of layer 0, head 2, or the nearest that there is: a word and the one before it. */
static void prove_split(const Reading *r) {
    First f = first_of(r, 2, 4, 3);
    if (!f.there) return;
    int d = f.query.weight.rows;
    Paper q = paper_new(PARTS, d), k = paper_new(PARTS, d), table = paper_new(PARTS, PARTS);
    parts_told(q, f.asking, f.norm, f.query);
    parts_told(k, f.asked, f.norm, f.key);
    split_told(table, q, k);
    prove_equal("the split of a score", f.table, table);
    papers_free((Paper *[]){&q, &k, &table, NULL});
    first_free(&f);
}

static void prove(const Reading *r, const HeadTable *table) {
    const Trace *t = &r->trace;
    int n = t->n;
    Paper entropy = paper_new(t->layers, t->heads), words = paper_new(t->layers, t->heads), rolled = paper_new(n, n);
    for (int l = 0; l < t->layers; l++) {
        Paper maps = maps_of(r, l);
        for (int h = 0; h < t->heads; h++)
            head_told(&entropy.at[l][h], &words.at[l][h], (Paper){n, n, maps.at + h * n});
        paper_free(&maps);
    }
    rollout_told(rolled, r);
    prove_measure(table, "entropy", entropy);
    prove_measure(table, "effective_context", words);
    prove_rollout(r, rolled);
    prove_split(r);
    prove_done();
    papers_free((Paper *[]){&entropy, &words, &rolled, NULL});
}

/* ---- 5. The program ---- */

static void tell(const Choices *ask, const Reading *r) {
    HeadTable table = head_table_new(r);
    Null null = null_new(r, ask->common.seed);
    print_source(r), print_tokens(r), print_mask(r);
    prove(r, &table);
    head_table_print(&table);
    print_types(r, &table, &null);
    draw_heads(ask, r, &table, &null);
    null_free(&null), head_table_free(&table);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Reader reader = reader_of(&ask);
    if (!answered_of_many(&ask, &reader)) {
        Reading reading = study_reading(&ask.study, &ask.common, &reader, DEFAULT_TEXT);
        if (!answered(&ask, &reading)) tell(&ask, &reading);
        reading_free(&reading);
    }
    reader_free(&reader);
    study_free(&ask.study);
    return finish();
}
