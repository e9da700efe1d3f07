/* The backward pass of one head against the formulas, in double precision: dV = D^T dO, dA = keep * (dO V^T),
 * dS = scale A (dA - sum of A dA), dQ = dS K, dK = dS^T Q. */
#include "judge.h"
#include "attention/attention.h"
#include "bodies/chance.h"
#include "math/init.h"
#include "math/paper.h"

typedef struct {
    Paper dq, dk, dv;
} Gradients;

static double keep_at(Mat keep, int i, int j) {
    return keep.rows > 1 ? (double)mat_at(keep, i, j) : 1;
}

static void on_paper(Gradients *g, Mat q, Mat k, Mat v, Mat map, Mat keep, Mat dout, double scale) {
    Paper ds = paper_new(map.rows, map.cols);
    for (int i = 0; i < map.rows; i++) {
        double all = 0;
        for (int j = 0; j < map.cols; j++) {
            const double a = (double)mat_at(map, i, j);
            for (int c = 0; c < v.cols; c++) {
                ds.at[i][j] += keep_at(keep, i, j) * (double)mat_at(dout, i, c) * (double)mat_at(v, j, c);
                g->dv.at[j][c] += a * keep_at(keep, i, j) * (double)mat_at(dout, i, c);
            }
            all += a * ds.at[i][j];
        }
        for (int j = 0; j < map.cols; j++) ds.at[i][j] = scale * (double)mat_at(map, i, j) * (ds.at[i][j] - all);
        for (int j = 0; j < map.cols; j++)
            for (int c = 0; c < q.cols; c++) {
                g->dq.at[i][c] += ds.at[i][j] * (double)mat_at(k, j, c);
                g->dk.at[j][c] += ds.at[i][j] * (double)mat_at(q, i, c);
            }
    }
    paper_free(&ds);
}

static void check_gradient(const char *name, Paper expected) {
    Mat m = paper_rounded(expected);
    check_mat(name, got_mat(), m, 1e-4);
    mat_free(&m);
}

static void one_case(Rng *rng, int n, int m, int d, Mask mask, bool dropout, int add) {
    Mat q = init_normal_new(rng, n, d), k = init_normal_new(rng, m, d), v = init_normal_new(rng, m, d);
    Mat dout = init_normal_new(rng, n, d), out = mat_new(n, d), map = mat_new(n, m);
    Mat keep = dropout ? mat_new(n, m) : mat_new(1, 1);
    Mat before[3] = {init_normal_new(rng, n, d), init_normal_new(rng, m, d), init_normal_new(rng, m, d)};
    for (int i = 0; i < keep.rows; i++)
        for (int j = 0; j < keep.cols; j++) mat_row(keep, i)[j] = below(rng, 4) ? 4 / 3.0f : 0;
    Attention head = attention_of(q, k, v, 1, mask);
    attention_forward(head, out, map);
    const double scale = (double)attention_scale(&head);
    Gradients g = {paper_new(n, d), paper_new(m, d), paper_new(m, d)};
    if (add) paper_free(&g.dq), paper_free(&g.dk), paper_free(&g.dv);
    if (add) g = (Gradients){paper_of(before[0]), paper_of(before[1]), paper_of(before[2])};
    on_paper(&g, q, k, v, map, keep, dout, scale);
    input("%d queries, %d keys, width %d%s%s%s", n, m, d, mask.causal ? ", causal" : "", dropout ? ", dropout" : "",
          add ? ", added to what is there" : ", written");
    give_int(add), give_double(scale), give_mat(q), give_mat(k), give_mat(v), give_mat(map), give_mat(dout);
    give_mat(keep), give_mat(before[0]), give_mat(before[1]), give_mat(before[2]);
    ask();
    check_gradient("dq", g.dq), check_gradient("dk", g.dk), check_gradient("dv", g.dv);
    for (int i = 0; i < 3; i++) mat_free(&before[i]);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&dout), mat_free(&out), mat_free(&map), mat_free(&keep);
    paper_free(&g.dq), paper_free(&g.dk), paper_free(&g.dv);
}

void check(void) {
    Rng rng = check_rng();
    one_case(&rng, 2, 2, 1, (Mask){0}, false, 0), one_case(&rng, 3, 3, 2, (Mask){0}, false, 1);
    one_case(&rng, 4, 4, 3, (Mask){.causal = true}, false, 0), one_case(&rng, 5, 3, 4, (Mask){0}, false, 0);
    one_case(&rng, 4, 5, 3, (Mask){0}, true, 0), one_case(&rng, 6, 6, 4, (Mask){.window = 2}, true, 1);
    for (int i = 0; i < 8; i++)
        one_case(&rng, 3 + 2 * i, 4 + i, 1 + i, (Mask){.causal = i % 2 != 0}, i % 3 == 0, i % 2);
}
