/* step - what a gradient is for: clip it, take one AdamW step, see the loss fall by what the slopes promised. And what
 * happens to it on a long way back: why deep networks have shortcuts. */
#include "math/init.h"
#include "math/optimizer.h"
#include "show/table.h"
#include "told.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. AdamW, told ---- */

/* m is a running mean of the gradient, v of its square. Both began at 0, and dividing by 1 - beta^t takes that back. A
 * number moves by rate * m / sqrt(v): about `rate`, whatever the size of its gradient. The decay pulls it to 0 a
 * little, outside of m and v: the W of AdamW. step: 1, 2, ... */
static void adamw_told(Paper p, Paper m, Paper v, Paper g, AdamW plan, int step) {
    for (int i = 0; i < p.rows; i++)
        for (int j = 0; j < p.cols; j++) {
            m.at[i][j] = plan.beta1 * m.at[i][j] + (1 - plan.beta1) * g.at[i][j];
            v.at[i][j] = plan.beta2 * v.at[i][j] + (1 - plan.beta2) * g.at[i][j] * g.at[i][j];
            double mean = m.at[i][j] / (1 - pow(plan.beta1, step)), square = v.at[i][j] / (1 - pow(plan.beta2, step));
            p.at[i][j] -= plan.rate * (mean / (sqrt(square) + plan.eps) + plan.decay * p.at[i][j]);
        }
}

/* The length of all gradients together, as one long vector. */
static double length_told(const Paper *gradients, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++)
        for (int i = 0; i < gradients[k].rows; i++)
            for (int j = 0; j < gradients[k].cols; j++) sum += gradients[k].at[i][j] * gradients[k].at[i][j];
    return sqrt(sum);
}

static void print_clipping(void) {
    Paper g = paper_new(2, 2);
    g.at[0][0] = 1, g.at[0][1] = g.at[1][0] = 2, g.at[1][1] = 4;
    double norm = length_told(&g, 1);
    printf("clipping: 1 2 | 2 4 has length %.4f; clipped to 1 it is %.4f %.4f | %.4f %.4f\n", norm, g.at[0][0] / norm,
           g.at[0][1] / norm, g.at[1][0] / norm, g.at[1][1] / norm);
    paper_free(&g);
}

/* Two steps on two numbers, by hand; the second line shows m and v at work. */
static void print_two_steps(void) {
    const AdamW plan = {.rate = 4e-4, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .decay = 0.1};
    const double gradients[2][2] = {{0.5, -0.1}, {0.25, 0.3}};
    float common[2] = {1, -2}, m_common[2] = {0}, v_common[2] = {0};
    Paper p = paper_new(1, 2), m = paper_new(1, 2), v = paper_new(1, 2), g = paper_new(1, 2);
    p.at[0][0] = 1, p.at[0][1] = -2;
    printf("AdamW on the numbers 1 and -2: rate 0.0004, decay 0.1\n");
    for (int step = 0; step < 2; step++) {
        memcpy(g.at[0], gradients[step], sizeof gradients[step]);
        adamw_told(p, m, v, g, plan, step + 1);
        adamw_step(NULL, &plan, step, common, m_common, v_common,
                   (float[]){(float)gradients[step][0], (float)gradients[step][1]}, 2, 2, 0);
        printf("  gradient %5.2f %5.2f -> %.6f %.6f\n", g.at[0][0], g.at[0][1], p.at[0][0], p.at[0][1]);
        prove_equal("an AdamW step", (Mat){common, 1, 2, 2}, p);
    }
    paper_free(&p), paper_free(&m), paper_free(&v), paper_free(&g);
}

/* ---- 2. One step of the head ---- */

/* Moves w by one step and says how far the slopes promise that the loss changes: the sum of slope times way. */
static double step_one(Paper w, Paper dw, AdamW plan) {
    Paper m = paper_new(w.rows, w.cols), v = paper_new(w.rows, w.cols), before = paper_new(w.rows, w.cols);
    double promise = 0;
    paper_copy(before, w);
    adamw_told(w, m, v, dw, plan, 1);
    for (int i = 0; i < w.rows; i++)
        for (int c = 0; c < w.cols; c++) promise += dw.at[i][c] * (w.at[i][c] - before.at[i][c]);
    paper_free(&m), paper_free(&v), paper_free(&before);
    return promise;
}

