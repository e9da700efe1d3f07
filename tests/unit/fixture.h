/* What the tests of numbers share beyond expect.h: fixtures as matrices, tables of cases, random matrices inside
 * guarded borders, error bounds, and warnings as something to assert on. */
#ifndef UNIT_FIXTURE_H
#define UNIT_FIXTURE_H
#include "expect.h"
#include "math/activation.h"
#include "math/gradcheck.h"
#include "math/mat.h"
#include "text/ids.h"
#include "weights/safetensors.h"

#include <float.h>
#include <math.h>

/* ---- random numbers, from the printed seed of test_rng ---- */

static inline int random_int(Rng *rng, int end) {
    return (int)random_below(rng, (size_t)end);
}

static inline void mat_randomise(Mat m, Rng *rng) { /* uniform in [-1, 1) */
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) mat_row(m, i)[j] = rng_float(rng, -1, 1);
}

static inline Mat random_mat(Rng *rng, int rows, int cols) {
    Mat m = mat_new(rows, cols);
    mat_randomise(m, rng);
    return m;
}

/* ---- a view inside a larger matrix whose border nobody may touch ---- */

static const float GUARD = -1234.5f;

typedef struct {
    Mat whole, view;
} Guarded;

/* A (rows, cols) view with odd stride and an address that is a multiple of 4 and of nothing larger; its cells hold
 * GUARD too. */
static inline Guarded guarded_new(int rows, int cols) {
    enum { LEFT = 3, RIGHT = 4 };
    int wide = cols + LEFT + RIGHT;
    Guarded g = {.whole = mat_new(rows + 2, wide + (wide % 2 == 0))};
    mat_fill(g.whole, GUARD);
    g.view = mat_cols(mat_rows(g.whole, 1, rows), LEFT, cols);
    return g;
}

static inline Guarded guarded_random(Rng *rng, int rows, int cols) {
    Guarded g = guarded_new(rows, cols);
    mat_randomise(g.view, rng);
    return g;
}

/* Fails when a cell outside columns first..end of the view is no longer GUARD. */
static inline void assert_guard(Guarded g, int first, int end) {
    ptrdiff_t left = g.view.data - g.whole.data - g.whole.stride;
    for (int i = 0; i < g.whole.rows; i++)
        for (int j = 0; j < g.whole.cols; j++) {
            bool inside = i >= 1 && i <= g.view.rows && j >= left + first && j < left + end;
            if (!inside && mat_at(g.whole, i, j) != GUARD)
                wrong("cell (%d, %d) outside the range was written", i - 1, (int)(j - left));
        }
}

static inline void guarded_free(Guarded *g) {
    mat_free(&g->whole);
}

/* ---- comparing ---- */

/* The rounding error that a float sum of `terms` products may have against the exact sum, whatever the order (Higham
 * 2002, section 3.1): terms * 2^-24 relative to the sum of the absolute products. No constant to tune. */
static inline double sum_bound(int terms, double sum_of_sizes) {
    double u = ldexp(1, -24), n = terms + 3; /* + the final scaling, addition and store */
    return n * u / (1 - n * u) * sum_of_sizes + FLT_MIN;
}

static inline void assert_close(double got, double expected, double tolerance, const char *what) {
    if (!(fabs(got - expected) <= tolerance))
        wrong("%s: got %.9g, expected %.9g (difference %.3g, allowed %.3g)", what, got, expected, got - expected,
              tolerance);
}

static inline bool mat_same_bits(Mat a, Mat b) {
    if (a.rows != b.rows || a.cols != b.cols) return false;
    for (int i = 0; i < a.rows; i++)
        if (memcmp(mat_row(a, i), mat_row(b, i), (size_t)a.cols * sizeof(float)) != 0) return false;
    return true;
}

/* Asserts that a is within tolerance of b, and remembers the largest difference seen. */
static inline void assert_mats(Mat a, Mat b, float tolerance, float *largest, const char *what) {
    assert_int_equal(a.rows, b.rows);
    assert_int_equal(a.cols, b.cols);
    float apart = mat_max_diff(a, b);
    if (!(apart <= tolerance)) wrong("%s: %.3g apart, allowed %.3g", what, (double)apart, (double)tolerance);
    if (apart > *largest) *largest = apart;
}

static inline void print_largest(const char *what, double largest, double tolerance) {
    print_message("%s: largest difference %.2g (allowed %.2g)\n", what, largest, tolerance);
}

