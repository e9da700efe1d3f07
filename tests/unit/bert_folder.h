/* Model folders with a BERT tokenizer, written for a test and read by wordpiece_load. */
#ifndef TESTS_BERT_FOLDER_H
#define TESTS_BERT_FOLDER_H
#include "tokenizer_folder.h"

/* A whole tokenizer.json; the cases below replace a part of it. */
static const char bert_tokenizer_json[] =
    "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null,\n"
    "\"added_tokens\": [{\"id\": 0, \"content\": \"[UNK]\", \"special\": true, \"single_word\": false, \"lstrip\": "
    "false,"
    " \"rstrip\": false, \"normalized\": false}],\n"
    "\"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true,"
    " \"strip_accents\": null, \"lowercase\": true},\n"
    "\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"},\n"
    "\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1]},\n"
    "\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"[UNK]\", \"continuing_subword_prefix\": \"##\","
    " \"max_input_chars_per_word\": 100,\n"
    "\"vocab\": {\"[UNK]\": 0, \"[CLS]\": 1, \"[SEP]\": 2, \"cat\": 3, \"##s\": 4}}}\n";

/* ---- folders ---- */

static inline char *folder_of(const char *vocab, const char *config, const char *json) {
    char *folder = new_folder();
    write_into(folder, "vocab.txt", vocab);
    write_into(folder, "tokenizer_config.json", config);
    write_into(folder, "tokenizer.json", json);
    return folder;
}

static inline void load_and_print(void *context) {
    const Load *load = context;
    WordPiece t = wordpiece_load(load->folder);
    Encoding e = wordpiece_encode(&t, load->text, strlen(load->text), NULL, 0);
    for (int i = 0; i < e.n; i++) printf("%s ", vocab_token(&t.vocab, e.ids[i]));
    printf("| %s", strrchr(t.source, '/') + 1);
    encoding_free(&e);
    wordpiece_free(&t);
}

/* stdout and stderr of reading the folder and encoding the text. Frees the folder's name. */
static inline void expect_run(char *folder, const char *text, const char *out, const char *err) {
    Load load = {folder, text};
    Child child = run_child(load_and_print, &load, NULL);
    assert_string_equal(child.out, out);
    if (!*err) assert_string_equal(child.err, "");
    if (!strstr(child.err, err)) wrong("\"%s\" does not say \"%s\"", child.err, err);
    assert_int_equal(child.code, 0);
    memory_free(folder);
}

static inline void expect_refused(char *folder, ExitCode code, const char *parts) {
    Load load = {folder, ""};
    expect_failure(code, parts, load_and_print, &load);
    memory_free(folder);
}

/* ---- tokenizer.json ---- */

static inline void expect_json_refused(const char *from, const char *to, const char *parts) {
    char *json = text_with(bert_tokenizer_json, from, to);
    expect_refused(folder_of(NULL, NULL, json), EXIT_DATA, parts);
    memory_free(json);
}

static inline void expect_json_run(const char *from, const char *to, const char *text, const char *out,
                                   const char *err) {
    char *json = text_with(bert_tokenizer_json, from, to);
    expect_run(folder_of(NULL, NULL, json), text, out, err);
    memory_free(json);
}
#endif
