/* Exercise 18.3: so many tokens are done; each window adds what lies behind them. */
#include "course.h"

int plan_windows(int n, int context, int stride, int *first, int *fresh) {
    int count = 0;
    for (int begin = 0, done = 0; done < n - 1; begin += stride) {
        int end = n - 1 - begin < context ? n - 1 : begin + context; /* the last token that it predicts */
        first[count] = begin;
        fresh[count++] = end - done;
        done = end;
    }
    return count;
}
