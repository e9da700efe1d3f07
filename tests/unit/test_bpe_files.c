/* text/bpe_files: the three forms read, and one written by tokenizer_save, all giving the same ids; every way in which
 * a file can be wrong named with its line; the spelling of bytes. */
#include "tokenizer_folder.h"
#include "jansson_vocab.h"
#include "text/bpe_files.h"
#include "text/bpe_names.h"
#include "text/utf8.h"
#include "text/vocab_json.h"

#define SMALL "tests/fixtures/bpe/small"

static const char TEXT[] =
    "The lamplighter's ladder, two rungs short, stood in the rain.  \n\n  \xff caf\xc3\xa9 12345";

static void expect_same(const Bpe *a, const Bpe *b) {
    Ids one = {0}, other = {0};
    bpe_encode(a, TEXT, sizeof TEXT - 1, &one);
    bpe_encode(b, TEXT, sizeof TEXT - 1, &other);
    assert_int_equal(a->vocab.count, b->vocab.count);
    assert_int_equal(a->merges, b->merges);
    assert_int_equal(a->special.texts.count, b->special.texts.count);
    assert_int_equal(one.n, other.n);
    assert_memory_equal(one.at, other.at, one.n * sizeof *one.at);
    ids_free(&one);
    ids_free(&other);
}

static void test_names_of_bytes(void **state) {
    (void)state;
    String some = {0};
    bpe_name_add(&some, " \n!\xAD", 4);
    assert_string_equal(some.text, "\u0120\u010A!\u0143");
    string_free(&some);
    assert_int_equal(bpe_byte_in_order(0), '!');
    assert_int_equal(bpe_byte_in_order(94), 0xA1);
    assert_int_equal(bpe_byte_in_order(106), 0xAE);
    assert_int_equal(bpe_byte_in_order(188), 0);
    assert_int_equal(bpe_byte_in_order(220), ' ');
    assert_int_equal(bpe_byte_in_order(221), 0x7F);
    assert_int_equal(bpe_byte_in_order(255), 0xAD);
    bool seen[256] = {false};
    for (int place = 0; place < 256; place++) {
        char byte = (char)bpe_byte_in_order(place), back;
        String name = {0};
        size_t count;
        bpe_name_add(&name, &byte, 1);
        assert_true(utf8_count(name.text, name.length) == 1);
        assert_true(bpe_name_bytes(name.text, name.length, &back, &count) && count == 1 && back == byte);
        assert_false(seen[(unsigned char)byte]);
        seen[(unsigned char)byte] = true;
        string_free(&name);
    }
    char bytes[8];
    size_t count;
    assert_false(bpe_name_bytes("a b", 3, bytes, &count));
    assert_false(bpe_name_bytes("\u0144", 2, bytes, &count));
    assert_false(bpe_name_bytes("\xff", 1, bytes, &count));
}

/* ByteLevel in a Sequence of one, beside an empty one. */
static void test_sequences_of_one(void **state) {
    (void)state;
    Bytes file = file_read(SMALL "/tokenizer.json");
    char *from = strstr(file.data, "\"normalizer\":null,\"pre_tokenizer\":");
    assert_non_null(from);
    String text = {0};
    string_add_bytes(&text, file.data, (size_t)(from - file.data));
    string_add(&text,
               "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[]},\"pre_tokenizer\":{\"type\":\"Sequence\","
               "\"pretokenizers\":[{\"type\":\"ByteLevel\",\"add_prefix_space\":false}]},\"x\":");
    string_add(&text, "%s", strchr(strchr(from, ',') + 1, ':') + 1);
    write_test_file(test_path("t.json"), text.text, text.length);
    Bpe plain = bpe_read_json(SMALL "/tokenizer.json", NULL), sequence = bpe_read_json(test_path("t.json"), NULL);
    expect_same(&plain, &sequence);
    bpe_free(&plain);
    bpe_free(&sequence);
    string_free(&text);
    bytes_free(&file);
}

static void test_all_forms_agree(void **state) {
    (void)state;
    Bpe gpt2 = bpe_read_gpt2(SMALL "/vocab.bpe", SMALL "/encoder.json");
    Bpe json = bpe_read_json(SMALL "/tokenizer.json", NULL);
    Bpe merges_only = bpe_read_gpt2(SMALL "/vocab.bpe", NULL);
    expect_same(&gpt2, &json);
    expect_same(&gpt2, &merges_only);
    bpe_free(&json);
    bpe_free(&merges_only);

    Tokenizer *written = tokenizer_new_bpe(gpt2);
    tokenizer_save(written, test_folder);
    Bpe again = bpe_load(test_folder);
    expect_same(&gpt2, &again);
    Bytes merges = file_read(SMALL "/vocab.bpe");
    expect_file(test_path("vocab.bpe"), merges.data);
    bytes_free(&merges);
    bpe_free(&again);
    tokenizer_free(written);
}

/* ---- encoder.json, a vocabulary of its own ---- */

