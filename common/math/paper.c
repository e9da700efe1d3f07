#include "math/paper.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Paper paper_new(int rows, int cols) {
    assert(rows >= 1 && cols >= 1);
    Paper paper = {rows, cols, memory_new((size_t)rows, sizeof *paper.at, "rows")};
    paper.at[0] = memory_new((size_t)rows * (size_t)cols, sizeof **paper.at, "numbers");
    for (int i = 1; i < rows; i++) paper.at[i] = paper.at[i - 1] + cols;
    return paper;
}

Paper paper_of(Mat m) {
    Paper paper = paper_new(m.rows, m.cols);
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) paper.at[i][j] = (double)mat_at(m, i, j);
    return paper;
}

void paper_free(Paper *paper) {
    if (paper->at) memory_free(paper->at[0]);
    memory_free(paper->at);
    *paper = (Paper){0};
}

void paper_copy(Paper out, Paper from) {
    assert(out.rows == from.rows && out.cols == from.cols);
    memcpy(out.at[0], from.at[0], (size_t)out.rows * (size_t)out.cols * sizeof **out.at);
}

void papers_free(Paper *const *all) {
    for (; *all; all++) paper_free(*all);
}

void paper_to_mat(Mat out, Paper paper) {
    assert(out.rows == paper.rows && out.cols == paper.cols);
    for (int i = 0; i < out.rows; i++)
        for (int j = 0; j < out.cols; j++) mat_row(out, i)[j] = (float)paper.at[i][j];
}

Mat paper_rounded(Paper paper) {
    Mat m = mat_new(paper.rows, paper.cols);
    paper_to_mat(m, paper);
    return m;
}

double paper_max_abs(Paper paper) {
    double most = 0;
    for (int i = 0; i < paper.rows; i++)
        for (int j = 0; j < paper.cols; j++) most = fmax(most, fabs(paper.at[i][j]));
    return most;
}

/* Scores up to here leave 1e-5 to the weights. */
static const double SMALL_SCORES = 32;

static float allowed(double scores) {
    return (float)(1e-5 * fmax(1, scores / SMALL_SCORES));
}

void prove_scored(const char *what, Mat common, Paper told, double scores) {
    float apart;
    Mat rounded = paper_rounded(told);
    bool agree = mat_agree(common, rounded, allowed(scores), &apart);
    mat_free(&rounded);
    if (!agree) fail(EXIT_DATA, "told and common differ: by %g in %s", (double)apart, what);
}

void prove_equal(const char *what, Mat common, Paper told) {
    prove_scored(what, common, told, 0);
}

void prove_done_scored(double scores) {
    if (scores <= SMALL_SCORES) printf("told and common agree: max difference < 1e-5\n");
    else
        printf("told and common agree: max difference < %.1e, as scores reach %.0f\n", (double)allowed(scores), scores);
}

void prove_done(void) {
    prove_done_scored(0);
}
