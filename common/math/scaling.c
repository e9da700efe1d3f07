#include "math/scaling.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>

enum { TURNS = 200, STEPS = 3000 };

typedef struct {
    Mat wanted; /* (n, n) */
    int n;
    double *x[2]; /* [n] across and up; owned, as is next */
    double *next; /* [n] room */
} Plane;

/* ---- where to begin: the two widest directions that the points would have, with room enough ---- */

/* next = M x of one direction, M the inner products of points around (0, 0) with these distances: -1/2 (squared
 * distances, less the means of row and column, plus the mean of all). x sums to 0, so that only the row's mean of M x
 * has to go. */
static void times_products(Plane *p, const double *x) {
    double mean = 0;
    for (int i = 0; i < p->n; i++) {
        p->next[i] = 0;
        for (int j = 0; j < p->n; j++) p->next[i] -= pow((double)mat_at(p->wanted, i, j), 2) / 2 * x[j];
        mean += p->next[i] / p->n;
    }
    for (int i = 0; i < p->n; i++) p->next[i] -= mean;
}

/* x becomes orthogonal to `other` (NULL: to 1, 1, 1, ...), and of length 1; zeros when nothing remains. Returns the
 * length that it had. */
static double straighten(double *x, const double *other, int n) {
    double along = 0, size = 0, length = 0;
    for (int i = 0; i < n; i++) along += x[i] * (other ? other[i] : 1), size += other ? other[i] * other[i] : 1;
    for (int i = 0; i < n && size > 0; i++) x[i] -= along / size * (other ? other[i] : 1);
    for (int i = 0; i < n; i++) length += x[i] * x[i];
    for (int i = 0; i < n; i++) x[i] = length > 0 ? x[i] / sqrt(length) : 0;
    return sqrt(length);
}

/* The power method, twice. A rough answer is enough: the steps below correct it. */
static void begin(Plane *p) {
    for (int k = 0; k < 2; k++) {
        double *x = p->x[k], stretch = 0;
        for (int i = 0; i < p->n; i++) x[i] = cos(1 + i * (k + 1.7)); /* no pattern that distances could have */
        straighten(x, NULL, p->n);
        for (int turn = 0; turn < TURNS; turn++) {
            if (k) straighten(x, p->x[0], p->n);
            times_products(p, x);
            for (int i = 0; i < p->n; i++) x[i] = p->next[i];
            stretch = straighten(x, NULL, p->n);
        }
        if (k) straighten(x, p->x[0], p->n);
        for (int i = 0; i < p->n; i++) x[i] *= sqrt(stretch);
    }
}

/* ---- SMACOF: each point goes to the mean of where the others would have it ---- */

static double distance(const Plane *p, int i, int j) {
    return hypot(p->x[0][i] - p->x[0][j], p->x[1][i] - p->x[1][j]);
}

static double stress(const Plane *p) {
    double wrong = 0, all = 0;
    for (int i = 0; i < p->n; i++)
        for (int j = 0; j < i; j++) {
            double wanted = (double)mat_at(p->wanted, i, j);
            wrong += pow(distance(p, i, j) - wanted, 2);
            all += wanted * wanted;
        }
    return all > 0 ? sqrt(wrong / all) : 0;
}

static void step(Plane *p, double *room) {
    for (int i = 0; i < p->n; i++) {
        p->next[i] = room[i] = 0;
        for (int j = 0; j < p->n; j++) {
            double d = distance(p, i, j), pull = d > 0 ? (double)mat_at(p->wanted, i, j) / d / p->n : 0;
            p->next[i] += pull * (p->x[0][i] - p->x[0][j]);
            room[i] += pull * (p->x[1][i] - p->x[1][j]);
        }
    }
    for (int i = 0; i < p->n; i++) p->x[0][i] = p->next[i], p->x[1][i] = room[i];
}

/* ---- the same picture for the same distances, however it came out turned ---- */

static void turn_to_axes(Plane *p) {
    double xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < p->n; i++) {
        double x = p->x[0][i], y = p->x[1][i];
        xx += x * x, xy += x * y, yy += y * y;
    }
    double angle = atan2(2 * xy, xx - yy) / 2, c = cos(angle), s = sin(angle);
    for (int i = 0; i < p->n; i++) {
        double x = p->x[0][i], y = p->x[1][i];
        p->x[0][i] = c * x + s * y, p->x[1][i] = c * y - s * x;
    }
    for (int k = 0; k < 2; k++) {
        int i = 0;
        while (i < p->n && fabs(p->x[k][i]) < 1e-6 * sqrt(xx + yy)) i++;
        double sign = i < p->n && p->x[k][i] < 0 ? -1 : 1;
        for (int j = 0; j < p->n; j++) p->x[k][j] *= sign;
    }
}

double scaling_plane(Mat points, Mat wanted) {
    int n = wanted.rows;
    assert(n > 0 && wanted.cols == n && points.rows == n && points.cols == 2);
    double *room = memory_new((size_t)n * 4, sizeof *room, "a map of points");
    Plane p = {wanted, n, {room, room + n}, room + 2 * n};
    begin(&p);
    double before = INFINITY, now = stress(&p);
    for (int i = 0; i < STEPS && before - now > 1e-9 * now; i++) {
        step(&p, room + 3 * n);
        before = now, now = stress(&p);
    }
    turn_to_axes(&p);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) mat_row(points, i)[k] = (float)p.x[k][i];
    memory_free(room);
    return now;
}
