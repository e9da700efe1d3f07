/* parts - the other layers, each with its backward pass in a few lines: layer norm, GELU, cross-entropy, embedding,
 * dropout. Then all of them in one small word-guesser whose table is used twice: tied weights. */
#include "base/memory.h"
#include "math/layers_backward.h"
#include "math/loss.h"
#include "told.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. Forwards and backwards, told. All backward passes ADD. ---- */

/* u = (x - mean) / deviation, y = u * gain + bias. u (n, C) is kept for the way back, 1 / deviation in scale (n, 1). */
static void layer_norm_told(Paper y, Paper u, Paper scale, Paper x, Paper gain, Paper bias) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += x.at[i][c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += pow(x.at[i][c] - mean, 2) / x.cols;
        scale.at[i][0] = 1 / sqrt(variance + 1e-5);
        for (int c = 0; c < x.cols; c++) {
            u.at[i][c] = (x.at[i][c] - mean) * scale.at[i][0];
            y.at[i][c] = u.at[i][c] * gain.at[0][c] + bias.at[0][c];
        }
    }
}

/* Moving x also moves its row's mean and deviation, which y does not show: so what comes back loses its mean, and its
 * part along u. */
static void norm_backward(Paper dx, Paper dgain, Paper dbias, Paper dy, Paper u, Paper scale, Paper gain) {
    for (int i = 0; i < dy.rows; i++) {
        double mean = 0, along = 0;
        for (int c = 0; c < dy.cols; c++) {
            mean += dy.at[i][c] * gain.at[0][c] / dy.cols;
            along += dy.at[i][c] * gain.at[0][c] * u.at[i][c] / dy.cols;
            dgain.at[0][c] += dy.at[i][c] * u.at[i][c]; /* y = u * gain + bias */
            dbias.at[0][c] += dy.at[i][c];
        }
        for (int c = 0; c < dy.cols; c++)
            dx.at[i][c] += scale.at[i][0] * (dy.at[i][c] * gain.at[0][c] - mean - u.at[i][c] * along);
    }
}

static void curve_told(Paper y, Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) y.at[i][c] = gelu_told(x.at[i][c]);
}

static void curve_backward(Paper dx, Paper dy, Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) dx.at[i][c] += dy.at[i][c] * gelu_slope_told(x.at[i][c]);
}

/* Row i of out is row ids[i] of the table. */
static void look_up_told(Paper out, Paper table, const int *ids) {
    for (int i = 0; i < out.rows; i++) memcpy(out.at[i], table.at[ids[i]], (size_t)out.cols * sizeof **out.at);
}

/* Who was read gets the gradient; who was read twice gets both. */
static void look_up_backward(Paper dtable, Paper dout, const int *ids) {
    for (int i = 0; i < dout.rows; i++)
        for (int c = 0; c < dout.cols; c++) dtable.at[ids[i]][c] += dout.at[i][c];
}

/* Dropout is its own backward pass: what was not let through forwards gets nothing backwards. */
static void drop_told(Paper x, Paper keep) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] *= keep.at[i][c];
}

/* The mean over rows with a target of -log softmax(logits)[target], and its gradient: softmax minus one-hot. */
static double guess_loss_told(Paper dlogits, Paper logits, const int *targets) {
    double loss = 0;
    int asked = 0;
    for (int i = 0; i < logits.rows; i++) asked += targets[i] != NO_TARGET;
    for (int i = 0; i < logits.rows; i++) {
        if (targets[i] == NO_TARGET) continue;
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < logits.cols; j++) top = fmax(top, logits.at[i][j]);
        for (int j = 0; j < logits.cols; j++) sum += exp(logits.at[i][j] - top);
        loss += (log(sum) + top - logits.at[i][targets[i]]) / asked;
        for (int j = 0; j < logits.cols; j++)
            dlogits.at[i][j] = (exp(logits.at[i][j] - top) / sum - (j == targets[i])) / asked;
    }
    return loss;
}

/* ---- 2. A word-guesser of all of them: who comes next? ---- */

typedef struct {
    Paper table, gain, bias; /* (V, C), (1, C), (1, C): what would be learned */
    Paper read, u, scale;    /* (n, C), (n, C), (n, 1) */
    Paper normed, curved;    /* (n, C) */
    Paper logits, dlogits;   /* (n, V); the loss makes its own gradient on the way */
    Paper keep;              /* (n, C) dropout's factors */
    int *ids, *targets;      /* [n] */
} Guesser;

