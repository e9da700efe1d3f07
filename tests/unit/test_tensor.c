/* weights/safetensors, the numbers: every type decoded, every 16-bit pattern exact, from any address. */
#include "image.h"
#include <math.h>

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static Safetensors halves;

static int open_halves(void **state) {
    (void)state;
    halves = safetensors_open("tests/fixtures/safetensors/halves.safetensors");
    return 0;
}

static int close_halves(void **state) {
    (void)state;
    safetensors_close(&halves);
    return 0;
}

static void test_every_half(void **state) {
    (void)state;
    const Tensor *f16 = safetensors_find(&halves, "f16"), *bits = safetensors_find(&halves, "f16_bits");
    assert_non_null(f16);
    assert_non_null(bits);
    assert_int_equal(f16->count, 65536);
    float *ours = memory_new(65536, sizeof *ours, "a test");
    tensor_floats(f16, "halves", 0, 65536, ours);
    for (unsigned i = 0; i < 65536; i++) {
        uint32_t theirs;
        memcpy(&theirs, bits->data + 4 * i, 4);
        assert_int_equal(f16->data[2 * i] | f16->data[2 * i + 1] << 8, i);
        assert_int_equal(bits_of(f16_to_float((uint16_t)i)), theirs); /* NaNs too keep their payload */
        assert_int_equal(bits_of(ours[i]), theirs);
    }
    memory_free(ours);
}

static void test_every_bfloat(void **state) {
    (void)state;
    const Tensor *bf16 = safetensors_find(&halves, "bf16");
    assert_non_null(bf16);
    float *ours = memory_new(65536, sizeof *ours, "a test");
    tensor_floats(bf16, "halves", 0, 65536, ours);
    for (unsigned i = 0; i < 65536; i++) {
        assert_int_equal(bits_of(bf16_to_float((uint16_t)i)), i << 16);
        assert_int_equal(bits_of(ours[i]), i << 16);
    }
    memory_free(ours);
}

static void test_known_halves(void **state) {
    (void)state;
    assert_true(f16_to_float(0x3c00) == 1.0f);
    assert_true(f16_to_float(0xc000) == -2.0f);
    assert_true(f16_to_float(0x7bff) == 65504.0f);
    assert_true(f16_to_float(0x0001) == 0x1p-24f);
    assert_true(f16_to_float(0x03ff) == 1023 * 0x1p-24f);
    assert_true(isinf(f16_to_float(0xfc00)) && f16_to_float(0xfc00) < 0);
    assert_true(isnan(f16_to_float(0x7c01)));
    assert_true(signbit(f16_to_float(0x8000)));
    assert_true(bf16_to_float(0x3f80) == 1.0f);
}

/* all_dtypes and its decoded twin, written by the reference library. */
static void test_every_type(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/safetensors/all_dtypes.safetensors");
    Safetensors values = safetensors_open("tests/fixtures/safetensors/all_dtypes.values.safetensors");
    const char *types[] = {"f64", "f32", "f16", "bf16"};
    const size_t counts[] = {1, 0, 7, 15, 12};
    assert_int_equal(file.count, 35);
    for (size_t t = 0; t < 4; t++) {
        for (size_t k = 0; k < 5; k++) {
            char name[16];
            snprintf(name, sizeof name, "%s.%zu", types[t], k);
            const Tensor *tensor = safetensors_find(&file, name), *value = safetensors_find(&values, name);
            assert_true(tensor && value);
            assert_int_equal(tensor->count, counts[k]);
            float ours[15], theirs[15];
            tensor_floats(tensor, "f", 0, tensor->count, ours);
            tensor_floats(value, "f", 0, value->count, theirs);
            for (size_t i = 0; i < tensor->count; i++) assert_int_equal(bits_of(ours[i]), bits_of(theirs[i]));
            for (size_t i = 0; i < tensor->count; i++) { /* a part of it is that part */
                float one = 0;
                tensor_floats(tensor, "f", i, 1, &one);
                assert_int_equal(bits_of(one), bits_of(ours[i]));
            }
        }
    }
    const Tensor *last = safetensors_find(&file, "i32.4");
    const size_t shape[] = {2, 1, 3, 1, 2};
    assert_non_null(last);
    assert_int_equal(last->axes, 5);
    assert_memory_equal(last->shape, shape, sizeof shape);
    safetensors_close(&file);
    safetensors_close(&values);
}

static void test_other_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/safetensors/gpt2_names.safetensors");
    assert_int_equal(file.count, 98);
    const Tensor *tensor = safetensors_find(&file, "h.11.attn.c_attn.weight");
    float values[12];
    assert_non_null(tensor);
    tensor_floats(tensor, "f", 0, 12, values);
    for (int i = 0; i < 12; i++) assert_true(values[i] == 11);
    safetensors_close(&file);
    file = safetensors_open("tests/fixtures/safetensors/metadata.safetensors");
    assert_int_equal(file.count, 0);
    safetensors_close(&file);
}

