/* For WebAssembly there is no OpenBLAS: our own tiles take nearly every product, and edges.c does the rest in loops. */
#ifndef SHOW_PAGE_CBLAS_H
#define SHOW_PAGE_CBLAS_H
typedef enum { CblasRowMajor = 101 } CBLAS_ORDER;
typedef enum { CblasNoTrans = 111, CblasTrans = 112 } CBLAS_TRANSPOSE;
void cblas_sgemm(int order, int turn_a, int turn_b, int m, int n, int k, float alpha, const float *a, int a_row,
                 const float *b, int b_row, float beta, float *c, int c_row);
void openblas_set_num_threads(int threads);
#endif
