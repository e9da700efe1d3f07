/* weights/foreign: files that people have where the weights should be are recognised, each with its own advice. */
#include "image.h"
#include "weights/foreign.h"

static void open_it(void *context) {
    Safetensors file = safetensors_open(context);
    safetensors_close(&file);
}

static void expect_recognised(const void *bytes, size_t size, const char *says) {
    const char *path = test_path("model.safetensors");
    write_test_file(path, bytes, size);
    expect_failure(EXIT_DATA, "model.safetensors: this is |(expected a safetensors file). Try: ", open_it,
                   (void *)(size_t)path);
    expect_failure(EXIT_DATA, says, open_it, (void *)(size_t)path);
}

static void expect_recognised_text(const char *text, const char *says) {
    expect_recognised(text, strlen(text), says);
}

static void test_formats(void **state) {
    (void)state;
    expect_recognised_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:53aa51172d142c89d9012cce15ae4d6c\nsize 90868376\n",
        "git-LFS pointer|Try: git lfs pull");
    expect_recognised(
        "PK\3\4\0\0\10\10\0\0\0\0\0\0\0\0archive/data.pkl", 32,
        "zip archive|pytorch_model.bin|Try: rename it to pytorch_model.bin, then|weights_only=True|save_file(");
    expect_recognised("\x80\2\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15, "Python pickle|weights_only=True");
    expect_recognised("\x80\4\x95\x10\0\0\0\0\0\0\0.", 12, "Python pickle|weights_only=True");
    expect_recognised("GGUF\3\0\0\0\x93\0\0\0\0\0\0\0", 16, "GGUF|Try: the model.safetensors of the same model");
    expect_recognised("lmgg\1\0\0\0\0\0\0\0", 12, "GGML");
    expect_recognised("\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0", 16, "HDF5");
    expect_recognised("\x93NUMPY\1\0v\0{'descr'", 17, "NumPy");
    expect_recognised("\x08\x07\x12\x07pytorch\x1a\x05", 13, "ONNX");
    expect_recognised("\x1c\0\0\0TFL3\x14\0\x20\0\0\0\0\0", 16, "TensorFlow Lite");
    expect_recognised("\x1f\x8b\x08\0\0\0\0\0\0\3abc", 13, "packed by gzip|gunzip");
    expect_recognised("\3757zXZ\0\0\4abc", 11, "packed by xz");
    expect_recognised("\x28\xb5\x2f\xfd\x24\x10\x81\0\0abc", 12, "packed by zstd");
    char tar[512] = "pytorch_model/";
    memcpy(tar + 257, "ustar", 5);
    expect_recognised(tar, sizeof tar, "tar archive|tar xf");
}

static void test_web_pages(void **state) {
    (void)state;
    expect_recognised_text("<!DOCTYPE html>\n<html class=\"\">\n",
                           "a web page, perhaps of an error|Try: fetch the file again");
    expect_recognised_text("\n\n  <!doctype HTML><head>", "a web page");
    expect_recognised_text("<HTML><BODY>404</BODY></HTML>", "a web page");
    expect_recognised_text("<?xml version=\"1.0\"?><Error><Code>AccessDenied", "a web page");
    expect_recognised_text("\xEF\xBB\xBF<html>", "a web page");
}

static void test_json_and_texts(void **state) {
    (void)state;
    expect_recognised_text(
        "{\"metadata\": {\"total_size\": 4}, \"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}",
        "index of a model in several files|save_file");
    expect_recognised_text("{\"error\": \"Repository not found\"}", "a JSON text");
    expect_recognised_text("Entry not found", "a text, \"Entry not found\"|Try: fetch the file again");
    expect_recognised_text("oops", "a text, \"oops\"");
    expect_recognised_text("Access denied\n\x20try later\n", "a text, \"Access denied");
}

/* What only begins like another format is judged as what it is. */
static void test_unlike_formats(void **state) {
    (void)state;
    const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } cases[] = {
        {"\x80\2\0\0\0\0\0\0{}", 10, "the header needs bytes up to 648"}, /* a header of 0x280 bytes, cut: no pickle */
        {"\x1f\x8b\x08\0\0\0\0\0{}", 10, "the header needs bytes up to 559,911"}, /* nor gzip */
        {"\x80\2\0\0\0\0\0\0", 8, "the header needs bytes up to 648"},
        {"{}\0\0\0\0\0\0{}", 10, "the header needs bytes up to 32,131"}, /* nor JSON */
        {"oh", 2, "the length of the header needs bytes up to 8"},       /* nor a text */
        {"\0\1\2\3\4\5\6\7", 8, "is larger than the 16 MB"},             /* nothing that we know */
        {"\xff\xfe<\0h\0t\0", 8, "is larger than the 16 MB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Image image = {memory_new(cases[i].size, 1, "a test"), cases[i].size};
        memcpy(image.bytes, cases[i].bytes, cases[i].size);
        expect_failure(EXIT_DATA, cases[i].says, parse, &image);
        memory_free(image.bytes);
    }
}

/* Every beginning of every format that is recognised: never read past its end (the sanitizer watches), never a
 * crash. */
static void test_cut_short(void **state) {
    (void)state;
    const char *texts[] = {"version https://git-lfs.github.com/spec/v1\noid",
                           "PK\3\4zzzzzz",
                           "\x80\2zzzzzzzz",
                           "GGUFzzzzzzz",
                           "\x89HDF\r\n\x1a\nzz",
                           " \n<!doctype html>",
                           "{\"weight_map\": {}}",
                           "\3757zXZzzzzz",
                           "zzzzTFL3zzzz",
                           "\xEF\xBB\xBF<html>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t size = 0; size <= strlen(texts[i]); size++) {
            Image image = {memory_new(size, 1, "a test"), size};
            memcpy(image.bytes, texts[i], size);
            expect_failure(EXIT_DATA, "f.st: ", parse, &image);
            memory_free(image.bytes);
        }
    }
}

