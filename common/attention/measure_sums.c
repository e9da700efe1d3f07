#include "attention/measure_sums.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- the median ---- */

/* Moves the k smallest numbers to the front, and number k, counted from 0, to its place (Hoare's selection). */
static float select_number(float *numbers, size_t count, size_t k) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        float pivot = numbers[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (numbers[i] < pivot) i++;
            while (pivot < numbers[j]) j--;
            if (i >= j) break;
            float kept = numbers[i];
            numbers[i++] = numbers[j], numbers[j--] = kept;
        }
        if (k <= j) high = j;
        else low = j + 1;
    }
    return numbers[k];
}

enum { BINS = 2048 };

/* The first 11 bits behind the sign of a number from 0 on: they rise as the number does, eight to a power of two. */
static unsigned bin_of(float number) {
    unsigned bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 20 & (BINS - 1);
}

/* Counting by bins leaves a few numbers to choose from; those move to the front of `numbers`, which are not below 0;
 * count >= 1. */
static double median(float *numbers, size_t count) {
    unsigned filled[BINS] = {0}, bin = 0;
    size_t middle = count / 2, before = 0, inside = 0;
    float below = 0; /* the largest in lower bins */
    for (size_t c = 0; c < count; c++) filled[bin_of(numbers[c])]++;
    while (before + filled[bin] <= middle) before += filled[bin++];
    for (size_t c = 0; c < count; c++) {
        unsigned own = bin_of(numbers[c]);
        if (own == bin) numbers[inside++] = numbers[c];
        else if (own < bin && numbers[c] > below) below = numbers[c];
    }
    float upper = select_number(numbers, inside, middle - before), lower = upper;
    if (count % 2 == 0) lower = middle > before ? vec_max(numbers, middle - before) : below;
    return ((double)lower + (double)upper) / 2;
}

/* ---- cells ---- */

static CellSums cells_of(float *cells, size_t count) {
    CellSums s = {.count = (double)count};
    double sum = 0, squares = 0;
    size_t small = 0;
    for (size_t c = 0; c < count; c++) {
        double a = (double)cells[c];
        sum += a, squares += a * a, small += cells[c] < 0.01f;
    }
    if (count == 0) return s;
    double mean = sum / s.count;
    s.nearly_empty = (double)small;
    s.deviation = sqrt(fmax(0, squares / s.count - mean * mean));
    s.median = median(cells, count);
    return s;
}

static CellSums all_cells(const Measured *h, float *room) {
    size_t n = (size_t)h->map.rows;
    for (size_t i = 0; i < n; i++) memcpy(room + i * n, mat_row(h->map, (int)i), n * sizeof *room);
    return cells_of(room, n * n);
}

static CellSums allowed_cells(const Measured *h, float *room) {
    int n = h->map.rows;
    size_t count = 0;
    for (int i = 0; i < n; i++)
        for (Span s = {0}; mask_next_span(h->mask, n, i, &s);)
            for (int j = s.first; j < s.end; j += s.step) room[count++] = mat_at(h->map, i, j);
    return cells_of(room, count);
}

/* ---- rows ---- */

static float keys_of(const Measured *h, int i) {
    int keys = 0;
    for (Span s = {0}; mask_next_span(h->mask, h->map.cols, i, &s);) keys += span_keys(s);
    return (float)keys;
}

/* Behind an earlier or later appearance of the query's own word; behind itself does not count. */
static void add_words(HeadSums *s, const float *row, int i) {
    const int *ids = s->head->ids;
    for (int j = 0; j < s->n; j++) {
        if (ids[j] != ids[i] || j == i) continue;
        s->same_word += (double)row[j];
        if (j + 1 < s->n) s->induction += (double)row[j + 1];
    }
}

static void add_row(HeadSums *s, int i) {
    size_t n = (size_t)s->n;
    const float *row = mat_row(s->head->map, i);
    const unsigned char *marks = s->head->marks;
    float *diagonal = s->diagonal + (s->n - 1 - i);
    s->largest[i] = vec_max(row, n);
    s->entropy[i] = (float)fmax(0, vec_entropy(row, n, 1e-10));
    s->keys[i] = keys_of(s->head, i);
    vec_add(s->column, s->column, row, n);
    vec_add(diagonal, diagonal, row, n);
    for (int j = 0; j < s->n && marks; j++)
        if (marks[j] & MARK_SEPARATOR) s->separators[i] += row[j];
    if (s->head->ids) add_words(s, row, i);
}

size_t measure_room(int n) {
    size_t side = (size_t)n;
    return side * side + 7 * side;
}

HeadSums measure_sums(const Measured *h) {
    int n = h->map.rows;
    assert(n == h->map.cols && n > 0);
    float *at = h->room + (size_t)n * (size_t)n;
    memset(at, 0, 7 * (size_t)n * sizeof *at);
    HeadSums s = {.head = h, .n = n, .entropy = at, .largest = at + n, .keys = at + 2 * n};
    s.separators = at + 3 * n, s.column = at + 4 * n, s.diagonal = at + 5 * n;
    for (int i = 0; i < n; i++) add_row(&s, i);
    s.all = all_cells(h, h->room);
    s.allowed = mask_is_full(h->mask) ? s.all : allowed_cells(h, h->room);
    return s;
}

double sums_at_offset(const HeadSums *s, int offset) {
    return offset > -s->n && offset < s->n ? (double)s->diagonal[offset + s->n - 1] : 0;
}
