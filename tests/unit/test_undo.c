/* base/undo: what was begun is put right when the process ends early, and a mapped file that shrinks is no crash. */
#include "expect.h"
#include "base/files.h"
#include <sys/mman.h>
#include <sys/resource.h>

/* ---- maps ---- */

static const unsigned char *leaked_map;

static void map_and_fail(void *context) {
    FileMap map = file_map(context);
    leaked_map = map.data;
    fail(EXIT_DATA, "after mapping");
}

static void test_map_is_released(void **state) {
    (void)state;
    write_test_text(test_path("a"), "mapped");
    unsigned char resident;
    for (int i = 0; i < 40; i++) { /* more often than the table has room */
        expect_failure(EXIT_DATA, "after mapping", map_and_fail, (void *)(size_t)test_path("a"));
        assert_int_equal(mincore((void *)(size_t)leaked_map, 1, (void *)&resident), -1);
        assert_int_equal(errno, ENOMEM);
    }
}

static void read_shrinking_file(void *context) {
    FileMap map = file_map(context), small = file_map("/etc/passwd");
    unsigned long sum = map.data[0] + small.data[0];
    if (truncate(map.path, 100) != 0) _exit(99);
    for (size_t i = 0; i < map.size; i++) sum += map.data[i];
    printf("%lu\n", sum);
}

static void test_map_of_shrinking_file(void **state) {
    (void)state;
    const char *path = test_path("with\nnewline");
    size_t size = 100000;
    char *bytes = memory_new(size, 1, "a test");
    write_test_file(path, bytes, size);
    memory_free(bytes);
    Child child = run_child(read_shrinking_file, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    assert_non_null(strstr(child.err, "with\\nnewline: the file became shorter while it was being read"));
    assert_string_equal(child.out, "");
}

static void raise_other_bus_error(void *context) {
    (void)context;
    FileMap map = file_map("/etc/passwd");
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    raise(SIGBUS);
    file_unmap(&map);
}

static void test_foreign_bus_error(void **state) {
    (void)state;
    Child child = run_child(raise_other_bus_error, NULL, NULL);
    assert_int_equal(child.code, 128 + SIGBUS);
}

/* ---- signals ---- */

static int ready[2]; /* the child writes a byte when its file is open */

static void write_and_wait(void *context) {
    FileWriter writer = file_create(context);
    file_write(&writer, "half", 4);
    fflush(writer.stream);
    if (write(ready[1], "x", 1) != 1) _exit(99);
    for (;;) pause();
}

static int signal_to_send;

static void send_when_ready(pid_t child) {
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(kill(child, signal_to_send), 0);
}

static void test_interrupt_removes_file(void **state) {
    (void)state;
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    const char *path = test_path("interrupted");
    write_test_text(path, "old");
    int files = count_test_files();
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pipe(ready), 0);
        signal_to_send = numbers[i];
        Child child = run_child(write_and_wait, (void *)(size_t)path, send_when_ready);
        assert_int_equal(child.code, 128 + numbers[i]);
        assert_string_equal(child.err, "");
        assert_int_equal(count_test_files(), files);
        expect_file(path, "old");
        close(ready[0]), close(ready[1]);
    }
}

static volatile sig_atomic_t own_handler_ran;

static void own_handler(int number) {
    (void)number;
    own_handler_ran = 1;
}

static void keep_own_handlers(void *context) {
    signal(SIGHUP, SIG_IGN); /* nohup */
    signal(SIGINT, own_handler);
    FileWriter writer = file_create(context);
    raise(SIGHUP);
    raise(SIGINT);
    file_write(&writer, own_handler_ran ? "handled" : "lost", own_handler_ran ? 7 : 4);
    file_commit(&writer);
}

static void test_own_handlers_stay(void **state) {
    (void)state;
    Child child = run_child(keep_own_handlers, (void *)(size_t)test_path("nohup"), NULL);
    assert_int_equal(child.code, 0);
    expect_file(test_path("nohup"), "handled");
}

int main(void) {
    signal(SIGINT, SIG_DFL), signal(SIGPIPE, SIG_DFL); /* a background job, and a child of Python, has them ignored */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_is_released),   cmocka_unit_test(test_map_of_shrinking_file),
        cmocka_unit_test(test_foreign_bus_error), cmocka_unit_test(test_interrupt_removes_file),
        cmocka_unit_test(test_own_handlers_stay),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
