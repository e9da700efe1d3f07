/* check - is a gradient right? Move one number a little, run forwards again, and see how far the loss really moved. */
#include "base/error.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/gradcheck.h"
#include "show/curves.h"
#include "show/heat.h"

#include <math.h>
#include <stdio.h>

double slope_told(double *number, double eps, Loss loss, void *context) {
    double before = *number;
    *number = before + eps;
    double up = loss(context);
    *number = before - eps;
    double down = loss(context);
    *number = before;
    return (up - down) / (2 * eps);
}

/* Every so many of `numbers`, so that at most `most` are looked at. */
static int every_of(int numbers, int most) {
    return (numbers + most - 1) / most;
}

Check check_gradient(Paper x, Paper dx, Paper slopes, double eps, int most, Loss loss, void *context) {
    Check check = {.numbers = x.rows * x.cols, .largest = paper_max_abs(dx)};
    for (int at = 0; at < check.numbers; at += every_of(check.numbers, most), check.checked++) {
        double slope = slope_told(x.at[0] + at, eps, loss, context);
        double apart = fabs(slope - dx.at[0][at]);
        check.difference = isnan(apart) ? INFINITY : fmax(check.difference, apart);
        if (slopes.at) slopes.at[0][at] = slope;
    }
    return check;
}

void check_heading(double eps) {
    printf("moved by %g up and down, the loss divided by %g:\n", eps, 2 * eps);
    printf("  %-8s %9s %9s %19s %19s\n", "", "numbers", "checked", "largest gradient", "largest error");
}

void check_print(const char *name, Check check) {
    printf("  %-8s %9d %9d %19.6f %19.0e\n", name, check.numbers, check.checked, check.largest, check.difference);
}

static double loss_of_head(void *head) {
    return head_forward(head);
}

/* How many numbers of each matrix may be checked in about a second: each costs two runs of the head. */
static int most_numbers(const Head *h, int runs_each) {
    double n = h->x.rows, run = n * (n * 2 * (h->wq.rows + 10) + 3 * h->wq.rows * h->x.cols);
    return (int)fmin(fmax(2e8 / run / INPUTS / runs_each, 2), 1e6);
}

/* ---- the gradients beside the slopes ---- */

/* Fills the columns of Wq, Wk or Wv in both (2d, 3C): told in the upper half, measured in the lower, each matrix
 * divided by its largest |gradient|, because they are of very different sizes. */
static void put_beside(Mat both, Paper told, Paper measured, int first) {
    double largest = paper_max_abs(told);
    for (int i = 0; i < told.rows; i++)
        for (int c = 0; c < told.cols; c++) {
            mat_row(both, i)[first + c] = largest > 0 ? (float)(told.at[i][c] / largest) : 0;
            mat_row(both, told.rows + i)[first + c] = largest > 0 ? (float)(measured.at[i][c] / largest) : 0;
        }
}

static void names_free(char **names, int n) {
    for (int i = 0; i < n; i++) memory_free(names[i]);
    memory_free(names);
}

static void draw_gradients(const Choices *ask, const Head *gradient, const Head *slopes) {
    static const char *const matrices[] = {"Wq", "Wk", "Wv"};
    int d = gradient->wq.rows, width = gradient->wq.cols;
    Mat both = mat_new(2 * d, 3 * width);
    char **rows = memory_new((size_t)(2 * d), sizeof *rows, "names");
    char **cols = memory_new((size_t)(3 * width), sizeof *cols, "names");
    for (int i = 0; i < 3; i++) put_beside(both, head_input(gradient, i), head_input(slopes, i), i * width);
    for (int i = 0; i < 2 * d; i++) rows[i] = text_format("%s %d", i < d ? "told" : "measured", i % d);
    for (int i = 0; i < 3 * width; i++) cols[i] = text_format("%s %d", matrices[i / width], i % width);
    Sheet sheet = {.folder = ask->common.out,
                   .name = "gradients",
                   .title = "Told by the backward pass, measured by moving each number",
                   .subtitle = "each matrix divided by its largest |gradient|; blue: the loss rises with the number",
                   .formats = ask->show.format,
                   .command = ask->command};
    heat_draw(sheet, both,
              (HeatOptions){.from = (const char *const *)rows,
                            .to = (const char *const *)cols,
                            .from_axis = "row of the matrix",
                            .to_axis = "matrix and column",
                            .bar = "gradient",
                            .scale = SCALE_SIGNED,
                            .values = 3 * width <= 24 || ask->show.values});
    names_free(rows, 2 * d), names_free(cols, 3 * width);
    mat_free(&both);
}