static void test_encoder_json(void **state) {
    (void)state;
    static const char *const wrong_ones[] = {"",
                                             "{}",
                                             "[]",
                                             "{\"a\": 1.0}",
                                             "{\"a\": -1}",
                                             "{\"a\": 00}",
                                             "{\"a\": 0,}",
                                             "{\"a\": 0} x",
                                             "{\"a\": 0",
                                             "{\"a\" 0}",
                                             "{\"a\": 1234567890}",
                                             "{\"\\ud800\": 0}",
                                             "{\"\\u0000\": 0}",
                                             "{\"\\u12\": 0}",
                                             "{\"a: 0}",
                                             "{\"\xff\": 0}",
                                             "{\"a\": {}}",
                                             "{\"a\": \"0\"}",
                                             "{\"a\tb\": 0}",
                                             "{\"a\": 0}{}",
                                             "{\"a\\",
                                             "{\"a\": 0, \"a\": 1}",
                                             "{\"a\": 0, \"b\": 0}",
                                             "{\"a\": 70000}",
                                             "{\"a\": null}"};
    static const char *const right[] = {" {\"\\u0120a\\\"\\/\" : 1,\n\"\\\\\u00e9\":0}\r\n", "{\"\\ud83d\\ude00\": 0}",
                                        "{\"a\\n\": 0}", "{\"\": 0}", "{\"b\": 1, \"a\": 0, \"[MASK]\": 2}"};
    for (size_t i = 0; i < sizeof wrong_ones / sizeof *wrong_ones; i++)
        if (taken_as_by_jansson(wrong_ones[i], strlen(wrong_ones[i]), false)) wrong("took %s", wrong_ones[i]);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        if (!taken_as_by_jansson(right[i], strlen(right[i]), false)) wrong("refused %s", right[i]);
    assert_false(taken_as_by_jansson("{\"a\": 0}\0", 9, false));
    Vocab vocab = vocab_json_parse("f", right[0], strlen(right[0]));
    assert_int_equal(vocab_id(&vocab, "\u0120a\"/", 5), 1);
    assert_int_equal(vocab_id(&vocab, "\\\u00e9", 3), 0);
    vocab_free(&vocab);
}

static void test_our_merges(void **state) {
    (void)state;
    write_test_text(test_path("m"), "\xEF\xBB\xBF"
                                    "97 97 4\r\n256 97 2\r\n257 98 2");
    Bpe bpe = bpe_read_merges(test_path("m"));
    Ids list = {0};
    bpe_encode(&bpe, "aaabdaaabac", 11, &list);
    assert_int_equal(list.n, 5);
    assert_memory_equal(list.at, ((int[]){258, 100, 258, 97, 99}), 5 * sizeof(int));
    ids_free(&list);
    bpe_free(&bpe);
}

/* ---- what is refused ---- */

static void read_merges(void *path) {
    Bpe bpe = bpe_read_merges(path);
    bpe_free(&bpe);
}
static void read_json(void *path) {
    Bpe bpe = bpe_read_json(path, NULL);
    bpe_free(&bpe);
}
static void load(void *folder) {
    Bpe bpe = bpe_load(folder);
    bpe_free(&bpe);
}

static void expect_bad(void (*read)(void *), const char *name, const char *text, const char *parts) {
    char path[512];
    snprintf(path, sizeof path, "%s", test_path(name));
    write_test_text(path, text);
    expect_failure(EXIT_DATA, parts, read, path);
}

static void test_bad_merges(void **state) {
    (void)state;
    expect_bad(read_merges, "m", "", "/m: is empty");
    expect_bad(read_merges, "m", "97 97 4\n257 97 2\n", "/m:2: LEFT|0 to 256");
    expect_bad(read_merges, "m", "97 97 4\n-1 97 2\n", "/m:2: LEFT");
    expect_bad(read_merges, "m", "97 4294967296 1\n", "/m:1: RIGHT");
    expect_bad(read_merges, "m", "97 98 99999999999999999999999\n", "/m:1: COUNT");
    expect_bad(read_merges, "m", "97 97\n", "/m:1: COUNT");
    expect_bad(read_merges, "m", "97 97 4 5\n", "/m:1: holds more");
    expect_bad(read_merges, "m", "97 97 4\n\n98 98 1\n", "/m:2: LEFT");
    expect_bad(read_merges, "m", "97 97 4\n97 97 3\n", "/m:2: the pair 97 97|second time");
    expect_bad(read_merges, "m", "version https://git-lfs.github.com/spec/v1\n", "git");
    String doubling = {0};
    string_add(&doubling, "97 97 1\n");
    for (int id = 256; id < 300; id++) string_add(&doubling, "%d %d 1\n", id, id);
    expect_bad(read_merges, "m", doubling.text, "256 MB");
    string_free(&doubling);
}

/* The small vocabulary, one thing changed: `from` becomes `with`, in one of the files. */
static void expect_bad_gpt2(const char *merges_from, const char *merges_with, const char *vocab_from,
                            const char *vocab_with, const char *parts) {
    char *merges = file_with(SMALL "/vocab.bpe", merges_from, merges_with);
    char *vocab = file_with(SMALL "/encoder.json", vocab_from, vocab_with);
    write_into(test_folder, "vocab.bpe", merges);
    write_into(test_folder, "encoder.json", vocab);
    memory_free(merges), memory_free(vocab);
    expect_failure(EXIT_DATA, parts, load, test_folder);
}

