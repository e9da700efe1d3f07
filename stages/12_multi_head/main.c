/* Stage 12 - Multi-head attention: several heads look at the same words, each through its own columns; and the block
 * that models are stacked of, which is heads between two norms, two sums and a feed-forward half. Both are told here;
 * common/attention/attention.c and common/model/gpt_block.c run them. Run: make run-12 */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "math/paper.h"

#include <math.h>
#include <stdio.h>

/* ==== Part one: several heads ==== */

/* y (n, D) = x (n, C) W^T + b, W (D, C). */
static void linear_told(Paper y, Paper x, Linear layer) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            y.at[i][o] = layer.bias ? layer.bias[o] : 0;
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * mat_at(layer.weight, o, c);
        }
}

/* Head h has columns h * d and on, and a map (n, m) of its own: softmax over the allowed keys of q k^T / sqrt(d). Its
 * columns of out (n, heads * d) are its map times its columns of v. q (n, heads * d), k and v (m, heads * d). */
static void attention_told(Paper out, Paper maps, Paper q, Paper k, Paper v, int heads, Mask mask) {
    int d = q.cols / heads;
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < q.rows; i++) {
            double *weight = maps.at[h * q.rows + i], sum = 0;
            for (int j = 0; j < k.rows; j++) {
                double score = 0;
                for (int c = h * d; c < (h + 1) * d; c++) score += q.at[i][c] * k.at[j][c];
                weight[j] = mask_allows(mask, i, j) ? exp(score / sqrt(d)) : 0;
                sum += weight[j];
            }
            for (int j = 0; j < k.rows; j++) weight[j] /= sum > 0 ? sum : 1;
            for (int c = h * d; c < (h + 1) * d; c++) {
                out.at[i][c] = 0;
                for (int j = 0; j < k.rows; j++) out.at[i][c] += weight[j] * v.at[j][c];
            }
        }
}

/* The wrapper: small heads, each with weights of its own, and what they say put side by side. */
static void wrapper_told(Paper out, Paper maps, const ToyHeads *heads) {
    int n = heads->from.rows, d = out.cols / heads->attention.heads;
    Paper x = paper_of(heads->from), q = paper_new(n, d), k = paper_new(n, d), v = paper_new(n, d);
    Paper said = paper_new(n, d);
    for (int h = 0; h < heads->attention.heads; h++) {
        linear_told(q, x, (Linear){mat_rows(heads->wq, h * d, d), NULL});
        linear_told(k, x, (Linear){mat_rows(heads->wk, h * d, d), NULL});
        linear_told(v, x, (Linear){mat_rows(heads->wv, h * d, d), NULL});
        attention_told(said, (Paper){n, n, maps.at + h * n}, q, k, v, 1, heads->attention.mask);
        for (int i = 0; i < n; i++)
            for (int c = 0; c < d; c++) out.at[i][h * d + c] = said.at[i][c];
    }
    papers_free((Paper *[]){&x, &q, &k, &v, &said, NULL});
}

/* One large head cut into columns, from the same q, k and v as common/. */
static void prove_cut(const ToyHeads *h, const char *maps_name, const char *out_name) {
    const Attention *a = &h->attention;
    Paper q = paper_of(a->q), k = paper_of(a->k), v = paper_of(a->v);
    Paper out = paper_new(h->out.rows, h->out.cols), maps = paper_new(h->maps.rows, h->maps.cols);
    attention_told(out, maps, q, k, v, a->heads, a->mask);
    prove_equal(maps_name, h->maps, maps);
    prove_equal(out_name, h->out, out);
    papers_free((Paper *[]){&q, &k, &v, &out, &maps, NULL});
}

static void tell_heads(const Choices *ask, const ToyHeads *h) {
    Paper out = paper_new(h->out.rows, h->out.cols), maps = paper_new(h->maps.rows, h->maps.cols);
    Mat fused = heads_fused(h);
    print_heads(ask, h);
    wrapper_told(out, maps, h);
    prove_equal("the maps", h->maps, maps);
    prove_equal("the contexts", h->out, out);
    prove_cut(h, "the maps of a head that is cut", "the contexts of a head that is cut");
    prove_equal("the fused product", fused, out);
    printf("told and common agree: max difference < 1e-5 (%d small head%s = one matrix cut into %d views = one fused "
           "product)\n",
           ask->heads, PLURAL(ask->heads), ask->heads);
    mat_free(&fused), paper_free(&out), paper_free(&maps);
}

