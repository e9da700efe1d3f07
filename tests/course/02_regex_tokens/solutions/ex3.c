/* Exercise 02.3: halve the sorted vocabulary until the word is found or nothing is left. */
#include "course.h"
#include <string.h>

int ids_of_tokens(const char *const *vocabulary, int words, const char *const *tokens, int n, int *ids) {
    int unknown = 0;
    for (int i = 0; i < n; i++) {
        int first = 0, end = words; /* the word can only be in [first, end) */
        ids[i] = words;
        while (first < end && ids[i] == words) {
            int middle = first + (end - first) / 2, order = strcmp(tokens[i], vocabulary[middle]);
            if (order == 0) ids[i] = middle;
            else if (order < 0) end = middle;
            else first = middle + 1;
        }
        unknown += ids[i] == words;
    }
    return unknown;
}
