/* A head with a notebook against the same head with all rows at once, under a causal mask. */
#include "judge.h"
#include "attention/attention.h"
#include "math/init.h"

static void one_case(Rng *rng, int n, int d) {
    Mat q = init_normal_new(rng, n, d), k = init_normal_new(rng, n, d), v = init_normal_new(rng, n, d);
    Mat out = mat_new(n, d), map = mat_new(n, n);
    attention_forward(attention_of(q, k, v, 1, (Mask){.causal = true}), out, map);
    input("%d tokens, a head of width %d", n, d);
    give_mat(q), give_mat(k), give_mat(v);
    ask();
    check_mat("the contexts", got_mat(), out, 1e-4);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&out), mat_free(&map);
}

void check(void) {
    Rng rng = check_rng();
    one_case(&rng, 1, 1), one_case(&rng, 2, 1), one_case(&rng, 3, 4), one_case(&rng, 7, 5), one_case(&rng, 12, 16);
    for (int i = 0; i < 6; i++) one_case(&rng, 20 + 9 * i, 1 + 3 * i);
}
