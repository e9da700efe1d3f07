/* Out of memory at every single allocation: one clean failure with exit 3, no file left open, nothing half-written,
 * and (in the sanitizer's build, which looks at the end) nothing leaked. */
#include "base/json.h"
#include "image.h"
#include "weights/config.h"
#include "weights/foreign.h"

static const char MODEL[] = "tests/fixtures/models/prefix_gamma_mlm";

static void load_model(void *context) {
    (void)context;
    BertConfig config = bert_config_read(MODEL);
    char *path = foreign_weights_path(MODEL);
    Safetensors file = safetensors_open(path);
    assert_true(config.layers == 2 && file.count > 10);
    safetensors_close(&file);
    memory_free(path);
}

static void read_texts(void *context) {
    json_decref(json_read("tests/fixtures/models/prefix_gamma_mlm/config.json"));
    Bytes bytes = file_read(context);
    String text = {0};
    for (size_t i = 0; i < bytes.size; i++) string_add(&text, "%d ", bytes.data[i]);
    string_free(&text);
    bytes_free(&bytes);
    folder_make(test_path("made/deep"));
}

static void write_weights(void *context) {
    const float numbers[6] = {1, 2, 3, 4, 5, 6};
    const TensorOut tensors[] = {
        {.name = "first", .type = TYPE_F32, .shape = {2, 3}, .axes = 2, .data = numbers},
        {.name = "second", .type = TYPE_F32, .shape = {3}, .axes = 1, .data = numbers},
    };
    safetensors_write(context, tensors, 2);
}

static void fail_on_purpose(void *context) {
    (void)context;
    safetensors_parse("f.st", (const unsigned char *)"\x10\0\0\0\0\0\0\0{\"a\":{\"shape\":1}", 24);
}

/* Runs work with the first, the second, ... allocation failing, until it fails no more. Returns how many there were. */
static size_t torture(void (*work)(void *), void *context, ExitCode at_the_end) {
    int descriptors = open_descriptors();
    for (size_t k = 1;; k++) {
        Error error;
        memory_fail_at(k);
        bool failed = error_catch(&error, work, context);
        memory_fail_at(0);
        assert_int_equal(open_descriptors(), descriptors);
        bool memory =
            failed && error.code == EXIT_ENVIRONMENT && strncmp(error.message, "out of memory (needed ", 22) == 0;
        if (memory) continue;
        if (failed != (at_the_end != EXIT_OK) || error.code != at_the_end)
            wrong("allocation %zu: %s", k, error.message);
        return k - 1;
    }
}

static void test_load(void **state) {
    (void)state;
    size_t count = torture(load_model, NULL, EXIT_OK);
    print_message("%zu allocations\n", count);
    assert_in_range(count, 50, 5000);
}

static void test_read(void **state) {
    (void)state;
    write_test_text(test_path("text"), "some text that is not too short to make a string grow more than once or twice");
    assert_in_range(torture(read_texts, (void *)(size_t)test_path("text"), EXIT_OK), 20, 5000);
}

static void test_write(void **state) {
    (void)state;
    char *path = text_copy(test_path("out.safetensors"), strlen(test_path("out.safetensors")));
    write_test_text(path, "old");
    int files = count_test_files();
    memory_fail_at(3);
    expect_failure(EXIT_ENVIRONMENT, "out of memory", write_weights, path);
    memory_fail_at(0);
    expect_file(path, "old");
    assert_in_range(torture(write_weights, path, EXIT_OK), 4, 200);
    assert_int_equal(count_test_files(), files);
    Safetensors file = safetensors_open(path);
    assert_int_equal(file.count, 2);
    safetensors_close(&file);
    memory_free(path);
}

/* A bad file and no memory for saying so. */
static void test_bad_file(void **state) {
    (void)state;
    assert_in_range(torture(fail_on_purpose, NULL, EXIT_DATA), 2, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_bad_file),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
