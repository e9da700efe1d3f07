#include "model/change.h"

#include <assert.h>
#include <math.h>

/* ---- hidden states ---- */

typedef struct {
    double after, before, product, apart; /* squares of lengths, and a . b */
} Lengths;

static Lengths lengths_of(Mat after, Mat before, int token) {
    Lengths sum = {0};
    for (int c = 0; c < after.cols; c++) {
        double a = (double)mat_at(after, token, c), b = (double)mat_at(before, token, c);
        sum.after += a * a, sum.before += b * b, sum.product += a * b, sum.apart += (a - b) * (a - b);
    }
    return sum;
}

static double moved_by(Lengths l) {
    return l.before > 0 ? sqrt(l.apart / l.before) : l.after > 0;
}

static double cosine_of(Lengths l) {
    if (l.after > 0 && l.before > 0) return l.product / sqrt(l.after * l.before);
    return l.after == 0 && l.before == 0;
}

StateChange state_change(Mat after, Mat before) {
    StateChange mean = {0};
    assert(after.rows == before.rows && after.cols == before.cols);
    for (int i = 0; i < after.rows; i++) {
        Lengths l = lengths_of(after, before, i);
        mean.cosine += cosine_of(l) / after.rows, mean.moved += moved_by(l) / after.rows;
    }
    return mean;
}

void state_moved(float *moved, Mat after, Mat before) {
    for (int i = 0; i < after.rows; i++) moved[i] = (float)moved_by(lengths_of(after, before, i));
}

void state_cosines(float *cosine, Mat after, Mat before) {
    for (int i = 0; i < after.rows; i++) cosine[i] = (float)cosine_of(lengths_of(after, before, i));
}

/* ---- predictions ---- */

static int likeliest(Mat logits, int place) {
    int best = 0;
    for (int id = 1; id < logits.cols; id++)
        if (mat_at(logits, place, id) > mat_at(logits, place, best)) best = id;
    return best;
}

/* ln of the sum of exp: what every logit is above its own logarithm of a probability. */
static double level_of(Mat logits, int place) {
    double most = (double)mat_at(logits, place, likeliest(logits, place)), sum = 0;
    for (int id = 0; id < logits.cols; id++) sum += exp((double)mat_at(logits, place, id) - most);
    return most + log(sum);
}

GuessChange guess_change(Mat after, Mat before) {
    GuessChange mean = {0};
    assert(after.rows == before.rows && after.cols == before.cols && after.cols > 0);
    for (int i = 0; i < after.rows; i++) {
        double level = level_of(before, i), new_level = level_of(after, i), sum = 0;
        int best = likeliest(before, i);
        for (int id = 0; id < after.cols; id++) {
            double was = (double)mat_at(before, i, id) - level, is = (double)mat_at(after, i, id) - new_level;
            sum += exp(was) * (was - is);
        }
        mean.divergence += fmax(sum, 0) / after.rows;
        mean.before += exp((double)mat_at(before, i, best) - level) / after.rows;
        mean.after += exp((double)mat_at(after, i, best) - new_level) / after.rows;
        mean.changed += likeliest(after, i) != best;
    }
    return mean;
}
