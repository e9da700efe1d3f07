/* told - the model of the lecture, as on paper: a GPT forwards, a line of the formula a line of C; and the room that
 * telling takes. Slow, and meant to be; common/model/gpt_block.c does the same fast. */
#include "tool.h"
#include "attention/positions.h"

#include <math.h>
#include <stdlib.h>

/* out = (x - mean) / deviation * gain + bias, row by row. */
static void norm_told(Paper out, Paper x, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += x.at[i][c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += pow(x.at[i][c] - mean, 2) / x.cols;
        for (int c = 0; c < x.cols; c++)
            out.at[i][c] = (x.at[i][c] - mean) / sqrt(variance + norm.eps) * norm.gain[c] + norm.bias[c];
    }
}

/* out = x W^T + b. */
static void linear_told(Paper out, Paper x, Linear layer) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < out.cols; o++) {
            out.at[i][o] = layer.bias ? layer.bias[o] : 0;
            for (int c = 0; c < x.cols; c++) out.at[i][o] += x.at[i][c] * mat_at(layer.weight, o, c);
        }
}

/* RoPE: each pair of numbers of a query or key is a point, turned by position * 10000^(-place in the head / d). */
static void turn_told(Paper qkv, const GptConfig *c) {
    int d = c->width / c->heads;
    for (int i = 0; i < qkv.rows; i++)
        for (int first = 0; first < 2 * c->width; first += d) /* the heads of q, then those of k */
            for (int e = 0; e + 1 < d; e += 2) {
                double *pair = &qkv.at[i][first + e], x = pair[0], y = pair[1], angle = i * pow(10000, -(double)e / d);
                pair[0] = x * cos(angle) - y * sin(angle);
                pair[1] = x * sin(angle) + y * cos(angle);
            }
}

/* The weights of query i in head h: softmax of q_i . k_j / sqrt(d) over the keys j that the mask allows; ALiBi takes
 * away slope * distance. qkv (n, 3C) holds queries, keys and values side by side. */
static void weights_told(double *weights, Paper qkv, int i, int h, const GptConfig *c, Mask mask) {
    int d = c->width / c->heads;
    double top = -INFINITY, sum = 0; /* without top, exp overflows in a wild model: stage 08 */
    for (int j = 0; j < qkv.rows; j++) {
        weights[j] = c->positions->bias ? -(double)alibi_slope(h, c->heads) * abs(i - j) : 0;
        for (int e = h * d; e < (h + 1) * d; e++) weights[j] += qkv.at[i][e] * qkv.at[j][c->width + e] / sqrt(d);
        if (mask_allows(mask, i, j)) top = fmax(top, weights[j]);
    }
    for (int j = 0; j < qkv.rows; j++) {
        weights[j] = mask_allows(mask, i, j) ? exp(weights[j] - top) : 0;
        sum += weights[j];
    }
    for (int j = 0; j < qkv.rows; j++) weights[j] /= sum > 0 ? sum : 1;
}

/* context_i = sum over j of weight(i, j) v_j, head by head. */
static void attention_told(Paper context, Paper qkv, const GptConfig *c, Mask mask) {
    int d = c->width / c->heads;
    Paper weights = paper_new(1, qkv.rows);
    for (int h = 0; h < c->heads; h++)
        for (int i = 0; i < qkv.rows; i++) {
            weights_told(weights.at[0], qkv, i, h, c, mask);
            for (int e = h * d; e < (h + 1) * d; e++) {
                context.at[i][e] = 0;
                for (int j = 0; j < qkv.rows; j++) context.at[i][e] += weights.at[0][j] * qkv.at[j][2 * c->width + e];
            }
        }
    paper_free(&weights);
}

static void gelu_told(Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) {
            double z = x.at[i][c];
            x.at[i][c] = z / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z)));
        }
}

/* x += y: what came in goes on, and a block adds to it. */
static void add_told(Paper x, Paper y) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] += y.at[i][c];
}

/* x_i = the vector of word ids[i], plus that of place i. */
static void embed_told(Paper x, const Gpt *gpt, const int *ids) {
    Mat table = gpt->config.positions->trained ? gpt->weights.places : gpt->rows;
    Paper words = paper_of(gpt->weights.words), places = table.rows ? paper_of(table) : paper_new(x.rows, x.cols);
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] = words.at[ids[i]][c] + places.at[i][c];
    paper_free(&words), paper_free(&places);
}

