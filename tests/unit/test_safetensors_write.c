/* weights/safetensors, writing: byte for byte what the reference library writes, and read back equal. */
#include "image.h"
#include <fcntl.h>
#include <sys/resource.h>

static void expect_bytes(const char *path, const void *bytes, size_t size) {
    Bytes file = file_read(path);
    assert_int_equal(file.size, size);
    assert_memory_equal(file.data, bytes, size);
    bytes_free(&file);
}

static void test_sample_of_the_format(void **state) {
    (void)state;
    const int32_t zeros[4] = {0};
    const TensorOut tensor = {.name = "test", .type = TYPE_I32, .shape = {2, 2}, .axes = 2, .data = zeros};
    safetensors_write(test_path("a"), &tensor, 1);
    expect_bytes(test_path("a"),
                 "\x40\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}    "
                 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                 8 + 64 + 16);
}

static void test_no_tensor(void **state) {
    (void)state;
    safetensors_write(test_path("a"), NULL, 0);
    expect_bytes(test_path("a"), "\x8\0\0\0\0\0\0\0{}      ", 16);
}

/* The order of the data must not depend on the caller's. */
static void test_order(void **state) {
    (void)state;
    const char *header = "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                         "\"z\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
                         "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
                         "\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[20,24]},"
                         "\"y\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[24,28]},"
                         "\"x\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[28,30]},"
                         "\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[30,32]},"
                         "\"e\":{\"dtype\":\"U8\",\"shape\":[0,3],\"data_offsets\":[32,32]},"
                         "\"v\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[32,34]}}";
    const int64_t a = -2;
    const double z = 1;
    const float b = 1, c = -2;
    const int32_t y = 0x01020304;
    const uint16_t x = 0x0506, w = 0x0708;
    const uint8_t v[2] = {9, 10};
    TensorOut tensors[] = {
        {.name = "v", .type = TYPE_U8, .shape = {2}, .axes = 1, .data = v},
        {.name = "w", .type = TYPE_F16, .shape = {1}, .axes = 1, .data = &w},
        {.name = "c", .type = TYPE_F32, .shape = {1}, .axes = 1, .data = &c},
        {.name = "z", .type = TYPE_F64, .axes = 0, .data = &z},
        {.name = "b", .type = TYPE_F32, .shape = {1}, .axes = 1, .data = &b},
        {.name = "x", .type = TYPE_BF16, .shape = {1}, .axes = 1, .data = &x},
        {.name = "e", .type = TYPE_U8, .shape = {0, 3}, .axes = 2, .data = NULL},
        {.name = "a", .type = TYPE_I64, .shape = {1}, .axes = 1, .data = &a},
        {.name = "y", .type = TYPE_I32, .shape = {1}, .axes = 1, .data = &y},
    };
    const size_t count = sizeof tensors / sizeof *tensors;
    for (size_t turn = 0; turn < count; turn++) {
        TensorOut first = tensors[0];
        memmove(tensors, tensors + 1, (count - 1) * sizeof *tensors);
        tensors[count - 1] = first;
        safetensors_write(test_path("a"), tensors, (int)count);
        Bytes file = file_read(test_path("a"));
        size_t padded = (strlen(header) + 7) / 8 * 8;
        assert_int_equal(file.size, 8 + padded + 34);
        assert_int_equal((unsigned char)file.data[0] | (unsigned char)file.data[1] << 8, padded);
        assert_memory_equal(file.data + 8, header, strlen(header));
        for (size_t i = strlen(header); i < padded; i++) assert_int_equal(file.data[8 + i], ' ');
        assert_memory_equal(
            file.data + 8 + padded,
            "\xfe\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\xf0\x3f\0\0\x80\x3f\0\0\0\xc0\4\3\2\1\6\5\x8\7\x9\xa", 34);
        bytes_free(&file);
    }
}

/* A file of the reference library, read and written again: the same bytes. */
static void test_rewrite_reference_files(void **state) {
    (void)state;
    const char *names[] = {"gpt2_names", "halves", "all_dtypes.values"};
    for (size_t k = 0; k < 3; k++) {
        char path[100];
        snprintf(path, sizeof path, "tests/fixtures/safetensors/%s.safetensors", names[k]);
        Safetensors file = safetensors_open(path);
        TensorOut *out = memory_new((size_t)file.count, sizeof *out, "a test");
        for (int i = 0; i < file.count; i++) {
            const Tensor *tensor = &file.tensors[file.count - 1 - i];
            out[i] =
                (TensorOut){.name = tensor->name, .type = tensor->type, .axes = tensor->axes, .data = tensor->data};
            memcpy(out[i].shape, tensor->shape, sizeof out[i].shape);
        }
        safetensors_write(test_path("again"), out, file.count);
        expect_bytes(test_path("again"), file.map.data, file.map.size);
        memory_free(out);
        safetensors_close(&file);
    }
}

