/* math/paper: told matrices, and the proof that ends a lesson. */
#include "expect.h"
#include "math/paper.h"

#include <math.h>

static void a_copy_has_the_same_numbers(void **state) {
    (void)state;
    float data[] = {1, -2, 99, 0.5f, 4, 99}; /* 99: behind the row's end */
    Mat view = {data, 2, 2, 3};
    Paper paper = paper_of(view);
    assert_int_equal(paper.rows, 2);
    assert_int_equal(paper.cols, 2);
    assert_true(paper.at[0][1] == -2 && paper.at[1][0] == 0.5 && paper.at[1][1] == 4);
    assert_true(&paper.at[1][0] == &paper.at[0][0] + 2);
    assert_true(paper_max_abs(paper) == 4);
    paper.at[0][0] = 1e-300; /* too small for a float */
    Mat rounded = paper_rounded(paper);
    assert_true(mat_at(rounded, 0, 0) == 0 && mat_at(rounded, 0, 1) == -2 && mat_at(rounded, 1, 1) == 4);
    paper_to_mat(view, paper);
    assert_true(data[0] == 0 && data[1] == -2 && data[2] == 99 && data[3] == 0.5f && data[5] == 99);
    mat_free(&rounded);
    paper_free(&paper);
    paper_free(&paper);
}

static void papers_are_copied_and_freed_up_to_the_end(void **state) {
    (void)state;
    Paper a = paper_new(1, 2), b = paper_new(3, 1), kept = paper_new(1, 1), c = paper_new(3, 1);
    c.at[0][0] = 1, c.at[2][0] = 1.0 / 3;
    paper_copy(b, c);
    assert_true(b.at[0][0] == 1 && b.at[1][0] == 0 && b.at[2][0] == 1.0 / 3);
    papers_free((Paper *[]){&a, &b, NULL, &kept});
    assert_true(!a.at && !b.at && kept.at);
    paper_free(&kept), paper_free(&c);
}

typedef struct {
    float common[2];
    double told[2];
} Pair;

static void prove_pair(void *context) {
    Pair *pair = context;
    prove_equal("the pair", (Mat){pair->common, 1, 2, 2}, (Paper){1, 2, (double *[]){pair->told}});
}

/* 1e-5 is allowed, and beyond 1 as much of the largest told number. */
static void a_proof_holds_or_says_by_how_much(void **state) {
    (void)state;
    expect_success(prove_pair, &(Pair){{0.5f, 0.25f}, {0.500009, 0.25}});
    expect_success(prove_pair, &(Pair){{1000, 1}, {1000, 1.009}});
    expect_failure(EXIT_DATA, "told and common differ: by 0.25 in the pair", prove_pair,
                   &(Pair){{0.5f, 0}, {0.5, 0.25}});
    expect_failure(EXIT_DATA, "in the pair", prove_pair, &(Pair){{0.5f, 0}, {0.5, 1.2e-5}});
    expect_failure(EXIT_DATA, "in the pair", prove_pair, &(Pair){{1000, 1}, {1000, 1.011}});
    expect_failure(EXIT_DATA, "by inf", prove_pair, &(Pair){{0.5f, NAN}, {0.5, 0}});
    expect_failure(EXIT_DATA, "by inf", prove_pair, &(Pair){{0.5f, 0}, {NAN, 0}});
}

static void prove_scores(void *context) {
    Pair *pair = context;
    prove_scored("the pair", (Mat){pair->common, 1, 2, 2}, (Paper){1, 2, (double *[]){pair->told}}, 320);
    prove_done_scored(320);
}

/* Scores of 320 are ten times 32, so ten times as much is allowed, and said, also where less would have done: what is
 * printed is the same on every processor. */
static void weights_are_as_exact_as_their_scores(void **state) {
    (void)state;
    Pair near = {{0.5f, 0.25f}, {0.50009, 0.25}}, far = {{0.5f, 0.25f}, {0.50011, 0.25}};
    Child child = run_child(prove_scores, &near, NULL);
    assert_int_equal(child.code, 0);
    assert_string_equal(child.out, "told and common agree: max difference < 1.0e-04, as scores reach 320\n");
    expect_failure(EXIT_DATA, "told and common differ", prove_scores, &far);
    child = run_child(prove_scores, &(Pair){{0.5f, 0.25f}, {0.500009, 0.25}}, NULL);
    assert_string_equal(child.out, "told and common agree: max difference < 1.0e-04, as scores reach 320\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_has_the_same_numbers),
        cmocka_unit_test(papers_are_copied_and_freed_up_to_the_end),
        cmocka_unit_test(a_proof_holds_or_says_by_how_much),
        cmocka_unit_test(weights_are_as_exact_as_their_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
