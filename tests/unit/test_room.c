/* base/room: how much memory there is, and how much has been used. */
#include "base/memory.h"
#include "base/room.h"
#include "expect.h"

#include <string.h>

/* Memory counts when it is written to, and what was given back still counts. */
static void what_was_used_is_remembered(void **state) {
    (void)state;
    const size_t more = 64u << 20;
    double before = room_most_used();
    char *block = memory_new(more, 1, "a test");
    memset(block, 1, more);
    assert_true(room_most_used() >= (double)more);
    assert_true(room_most_used() < before + 2 * (double)more);
    memory_free(block);
    assert_true(room_most_used() >= (double)more);
    assert_true(room_most_used() < room_there());
}

static void ask_for(void *bytes) {
    room_check(*(double *)bytes, "training needs", "a smaller batch");
}

static void more_than_there_is_fails(void **state) {
    (void)state;
    double little = 1, much = 2 * room_there();
    expect_success(ask_for, &little);
    if (much < 1e300) /* somebody says how much there is */
        expect_failure(EXIT_ENVIRONMENT, "out of memory (training needs|Try: a smaller batch", ask_for, &much);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_used_is_remembered),
        cmocka_unit_test(more_than_there_is_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
