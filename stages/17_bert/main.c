/* Stage 17 - BERT: a sentence goes through a pretrained encoder, and you see what its heads look at. Here one encoder
 * layer is told in plain loops, on the real weights of layer 0; common/model/bert.c runs all layers fast, and this
 * program checks that the two agree. The rest of the folder chooses and draws. Run: make run-17 */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. One encoder layer, as on paper ---- */

/* y = x W^T + b. x (n, in), W (out, in), y (n, out). */
static void linear_told(Mat y, Mat x, Linear layer) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            double sum = (double)layer.bias[o];
            for (int c = 0; c < x.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(layer.weight, o, c);
            mat_row(y, i)[o] = (float)sum;
        }
}

/* The weights of one query: exp of each allowed score, divided by their sum. Without a mask, every key is allowed. */
static void softmax_told(float *scores, int n, int query, Mask mask) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++)
        if (mask_allows(mask, query, j)) top = fmax(top, (double)scores[j]);
    for (int j = 0; j < n; j++) {
        scores[j] = mask_allows(mask, query, j) ? (float)exp((double)scores[j] - top) : 0;
        sum += (double)scores[j];
    }
    for (int j = 0; j < n && sum > 0; j++) scores[j] = (float)((double)scores[j] / sum);
}

/* Head h owns columns h * d_head and on: score(i, j) = q_i . k_j / sqrt(d_head), context_i = sum_j weight(i, j) v_j. */
static void attention_told(Mat context, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask) {
    int n = q.rows, d_head = q.cols / heads;
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < n; i++) {
            float *weights = mat_row(maps, h * n + i);
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int c = h * d_head; c < (h + 1) * d_head; c++)
                    dot += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
                weights[j] = (float)(dot / sqrt(d_head));
            }
            softmax_told(weights, n, i, mask);
            for (int c = h * d_head; c < (h + 1) * d_head; c++) {
                double sum = 0;
                for (int j = 0; j < n; j++) sum += (double)weights[j] * (double)mat_at(v, j, c);
                mat_row(context, i)[c] = (float)sum;
            }
        }
}

/* "Add & Norm": x = (x + y), moved to mean 0 and scaled to variance 1, then gain and bias. Row by row. */
static void add_norm_told(Mat x, Mat y, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += ((double)mat_at(x, i, c) + (double)mat_at(y, i, c)) / x.cols;
        for (int c = 0; c < x.cols; c++) {
            double apart = (double)mat_at(x, i, c) + (double)mat_at(y, i, c) - mean;
            variance += apart * apart / x.cols;
        }
        for (int c = 0; c < x.cols; c++) {
            double apart = (double)mat_at(x, i, c) + (double)mat_at(y, i, c) - mean;
            mat_row(x, i)[c] =
                (float)(apart / sqrt(variance + (double)norm.eps) * (double)norm.gain[c] + (double)norm.bias[c]);
        }
    }
}

static float activation_told(float x, Activation kind) {
    double z = (double)x;
    if (kind == ACTIVATION_RELU) return x > 0 ? x : 0;
    if (kind == ACTIVATION_GELU_TANH)
        return (float)(z / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z))));
    return (float)(z / 2 * (1 + erf(z / sqrt(2))));
}

/* x (n, C) goes in as the layer's input and comes out as its output; maps (heads * n, n) are left behind. */
static void layer_told(Mat x, Mat maps, const BertLayer *layer, const BertConfig *config, Mask mask) {
    int n = x.rows, width = x.cols;
    Mat q = mat_new(n, width), k = mat_new(n, width), v = mat_new(n, width), context = mat_new(n, width);
    Mat wide = mat_new(n, config->inner);
    linear_told(q, x, layer->query);
    linear_told(k, x, layer->key);
    linear_told(v, x, layer->value);
    attention_told(context, maps, q, k, v, config->heads, mask);
    linear_told(q, context, layer->mix); /* q has done its work; its room is used again */
    add_norm_told(x, q, layer->after_attention);
    linear_told(wide, x, layer->widen);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < wide.cols; c++)
            mat_row(wide, i)[c] = activation_told(mat_at(wide, i, c), config->activation);
    linear_told(k, wide, layer->narrow);
    add_norm_told(x, k, layer->after_feed_forward);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&context), mat_free(&wide);
}

/* ---- 2. Told once, lives once, proven equal ---- */

static void prove(const Sentence *s) {
    enum { LONGEST = 128 }; /* plain loops take seconds beyond it, and prove no more */
    const Trace *t = &s->trace;
    if (t->n > LONGEST) {
        note("%d tokens: layer 0 is told in loops up to %d, so there is no proof this time", t->n, LONGEST);
        return;
    }
    Mat x = mat_new(t->n, t->width), maps = mat_new(t->heads * t->n, t->n);
    mat_copy(x, t->hidden[0]);
    layer_told(x, maps, &s->bert.layers[0], &s->bert.config, s->mask_in_model ? s->mask.rule : (Mask){0});
    float in_maps, in_hidden;
    bool agree = mat_agree(t->maps[0], maps, &in_maps);
    agree = mat_agree(t->hidden[1], x, &in_hidden) && agree; /* both are measured */
    mat_free(&x), mat_free(&maps);
    if (!agree)
        fail(EXIT_DATA, "told and common differ: by %g in the maps of layer 0, by %g in its output", (double)in_maps,
             (double)in_hidden);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 3. The program ---- */

static bool wants_pictures(const Choices *ask) {
    return !ask->export && !ask->tsv && !ask->mlm;
}

static void draw(const Sentence *s) {
    const Choices *ask = s->ask;
    if (ask->anatomy) draw_anatomy(s);
    else if (ask->view == VIEW_NEURON) draw_neuron(s);
    else if (ask->token && ask->view == VIEW_HEAT) draw_token(s);
    else draw_maps(s);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (ask.ids) {
        int code = print_ids(&ask);
        choices_free(&ask);
        return code;
    }
    bool draws = wants_pictures(&ask) && !ask.common.time;
    Sentence s = sentence_open(&ask);
    choices_check(&s, draws);
    if (draws && !ask.terminal) folder_make(ask.common.out); /* cannot be written? found before the work */
    if (ask.common.time) {
        time_forward(&s);
    } else if (ask.meaning) {
        draw_meaning(&s);
    } else {
        sentence_run(&s);
        if (ask.export) write_export(&s, ask.export);
        if (ask.tsv) write_tsv(&s, ask.tsv);
        if (wants_pictures(&ask) || ask.mlm) {
            print_card(&s);
            print_tokens(&s);
            prove(&s);
            if (!ask.mlm) print_links(&s);
        }
        if (ask.mlm) print_mlm(&s);
        if (wants_pictures(&ask)) draw(&s);
    }
    sentence_close(&s);
    choices_free(&ask);
    return finish();
}