static double guesser_told(void *guesser) {
    Guesser *g = guesser;
    look_up_told(g->read, g->table, g->ids);                               /* (1) */
    drop_told(g->read, g->keep);                                           /* (2) */
    layer_norm_told(g->normed, g->u, g->scale, g->read, g->gain, g->bias); /* (3) */
    curve_told(g->curved, g->normed);                                      /* (4) */
    project_told(g->logits, g->curved, g->table);                          /* (5) the table again: tied weights */
    return guess_loss_told(g->dlogits, g->logits, g->targets);             /* (6) */
}

static void guesser_backward(Guesser *d, const Guesser *g) {
    project_backward(d->curved, d->table, g->dlogits, g->curved, g->table);       /* (6), (5) */
    curve_backward(d->normed, d->curved, g->normed);                              /* (4) */
    norm_backward(d->read, d->gain, d->bias, d->normed, g->u, g->scale, g->gain); /* (3) */
    drop_told(d->read, g->keep);                                                  /* (2) */
    look_up_backward(d->table, d->read, g->ids);                                  /* (1): the second part */
}

static Guesser guesser_new(int n, int width, int vocab) {
    return (Guesser){.table = paper_new(vocab, width),
                     .gain = paper_new(1, width),
                     .bias = paper_new(1, width),
                     .read = paper_new(n, width),
                     .u = paper_new(n, width),
                     .scale = paper_new(n, 1),
                     .normed = paper_new(n, width),
                     .curved = paper_new(n, width),
                     .logits = paper_new(n, vocab),
                     .dlogits = paper_new(n, vocab),
                     .keep = paper_new(n, width),
                     .ids = memory_new((size_t)n, sizeof(int), "ids"),
                     .targets = memory_new((size_t)n, sizeof(int), "targets")};
}

static void guesser_free(Guesser *g) {
    papers_free((Paper *[]){&g->table, &g->gain, &g->bias, &g->read, &g->u, &g->scale, &g->normed, &g->curved,
                            &g->logits, &g->dlogits, &g->keep, NULL});
    memory_free(g->ids), memory_free(g->targets);
}

/* Every word is asked for the next one, the last for nothing. The table is the words' vectors. */
static Guesser guesser_of(const Choices *ask) {
    enum { DROP_PERCENT = 25 };
    const Toy *toy = &ask->toy;
    int *ids = memory_new((size_t)toy->n, sizeof *ids, "ids"), width = toy->x.cols;
    Guesser g = guesser_new(toy->n, width, toy_kinds(toy, ids));
    Rng rng = rng_seed(ask->common.seed);
    float *keep = memory_new((size_t)toy->n * (size_t)width, sizeof *keep, "dropout");
    rng_dropout(&rng, keep, (size_t)toy->n * (size_t)width, DROP_PERCENT / 100.0);
    for (int i = 0; i < toy->n; i++) {
        g.ids[i] = ids[i];
        g.targets[i] = i + 1 < toy->n ? ids[i + 1] : NO_TARGET;
        for (int c = 0; c < width; c++) {
            g.table.at[ids[i]][c] = (double)mat_at(toy->x, i, c);
            g.keep.at[i][c] = (double)keep[i * width + c];
            g.gain.at[0][c] = 1;
        }
    }
    memory_free(ids), memory_free(keep);
    return g;
}

/* The same by common/, backwards only where told needs it: dtable (V, C), dgain and dbias (1, C) from zeros. */
static void guesser_common(const Guesser *g, Mat dtable, Mat dgain, Mat dbias) {
    int n = g->read.rows, width = g->read.cols, vocab = g->table.rows, asked = n > 1 ? n - 1 : 1;
    Mat table = paper_rounded(g->table), gain = paper_rounded(g->gain), bias = paper_rounded(g->bias);
    Mat keep = paper_rounded(g->keep);
    Mat read = mat_new(n, width), normed = mat_new(n, width), slope = mat_new(n, width), logits = mat_new(n, vocab);
    Mat dcurved = mat_new(n, width), dread = mat_new(n, width);
    LayerNorm layer = {gain.data, bias.data, 1e-5f};
    embedding_forward(read, table, g->ids);
    dropout_backward(read, keep); /* the same product as forwards, with factors that are already drawn */
    layer_norm_forward(NULL, normed, read, layer);
    activation_forward(normed, slope, ACTIVATION_GELU_TANH);
    mat_mul_nt(logits, 1, normed, table, 0);
    cross_entropy_backward(logits, g->targets, 1 / (float)asked);
    linear_backward(dcurved, dtable, NULL, logits, normed, table, 0);
    activation_backward(dcurved, slope, NULL, 0);
    layer_norm_backward(dread, dgain.data, dbias.data, dcurved, read, layer);
    dropout_backward(dread, keep);
    embedding_backward(dtable, dread, g->ids);
    mats_free((Mat *[]){&table, &gain, &bias, &keep, &read, &normed, &slope, &logits, &dcurved, &dread, NULL});
}

