/* model/toy_heads: weights in the order of the book, and from words to maps and contexts by plain loops. */
#include "expect.h"
#include "math/init.h"
#include "model/toy.h"
#include "model/toy_heads.h"

#include <math.h>
#include <string.h>

enum { HEADS = 2, D = 2 };

static void expect_same(Mat got, Mat expected) {
    assert_float_equal(mat_max_diff(got, expected), 0, 0);
}

/* The digits of the book's first head: what `journey` asks, answers to and gives. */
static void the_books_head(void **state) {
    (void)state;
    static const float journey[3][D] = {{.4306f, 1.4551f}, {.4433f, 1.1419f}, {.3951f, 1.0037f}};
    Toy toy = toy_book();
    Rng rng = rng_seed(123);
    ToyHeads h = toy_heads_new(toy.x, toy.x, 1, D, TOY_RAND, &rng, D);
    toy_heads_project(&h);
    const Mat qkv[3] = {h.attention.q, h.attention.k, h.attention.v};
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < D; c++) assert_float_equal(mat_at(qkv[i], 1, c), journey[i][c], 6e-5);
    toy_heads_free(&h);
    toy_free(&toy);
}

/* Head by head, each with its Q, K and V; or all of Q, all of K, all of V. */
static void parts_are_drawn_in_turn(void **state) {
    (void)state;
    Toy toy = toy_book();
    Rng rng = rng_seed(7), again = rng, whole_rng = rng, whole_again = rng;
    ToyHeads each = toy_heads_new(toy.x, toy.x, HEADS, D, TOY_LINEAR, &rng, D);
    ToyHeads whole = toy_heads_new(toy.x, toy.x, HEADS, D, TOY_LINEAR, &whole_rng, HEADS * D);
    Mat part = mat_new(D, 3), all = mat_new(HEADS * D, 3);
    for (int head = 0; head < HEADS; head++)
        for (int i = 0; i < 3; i++) {
            init_linear(&again, part, NULL);
            expect_same(mat_rows((Mat[]){each.wq, each.wk, each.wv}[i], head * D, D), part);
        }
    for (int i = 0; i < 3; i++) {
        init_linear(&whole_again, all, NULL);
        expect_same((Mat[]){whole.wq, whole.wk, whole.wv}[i], all);
    }
    assert_true(mat_max_diff(each.wq, whole.wq) > 0.01f);
    assert_int_equal(rng_bits(&rng), rng_bits(&again)); /* what is drawn next goes on from there */
    mat_free(&part), mat_free(&all);
    toy_heads_free(&each), toy_heads_free(&whole);
    toy_free(&toy);
}

static double dot(Mat a, int i, Mat b, int j, int first) {
    double sum = 0;
    for (int c = first; c < first + D; c++) sum += (double)mat_at(a, i, c) * (double)mat_at(b, j, c);
    return sum;
}

/* One sentence asks, a shorter one answers, under a mask: each weight against a softmax in plain loops. */
static void a_run_is_attention(void **state) {
    (void)state;
    const char *other = "one small step";
    Toy from = toy_book(), to = toy_text(other, strlen(other), 3, 1);
    Rng rng = rng_seed(5);
    ToyHeads h = toy_heads_new(from.x, to.x, HEADS, D, TOY_RAND, &rng, D);
    h.attention.mask.causal = true;
    for (int run = 0; run < 2; run++) toy_heads_run(&h);
    const Attention *a = &h.attention;
    for (int head = 0; head < HEADS; head++)
        for (int i = 0; i < from.n; i++) {
            double sum = 0, out = 0;
            for (int j = 0; j < to.n && j <= i; j++) sum += exp(dot(a->q, i, a->k, j, head * D) / sqrt(D));
            for (int j = 0; j < to.n; j++) {
                double weight = j <= i ? exp(dot(a->q, i, a->k, j, head * D) / sqrt(D)) / sum : 0;
                assert_float_equal(mat_at(attention_map(h.maps, from.n, head), i, j), weight, 1e-6);
                out += weight * (double)mat_at(a->v, j, head * D);
            }
            assert_float_equal(mat_at(h.out, i, head * D), out, 1e-5);
        }
    toy_heads_free(&h);
    toy_free(&from), toy_free(&to);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_books_head),
        cmocka_unit_test(parts_are_drawn_in_turn),
        cmocka_unit_test(a_run_is_attention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