/* Cross-attention: one sentence asks, another answers. Nothing in the heads changes; the map is n x m. */
static void tell_cross(const Choices *ask) {
    NamedMask mask = mask_of_cross(ask);
    ToyHeads h = heads_seeded(ask, ask->toy.x, ask->other.x, mask.rule, true);
    print_cross(ask, &h);
    prove_cut(&h, "the cross-attention maps", "the cross-attention contexts");
    draw_cross(ask, &mask);
    toy_heads_free(&h), named_mask_free(&mask);
}

/* ==== Part two: the block ==== */

/* Each row moved to mean 0 and scaled to variance 1; gain, bias. eps: so that a constant row does not divide by 0. */
static void norm_told(Paper out, Paper x, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += x.at[i][c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += pow(x.at[i][c] - mean, 2) / x.cols;
        for (int c = 0; c < x.cols; c++)
            out.at[i][c] = (x.at[i][c] - mean) / sqrt(variance + norm.eps) * norm.gain[c] + norm.bias[c];
    }
}

/* GELU by its tanh form: a soft switch, x times the chance that a normal number is below x. */
static double gelu_told(double x) {
    return x / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
}

static void add_told(Paper x, Paper y) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] += y.at[i][c];
}

/* x (n, C) goes in and comes out; what each half adds is the only thing that is learned. */
static void block_told(Paper x, const GptLayer *w, int heads, Mask mask) {
    int n = x.rows, C = x.cols;
    Paper normed = paper_new(n, C), q = paper_new(n, C), k = paper_new(n, C), v = paper_new(n, C);
    Paper mixed = paper_new(n, C), maps = paper_new(heads * n, n), wide = paper_new(n, w->widen.weight.rows);
    norm_told(normed, x, w->before_attention);
    linear_told(q, normed, (Linear){mat_rows(w->qkv.weight, 0, C), w->qkv.bias});
    linear_told(k, normed, (Linear){mat_rows(w->qkv.weight, C, C), w->qkv.bias + C});
    linear_told(v, normed, (Linear){mat_rows(w->qkv.weight, 2 * C, C), w->qkv.bias + 2 * C});
    attention_told(mixed, maps, q, k, v, heads, mask);
    linear_told(q, mixed, w->mix); /* q has done its work; its room is used again */
    add_told(x, q);
    norm_told(normed, x, w->before_feed_forward);
    linear_told(wide, normed, w->widen);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < wide.cols; c++) wide.at[i][c] = gelu_told(wide.at[i][c]);
    linear_told(k, wide, w->narrow);
    add_told(x, k);
    papers_free((Paper *[]){&normed, &q, &k, &v, &mixed, &maps, &wide, NULL});
}

static void prove_block(const Choices *ask, const Block *block) {
    Paper told = paper_of(block->x);
    block_told(told, &block->gpt.weights.layers[0], ask->heads, ask->own.rule);
    prove_equal("the whole layer", block->out, told);
    paper_free(&told);
}

static void tell_block(const Choices *ask) {
    Block block = block_new(ask, true); /* new norms have gain 1 and bias 0, which prove nothing of either */
    prove_block(ask, &block), block_free(&block);
    block = block_new(ask, false);
    prove_block(ask, &block);
    print_block(ask, block.out);
    printf("told and common agree on the whole layer: max difference < 1e-5\n");
    draw_block(ask, &block);
    block_free(&block);
}

/* ==== The program ==== */

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    ToyHeads heads = heads_seeded(&ask, ask.toy.x, ask.toy.x, ask.own.rule, false);
    if (ask.common.time) {
        time_report(ask.common.time, toy_heads_run, &heads, ask.toy.n, "words");
    } else {
        tell_heads(&ask, &heads);
        tell_module(&ask);
        draw_heads(&ask, &heads), draw_made(&ask);
        tell_cross(&ask);
        tell_block(&ask);
        print_counts();
        show_drawn(&ask.show, "heads, made, cross, block");
    }
    toy_heads_free(&heads);
    choices_free(&ask);
    return finish();
}