static void prove_guesser(const Guesser *g, const Guesser *d) {
    Mat dtable = mat_new(d->table.rows, d->table.cols), dgain = mat_new(1, d->gain.cols);
    Mat dbias = mat_new(1, d->bias.cols);
    guesser_common(g, dtable, dgain, dbias);
    prove_equal("the guesser's table", dtable, d->table);
    prove_equal("the guesser's gain", dgain, d->gain);
    prove_equal("the guesser's bias", dbias, d->bias);
    mat_free(&dtable), mat_free(&dgain), mat_free(&dbias);
}

/* A new norm has gain 1, which proves nothing of it. */
static void prove_drawn_gain(Guesser *g, uint64_t seed) {
    Guesser d = guesser_new(g->read.rows, g->read.cols, g->table.rows);
    Rng rng = rng_seed(seed);
    for (int c = 0; c < g->gain.cols; c++) g->gain.at[0][c] = (double)rng_float(&rng, -2, 2);
    guesser_told(g);
    guesser_backward(&d, g);
    prove_guesser(g, &d);
    guesser_free(&d);
}

static void tell_guesser(const Choices *ask) {
    Guesser g = guesser_of(ask), d = guesser_new(ask->toy.n, ask->toy.x.cols, g.table.rows);
    double loss = guesser_told(&g);
    guesser_backward(&d, &g);
    double run = (double)ask->toy.n * ask->toy.x.cols * (g.table.rows + 10);
    int most = (int)fmin(fmax(1e8 / run, 2), 1e6);
    printf("a word-guesser of all parts, its table of %d words used twice: loss %.6f\n", g.table.rows, loss);
    check_heading(ask->eps);
    check_print("dtable", check_gradient(g.table, d.table, (Paper){0}, ask->eps, most, guesser_told, &g));
    check_print("dgain", check_gradient(g.gain, d.gain, (Paper){0}, ask->eps, most, guesser_told, &g));
    check_print("dbias", check_gradient(g.bias, d.bias, (Paper){0}, ask->eps, most, guesser_told, &g));
    prove_guesser(&g, &d);
    prove_drawn_gain(&g, ask->common.seed);
    printf("told and common agree on the word-guesser: max difference < 1e-5\n");
    guesser_free(&g), guesser_free(&d);
}

/* ---- 3. Numbers to check by hand, or by PyTorch ---- */

static void print_row(const char *name, Paper row) {
    printf("  %-22s", name);
    for (int c = 0; c < row.cols; c++) printf(" %9.6f", row.at[0][c]);
    printf("\n");
}

static Paper row_of(const double *numbers, int n) {
    Paper row = paper_new(1, n);
    memcpy(row.at[0], numbers, (size_t)n * sizeof *numbers);
    return row;
}

static void tell_norm(void) {
    Paper x = row_of((const double[]){1, 2, 3, 4}, 4), gain = row_of((const double[]){1, 1, 1, 1}, 4);
    Paper bias = paper_new(1, 4), y = paper_new(1, 4), u = paper_new(1, 4), scale = paper_new(1, 1);
    Paper dy = row_of((const double[]){1, 0, 0, 0}, 4), dx = paper_new(1, 4), dgain = paper_new(1, 4);
    layer_norm_told(y, u, scale, x, gain, bias);
    norm_backward(dx, dgain, bias, dy, u, scale, gain);
    print_row("layer norm of 1 2 3 4", y);
    print_row("  1 0 0 0 comes back", dx);
    papers_free((Paper *[]){&x, &gain, &bias, &y, &u, &scale, &dy, &dx, &dgain, NULL});
}

void tell_parts(const Choices *ask) {
    Paper logits = row_of((const double[]){2, 1, 0.1}, 3), dlogits = paper_new(1, 3);
    Paper x = row_of((const double[]){-1, -0.5, 0.5, 1, 2}, 5), y = paper_new(1, 5), slope = paper_new(1, 5);
    Paper ones = row_of((const double[]){1, 1, 1, 1, 1}, 5);
    printf("small parts\n");
    printf("  cross-entropy of the logits 2 1 0.1, the first is right: %.6f\n",
           guess_loss_told(dlogits, logits, (const int[]){0}));
    print_row("  its gradient", dlogits);
    tell_norm();
    curve_told(y, x);
    curve_backward(slope, ones, x);
    print_row("GELU of -1 -.5 .5 1 2", y);
    print_row("  its slope", slope);
    papers_free((Paper *[]){&logits, &dlogits, &x, &y, &slope, &ones, NULL});
    tell_guesser(ask);
}
