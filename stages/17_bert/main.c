/* Stage 17 - BERT: a sentence goes through a pretrained encoder, and you see what its heads look at. Here one encoder
 * layer is told in plain loops, on the real weights of layer 0; common/model/bert.c runs all layers fast, and this
 * program checks that the two agree. What is drawn stands in common/view. Run: make run-17 */
#include "base/error.h"
#include "math/paper.h"
#include "tool.h"
#include "view/tables.h"

#include <math.h>

/* ---- 1. One encoder layer, as on paper ---- */

/* y = x W^T + b. x (n, in), W (out, in), y (n, out). */
static void linear_told(Paper y, Paper x, Linear layer) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            y.at[i][o] = layer.bias[o];
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * mat_at(layer.weight, o, c);
        }
}

/* The weights of one query: exp of each allowed score, divided by their sum. Without a mask, every key is allowed. */
static void softmax_told(double *scores, int n, int query, Mask mask) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++)
        if (mask_allows(mask, query, j)) top = fmax(top, scores[j]);
    for (int j = 0; j < n; j++) {
        scores[j] = mask_allows(mask, query, j) ? exp(scores[j] - top) : 0;
        sum += scores[j];
    }
    for (int j = 0; j < n && sum > 0; j++) scores[j] /= sum;
}

/* Head h owns columns h * d_head and on: score(i, j) = q_i . k_j / sqrt(d_head), context_i = sum_j weight(i, j) v_j.
 * maps (heads * n, n). */
static void attention_told(Paper context, Paper maps, Paper q, Paper k, Paper v, int heads, Mask mask) {
    int n = q.rows, d_head = q.cols / heads;
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < n; i++) {
            double *weights = maps.at[h * n + i];
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int c = h * d_head; c < (h + 1) * d_head; c++) dot += q.at[i][c] * k.at[j][c];
                weights[j] = dot / sqrt(d_head);
            }
            softmax_told(weights, n, i, mask);
            for (int c = h * d_head; c < (h + 1) * d_head; c++) {
                context.at[i][c] = 0;
                for (int j = 0; j < n; j++) context.at[i][c] += weights[j] * v.at[j][c];
            }
        }
}

/* "Add & Norm": x = (x + y), moved to mean 0 and scaled to variance 1, then gain and bias. Row by row. */
static void add_norm_told(Paper x, Paper y, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0, *row = x.at[i];
        for (int c = 0; c < x.cols; c++) row[c] += y.at[i][c];
        for (int c = 0; c < x.cols; c++) mean += row[c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += (row[c] - mean) * (row[c] - mean) / x.cols;
        for (int c = 0; c < x.cols; c++)
            row[c] = (row[c] - mean) / sqrt(variance + norm.eps) * norm.gain[c] + norm.bias[c];
    }
}

static double activation_told(double x, Activation kind) {
    if (kind == ACTIVATION_RELU) return x > 0 ? x : 0;
    if (kind == ACTIVATION_GELU_TANH) return x / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
    return x / 2 * (1 + erf(x / sqrt(2)));
}

/* x (n, C) goes in as the layer's input and comes out as its output; maps (heads * n, n) are left behind. */
static void layer_told(Paper x, Paper maps, const BertLayer *layer, const BertConfig *config, Mask mask) {
    int n = x.rows, C = x.cols;
    Paper q = paper_new(n, C), k = paper_new(n, C), v = paper_new(n, C), context = paper_new(n, C);
    Paper wide = paper_new(n, config->inner);
    linear_told(q, x, layer->query);
    linear_told(k, x, layer->key);
    linear_told(v, x, layer->value);
    attention_told(context, maps, q, k, v, config->heads, mask);
    linear_told(q, context, layer->mix); /* q has done its work; its room is used again */
    add_norm_told(x, q, layer->after_attention);
    linear_told(wide, x, layer->widen);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < wide.cols; c++) wide.at[i][c] = activation_told(wide.at[i][c], config->activation);
    linear_told(k, wide, layer->narrow);
    add_norm_told(x, k, layer->after_feed_forward);
    paper_free(&q), paper_free(&k), paper_free(&v), paper_free(&context), paper_free(&wide);
}

/* ---- 2. Told once, lives once, proven equal ---- */

static void prove(const Reading *r) {
    enum { LONGEST = 128 }; /* plain loops take seconds beyond it, and prove no more */
    const Trace *t = &r->trace;
    if (!r->reader->model) return; /* maps out of a file: no weights to prove them by */
    const Bert *bert = model_bert(r->reader->model);
    if (!bert) {
        note("this is a GPT, whose layer stage 15 tells: there is no proof here");
        return;
    }
    if (t->n > LONGEST) {
        note("%d tokens: layer 0 is told in loops up to %d, so there is no proof this time", t->n, LONGEST);
        return;
    }
    Paper x = paper_of(t->hidden[0]), maps = paper_new(t->heads * t->n, t->n);
    layer_told(x, maps, &bert->layers[0], &bert->config, t->attention[0].mask);
    double scores = attention_largest_score(&t->attention[0]);
    prove_scored("the maps of layer 0", t->maps[0], maps, scores);
    prove_scored("the output of layer 0", t->hidden[1], x, scores);
    paper_free(&x), paper_free(&maps);
    prove_done_scored(scores);
}

/* ---- 3. The program ---- */

static void look_at(const Choices *ask, const Reader *reader) {
    const Study *study = &ask->study;
    bool draws = !study->export && !study->tsv && !ask->mlm && !ask->common.time;
    Reading reading = study_reading(study, &ask->common, reader, DEFAULT_TEXT);
    View view = study_view(study, &ask->common, &reading, draws);
    if (ask->common.time) {
        time_reading(ask, &reading);
    } else {
        reading_run(&reading);
        study_write(study, &view);
        if (draws || ask->mlm) print_source(&reading), print_tokens(&reading), print_mask(&reading), prove(&reading);
        if (ask->mlm) print_guesses(&reading, 0, 5);
        if (draws) print_links(&reading), study_draw(study, &view);
    }
    view_free(&view);
    reading_free(&reading);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (ask.study.ids) {
        study_print_ids(&ask.study, &ask.common, DEFAULT_TEXT);
    } else {
        Reader reader = reader_of(&ask);
        if (ask.meaning && !ask.common.time) tell_meaning(&ask, &reader);
        else look_at(&ask, &reader);
        reader_free(&reader);
    }
    study_free(&ask.study);
    return finish();
}
