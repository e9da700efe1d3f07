/* weights/safetensors: files that are cut, damaged, missing, huge, or shrink while they are read. */
#include "image.h"
#include <sys/mman.h>
#include <sys/resource.h>

/* ---- damage ---- */

/* About 1 KB: every type we read, an empty tensor, a number, metadata, an escape. */
static Image sample(void) {
    static const char *const entries[] = {
        "\"__metadata__\":{\"format\":\"pt\"}",
        "\"words\":" ENTRY("F32", "[9,5]", "[0,180]"),
        "\"layer.0.half\":" ENTRY("F16", "[3,5]", "[180,210]"),
        "\"layer.0.brain\":" ENTRY("BF16", "[7]", "[210,224]"),
        "\"layer.1.\\u00e9\":" ENTRY("F64", "[2,2]", "[224,256]"),
        "\"ids\":" ENTRY("I64", "[1,6]", "[256,304]"),
        "\"none\":" ENTRY("F32", "[0,4]", "[304,304]"),
        "\"one\":" ENTRY("I32", "[]", "[304,308]"),
        "\"mask\":" ENTRY("BOOL", "[4]", "[308,312]"),
    };
    String header = {0};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        string_add(&header, "%s%s", i ? "," : "{", entries[i]);
    string_add(&header, "}   ");
    Image image = image_of(header.text, header.length, 312);
    string_free(&header);
    return image;
}

static void test_truncated_everywhere(void **state) {
    (void)state;
    Image image = sample();
    expect_success(parse, &image);
    assert_in_range(image.size, 850, 1100);
    for (size_t size = 0; size < image.size; size++)
        expect_refused_bytes(image.bytes, size,
                             size ? "f.st: file ends at byte |needs bytes up to|truncated download? Try: fetch it again"
                                  : "empty");
    memory_free(image.bytes);
}

/* Every single bit and a few whole values of every byte: refused with a message, or loaded with every promise kept. */
static void test_every_byte_changed(void **state) {
    (void)state;
    Image image = sample();
    int refused = 0, loaded = 0;
    for (size_t at = 0; at < image.size; at++) {
        for (int change = 0; change < 16; change++) {
            unsigned char old = image.bytes[at];
            int changed = change < 8 ? old ^ 1 << change : "\0\xff\x80\"0}, "[change - 8];
            image.bytes[at] = (unsigned char)changed;
            Error error;
            bool failed = error_catch(&error, parse, &image);
            if (failed && (error.code != EXIT_DATA || strncmp(error.message, "f.st:", 5) != 0))
                wrong("byte %zu as 0x%02x: code %d, %s", at, image.bytes[at], (int)error.code, error.message);
            if (failed) refused++;
            else loaded++;
            image.bytes[at] = old;
        }
    }
    assert_true(refused > 5000 && loaded > 5000); /* 312 bytes of data and many of names may change */
    memory_free(image.bytes);
}

static void test_random_damage(void **state) {
    (void)state;
    Rng rng = test_rng(2);
    for (int round = 0; round < 20000; round++) {
        Image image = sample();
        for (size_t n = 1 + random_below(&rng, 4); n > 0; n--) {
            size_t from = random_below(&rng, image.size), to = random_below(&rng, image.size),
                   length = random_below(&rng, 20);
            if (from + length > image.size || to + length > image.size) length = 1;
            memmove(image.bytes + to, image.bytes + from, length);
        }
        Error error;
        if (error_catch(&error, parse, &image)) assert_int_equal(error.code, EXIT_DATA);
        memory_free(image.bytes);
    }
}

/* ---- as files ---- */

static void open_it(void *context) {
    Safetensors file = safetensors_open(context);
    safetensors_close(&file);
}

static void test_open_failures(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "/nothing-here: No such file", open_it, "/nothing-here");
    expect_failure(EXIT_ENVIRONMENT, "/tmp: Is a directory", open_it, "/tmp");
    write_test_text(test_path("empty"), "");
    expect_failure(EXIT_DATA, "empty: the file is empty", open_it, (void *)(size_t)test_path("empty"));
}

static void print_opened(void *context) {
    open_it(context);
    printf("opened\n");
}

static void test_open_as_process(void **state) {
    (void)state;
    Image image = sample();
    write_test_file(test_path("cut.safetensors"), image.bytes, image.size - 3);
    Child child = run_child(print_opened, (void *)(size_t)test_path("cut.safetensors"), NULL);
    assert_int_equal(child.code, EXIT_DATA);
    expect_one_error_line(&child);
    assert_string_equal(child.out, "");
    memory_free(image.bytes);
}

/* A sparse file of 2 GB opens without any of its data being brought in. */
static void test_open_is_lazy(void **state) {
    (void)state;
    const size_t data = (size_t)2 << 30, page = (size_t)sysconf(_SC_PAGESIZE);
    const char *header = ONE("F32", "[512,1024,1024]", "[0,2147483648]"), *path = test_path("large");
    Image image = image_of(header, strlen(header), 0);
    write_test_file(path, image.bytes, image.size);
    if (truncate(path, (off_t)(image.size + data)) != 0) skip();
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    Safetensors file = safetensors_open(path);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(file.tensors[0].bytes, data);
    assert_true(after.ru_maxrss - before.ru_maxrss < 2000); /* kilobytes (bytes on macOS: stricter) */
    assert_true(after.ru_minflt - before.ru_minflt < 200);
    unsigned char *resident = memory_new(file.map.size / page + 1, 1, "a test");
    assert_int_equal(mincore((void *)(size_t)file.map.data, file.map.size, (void *)resident), 0);
    size_t pages = 0;
    for (size_t i = 0; i < file.map.size / page; i++) pages += resident[i] & 1;
    assert_true(pages < 100);
    memory_free(resident);
    safetensors_close(&file);
    memory_free(image.bytes);
    unlink(path);
}

static void read_after_truncation(void *context) {
    Safetensors file = safetensors_open(context);
    float first;
    if (truncate(context, 200) != 0) _exit(99);
    tensor_floats(&file.tensors[0], context, file.tensors[0].count - 1, 1, &first);
    printf("%g\n", (double)first);
}

static void test_file_shrinks_while_mapped(void **state) {
    (void)state;
    const char *header = ONE("F32", "[100,1000]", "[0,400000]"), *path = test_path("shrinks");
    Image image = image_of(header, strlen(header), 400000);
    write_test_file(path, image.bytes, image.size);
    Child child = run_child(read_after_truncation, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    assert_non_null(strstr(child.err, "shrinks: the file became shorter"));
    assert_string_equal(child.out, "");
    memory_free(image.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated_everywhere),
        cmocka_unit_test(test_every_byte_changed),
        cmocka_unit_test(test_random_damage),
        cmocka_unit_test(test_open_failures),
        cmocka_unit_test(test_open_as_process),
        cmocka_unit_test(test_open_is_lazy),
        cmocka_unit_test(test_file_shrinks_while_mapped),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