/* ---- the model's folder ---- */

static void find_weights(void *context) {
    memory_free(foreign_weights_path(context));
}

/* Under another name, and what only looks like it. */
static void test_other_names(void **state) {
    (void)state;
    static const struct {
        const char *file, *says;
    } cases[] = {
        {"my_model.safetensors", "but `my_model.safetensors`. Try: rename it to model.safetensors"},
        {"model-00001-of-00001.safetensors", "but `model-00001-of-00001.safetensors`. Try: rename it"},
        {"model-00002-of-00003.safetensors",
         "several files, and `model-00001-of-00003.safetensors` is not there. Try: fetch it, too"},
        {"adapter_model.safetensors", "`adapter_model.safetensors` holds what was changed of a model|merge_and_unload"},
    };
    char folder[100];
    snprintf(folder, sizeof folder, "%s/named", test_folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    char *state_file = path_join(folder, "training.safetensors"), *inside = path_join(folder, "a.safetensors");
    write_test_text(state_file, "");
    folder_make(inside);
    expect_failure(EXIT_ENVIRONMENT, "named: no model.safetensors here. Try: all files", find_weights, folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = path_join(folder, cases[i].file);
        write_test_text(path, "");
        expect_failure(EXIT_DATA, cases[i].says, find_weights, folder);
        assert_int_equal(remove(path), 0);
        memory_free(path);
    }
    memory_free(state_file), memory_free(inside);
}

/* Of several files the first one by name, in whatever order the folder lists them. */
static void test_first_of_several(void **state) {
    (void)state;
    static const char *const files[] = {"model-00002-of-00003.safetensors", "model-00001-of-00003.safetensors",
                                        "model-00003-of-00003.safetensors"};
    char folder[100];
    snprintf(folder, sizeof folder, "%s/shards", test_folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = path_join(folder, files[i]);
        write_test_text(path, "");
        memory_free(path);
    }
    expect_failure(EXIT_DATA, "such as `model-00001-of-00003.safetensors`", find_weights, folder);
}

/* The recipe takes the files that the index names; a part that is missing comes before any recipe. */
static void test_shards(void **state) {
    (void)state;
    static const struct {
        const char *index, *says;
    } cases[] = {
        {"{\"weight_map\": {\"a\": \"parts/one\", \"b\": \"two\"}}", "and `two` is not there. Try: fetch it, too"},
        {"{\"weight_map\": {\"a\": \"parts/one\"}}",
         "Try: merge them once|.index.json', 'rb'))['weight_map'].values()))"},
        {"{\"weight_map\": {\"a\": 3}}", "Try: fetch that index again, or merge them once"},
        {"{\"weight_map\": {}}", "Try: fetch that index again"},
        {"{", "several|Try: fetch that index again"},
    };
    char folder[100];
    snprintf(folder, sizeof folder, "%s/indexed", test_folder);
    char *parts = path_join(folder, "parts"), *one = path_join(parts, "one");
    folder_make(folder), folder_make(parts);
    write_test_text(one, "");
    for (int pickles = 0; pickles < 2; pickles++) {
        char *path = path_join(folder, pickles ? "pytorch_model.bin.index.json" : "model.safetensors.index.json");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            write_test_text(path, cases[i].index);
            expect_failure(EXIT_DATA, cases[i].says, find_weights, folder);
        }
        assert_int_equal(remove(path), 0);
        memory_free(path);
    }
    memory_free(parts), memory_free(one);
}

static void test_weights_path(void **state) {
    (void)state;
    char folder[100];
    snprintf(folder, sizeof folder, "%s/model", test_folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    expect_failure(EXIT_ENVIRONMENT, "model: no model.safetensors here. Try: all files", find_weights, folder);
    const struct {
        const char *file, *says;
    } others[] = {
        {"model/flax_model.msgpack", "model: no model.safetensors here|JAX"},
        {"model/tf_model.h5", "TensorFlow"},
        {"model/pytorch_model.bin.index.json", "several Python pickles|save_file"},
        {"model/pytorch_model.bin",
         "pytorch_model.bin is a Python pickle|Try: convert it once, in this folder|weights_only=True"},
        {"model/model.safetensors.index.json", "split into several files|save_file"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        write_test_text(test_path(others[i].file), "");
        expect_failure(EXIT_DATA, others[i].says, find_weights, folder);
    }
    write_test_text(test_path("model/model.safetensors"), "");
    char *path = foreign_weights_path(folder);
    assert_string_equal(path, test_path("model/model.safetensors"));
    memory_free(path);
    expect_failure(EXIT_ENVIRONMENT, "tf_model.h5: this is a file (expected a model's folder)", find_weights,
                   (void *)(size_t)test_path("model/tf_model.h5"));
    expect_failure(EXIT_ENVIRONMENT, "/nothing-here: no such model folder. Try: data/fetch.sh minilm", find_weights,
                   "/nothing-here");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),          cmocka_unit_test(test_web_pages),
        cmocka_unit_test(test_json_and_texts),   cmocka_unit_test(test_unlike_formats),
        cmocka_unit_test(test_cut_short),        cmocka_unit_test(test_weights_path),
        cmocka_unit_test(test_shards),           cmocka_unit_test(test_other_names),
        cmocka_unit_test(test_first_of_several),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