void tell_step(const Choices *ask, Loss loss, Head *head, const Head *gradient) {
    const AdamW plan = {.rate = ask->rate, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8};
    const Paper gradients[] = {gradient->wq, gradient->wk, gradient->wv};
    print_clipping();
    print_two_steps();
    double before = loss(head), promise = 0;
    Paper kept[3];
    for (int i = 0; i < 3; i++) {
        Paper w = head_input(head, i);
        kept[i] = paper_new(w.rows, w.cols);
        paper_copy(kept[i], w);
        promise += step_one(w, gradients[i], plan);
    }
    double after = loss(head);
    printf("one AdamW step of the head, rate %g: its gradient has length %.6f\n", ask->rate, length_told(gradients, 3));
    printf("  loss %.6f -> %.6f: the slopes promised %.6f, it is %.6f\n", before, after, promise, after - before);
    if (after > before) printf("  the loss rose: slopes hold nearby, and this step is too long\n");
    for (int i = 0; i < 3; i++) { /* the head is lent: put its numbers back */
        paper_copy(head_input(head, i), kept[i]);
        paper_free(&kept[i]);
    }
    loss(head);
}

/* ---- 3. A deep network, without and with shortcuts ---- */

enum { DEEP = 5, THREE = 3 };
static const int sizes[DEEP + 1] = {3, 3, 3, 3, 3, 1};

typedef struct {
    Paper w[DEEP], b[DEEP];     /* (out, in), (1, out) */
    Paper x[DEEP + 1], z[DEEP]; /* (1, in) what goes in, (1, out) before the GELU */
} Deep;

static Deep deep_new(void) {
    Deep net = {.x[0] = paper_new(1, sizes[0])};
    for (int l = 0; l < DEEP; l++) {
        net.w[l] = paper_new(sizes[l + 1], sizes[l]), net.b[l] = paper_new(1, sizes[l + 1]);
        net.z[l] = paper_new(1, sizes[l + 1]), net.x[l + 1] = paper_new(1, sizes[l + 1]);
    }
    return net;
}

static void deep_free(Deep *net) {
    paper_free(&net->x[0]);
    for (int l = 0; l < DEEP; l++)
        paper_free(&net->w[l]), paper_free(&net->b[l]), paper_free(&net->z[l]), paper_free(&net->x[l + 1]);
}

/* x <- GELU(W x + b), and with a shortcut x <- x + GELU(W x + b) where the sizes allow it. The loss is the square of
 * the last x: it should be 0. */
static void deep_told(Deep *net, bool shortcut) {
    for (int l = 0; l < DEEP; l++) {
        project_told(net->z[l], net->x[l], net->w[l]);
        for (int o = 0; o < sizes[l + 1]; o++) {
            net->z[l].at[0][o] += net->b[l].at[0][o];
            net->x[l + 1].at[0][o] = gelu_told(net->z[l].at[0][o]);
            if (shortcut && sizes[l] == sizes[l + 1]) net->x[l + 1].at[0][o] += net->x[l].at[0][o];
        }
    }
}

static void deep_backward(Deep *d, const Deep *net, bool shortcut) {
    d->x[DEEP].at[0][0] = 2 * net->x[DEEP].at[0][0];
    for (int l = DEEP - 1; l >= 0; l--) {
        for (int o = 0; o < sizes[l + 1]; o++) {
            d->z[l].at[0][o] = d->x[l + 1].at[0][o] * gelu_slope_told(net->z[l].at[0][o]);
            if (shortcut && sizes[l] == sizes[l + 1]) d->x[l].at[0][o] += d->x[l + 1].at[0][o];
        }
        project_backward(d->x[l], d->w[l], d->z[l], net->x[l], net->w[l]);
    }
}

static double mean_abs(Paper m) {
    double sum = 0;
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) sum += fabs(m.at[i][j]);
    return sum / m.rows / m.cols;
}

/* Fills row [DEEP] with the mean |d weight| of each layer. Weights as torch.nn.Linear draws them, seed 123. */
static void deep_gradients(float *row, bool shortcut) {
    Deep net = deep_new(), d = deep_new();
    Rng rng = rng_seed(123);
    for (int l = 0; l < DEEP; l++) {
        float w[THREE * THREE], b[THREE];
        init_linear(&rng, (Mat){w, sizes[l + 1], sizes[l], sizes[l]}, b);
        for (int o = 0; o < sizes[l + 1]; o++) {
            net.b[l].at[0][o] = (double)b[o];
            for (int c = 0; c < sizes[l]; c++) net.w[l].at[o][c] = (double)w[o * sizes[l] + c];
        }
    }
    net.x[0].at[0][0] = 1, net.x[0].at[0][2] = -1;
    deep_told(&net, shortcut);
    deep_backward(&d, &net, shortcut);
    for (int l = 0; l < DEEP; l++) row[l] = (float)mean_abs(d.w[l]);
    deep_free(&net), deep_free(&d);
}

void tell_shortcuts(void) {
    static const char *const rows[] = {"without", "with shortcuts"}, *const cols[] = {"1", "2", "3", "4", "5"};
    float means[2][DEEP];
    deep_gradients(means[0], false);
    deep_gradients(means[1], true);
    table_print(
        stdout, (Mat){means[0], 2, DEEP, DEEP},
        (TableOptions){"five layers of 3 numbers and a GELU: mean |d weight| of each layer", rows, cols, 6, 0, 0});
}
