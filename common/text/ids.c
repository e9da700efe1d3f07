#include "text/ids.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

void ids_reserve(Ids *ids, size_t more) {
    size_t need, room;
    if (!size_add(ids->n, more, &need) || !size_add(need, need / 2, &room) || !size_add(room, 16, &room))
        fail(EXIT_ENVIRONMENT, "out of memory (needed room for %zu more ids)", more);
    if (need <= ids->room) return;
    ids->at = memory_grow(ids->at, room, sizeof *ids->at, "ids");
    ids->room = room;
}

void ids_add(Ids *ids, int id) {
    ids_reserve(ids, 1);
    ids->at[ids->n++] = id;
}

bool ids_equal(const Ids *a, const Ids *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

void ids_free(Ids *ids) {
    memory_free(ids->at);
    *ids = (Ids){0};
}

/* A million ids through printf take longer than finding them: digits are written by hand. No id is negative. */
void ids_print(const int *ids, size_t n) {
    char digits[16];
    for (size_t i = 0; i < n; i++) {
        int at = (int)sizeof digits, id = ids[i];
        do digits[--at] = (char)('0' + id % 10);
        while (id /= 10);
        if (i > 0) digits[--at] = ' ';
        fwrite(digits + at, 1, sizeof digits - (size_t)at, stdout);
    }
}

void ids_print_first(const char *title, const int *ids, size_t n, size_t most) {
    printf(n > 0 ? "%s " : "%s", title);
    ids_print(ids, n < most ? n : most);
    printf(n > most ? " ...\n" : "\n");
}