void gpt_told(Paper logits, const Gpt *gpt, const int *ids, Mask mask) {
    const GptConfig *c = &gpt->config;
    int n = logits.rows;
    Paper x = paper_new(n, c->width), normed = paper_new(n, c->width), qkv = paper_new(n, 3 * c->width);
    Paper context = paper_new(n, c->width), wide = paper_new(n, c->inner), change = paper_new(n, c->width);
    embed_told(x, gpt, ids);
    for (int l = 0; l < c->layers; l++) {
        const GptLayer *layer = &gpt->weights.layers[l];
        norm_told(normed, x, layer->before_attention);
        linear_told(qkv, normed, layer->qkv);
        if (c->positions->turn) turn_told(qkv, c);
        attention_told(context, qkv, c, mask);
        linear_told(change, context, layer->mix);
        add_told(x, change);
        norm_told(normed, x, layer->before_feed_forward);
        linear_told(wide, normed, layer->widen);
        gelu_told(wide);
        linear_told(change, wide, layer->narrow);
        add_told(x, change);
    }
    norm_told(normed, x, gpt->weights.last);
    linear_told(logits, normed, (Linear){gpt->weights.words, NULL}); /* tied: the words' own vectors are the head */
    papers_free((Paper *[]){&x, &normed, &qkv, &context, &wide, &change, NULL});
}

/* ---- room to tell in ---- */

Told told_new(const Training *run) {
    enum { LONGEST = 16, WIDTH = 16, HEADS = 2, FEWEST = 4 };
    /* eps 1e-5, not 1e-8: some slopes are 0 but for rounding (a key's bias adds the same to a whole row of scores), and
     * AdamW would make steps of that dust, other ones in floats than in doubles. clip: the first steps are longer than
     * that, and the last is not, so that the proof has both */
    const AdamW adamw = {.rate = 2e-3, .beta1 = .9, .beta2 = .99, .eps = 1e-5, .decay = .1, .clip = 1.6};
    const GptConfig *c = &run->gpt.config;
    int length = c->context < LONGEST ? c->context : LONGEST;
    Told t = {.text = run->story.train, .rng = rng_seed(run->ask->common.seed)};
    t.gpt = gpt_new((GptConfig){.layers = 2,
                                .heads = HEADS,
                                .width = WIDTH,
                                .inner = 4 * WIDTH,
                                .vocab = c->vocab,
                                .context = length,
                                .positions = c->positions,
                                .norm_eps = c->norm_eps});
    gpt_randomise(&t.gpt, &t.rng, 0.02f);
    t.plan = (TrainPlan){.batch = run->trainer.shares > FEWEST ? run->trainer.shares : FEWEST, /* one for each worker */
                         .length = length,
                         .mask = run->mask.rule,
                         .adamw = adamw,
                         .masked = run->ask->plan.masked};
    size_t tokens = (size_t)t.plan.batch * (size_t)length;
    t.ids = memory_new(tokens, sizeof *t.ids, "windows"), t.targets = memory_new(tokens, sizeof *t.targets, "windows");
    t.numbers = (Mat){t.gpt.weights.numbers, 1, (int)t.gpt.count, (int)t.gpt.count};
    t.p = paper_of(t.numbers), t.g = paper_new(1, t.p.cols), t.m = paper_new(1, t.p.cols), t.v = paper_new(1, t.p.cols);
    t.losses = paper_new(1, TOLD_STEPS);
    return t;
}

void told_free(Told *t) {
    gpt_free(&t->gpt), memory_free(t->ids), memory_free(t->targets);
    paper_free(&t->p), paper_free(&t->g), paper_free(&t->m), paper_free(&t->v), paper_free(&t->losses);
}

void slopes(Told *t, double scale) {
    GptPass pass = gpt_pass_new(&t->gpt, t->plan.batch, t->plan.length, 0);
    GptWeights gradient = gpt_weights_new(&t->gpt);
    gpt_learn(&t->gpt, &pass, &gradient, 0, t->ids, t->targets, t->plan.batch, t->plan.mask, (float)scale, NULL);
    paper_free(&t->g);
    t->g = paper_of((Mat){gradient.numbers, 1, t->p.cols, t->p.cols});
    gpt_weights_free(&gradient), gpt_pass_free(&pass, &t->gpt);
}