static void test_names_escaped(void **state) {
    (void)state;
    const float one = 1;
    const TensorOut tensors[] = {
        {.name = "q\"b\\s/\b\f\n\r\t\x01\x1f\x7f\xC3\xA9", .type = TYPE_F32, .shape = {1}, .axes = 1, .data = &one},
        {.name = "", .type = TYPE_F32, .shape = {1}, .axes = 1, .data = &one},
    };
    safetensors_write(test_path("a"), tensors, 2);
    Bytes bytes = file_read(test_path("a"));
    const char *written = "\"q\\\"b\\\\s/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xC3\xA9\":{";
    assert_non_null(memmem(bytes.data, bytes.size, written, strlen(written)));
    bytes_free(&bytes);
    Safetensors file = safetensors_open(test_path("a"));
    assert_non_null(safetensors_find(&file, tensors[0].name));
    assert_non_null(safetensors_find(&file, ""));
    safetensors_close(&file);
}

/* Random tensors of random types and shapes, written and read back equal; data of every tensor is aligned for its
 * type. */
static void write_and_read_back(Rng *rng) {
    static const size_t sizes[] = {[TYPE_F32] = 4, [TYPE_F16] = 2, [TYPE_BF16] = 2, [TYPE_F64] = 8,
                                   [TYPE_I64] = 8, [TYPE_I32] = 4, [TYPE_I16] = 2,  [TYPE_U8] = 1};
    TensorOut tensors[12] = {0};
    char names[12][24];
    int count = (int)random_below(rng, 13);
    for (int i = 0; i < count; i++) {
        TensorOut *tensor = &tensors[i];
        snprintf(names[i], sizeof names[i], "%zu.\xC3\xA9\"%d", random_below(rng, 100), i);
        tensor->name = names[i];
        tensor->type = (TensorType)random_below(rng, TYPE_OTHER);
        tensor->axes = (int)random_below(rng, MOST_AXES + 1);
        size_t elements = 1;
        for (int axis = 0; axis < tensor->axes; axis++) {
            tensor->shape[axis] = random_below(rng, 12) ? 1 + random_below(rng, tensor->axes > 4 ? 3 : 8) : 0;
            elements *= tensor->shape[axis];
        }
        unsigned char *data = memory_new(elements, sizes[tensor->type], "a test");
        for (size_t k = 0; k < elements * sizes[tensor->type]; k++) data[k] = (unsigned char)rng_bits(rng);
        tensor->data = data;
    }
    safetensors_write(test_path("random"), tensors, count);
    Safetensors file = safetensors_open(test_path("random"));
    check_promises(&file, file.map.data, file.map.size);
    assert_int_equal(file.count, count);
    for (int i = 0; i < count; i++) {
        const Tensor *tensor = safetensors_find(&file, names[i]);
        assert_non_null(tensor);
        assert_int_equal(tensor->type, tensors[i].type);
        assert_int_equal(tensor->axes, tensors[i].axes);
        assert_memory_equal(tensor->shape, tensors[i].shape, sizeof tensor->shape);
        assert_memory_equal(tensor->data, tensors[i].data, tensor->bytes);
        assert_int_equal((uintptr_t)tensor->data % sizes[tensor->type], 0);
        if (tensor->type == TYPE_F32) assert_non_null(tensor_in_place(tensor));
        memory_free((void *)(size_t)tensors[i].data);
    }
    safetensors_close(&file);
}

static void test_random_round_trip(void **state) {
    (void)state;
    Rng rng = test_rng(3);
    for (int round = 0; round < 300; round++) write_and_read_back(&rng);
}

/* More numbers than the writer's own buffer holds. */
static void test_large(void **state) {
    (void)state;
    const size_t n = 100003;
    float *numbers = memory_new(n, sizeof *numbers, "a test");
    for (size_t i = 0; i < n; i++) numbers[i] = (float)i;
    const TensorOut tensor = {.name = "x", .type = TYPE_F32, .shape = {n}, .axes = 1, .data = numbers};
    safetensors_write(test_path("large"), &tensor, 1);
    Safetensors file = safetensors_open(test_path("large"));
    assert_int_equal(file.tensors[0].count, n);
    assert_memory_equal(file.tensors[0].data, numbers, n * sizeof *numbers);
    safetensors_close(&file);
    memory_free(numbers);
}

static void write_large(void *context) {
    struct rlimit limit = {10000, 10000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    float numbers[5000] = {0};
    const TensorOut tensor = {.name = "x", .type = TYPE_F32, .shape = {5000}, .axes = 1, .data = numbers};
    safetensors_write(context, &tensor, 1);
}

static void test_full_disk(void **state) {
    (void)state;
    const char *path = test_path("kept.safetensors");
    write_test_text(path, "old");
    int files = count_test_files();
    Child child = run_child(write_large, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    expect_file(path, "old");
    assert_int_equal(count_test_files(), files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample_of_the_format),
        cmocka_unit_test(test_no_tensor),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_rewrite_reference_files),
        cmocka_unit_test(test_names_escaped),
        cmocka_unit_test(test_random_round_trip),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
