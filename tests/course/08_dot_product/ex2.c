/* 08.2: rows of softmax(x x^T) whose largest weight lies off the diagonal. softmax keeps the order: scores will do. */
#include "judge.h"
#include "model/toy.h"

void check(void) {
    input("the book's six words");
    Toy toy = toy_book();
    Mat scores = mat_new(toy.n, toy.n);
    mat_mul_nt(scores, 1, toy.x, toy.x, 0);
    int rows = 0;
    for (int i = 0; i < toy.n; i++) {
        int best = 0;
        for (int j = 1; j < toy.n; j++)
            if (mat_at(scores, i, j) > mat_at(scores, i, best)) best = j;
        rows += best != i;
    }
    mat_free(&scores);
    toy_free(&toy);
    answer_number("rows", rows, 0);
}
