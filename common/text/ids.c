#include "text/ids.h"
#include "base/error.h"
#include "base/memory.h"

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

void ids_free(Ids *ids) {
    memory_free(ids->at);
    *ids = (Ids){0};
}