/* The curves in double precision. erfc keeps the digits of gelu's left tail. */
static inline double activation_exact(Activation activation, double x) {
    switch (activation) {
    case ACTIVATION_GELU_ERF: return 0.5 * x * erfc(-x / sqrt(2));
    case ACTIVATION_GELU_TANH: return x / (1 + exp(-2 * sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
    case ACTIVATION_TANH: return tanh(x);
    case ACTIVATION_RELU: return x > 0 ? x : 0;
    case ACTIVATION_NONE: break;
    }
    return x;
}

/* ---- fixtures: tensors of a safetensors file, by printf-like name ---- */

/* The largest |analytic - numeric| over all cells of x; a NaN is infinitely far away. */
static inline double gradient_error(Mat x, Mat analytic, float nudge, LossFunction loss, void *context) {
    assert_true(x.rows == analytic.rows && x.cols == analytic.cols);
    double worst = 0;
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < x.cols; j++) {
            double slope = slope_by_difference(mat_row(x, i) + j, nudge, loss, context);
            double apart = fabs(slope - (double)mat_at(analytic, i, j));
            if (isnan(apart)) return INFINITY;
            worst = fmax(worst, apart);
        }
    return worst;
}

/* A file of a tiny model, or its folder for "". The last two stay. */
static inline const char *model_file(const char *model, const char *file) {
    static char paths[2][256];
    static int next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "tests/fixtures/models/%s%s%s", model, *file ? "/" : "", file);
    return path;
}

static inline const Tensor *fixture_tensor(const Safetensors *file, const char *format, va_list values) {
    char name[128];
    vsnprintf(name, sizeof name, format, values);
    const Tensor *tensor = safetensors_find(file, name);
    if (!tensor) wrong("the fixture has no tensor %s", name);
    return tensor;
}

__attribute__((format(printf, 2, 3))) static inline bool fixture_has(const Safetensors *file, const char *format, ...) {
    char name[128];
    va_list values;
    va_start(values, format);
    vsnprintf(name, sizeof name, format, values);
    va_end(values);
    return safetensors_find(file, name) != NULL;
}

/* F32 of any rank as a matrix that you own: the last axis is the columns, the others together are the rows. */
__attribute__((format(printf, 2, 3))) static inline Mat fixture_mat(const Safetensors *file, const char *format, ...) {
    va_list values;
    va_start(values, format);
    const Tensor *tensor = fixture_tensor(file, format, values);
    va_end(values);
    int cols = tensor->axes ? (int)tensor->shape[tensor->axes - 1] : 1;
    Mat m = mat_new(cols ? (int)tensor->count / cols : 0, cols);
    tensor_floats(tensor, "fixture", 0, tensor->count, m.data);
    return m;
}

/* I64 as ints that you own. */
__attribute__((format(printf, 2, 3))) static inline Ids fixture_ids(const Safetensors *file, const char *format, ...) {
    va_list values;
    va_start(values, format);
    const Tensor *tensor = fixture_tensor(file, format, values);
    va_end(values);
    assert_int_equal(tensor->type, TYPE_I64);
    Ids ids = {memory_new(tensor->count, sizeof(int), "ids"), tensor->count, tensor->count};
    for (size_t i = 0; i < ids.n; i++) {
        int64_t id;
        memcpy(&id, tensor->data + 8 * i, sizeof id);
        ids.at[i] = (int)id;
    }
    return ids;
}

/* F64 as doubles that you own. */
__attribute__((format(printf, 2, 3))) static inline double *fixture_doubles(const Safetensors *file, const char *format,
                                                                            ...) {
    va_list values;
    va_start(values, format);
    const Tensor *tensor = fixture_tensor(file, format, values);
    va_end(values);
    assert_int_equal(tensor->type, TYPE_F64);
    double *numbers = memory_new(tensor->count, sizeof *numbers, "doubles");
    memcpy(numbers, tensor->data, tensor->bytes);
    return numbers;
}

/* ---- tables: a header line, then rows of cells between tabs ---- */

enum { TABLE_COLUMNS = 24 };
typedef struct {
    Bytes text;
    char *(*cells)[TABLE_COLUMNS]; /* [rows + 1], the header first; point into text */
    int rows;
} Table;

static inline Table table_read(const char *path) {
    Table table = {.text = file_read(path)};
    table.cells = memory_new(4096, sizeof *table.cells, "a table");
    int line = 0;
    for (char *at = table.text.data; *at; line++) {
        char *next = at + strcspn(at, "\n");
        if (*next) *next++ = '\0';
        for (int column = 0; at && column < TABLE_COLUMNS; column++) {
            table.cells[line][column] = at;
            at = strchr(at, '\t');
            if (at) *at++ = '\0';
        }
        at = next;
    }
    table.rows = line - 1;
    return table;
}

static inline const char *table_cell(const Table *table, int row, const char *column) {
    for (int c = 0; c < TABLE_COLUMNS && table->cells[0][c]; c++)
        if (strcmp(table->cells[0][c], column) == 0) return table->cells[row + 1][c];
    wrong("the table has no column %s", column);
    return NULL;
}

static inline int table_int(const Table *table, int row, const char *column) {
    return atoi(table_cell(table, row, column));
}

static inline void table_free(Table *table) {
    memory_free(table->cells);
    bytes_free(&table->text);
}

/* ---- warnings ---- */

/* What work(context) says on stderr, in out; for warnings and notes, which error_catch keeps silent. */
static inline const char *stderr_of(char *out, size_t size, void (*work)(void *context), void *context) {
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    FILE *aside = tmpfile();
    assert_true(saved >= 0 && aside && dup2(fileno(aside), STDERR_FILENO) >= 0);
    work(context);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    read_back(aside, out, size);
    return out;
}
#endif
