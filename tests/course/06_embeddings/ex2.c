/* 06.2: one-hot rows; a product with a table must be a lookup. */
#include "judge.h"
#include "base/memory.h"
#include <limits.h>
#include <math.h>

/* Every cell says whether its column is its row's id. */
static void check_case(const int *ids, int n, int vocabulary, float before) {
    String shown = {0};
    for (int i = 0; i < n && i < 8; i++) string_add(&shown, " %d", ids[i]);
    input("ids%s%s, n = %d, V = %d; out is a view, and holds %g everywhere", n ? shown.text : "", n > 8 ? " ..." : "",
          n, vocabulary, (double)before);
    string_free(&shown);
    Mat expected = mat_new(n, vocabulary);
    for (int i = 0; i < n; i++)
        for (int v = 0; v < vocabulary; v++) mat_row(expected, i)[v] = v == ids[i];
    give_int(n), give_int(vocabulary), give_double((double)before), give_ints(ids, (size_t)n);
    ask();
    check_mat("the rows", got_mat(), expected, 0);
    mat_free(&expected);
}

static void check_product(Rng *rng, int n, int vocabulary) {
    enum { WIDTH = 5, MOST = 400 };
    Mat table = mat_new(vocabulary, WIDTH), got = mat_new(n, WIDTH), expected = mat_new(n, WIDTH);
    int ids[MOST];
    for (int v = 0; v < vocabulary; v++)
        for (int c = 0; c < WIDTH; c++) mat_row(table, v)[c] = rng_float(rng, -1, 1);
    for (int i = 0; i < n; i++) {
        ids[i] = (int)(rng_bits(rng) % (uint32_t)(vocabulary + 2)) - 1;
        const bool known = ids[i] >= 0 && ids[i] < vocabulary;
        if (known) mat_copy(mat_rows(expected, i, 1), mat_rows(table, ids[i], 1));
    }
    input("%d ids from -1 to %d, the first is %d; V = %d", n, vocabulary, ids[0], vocabulary);
    give_int(n), give_int(vocabulary), give_double(7), give_ints(ids, (size_t)n);
    ask();
    mat_mul(got, 1, got_mat(), table, 0);
    check_mat("one-hot rows times a table", got, expected, 0);
    mat_free(&table), mat_free(&got), mat_free(&expected);
}

void check(void) {
    check_case((const int[]){2, 0}, 2, 3, 9);
    check_case((const int[]){3, -1}, 2, 3, 9);
    check_case((const int[]){1, 1, 0, 1}, 4, 2, -1);
    check_case((const int[]){0}, 1, 1, 1);
    check_case((const int[]){0, 1, 2}, 3, 3, 1);
    check_case((const int[]){4, -2, 1, INT_MAX, INT_MIN, 0, 3, 2, -3}, 9, 3, 0.5f);
    check_case((const int[]){2, 0, -1, 1}, 4, 3, INFINITY);
    check_case((const int[]){2, 0, -1, 1}, 4, 3, NAN);
    check_case((const int[]){0}, 0, 3, 9);
    check_case((const int[]){255, 256, 257, 0, 511, 299, 300, 44, 127, 128}, 10, 300, 2);
    check_case((const int[]){65535, 65536, 32768, 0, 69999, 70000, 4464}, 7, 70000, 2);
    static int many[2103];
    for (int i = 0; i < 2103; i++) many[i] = i * 5 % 7 - 1;
    check_case(many, 2103, 4, 2);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 10); i++)
        check_product(&rng, 1 + (int)(rng_bits(&rng) % 16), 1 + (int)(rng_bits(&rng) % 40));
    check_product(&rng, 300, 7);
}
