/* scores - three ways to put positions onto the scores: ALiBi, T5, Shaw. All three know distances and nothing else. */
#include "attention/positions.h"
#include "base/error.h"
#include "base/rng.h"
#include "lesson.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- ALiBi ---- */

/* A key loses slope points for every word of distance; each head has its own slope. For a power of two the slopes are
 * 2^(-8/H), its square, its cube, ...; for other H, those of the power below, then every second one of the power
 * above. */
static double slope_told(int head, int heads) {
    int power = 1;
    while (2 * power <= heads) power *= 2;
    if (head < power) return pow(2, -8.0 * (head + 1) / power);
    return pow(2, -8.0 * (2 * (head - power) + 1) / (2 * power));
}

void tell_alibi(int heads) {
    Mat bias = mat_new(heads, 9), told = mat_new(heads, 9);
    alibi_bias(bias, 5, 0);
    for (int h = 0; h < heads; h++)
        for (int c = 0; c < 9; c++) mat_row(told, h)[c] = (float)(-slope_told(h, heads) * abs(c - 4));
    expect_agreement("ALiBi biases", bias, told);
    printf("ALiBi: slopes of %d heads\n ", heads);
    for (int h = 0; h < heads; h++) printf(" %.6f", (double)alibi_slope(h, heads));
    printf("\n");
    mat_free(&bias), mat_free(&told);
}

/* ---- T5 ---- */

/* Near keys have a number each; far ones share: `exact` to `furthest` is cut into steps of equal ratio. Keys after the
 * query use the upper half of the 32. */
static int bucket_told(int distance) {
    enum { HALF = 16, EXACT = 8, FURTHEST = 128 };
    int base = distance > 0 ? HALF : 0, apart = abs(distance);
    if (apart < EXACT) return base + apart;
    int step = (int)(logf((float)apart / EXACT) / logf((float)FURTHEST / EXACT) * (HALF - EXACT));
    return base + EXACT + (step < HALF - EXACT ? step : HALF - EXACT - 1);
}

void tell_buckets(void) {
    for (int d = -300; d <= 300; d++)
        if (bucket_told(d) != t5_bucket(d, true, 32, 128))
            fail(EXIT_DATA, "told and common differ: in T5's bucket of distance %d", d);
    printf("T5: distance (key minus query) -> bucket\n ");
    static const int distance[] = {-200, -91, -64, -32, -16, -12, -8, -7, -1, 0, 1, 7, 8, 91};
    for (size_t i = 0; i < sizeof distance / sizeof *distance; i++)
        printf(" %d:%d", distance[i], t5_bucket(distance[i], true, 32, 128));
    printf("\n");
}

/* ---- Shaw ---- */

/* The row of the table for a pair: its distance, at most `reach` to either side, counted from 0. */
static int pair_row_told(int query, int key, int reach) {
    int distance = key - query;
    if (distance < -reach) distance = -reach;
    if (distance > reach) distance = reach;
    return distance + reach;
}

/* The query also meets a vector for the distance: score(i, j) = q_i . k_j + q_i . a_ij. */
static void pair_scores_told(Mat scores, Mat q, Mat k, Mat table) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            const float *pair = mat_row(table, pair_row_told(i, j, table.rows / 2));
            double sum = 0;
            for (int c = 0; c < q.cols; c++) sum += (double)mat_at(q, i, c) * (double)(mat_at(k, j, c) + pair[c]);
            mat_row(scores, i)[j] = (float)sum;
        }
}

/* What a word takes home has one for the distance, too: out_i = sum over j of weight(i, j) (v_j + b_ij). */
static void pair_values_told(Mat out, Mat weights, Mat v, Mat table) {
    mat_fill(out, 0);
    for (int i = 0; i < out.rows; i++)
        for (int j = 0; j < v.rows; j++) {
            const float *pair = mat_row(table, pair_row_told(i, j, table.rows / 2));
            for (int c = 0; c < out.cols; c++)
                mat_row(out, i)[c] += mat_at(weights, i, j) * (mat_at(v, j, c) + pair[c]);
        }
}

/* common/ adds the pairs' share to a product that is there already. */
static void prove_shaw(uint64_t seed) {
    enum { WORDS = 9, WIDTH = 4, REACH = 3 };
    Mat q = mat_new(WORDS, WIDTH), k = mat_new(WORDS, WIDTH), table = mat_new(2 * REACH + 1, WIDTH);
    Mat told = mat_new(WORDS, WORDS), common = mat_new(WORDS, WORDS);
    Mat told_out = mat_new(WORDS, WIDTH), common_out = mat_new(WORDS, WIDTH);
    Rng rng = rng_seed(seed);
    const Mat drawn[] = {q, k, table};
    for (int i = 0; i < 3; i++) rng_normal(&rng, drawn[i].data, (size_t)drawn[i].rows * WIDTH, 0, 1);
    pair_scores_told(told, q, k, table);
    mat_mul_nt(common, 1, q, k, 0), shaw_scores(common, q, table, 0);
    expect_agreement("Shaw's scores", common, told);
    pair_values_told(told_out, told, k, table); /* any weights and values will do */
    mat_mul(common_out, 1, told, k, 0), shaw_values(common_out, told, table, 0);
    expect_agreement("Shaw's values", common_out, told_out);
    Mat *all[] = {&q, &k, &table, &told, &common, &told_out, &common_out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

void tell_shaw(uint64_t seed) {
    prove_shaw(seed);
    printf("Shaw: row of the table for query 3 and keys 0 to 5, reach 2\n ");
    for (int key = 0; key < 6; key++) {
        if (pair_row_told(3, key, 2) != shaw_index(3, key, 2))
            fail(EXIT_DATA, "told and common differ: in Shaw's row of key %d", key);
        printf(" %d", shaw_index(3, key, 2));
    }
    printf("\n");
}