static void test_bad_gpt2(void **state) {
    (void)state;
    expect_bad_gpt2("h e\n", "h e \n", "", "", "vocab.bpe:2: is no merge");
    expect_bad_gpt2("h e\n", "he\n", "", "", "vocab.bpe:2: is no merge");
    expect_bad_gpt2("h e\n", "\n", "", "", "vocab.bpe:2: is no merge");
    expect_bad_gpt2("h e\n", "h e\nh e\n", "", "", "vocab.bpe:3: 'he'|a second time");
    expect_bad_gpt2("h e\n", "h qqq\n", "", "", "vocab.bpe:2: 'qqq' is no token");
    expect_bad_gpt2("h e\n", "q q\n", "", "", "vocab.bpe:2: 'qq' is made here");
    expect_bad_gpt2("h e\n", "", "", "", "from a token that no line before it makes");
    expect_bad_gpt2("", "", "\"<|endoftext|>\"", "\"endoftext\"", "'endoftext'|under id 656|cut short");
    expect_bad_gpt2("", "", ": 5,", ": 5000000,", "id 5000000|0 to 656");
    expect_bad_gpt2("", "", ": 5,", ": 6,", "both have the id 6");
    expect_bad_gpt2("", "", ": 5,", ": -5,", "id -5");
    expect_bad_gpt2("", "", ": 5,", ": 5.0,", "id 5.0");
    expect_bad_gpt2("", "", "\"!\": 0", "\"<x>\": 0", "byte 0x21");
    expect_bad_gpt2("", "", "656}", "656", "encoder.json:1");
}

/* Cut at every length: refused, or (at the end of a line of a file that gives the ids itself) a smaller vocabulary. */
static void test_cut_short(void **state) {
    (void)state;
    Bytes merges = file_read(SMALL "/vocab.bpe"), vocab = file_read(SMALL "/encoder.json");
    write_test_file(test_path("encoder.json"), vocab.data, vocab.size);
    for (size_t size = 0; size + 1 < merges.size; size += 7) {
        write_test_file(test_path("vocab.bpe"), merges.data, size);
        expect_failure(EXIT_DATA, "vocab.bpe", load, test_folder);
    }
    write_test_file(test_path("vocab.bpe"), merges.data, merges.size);
    for (size_t size = 0; size < vocab.size; size += 97) {
        write_test_file(test_path("encoder.json"), vocab.data, size);
        expect_failure(EXIT_DATA, "encoder.json", load, test_folder);
    }
    bytes_free(&merges);
    bytes_free(&vocab);
}

static void test_bad_json(void **state) {
    (void)state;
    expect_bad(read_json, "t.json", "{}", "has no model");
    expect_bad(read_json, "t.json", "{\"model\": {\"type\": \"WordPiece\"}}", "model.type is not BPE");
    expect_bad(read_json, "t.json",
               "{\"model\": {}, \"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": []}}",
               "pre_tokenizer is not ByteLevel");
    expect_bad(read_json, "t.json", /* a Sequence of one goes through to what is wrong in it */
               "{\"model\": {}, \"normalizer\": {\"type\": \"Sequence\", \"normalizers\": []}, \"pre_tokenizer\":"
               " {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"ByteLevel\", \"use_regex\": false}]}}",
               "use_regex is off");
    expect_bad(read_json, "t.json", "{\"model\": {}, \"normalizer\": {\"type\": \"NFC\"}}", "has a normalizer");
    expect_bad(read_json, "t.json", "{\"model\": {}}", "pre_tokenizer is not ByteLevel");
    expect_bad(read_json, "t.json", "{\"model\": {\"ignore_merges\": true}}", "ignore_merges");
    expect_bad(read_json, "t.json", "{\"model\": {}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"}}", "has no tokens");
    expect_bad(read_json, "t.json",
               "{\"model\": {\"vocab\": {\"a\": 0}}, \"pre_tokenizer\": {\"type\": \"ByteLevel\"}}", "byte 0x00");
}

static void test_missing_folder(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "/no/such|vocab.bpe", load, (void *)"/no/such");
}

/* Twins cannot be named by their bytes. */
static void write_twins(void *folder) {
    Bpe bpe = bpe_bytes();
    int aa = bpe_merge(&bpe, 'a', 'a', -1);
    bpe_merge(&bpe, 'a', aa, -1);
    bpe_merge(&bpe, aa, 'a', -1);
    tokenizer_save(tokenizer_new_bpe(bpe), folder);
}

static void test_what_cannot_be_written(void **state) {
    (void)state;
    expect_failure(EXIT_DATA, "same bytes", write_twins, test_folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_bytes),
        cmocka_unit_test(test_sequences_of_one),
        cmocka_unit_test(test_all_forms_agree),
        cmocka_unit_test(test_our_merges),
        cmocka_unit_test(test_encoder_json),
        cmocka_unit_test(test_bad_merges),
        cmocka_unit_test(test_bad_gpt2),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_bad_json),
        cmocka_unit_test(test_missing_folder),
        cmocka_unit_test(test_what_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
