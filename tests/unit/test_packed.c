/* Packed weights: a group by hand, 16-bit floats against all that there are, and whole files there and back. */
#include "image.h"
#include "weights/packed.h"

#include <math.h>

/* The largest of a group is 127 steps; what lies halfway between two steps goes away from zero. */
static void test_by_hand(void **state) {
    (void)state;
    float numbers[64] = {127, -127, 1.5f, -0.4f}, row[3] = {1, 2, 3};
    numbers[32] = 0.0f, numbers[33] = 254, numbers[34] = 3;
    TensorOut out[] = {{"a.weight", TYPE_F32, {2, 32}, 2, numbers}, {"a.bias", TYPE_F32, {3}, 1, row}};
    safetensors_write(test_path("model"), out, 2);
    Bytes packed = packed_bytes(test_path("model"));
    Safetensors file = safetensors_parse("packed", (const unsigned char *)packed.data, packed.size);
    const Tensor *weight = safetensors_find(&file, "a.weight"), *scale = safetensors_find(&file, "a.weight.scale");
    assert_non_null(weight), assert_non_null(scale);
    assert_memory_equal(weight->data, "\xff\x01\x82\x80\x80", 5);
    assert_memory_equal(weight->data + 32, "\x80\xff\x82\x80", 4);
    assert_memory_equal(scale->data, "\x00\x3c\x00\x40", 4); /* 1 and 2 */
    safetensors_close(&file);
    file_save(test_path("packed"), packed.data, packed.size);
    bytes_free(&packed);

    Bytes back = packed_read(test_path("packed"));
    file = safetensors_parse("back", (const unsigned char *)back.data, back.size);
    const float *all = tensor_in_place(safetensors_find(&file, "a.weight"));
    const float *bias = tensor_in_place(safetensors_find(&file, "a.bias"));
    assert_true(all[0] == 127 && all[1] == -127 && all[2] == 2 && all[3] == 0 && all[33] == 254 && all[34] == 4);
    assert_memory_equal(bias, row, sizeof row);
    assert_null(safetensors_find(&file, "a.weight.scale"));
    safetensors_close(&file);
    bytes_free(&back);
}

/* Each 16-bit float is its own nearest; between two of them the nearer wins, in the middle the even one. */
static void test_halves(void **state) {
    (void)state;
    for (unsigned bits = 0; bits < 0x7c00; bits++) {
        float value = f16_to_float((uint16_t)bits), next = f16_to_float((uint16_t)(bits + 1));
        assert_int_equal(float_to_f16(value), bits);
        assert_int_equal(float_to_f16(-value), bits | 0x8000);
        if (bits == 0x7bff) break;
        float middle = value + (next - value) / 2;
        assert_int_equal(float_to_f16(middle), bits + (bits & 1));
        assert_int_equal(float_to_f16(nextafterf(middle, 0)), bits);
        assert_int_equal(float_to_f16(nextafterf(middle, INFINITY)), bits + 1);
    }
    assert_int_equal(float_to_f16(65519), 0x7bff);
    assert_int_equal(float_to_f16(65520), 0x7c00);
    assert_int_equal(float_to_f16(INFINITY), 0x7c00);
    assert_int_equal(float_to_f16(NAN) & 0x7fff, 0x7e00);
}

/* No weight of a model moves by more than half a step of its group. */
static void test_a_model(void **state) {
    (void)state;
    const char *path = "tests/fixtures/gpt2/story/model.safetensors";
    Bytes packed = packed_bytes(path);
    file_save(test_path("packed"), packed.data, packed.size);
    Bytes back = packed_read(test_path("packed"));
    Safetensors was = safetensors_open(path), is = safetensors_parse("back", (void *)back.data, back.size);
    int matrices = 0;
    for (int i = 0; i < is.count; i++) {
        const Tensor *a = safetensors_find(&was, is.tensors[i].name), *b = &is.tensors[i];
        assert_int_equal(a->count, b->count);
        float x[32], y[32], most = 0;
        bool packs = a->axes == 2 && a->shape[1] % 32 == 0;
        matrices += packs;
        for (size_t at = 0; at + 32 <= a->count; at += 32, most = 0) {
            tensor_floats(a, path, at, 32, x), tensor_floats(b, path, at, 32, y);
            for (int j = 0; j < 32; j++) most = fmaxf(most, fabsf(x[j]));
            for (int j = 0; j < 32; j++) assert_true(fabsf(x[j] - y[j]) <= (packs ? most / 250 : 0));
        }
    }
    assert_true(matrices > 8);
    safetensors_close(&was), safetensors_close(&is);
    bytes_free(&packed), bytes_free(&back);
}

static void read_it(void *path) {
    packed_read(path);
}

static void test_refused(void **state) {
    (void)state;
    const float numbers[32] = {0};
    const unsigned char bytes[64] = {0};
    safetensors_write(test_path("plain"), &(TensorOut){"a", TYPE_F32, {1, 32}, 2, numbers}, 1);
    expect_failure(EXIT_DATA, "not packed as int8 in groups of 32", read_it, (void *)(size_t)test_path("plain"));
    const Metadata note = {"packed", "int8 in groups of 32"};
    safetensors_write_with(test_path("torn"), &(TensorOut){"a", TYPE_U8, {1, 32}, 2, bytes}, 1, &note, 1);
    expect_failure(EXIT_DATA, "a has no scale for each 32 numbers", read_it, (void *)(size_t)test_path("torn"));
    const uint16_t scales[2] = {0};
    for (size_t groups = 1; groups <= 2; groups++) { /* a scale too many, and one too few */
        const TensorOut out[] = {{"a", TYPE_U8, {groups, 32}, 2, bytes},
                                 {"a.scale", TYPE_F16, {3 - groups}, 1, scales}};
        safetensors_write_with(test_path("torn"), out, 2, &note, 1);
        expect_failure(EXIT_DATA, "a has no scale for each 32 numbers", read_it, (void *)(size_t)test_path("torn"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_halves),
                                       cmocka_unit_test(test_a_model), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