void tell_check(const Choices *ask, Head *head, const Head *gradient) {
    int most = most_numbers(head, 2);
    Head slopes = {.wq = paper_new(head->wq.rows, head->wq.cols),
                   .wk = paper_new(head->wk.rows, head->wk.cols),
                   .wv = paper_new(head->wv.rows, head->wv.cols),
                   .x = paper_new(head->x.rows, head->x.cols)};
    bool all = true;
    check_heading(ask->eps);
    for (int i = 0; i < INPUTS; i++) {
        Check check = check_gradient(head_input(head, i), head_input(gradient, i), head_input(&slopes, i), ask->eps,
                                     most, loss_of_head, head);
        check_print(INPUT_NAMES[i], check);
        all = all && (i == 3 || check.checked == check.numbers);
    }
    head_forward(head); /* the numbers are back in place, and so is what was computed from them */
    if (!ask->show.terminal && all) draw_gradients(ask, gradient, &slopes);
    if (!all) note("the head is large: not every number was checked, and the picture `gradients` is not drawn");
    paper_free(&slopes.wq), paper_free(&slopes.wk), paper_free(&slopes.wv), paper_free(&slopes.x);
}

/* ---- the error against the step ---- */

enum { STEPS = 11, FLOAT_STEPS = 6 }; /* 0.1, 0.01, ...; below 1e-6 a float near 1 hardly moves */

static double error_in_double(Head *head, const Head *gradient, double eps, int most) {
    double worst = 0;
    for (int i = 0; i < INPUTS; i++)
        worst = fmax(worst, check_gradient(head_input(head, i), head_input(gradient, i), (Paper){0}, eps, most,
                                           loss_of_head, head)
                                .difference);
    return worst;
}

/* The same question to common/: a head in floats, moved by common's own gradient check. */
static double error_in_float(Same *same, double eps, int most) {
    double worst = 0;
    for (int i = 0; i < INPUTS; i++) {
        Mat x = same_input(same, i), dx = same_gradient(same, i); /* both without gaps between their rows */
        int numbers = x.rows * x.cols;
        for (int at = 0; at < numbers; at += every_of(numbers, most)) {
            double slope = slope_by_difference(x.data + at, (float)eps, same_forward, same);
            worst = fmax(worst, fabs(slope - (double)dx.data[at]));
        }
    }
    return worst;
}

static void draw_steps(const Choices *ask, const float *eps, const float *in_double, const float *in_float) {
    Curve curves[] = {{"double precision", eps, in_double, STEPS, false},
                      {"single precision (float)", eps, in_float, FLOAT_STEPS, false}};
    Sheet sheet = {.folder = ask->common.out,
                   .name = "step",
                   .title = "How far should a number be moved?",
                   .subtitle = "too far: the curve bends; too little: the two losses have the same digits",
                   .formats = ask->show.format,
                   .command = ask->command};
    curves_draw(sheet, curves, 2,
                (CurvesOptions){.x_axis = "step", .y_axis = "largest error of a slope", .log_x = true, .log_y = true});
}

static int smallest(const float *values, int n) {
    int least = 0;
    for (int i = 1; i < n; i++)
        if (values[i] < values[least]) least = i;
    return least;
}

void tell_steps(const Choices *ask, Head *head, const Head *gradient, Same *same) {
    float eps[STEPS], in_double[STEPS], in_float[STEPS];
    int most = most_numbers(head, 4 * STEPS);
    double scale = 1;
    for (int i = 0; i < INPUTS; i++) scale = fmax(scale, paper_max_abs(head_input(gradient, i)));
    printf("the error against the step\n  %-8s %12s%s\n", "step", "double", ask->show.terminal ? "        float" : "");
    for (int i = 0; i < STEPS; i++) {
        double step = pow(10, -(i + 1));
        eps[i] = (float)step;
        in_double[i] = (float)error_in_double(head, gradient, step, most);
        in_float[i] = i < FLOAT_STEPS ? (float)error_in_float(same, step, most) : NAN;
        printf("  %-8.0e %12.0e", step, (double)in_double[i]);
        if (ask->show.terminal && i < FLOAT_STEPS) printf(" %12.0e", (double)in_float[i]);
        printf("\n");
    }
    int best = smallest(in_double, STEPS), best_float = smallest(in_float, FLOAT_STEPS);
    printf("the best step is %.0e in double precision and %.0e in single\n", (double)eps[best],
           (double)eps[best_float]);
    head_forward(head);
    same_run(same);
    if ((double)in_double[best] > 1e-6 * scale)
        fail(EXIT_DATA, "the gradient is wrong: no step brings it nearer than %g to the slopes",
             (double)in_double[best]);
    if (!ask->show.terminal) draw_steps(ask, eps, in_double, in_float);
}