/* F64 values between two floats: rounded to the nearer, ties to even, too large to infinity. */
static void test_f64_rounding(void **state) {
    (void)state;
    const double values[] = {1 + 0x1p-24, 1 + 3 * 0x1p-24, 1 + 0x1.8p-24, 1e300, -1e300,
                             1e-300,      0x1p-149,        -0.0,          NAN,   INFINITY};
    const char *header = "{\"x\":{\"dtype\":\"F64\",\"shape\":[10],\"data_offsets\":[0,80]}}";
    Image image = image_of(header, strlen(header), 80);
    memcpy(image.bytes + image.size - 80, values, 80);
    Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
    float ours[10];
    tensor_floats(&file.tensors[0], "f.st", 0, 10, ours);
    const float expected[] = {1, 1 + 0x1p-22f, 1 + 0x1p-23f, INFINITY, -INFINITY, 0, 0x1p-149f, -0.0f};
    for (int i = 0; i < 8; i++) assert_int_equal(bits_of(ours[i]), bits_of(expected[i]));
    assert_true(isnan(ours[8]) && isinf(ours[9]));
    safetensors_close(&file);
    memory_free(image.bytes);
}

/* The same numbers behind headers of eight lengths: at every address modulo 8. */
static void test_any_alignment(void **state) {
    (void)state;
    const float numbers[] = {1.5f, -2.25f, 3e-40f};
    const char *entry = "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}";
    int in_place = 0;
    for (size_t extra = 0; extra < 8; extra++) {
        char header[100];
        size_t length = (size_t)snprintf(header, sizeof header, "%s%*s", entry, (int)extra, "");
        Image image = image_of(header, length, 12);
        memcpy(image.bytes + 8 + length, numbers, 12);
        Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
        float ours[3];
        tensor_floats(&file.tensors[0], "f.st", 0, 3, ours);
        assert_memory_equal(ours, numbers, 12);
        const float *view = tensor_in_place(&file.tensors[0]);
        bool aligned = (uintptr_t)file.tensors[0].data % sizeof(float) == 0;
        if (view) {
            assert_true(aligned);
            assert_ptr_equal(view, file.tensors[0].data);
            assert_memory_equal(view, numbers, 12);
            in_place++;
        }
        safetensors_close(&file);
        memory_free(image.bytes);
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    assert_int_equal(in_place, 2);
#endif
}

typedef struct {
    const char *type;
    size_t bytes;
} Unread;

static void read_floats(void *context) {
    const Unread *unread = context;
    char *header = text_format("{\"the\\nname\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,%zu]}}",
                               unread->type, unread->bytes);
    Image image = image_of(header, strlen(header), unread->bytes);
    Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
    assert_null(tensor_in_place(&file.tensors[0]));
    float out[2];
    tensor_floats(&file.tensors[0], "weights.st", 0, 2, out);
}

static void test_types_without_floats(void **state) {
    (void)state;
    const Unread types[] = {{"I64", 16}, {"I32", 8}, {"U8", 2}, {"BOOL", 2}, {"F8_E4M3", 2}, {"C64", 16}, {"F4", 1}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char *says = text_format("weights.st: tensor \"the\\nname\" has type %s (expected F32, F16, BF16 or F64)",
                                 types[i].type);
        expect_failure(EXIT_DATA, says, read_floats, (void *)(size_t)&types[i]);
        memory_free(says);
    }
}

static void test_shape_text(void **state) {
    (void)state;
    char text[128];
    Tensor tensor = {.axes = 0};
    assert_string_equal(tensor_shape_text(&tensor, text), "[]");
    tensor = (Tensor){.axes = 2, .shape = {768, 3}};
    assert_string_equal(tensor_shape_text(&tensor, text), "[768, 3]");
    tensor.axes = MOST_AXES;
    for (int i = 0; i < MOST_AXES; i++) tensor.shape[i] = SIZE_MAX;
    tensor_shape_text(&tensor, text);
    assert_true(strlen(text) < 128 && text[strlen(text) - 1] == ']');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_half, open_halves, close_halves),
        cmocka_unit_test_setup_teardown(test_every_bfloat, open_halves, close_halves),
        cmocka_unit_test(test_known_halves),
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_other_fixtures),
        cmocka_unit_test(test_f64_rounding),
        cmocka_unit_test(test_any_alignment),
        cmocka_unit_test(test_types_without_floats),
        cmocka_unit_test(test_shape_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
