/* Stage 07 - Positions: a vector for a word does not say where the word stands. Here are seven ways to tell it, each in
 * plain loops; proofs.c holds them against common/ and prints what they do. What attention makes of them is shown in
 * stage 09. Run: make run-07 */
#include "tool.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

/* ==== First part: into the row of a word ==== */

/* ---- Learned: word i of the text, or of a window that begins at word `first`, gets row first + i of a table ---- */

static void learned_told(Paper x, Paper table, int first) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] += table.at[first + i][c];
}

/* ---- Sinusoidal: nothing to learn, and no last row ---- */

/* Column 2i is a sine of the position, column 2i + 1 its cosine; each pair turns more slowly than the one before, from
 * a wavelength of 2 pi words to one of 10000 * 2 pi. */
static void waves_told(Paper table) {
    for (int p = 0; p < table.rows; p++)
        for (int c = 0; c < table.cols; c++) {
            double angle = p / pow(10000, (double)(c - c % 2) / table.cols);
            table.at[p][c] = c % 2 ? cos(angle) : sin(angle);
        }
}

/* The same idea as the first program that shipped it wrote it: all sines, then all cosines, and the slowest wave is
 * exactly 10000 * 2 pi long, since its exponent is i / (C/2 - 1). */
static void waves_apart_told(Paper table) {
    int half = table.cols / 2;
    for (int p = 0; p < table.rows; p++)
        for (int c = 0; c < 2 * half; c++) {
            double angle = p / pow(10000, (double)(c % half) / (half > 1 ? half - 1 : 1));
            table.at[p][c] = c < half ? sin(angle) : cos(angle);
        }
}

/* How alike are two positions? dots(p, r) = the dot product of rows p and r. */
static void dots_told(Paper dots, Paper table) {
    for (int p = 0; p < table.rows; p++)
        for (int r = 0; r < table.rows; r++) {
            dots.at[p][r] = 0;
            for (int c = 0; c < table.cols; c++) dots.at[p][r] += table.at[p][c] * table.at[r][c];
        }
}

/* ---- RoPE: the row is turned ---- */

/* Two numbers of a row are a point in the plane; position p turns it by p times the pair's own speed. No length
 * changes, so a dot product of two turned rows sees the difference of the turns. half_split: which two make a pair. */
static void turn_told(Paper x, bool half_split) {
    for (int p = 0; p < x.rows; p++)
        for (int pair = 0; pair < x.cols / 2; pair++) {
            int a = half_split ? pair : 2 * pair, b = half_split ? pair + x.cols / 2 : 2 * pair + 1;
            double angle = p / pow(10000, 2.0 * pair / x.cols), left = x.at[p][a], right = x.at[p][b];
            x.at[p][a] = left * cos(angle) - right * sin(angle);
            x.at[p][b] = left * sin(angle) + right * cos(angle);
        }
}

/* ==== Second part, come back after 09: when words are compared. All of these know how far two words are apart, and
 * nothing else ==== */

/* ---- ALiBi: a key loses slope points for every word of distance; each head has its own slope ---- */

/* For a power of two the slopes are 2^(-8/H), its square, its cube, ...; for other H, those of the power below, then
 * every second one of the power above. */
static double slope_told(int head, int heads) {
    int power = 1;
    while (2 * power <= heads) power *= 2;
    if (head < power) return pow(2, -8.0 * (head + 1) / power);
    return pow(2, -8.0 * (2 * (head - power) + 1) / (2 * power));
}

/* ---- T5: a learned number for each bucket of distances ---- */

/* Near keys have a bucket each; far ones share: EXACT to FURTHEST is cut into steps of equal ratio. Keys after the
 * query use the upper half of the 32. */
static int bucket_told(int distance) {
    enum { HALF = 16, EXACT = 8, FURTHEST = 128 };
    int base = distance > 0 ? HALF : 0, apart = abs(distance);
    if (apart < EXACT) return base + apart;
    int step = (int)(logf((float)apart / EXACT) / logf((float)FURTHEST / EXACT) * (HALF - EXACT));
    return base + EXACT + (step < HALF - EXACT ? step : HALF - EXACT - 1);
}

/* ---- Shaw: a learned vector for each distance, one for the keys and one for the values ---- */

/* The row of the table for a pair: its distance, at most `reach` to either side, counted from 0. */
static int pair_row_told(int query, int key, int reach) {
    int distance = key - query;
    if (distance < -reach) distance = -reach;
    if (distance > reach) distance = reach;
    return distance + reach;
}

/* The query also meets a vector for the distance: score(i, j) = q_i . (k_j + a_ij). */
static void pair_scores_told(Paper scores, Paper q, Paper k, Paper table) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            const double *pair = table.at[pair_row_told(i, j, table.rows / 2)];
            scores.at[i][j] = 0;
            for (int c = 0; c < q.cols; c++) scores.at[i][j] += q.at[i][c] * (k.at[j][c] + pair[c]);
        }
}

/* What a word takes home has one for the distance, too: out_i = sum over j of weight(i, j) (v_j + b_ij). */
static void pair_values_told(Paper out, Paper weights, Paper v, Paper table) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) {
            out.at[i][c] = 0;
            for (int j = 0; j < v.rows; j++)
                out.at[i][c] += weights.at[i][j] * (v.at[j][c] + table.at[pair_row_told(i, j, table.rows / 2)][c]);
        }
}

/* ==== The program: each scheme is handed to its proof, which prints and compares ==== */

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        tell_learned(ask.common.seed, learned_told);
        tell_waves(ask.width, waves_told, waves_apart_told, dots_told);
        tell_turns(ask.common.seed, turn_told, dots_told);
        tell_alibi(ask.heads, slope_told);
        tell_buckets(bucket_told);
        tell_shaw(ask.common.seed, pair_row_told, pair_scores_told, pair_values_told);
        tell_schemes();
        tell_far(&ask);
        prove_done();
        draw_all(&ask);
    }
    show_options_free(&ask.show);
    return finish();
}
