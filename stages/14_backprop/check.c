/* check - is a gradient right? Move one number a little, run forwards again, and see how far the loss really moved. */
#include "base/error.h"
#include "math/gradcheck.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>

static double slope_told(double *number, double eps, Loss loss, void *context) {
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

/* How many numbers of each matrix may be checked in about a second: each costs two runs of the head. */
static int most_numbers(const Head *h, int runs_each) {
    double n = h->x.rows, run = n * (n * 2 * (h->wq.rows + 10) + 3 * h->wq.rows * h->x.cols);
    return (int)fmin(fmax(2e8 / run / INPUTS / runs_each, 2), 1e6);
}

void tell_check(const Choices *ask, Loss loss, Head *head, const Head *gradient) {
    int most = most_numbers(head, 2);
    Head slopes = head_new(ask); /* of the inputs alone */
    bool all = true;
    check_heading(ask->eps);
    for (int i = 0; i < INPUTS; i++) {
        Check check = check_gradient(head_input(head, i), head_input(gradient, i), head_input(&slopes, i), ask->eps,
                                     most, loss, head);
        check_print(INPUT_NAMES[i], check);
        all = all && (i == 3 || check.checked == check.numbers);
    }
    loss(head); /* the numbers are back in place, and so is what was computed from them */
    if (!ask->show.terminal && all) draw_gradients(ask, gradient, &slopes);
    if (!all) note("the head is large: not every number was checked, and the picture `gradients` is not drawn");
    head_free(&slopes);
}

/* ---- the error against the step ---- */

static double error_in_double(Loss loss, Head *head, const Head *gradient, double eps, int most) {
    double worst = 0;
    for (int i = 0; i < INPUTS; i++)
        worst = fmax(
            worst,
            check_gradient(head_input(head, i), head_input(gradient, i), (Paper){0}, eps, most, loss, head).difference);
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

static int smallest(const float *values, int n) {
    int least = 0;
    for (int i = 1; i < n; i++)
        if (values[i] < values[least]) least = i;
    return least;
}

void tell_steps(const Choices *ask, Loss loss, Head *head, const Head *gradient, Same *same) {
    float eps[STEPS], in_double[STEPS], in_float[STEPS];
    int most = most_numbers(head, 4 * STEPS);
    double scale = 1;
    for (int i = 0; i < INPUTS; i++) scale = fmax(scale, paper_max_abs(head_input(gradient, i)));
    printf("the error against the step\n  %-8s %12s%s\n", "step", "double", ask->show.terminal ? "        float" : "");
    for (int i = 0; i < STEPS; i++) {
        double step = pow(10, -(i + 1));
        eps[i] = (float)step;
        in_double[i] = (float)error_in_double(loss, head, gradient, step, most);
        in_float[i] = i < FLOAT_STEPS ? (float)error_in_float(same, step, most) : NAN;
        printf("  %-8.0e %12.0e", step, (double)in_double[i]);
        if (ask->show.terminal && i < FLOAT_STEPS) printf(" %12.0e", (double)in_float[i]);
        printf("\n");
    }
    int best = smallest(in_double, STEPS), best_float = smallest(in_float, FLOAT_STEPS);
    printf("the best step is %.0e in double precision and %.0e in single\n", (double)eps[best],
           (double)eps[best_float]);
    loss(head);
    same_run(same);
    if ((double)in_double[best] > 1e-6 * scale)
        fail(EXIT_DATA, "the gradient is wrong: no step brings it nearer than %g to the slopes",
             (double)in_double[best]);
    draw_steps(ask, eps, in_double, in_float);
}
