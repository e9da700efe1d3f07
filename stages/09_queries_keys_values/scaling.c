/* scaling - why scores are divided by sqrt(d): the variance of a dot product grows with d, softmax of large numbers is
 * a switch, and a switch has no gradient. The same knob, seen from the other side, is called temperature. */
#include "base/memory.h"
#include "base/rng.h"
#include "lesson.h"
#include "show/curves.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTHS = 6, TRIALS = 1000, KEYS = 16 };
static const int widths[WIDTHS] = {1, 4, 16, 64, 256, 1024};

/* What one width d does, over TRIALS queries with KEYS keys each, all numbers drawn from N(0, 1). */
typedef struct {
    float variance, scaled_variance; /* of q.k, and of q.k / sqrt(d) */
    float largest, scaled_largest;   /* the mean of each query's largest weight */
    float gradient, scaled_gradient; /* the mean of p (1 - p), p the largest weight: what softmax passes back */
} Saturation;

static double dot(const float *a, const float *b, int n) {
    double sum = 0;
    for (int c = 0; c < n; c++) sum += (double)a[c] * (double)b[c];
    return sum;
}

/* Adds one query's softmax to the means. scores [KEYS] are used up. */
static void count_softmax(float *scores, float *largest, float *gradient) {
    softmax_told(scores, KEYS, 1);
    float top = 0;
    for (int j = 0; j < KEYS; j++) top = fmaxf(top, scores[j]);
    *largest += top / TRIALS;
    *gradient += top * (1 - top) / TRIALS;
}

static Saturation saturation_at(Rng *rng, int d) {
    Saturation s = {0};
    Mat qk = mat_new(KEYS + 1, d); /* row 0 is the query */
    double sum = 0, squares = 0;
    for (int t = 0; t < TRIALS; t++) {
        float scores[KEYS], scaled[KEYS];
        rng_normal(rng, qk.data, (size_t)(KEYS + 1) * (size_t)d, 0, 1);
        for (int j = 0; j < KEYS; j++) {
            double score = dot(mat_row(qk, 0), mat_row(qk, j + 1), d);
            sum += score, squares += score * score;
            scores[j] = (float)score, scaled[j] = (float)(score / sqrt(d));
        }
        count_softmax(scores, &s.largest, &s.gradient);
        count_softmax(scaled, &s.scaled_largest, &s.scaled_gradient);
    }
    double count = (double)TRIALS * KEYS, mean = sum / count;
    s.variance = (float)((squares - count * mean * mean) / (count - 1));
    s.scaled_variance = s.variance / (float)d;
    mat_free(&qk);
    return s;
}

/* In the terminal: a bar a width. */
static void print_scaling(const Curve *curves) {
    char digits[WIDTHS][16];
    const char *names[WIDTHS];
    for (int i = 0; i < WIDTHS; i++) {
        snprintf(digits[i], sizeof digits[i], "d = %d", widths[i]);
        names[i] = digits[i];
    }
    for (int i = 0; i < 4; i++) terminal_bars(terminal_of(stdout), curves[i].name, names, curves[i].y, WIDTHS, 1);
}

static void draw_scaling(const Choices *ask, const Saturation *rows) {
    float x[WIDTHS], y[4][WIDTHS];
    for (int i = 0; i < WIDTHS; i++) {
        x[i] = (float)widths[i];
        y[0][i] = rows[i].largest, y[1][i] = rows[i].scaled_largest;
        y[2][i] = rows[i].gradient, y[3][i] = rows[i].scaled_gradient;
    }
    Curve curves[] = {{"largest weight, q.k", x, y[0], WIDTHS, false},
                      {"largest weight, q.k / sqrt(d)", x, y[1], WIDTHS, false},
                      {"gradient p (1 - p), q.k", x, y[2], WIDTHS, true},
                      {"gradient p (1 - p), q.k / sqrt(d)", x, y[3], WIDTHS, true}};
    if (ask->show.terminal) {
        print_scaling(curves);
        return;
    }
    Sheet sheet = {.folder = ask->common.out,
                   .name = "scaling",
                   .title = "Without 1/sqrt(d), softmax becomes a switch",
                   .subtitle = "16 keys, numbers from N(0, 1), mean of 1000 queries",
                   .formats = ask->show.format,
                   .command = ask->command};
    curves_draw(sheet, curves, 4,
                (CurvesOptions){.x_axis = "d, numbers in a query", .y_axis = "mean", .log_x = true, .high = 1});
}

/* The lecture's small example: five scores, multiplied by more and more. */
static void print_temperature(void) {
    static const float scores[5] = {0.1f, -0.2f, 0.3f, -0.2f, 0.5f}, factors[] = {0, 0.5f, 1, 2, 4, 8, 16, 32, 100};
    printf("softmax of f * (0.1 -0.2 0.3 -0.2 0.5): a factor f is a temperature of 1/f\n");
    printf("  %4s %40s %9s %9s\n", "f", "weights", "entropy", "p(1-p)");
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        float weights[5];
        double entropy = 0;
        memcpy(weights, scores, sizeof weights);
        softmax_told(weights, 5, 1 / (double)factors[i]);
        printf("  %4g", (double)factors[i]);
        for (int j = 0; j < 5; j++) {
            printf("  %.4f", (double)weights[j]);
            if (weights[j] > 0) entropy -= (double)weights[j] * log((double)weights[j]);
        }
        printf("    %.4f    %.4f\n", entropy, (double)weights[4] * (1 - (double)weights[4]));
    }
}

void tell_scaling(const Choices *ask) {
    Saturation rows[WIDTHS];
    Rng rng = rng_seed(ask->common.seed);
    printf("why / sqrt(d): %d queries, %d keys each, all numbers from N(0, 1)\n", TRIALS, KEYS);
    printf("  %4s %12s %9s %22s %22s\n", "d", "var(q.k)", "/sqrt(d)", "largest weight, scaled", "gradient, scaled");
    for (int i = 0; i < WIDTHS; i++) {
        rows[i] = saturation_at(&rng, widths[i]);
        printf("  %4d %12.2f %9.2f %14.3f %7.3f %14.4f %7.4f\n", widths[i], (double)rows[i].variance,
               (double)rows[i].scaled_variance, (double)rows[i].largest, (double)rows[i].scaled_largest,
               (double)rows[i].gradient, (double)rows[i].scaled_gradient);
    }
    print_temperature();
    draw_scaling(ask, rows);
}
