#include "text/encoding.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

static void grow(int **array, size_t room) {
    *array = memory_grow(*array, room, sizeof **array, "the ids of a text");
}

void encoding_reserve(Encoding *encoding, size_t more) {
    size_t needed = (size_t)encoding->n + more;
    if (needed <= (size_t)encoding->room) return;
    if (needed < more || needed > INT_MAX)
        fail(EXIT_DATA, "the text gives more than %d ids. Try: a shorter text", INT_MAX);
    size_t room = needed + (size_t)encoding->n / 2 + 16;
    if (room > INT_MAX) room = INT_MAX;
    grow(&encoding->ids, room);
    grow(&encoding->types, room);
    grow(&encoding->first, room);
    grow(&encoding->end, room);
    encoding->room = (int)room;
}

void encoding_push(Encoding *encoding, int id, int type, int first, int end) {
    if (encoding->n == encoding->room) encoding_reserve(encoding, 1);
    int at = encoding->n++;
    encoding->ids[at] = id;
    encoding->types[at] = type;
    encoding->first[at] = first;
    encoding->end[at] = end;
}

Encoding encoding_copy(const Encoding *e) {
    Encoding copy = {0};
    for (int i = 0; i < e->n; i++) encoding_push(&copy, e->ids[i], e->types[i], e->first[i], e->end[i]);
    return copy;
}

/* ids[to..) = ids[from..n), in all four arrays. */
static void close_gap(Encoding *encoding, int to, int from) {
    size_t count = (size_t)(encoding->n - from) * sizeof(int);
    int *arrays[4] = {encoding->ids, encoding->types, encoding->first, encoding->end};
    for (int i = 0; i < 4; i++) memmove(arrays[i] + to, arrays[i] + from, count);
    encoding->n -= from - to;
}

void encoding_truncate(Encoding *encoding, int limit) {
    if (encoding->n <= limit) return;
    int first = 0; /* ids of type 0, then how many of them are text */
    while (first < encoding->n && encoding->types[first] == 0) first++;
    bool pair = first < encoding->n;
    int second = pair ? encoding->n - first - 1 : 0, space = limit - (pair ? 3 : 2);
    assert(space >= 0);
    first -= 2; /* [CLS] and [SEP] */

    int shorter = first < second ? first : second, longer = space - shorter;
    if (pair && longer < shorter) { /* even the shorter one is more than half */
        shorter = space / 2;
        longer = space - shorter;
    }
    int keep_first = !pair ? space : first > second ? longer : shorter, keep_second = space - keep_first;
    if (pair) close_gap(encoding, 2 + first + keep_second, 2 + first + second);
    close_gap(encoding, 1 + keep_first, 1 + first);
}

void encoding_free(Encoding *encoding) {
    memory_free(encoding->ids);
    memory_free(encoding->types);
    memory_free(encoding->first);
    memory_free(encoding->end);
    *encoding = (Encoding){0};
}
