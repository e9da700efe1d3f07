/* Attention rollout, on paper: mix = (mean of the heads + I) / 2 with rows of 1, rolled = mix rolled. */
#include "judge.h"
#include "attention/attention.h"
#include "math/init.h"
#include "math/paper.h"

enum { MOST_LAYERS = 8 };

static void mix_on_paper(Paper mix, Mat maps, int heads) {
    for (int i = 0; i < mix.rows; i++) {
        double sum = 0;
        for (int j = 0; j < mix.cols; j++) {
            mix.at[i][j] = i == j ? 0.5 : 0;
            for (int h = 0; h < heads; h++) mix.at[i][j] += (double)mat_at(maps, h * mix.rows + i, j) / (2 * heads);
            sum += mix.at[i][j];
        }
        for (int j = 0; j < mix.cols; j++) mix.at[i][j] /= sum;
    }
}

static void check_paper(const char *name, Paper expected) {
    Mat m = paper_rounded(expected);
    check_mat(name, got_mat(), m, 1e-5);
    mat_free(&m);
}

static void one_case(Rng *rng, int layers, int heads, int n, Mask mask) {
    Mat maps[MOST_LAYERS];
    Paper mix[MOST_LAYERS], rolled[MOST_LAYERS];
    input("%d layers of %d heads, %d tokens%s", layers, heads, n, mask.causal ? ", causal" : "");
    give_int(layers), give_int(heads);
    for (int l = 0; l < layers; l++) {
        maps[l] = init_normal_new(rng, heads * n, n), mix[l] = paper_new(n, n), rolled[l] = paper_new(n, n);
        for (int h = 0; h < heads; h++) attention_softmax(mat_rows(maps[l], h * n, n), 1, mask);
        mix_on_paper(mix[l], maps[l], heads);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                for (int k = 0; k < n; k++)
                    rolled[l].at[i][j] += mix[l].at[i][k] * (l ? rolled[l - 1].at[k][j] : k == j);
        give_mat(maps[l]);
    }
    ask();
    for (int l = 0; l < layers; l++) {
        check_paper("the mix", mix[l]), check_paper("what is rolled up", rolled[l]);
        mat_free(&maps[l]), paper_free(&mix[l]), paper_free(&rolled[l]);
    }
}

void check(void) {
    Rng rng = check_rng();
    one_case(&rng, 1, 1, 2, (Mask){0}), one_case(&rng, 2, 1, 3, (Mask){0}),
        one_case(&rng, 3, 2, 4, (Mask){.causal = true});
    one_case(&rng, 3, 2, 5, (Mask){.chunk = 2}), one_case(&rng, 2, 3, 6, (Mask){.valid = 3});
    one_case(&rng, 2, 2, 4, (Mask){.chunk = 1, .valid = 2}); /* rows that see nothing keep themselves */
    for (int i = 0; i < 6; i++) one_case(&rng, 1 + i, 1 + i % 3, 3 + 2 * i, (Mask){.causal = i % 2 != 0});
}
