/* weights/safetensors: every rule of the format, in the order of safetensors.c; each has a test of its own. The cases
 * are those of the reference implementation's tests, and more. */
#include "image.h"

/* ---- what is right ---- */

static void test_accepted(void **state) {
    (void)state;
    expect_accepted(ONE("I32", "[2,2]", "[0,16]"), 16, 1); /* its data begins at an odd multiple of 4 */
    expect_accepted(ONE("I32", "[]", "[0,4]"), 4, 1);
    expect_accepted(ONE("I32", "[2,0]", "[0, 0]"), 0, 1);
    expect_accepted("{}\r \t\n", 0, 0);
    expect_accepted("\t\n{}\r ", 0, 0);
    expect_accepted("{}      ", 0, 0);
    expect_accepted("{\"__metadata__\":{\"framework\":\"pt\"}}", 0, 0);
    expect_accepted("{\"__metadata__\":{},"
                    "\"a\":" ENTRY("U8", "[3]", "[0,3]") "}",
                    3, 1);
    expect_accepted("{\"a\":" ENTRY("I32", "[2,2]", "[0,16]") ",\"b\":" ENTRY("F16", "[2,2]", "[16,24]") "}", 24, 2);
    expect_accepted("{\"b\":" ENTRY("F16", "[2,2]", "[16,24]") ",\"a\":" ENTRY("I32", "[2,2]", "[0,16]") "}", 24, 2);
    expect_accepted("{\"b\":" ENTRY("U8", "[0]", "[3,3]") ",\"a\":" ENTRY("U8", "[3]", "[0,3]") ",\"c\":" ENTRY(
                        "F64", "[1,0]", "[0,0]") "}",
                    3, 3); /* empty tensors at either end */
    expect_accepted(ONE("F32", "[1,1,1,1,1,1,1,1]", "[0,4]"), 4, 1);
    expect_accepted("{\"test\":{\"later\":[1,{\"x\":-1.5e3}],\"data_offsets\":[0,4],\"shape\":[1],\"dtype\":\"F32\"}}",
                    4, 1);
    expect_accepted("{\"\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, 1);
    expect_accepted("{\"\\u00e9\\n\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, 1);
    expect_accepted(ONE("F4", "[1,4]", "[0,2]"), 2, 1);
    expect_accepted(ONE("F6_E2M3", "[4]", "[0,3]"), 3, 1);
}

static void test_every_type(void **state) {
    (void)state;
    const struct {
        const char *name;
        size_t bytes; /* of 8 elements */
    } types[] = {{"BOOL", 8},    {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},          {"I8", 8},
                 {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"I16", 16},    {"F8_E4M3FNUZ", 8}, {"U16", 16},
                 {"F16", 16},    {"BF16", 16},   {"I32", 32},    {"U32", 32},    {"F8_E5M2FNUZ", 8}, {"F32", 32},
                 {"C64", 64},    {"F64", 64},    {"I64", 64},    {"U64", 64}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char *header = text_format("{\"x\":{\"dtype\":\"%s\",\"shape\":[8],\"data_offsets\":[0,%zu]}}", types[i].name,
                                   types[i].bytes);
        expect_accepted(header, types[i].bytes, 1);
        Image image = image_of(header, strlen(header), types[i].bytes);
        Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
        assert_string_equal(file.tensors[0].type_name, types[i].name);
        safetensors_close(&file);
        memory_free(image.bytes);
        memory_free(header);
    }
}

static void test_find(void **state) {
    (void)state;
    const char *header = "{\"b\":" ENTRY("F16", "[2]", "[16,20]") ",\"\\u0061\":" ENTRY("I32", "[2,2]", "[0,16]") "}";
    Image image = image_of(header, strlen(header), 20);
    Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
    const Tensor *a = safetensors_find(&file, "a"), *b = safetensors_find(&file, "b");
    assert_ptr_equal(a, &file.tensors[0]);
    assert_ptr_equal(b, &file.tensors[1]);
    assert_null(safetensors_find(&file, "c"));
    assert_null(safetensors_find(&file, ""));
    assert_int_equal(a->type, TYPE_I32);
    assert_int_equal(a->axes, 2);
    assert_int_equal(a->shape[1], 2);
    assert_int_equal(a->count, 4);
    assert_int_equal(b->begin, 16);
    assert_int_equal(b->bytes, 4);
    assert_int_equal(b->data[0], 16);
    char shape[128];
    assert_string_equal(tensor_shape_text(a, shape), "[2, 2]");
    safetensors_close(&file);
    safetensors_close(&file);
    memory_free(image.bytes);
}

/* ---- rules 1 to 3: the length of the header ---- */

static void test_rule_1_eight_bytes(void **state) {
    (void)state;
    expect_refused_bytes("", 0, "f.st: the file is empty");
    for (size_t size = 1; size < 8; size++)
        expect_refused_bytes("\x3c\0\0\0\0\0\0", size,
                             "the length of the header needs bytes up to 8: truncated download?");
}

static void test_rule_2_header_too_large(void **state) {
    (void)state;
    expect_refused_bytes("\x3c\0\0\0\0\0\xff\xff", 8,
                         "a header of 18446462598732841020 bytes is larger than the 16 MB");
    expect_refused_bytes("\x01\0\0\x01\0\0\0\0{}", 10, "a header of 16777217 bytes is larger than the 16 MB");
    expect_refused_bytes("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10, "is larger than the 16 MB");
}

static void test_rule_3_header_inside_file(void **state) {
    (void)state;
    expect_refused_bytes("\x3c\0\0\0\0\0\0\0", 8,
                         "file ends at byte 8, the header needs bytes up to 68: truncated download?");
    expect_refused_bytes("\xe8\x03\0\0\0\0\0\0{}", 10, "file ends at byte 10, the header needs bytes up to 1,008");
    expect_refused_bytes("\0\0\0\x01\0\0\0\0{}", 10, "the header needs bytes up to 16,777,224"); /* 16 MB is allowed */
}

/* ---- rules 4 and 5: the header is UTF-8, JSON, and says what it must ---- */

static void test_rule_4_utf8(void **state) {
    (void)state;
    expect_refused_bytes("\1\0\0\0\0\0\0\0\xff", 9, "f.st:1:1: |byte 0xff");
    expect_refused("{\"a\xff\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, "f.st:1:4: not valid UTF-8: byte 0xff");
    expect_refused("{\"a\":" ENTRY("U\xed\xa0\x80", "[1]", "[0,1]") "}", 1, "tensor \"a\"|not valid UTF-8: byte 0xed");
}

static void test_rule_5_json(void **state) {
    (void)state;
    expect_refused("", 0, "f.st:1:1: not valid JSON: expected '{'");
    expect_refused("{", 0, "f.st:1:2: not valid JSON");
    expect_refused("[]", 0, "f.st:1:1: not valid JSON: expected '{', got '['");
    expect_refused("\xEF\xBB\xBF{}", 0, "f.st:1:1: not valid JSON: expected '{', got byte 0xef");
    expect_refused("{}x", 0, "f.st:1:3: expected the end of the JSON text");
    expect_refused("{}\f", 0, "f.st:1:3: expected the end of the JSON text");
    expect_refused(ONE("F32", "[NaN]", "[0,4]"), 4, "f.st:1:33: tensor \"test\": not valid JSON");
    expect_refused("{\"a\":" ENTRY("U8", "[1]", "[0,1]") ",}", 1, "not valid JSON: expected '\"'");
    expect_refused("{\"\\u0000\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, "\\u0000");
    expect_refused("{\"\\ud800\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, "one half of a character");
    size_t deep = 1000000;
    char *brackets = memory_new(deep + 16, 1, "a test");
    memcpy(brackets, "{\"a\":{\"x\":", 10);
    memset(brackets + 10, '[', deep);
    expect_refused(brackets, 0, "f.st:1:|tensor \"a\": JSON nested deeper than 2048");
    memory_free(brackets);
}

static void test_rule_5_types(void **state) {
    (void)state;
    expect_refused(ONE("F8", "[1]", "[0,1]"), 1, "tensor \"test\": dtype \"F8\" is unknown (expected F32");
    expect_refused(ONE("f32", "[1]", "[0,4]"), 4, "tensor \"test\": dtype \"f32\" is unknown");
    expect_refused(ONE("", "[1]", "[0,4]"), 4, "tensor \"test\": dtype \"\" is unknown");
    expect_refused("{\"test\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
                   "tensor \"test\": dtype is not a text");
    expect_refused("{\"test\":{\"dtype\":null,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
                   "tensor \"test\": dtype is not a text");
}

static void test_rule_5_missing(void **state) {
    (void)state;
    expect_refused("{\"test\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "tensor \"test\": dtype is missing");
    expect_refused("{\"test\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "tensor \"test\": shape is missing");
    expect_refused("{\"test\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "tensor \"test\": data_offsets is missing");
    expect_refused("{\"test\":{}}", 4, "tensor \"test\": dtype is missing");
    expect_refused("{\"test\":null}", 4, "tensor \"test\": its entry is not an object");
    expect_refused("{\"test\":[1]}", 4, "tensor \"test\": its entry is not an object");
}

static void test_rule_5_numbers(void **state) {
    (void)state;
    const char *bad[] = {"-1", "-0", "1.0", "1e3", "\"1\"", "null", "true", "[1]", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *forms[] = {"{\"test\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,1]}}",
                               "{\"test\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%s,1]}}",
                               "{\"test\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,%s]}}"};
        for (size_t form = 0; form < 3; form++) {
            String header = {0};
            const char *mark = strstr(forms[form], "%s");
            string_add(&header, "%.*s%s%s", (int)(mark - forms[form]), forms[form], bad[i], mark + 2);
            char *says = text_format("tensor \"test\": %s holds %s (expected whole numbers from 0)",
                                     form ? "data_offsets" : "shape", bad[i]);
            expect_refused(header.text, 1, says);
            memory_free(says);
            string_free(&header);
        }
    }
    expect_refused(ONE("I32", "[2,18446744073709551614]", "[0,16]"), 16,
                   "tensor \"test\": the number 18446744073709551614 does not fit");
    expect_refused(ONE("I32", "[2,18446744073709551616]", "[0,16]"), 16,
                   "tensor \"test\": the number 18446744073709551616");
    expect_refused(ONE("U8", "[1]", "[0,18446744073709551617]"), 1, "tensor \"test\": the number 18446744073709551617");
    expect_refused(ONE("U8", "1", "[0,1]"), 1, "tensor \"test\": shape is not a list");
    expect_refused(ONE("U8", "{\"0\":1}", "[0,1]"), 1, "tensor \"test\": shape is not a list");
    expect_refused(ONE("U8", "[1]", "1"), 1, "tensor \"test\": data_offsets is not a list");
    expect_refused(ONE("U8", "[1]", "[]"), 1, "tensor \"test\": data_offsets has 0 numbers");
    expect_refused(ONE("U8", "[1]", "[0]"), 1, "tensor \"test\": data_offsets has 1 numbers");
    expect_refused(ONE("U8", "[1]", "[0,1,1]"), 1, "tensor \"test\": data_offsets has 3 numbers");
    expect_refused(ONE("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]"), 1, "tensor \"test\": shape has more than 8 axes");
}

static void test_rule_5_metadata(void **state) {
    (void)state;
    expect_refused("{\"__metadata__\":{\"a\":1}}", 0, "f.st:1:22: a value of __metadata__ is not a text");
    expect_refused("{\"__metadata__\":{\"a\":{}}}", 0, "a value of __metadata__ is not a text");
    expect_refused("{\"__metadata__\":[]}", 0, "__metadata__ is not an object of texts");
    expect_refused("{\"__metadata__\":" ENTRY("U8", "[1]", "[0,1]") "}", 1, "a value of __metadata__ is not a text");
    expect_refused("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "the key \"a\" appears twice");
    expect_refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "the key \"__metadata__\" appears twice");
}

static void test_nothing_twice(void **state) {
    (void)state;
    expect_refused("{\"a\":" ENTRY("U8", "[1]", "[0,1]") ",\"b\":" ENTRY("U8", "[1]", "[1,2]") ",\"\\u0061\":" ENTRY(
                       "U8", "[1]", "[2,3]") "}",
                   3, "the key \"a\" appears twice");
    expect_refused("{\"a\":" ENTRY("U8", "[0]", "[0,0]") ",\"a\":" ENTRY("U8", "[0]", "[0,0]") "}", 0,
                   "the key \"a\" appears twice");
    expect_refused("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
                   "tensor \"a\": the key \"dtype\" appears twice");
    expect_refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":{\"y\":1,\"y\":1}}}", 1,
                   "tensor \"a\": the key \"y\" appears twice");
}

/* ---- rules 6 to 10: the places and sizes of the tensors ---- */

static void test_rule_6_first_at_zero(void **state) {
    (void)state;
    expect_refused(ONE("U8", "[2]", "[1,3]"), 3, "tensor \"test\" is the first but begins at byte 1 of the data");
    expect_refused(ONE("U8", "[0]", "[1,1]"), 1, "tensor \"test\" is the first but begins at byte 1");
}

static void test_rule_6_end_before_begin(void **state) {
    (void)state;
    expect_refused(ONE("U8", "[1]", "[1,0]"), 1, "tensor \"test\": data_offsets end at 0, before they begin at 1");
}

static void test_rule_6_overlap_and_hole(void **state) {
    (void)state;
    expect_refused("{\"a\":" ENTRY("U8", "[4]", "[0,4]") ",\"b\":" ENTRY("U8", "[4]", "[3,7]") "}", 7,
                   "tensor \"b\" begins at byte 3 of the data, but \"a\" before it ends at 4: they overlap");
    expect_refused("{\"a\":" ENTRY("U8", "[4]", "[0,4]") ",\"b\":" ENTRY("U8", "[4]", "[0,4]") "}", 4,
                   "tensor \"b\" begins at byte 0 of the data, but \"a\" before it ends at 4: they overlap");
    expect_refused("{\"b\":" ENTRY("U8", "[4]", "[1,5]") ",\"a\":" ENTRY("U8", "[8]", "[0,8]") "}", 8,
                   "tensor \"b\" begins at byte 1 of the data, but \"a\" before it ends at 8: they overlap");
    expect_refused(
        "{\"a\":" ENTRY("U8", "[4]", "[0,4]") ",\"b\":" ENTRY("U8", "[4]", "[1005,1009]") "}", 1009,
        "tensor \"b\" begins at byte 1,005 of the data, but \"a\" before it ends at 4: the bytes between belong to no");
    String header = {0};
    for (int i = 0; i < 10; i++) string_add(&header, "%s\"%d\":" ENTRY("I32", "[2,2]", "[0,16]"), i ? "," : "{", i);
    string_add(&header, "}");
    expect_refused(header.text, 16, "they overlap"); /* ten names for the same bytes */
    string_free(&header);
}

static void test_rule_7_overflow(void **state) {
    (void)state;
    expect_refused(ONE("I32", "[2,9223372036854775807]", "[0,16]"), 16,
                   "tensor \"test\": shape [2, 9223372036854775807] is larger than any memory");
    expect_refused(ONE("U8", "[4294967296,4294967296]", "[0,0]"), 0,
                   "is larger than any memory"); /* 2^64 elements: 0 in 64 bits */
    expect_refused(ONE("U8", "[2305843009213693952]", "[0,0]"), 0, "is larger than any memory"); /* 2^64 bits */
    expect_refused(ONE("U8", "[4294967296,4294967296,0]", "[0,0]"), 0, "is larger than any memory");
}

static void test_rule_8_whole_bytes(void **state) {
    (void)state;
    expect_refused(ONE("F4", "[1,3]", "[0,1]"), 1,
                   "tensor \"test\": shape [1, 3] of type F4 does not fill whole bytes");
    expect_refused(ONE("F4", "[1,3]", "[0,2]"), 2, "does not fill whole bytes");
    expect_refused(ONE("F6_E3M2", "[2]", "[0,1]"), 1, "does not fill whole bytes");
}

static void test_rule_9_size(void **state) {
    (void)state;
    expect_refused(ONE("I32", "[2,2]", "[0,4]"), 4,
                   "tensor \"test\": shape [2, 2] of type I32 needs 16 bytes, but data_offsets give it 4");
    expect_refused(ONE("F16", "[2]", "[0,5]"), 5, "needs 4 bytes, but data_offsets give it 5");
    expect_refused(ONE("F32", "[0,5]", "[0,4]"), 4, "needs 0 bytes, but data_offsets give it 4");
    expect_refused(ONE("F32", "[]", "[0,0]"), 0, "needs 4 bytes, but data_offsets give it 0");
}

static void test_rule_10_end_of_file(void **state) {
    (void)state;
    /* header 57 bytes, data from byte 65 */
    expect_refused(ONE("I32", "[2,2]", "[0,16]"), 14,
                   "file ends at byte 82, tensor \"test\" needs bytes up to 84: truncated download?");
    expect_refused(ONE("I32", "[2,2]", "[0,16]"), 0, "file ends at byte 68, tensor \"test\" needs bytes up to 84");
    expect_refused(ONE("I32", "[2,2]", "[0,16]"), 17,
                   "the last tensor ends at byte 84, but the file has 85: the bytes behind it");
    expect_refused("{}", 34, "the last tensor ends at byte 10, but the file has 44");
    expect_refused("{\"a\":" ENTRY("U8", "[4]", "[0,4]") ",\"b\":" ENTRY("U8", "[4]", "[4,8]") "}", 3,
                   "tensor \"a\" needs bytes up to");
    expect_refused("{\"a\":" ENTRY("U8", "[4]", "[0,4]") ",\"b\":" ENTRY("U8", "[4]", "[4,8]") "}", 4,
                   "tensor \"b\" needs bytes up to");
    expect_refused(ONE("U8", "[1152921504606846976]", "[0,1152921504606846976]"), 4,
                   "needs bytes up to 1,152,921,504,606,8");
}

static void test_names_in_messages(void **state) {
    (void)state;
    expect_refused("{\"a\\nb\\u001b[31m\":" ENTRY("U8", "[2]", "[0,1]") "}", 1, "tensor \"a\\nb\\x1b[31m\": shape [2]");
    String header = {0};
    string_add(&header, "{\"");
    for (int i = 0; i < 100000; i++) string_add(&header, "x");
    string_add(&header, "\":" ENTRY("U8", "[2]", "[0,1]") "}");
    expect_refused(header.text, 1, "xxx\": shape [2] of type U8 needs 2 bytes, but data_offsets give it 1. Try: fetch");
    string_free(&header);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_rule_1_eight_bytes),
        cmocka_unit_test(test_rule_2_header_too_large),
        cmocka_unit_test(test_rule_3_header_inside_file),
        cmocka_unit_test(test_rule_4_utf8),
        cmocka_unit_test(test_rule_5_json),
        cmocka_unit_test(test_rule_5_types),
        cmocka_unit_test(test_rule_5_missing),
        cmocka_unit_test(test_rule_5_numbers),
        cmocka_unit_test(test_rule_5_metadata),
        cmocka_unit_test(test_nothing_twice),
        cmocka_unit_test(test_rule_6_first_at_zero),
        cmocka_unit_test(test_rule_6_end_before_begin),
        cmocka_unit_test(test_rule_6_overlap_and_hole),
        cmocka_unit_test(test_rule_7_overflow),
        cmocka_unit_test(test_rule_8_whole_bytes),
        cmocka_unit_test(test_rule_9_size),
        cmocka_unit_test(test_rule_10_end_of_file),
        cmocka_unit_test(test_names_in_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
