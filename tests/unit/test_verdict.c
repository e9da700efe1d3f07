/* The digits that are known of The Verdict beyond those in the tests of each module: its letters and words, the ids of
 * its words, its GPT-2 tokens, its merges under the tie rule of minbpe's author, its split into two parts. */
#include "expect.h"
#include "text/bpe_files.h"
#include "text/bpe_train.h"
#include "text/gpt2_split.h"
#include "text/regex_tokens.h"
#include "text/windows.h"
#include <ctype.h>

#define VERDICT "data/the-verdict.txt"
#define GPT2 "data/gpt2-vocabulary"

static Bytes verdict(void) {
    if (!file_exists(VERDICT)) skip();
    Bytes text = file_read(VERDICT);
    assert_int_equal(text.size, 20479);
    return text;
}

static int distinct_bytes(const char *text, size_t size) {
    bool seen[256] = {false};
    int distinct = 0;
    for (size_t i = 0; i < size; i++) {
        distinct += !seen[(unsigned char)text[i]];
        seen[(unsigned char)text[i]] = true;
    }
    return distinct;
}

static void test_letters(void **state) {
    (void)state;
    Bytes text = verdict();
    int newlines = 0, blank_lines = 0, words = 0, underscores = 0;
    for (size_t i = 0; i < text.size; i++) {
        char before = i ? text.data[i - 1] : ' ', c = text.data[i];
        newlines += c == '\n';
        blank_lines += c == '\n' && before == '\n';
        words += !isspace((unsigned char)c) && isspace((unsigned char)before);
        underscores += c == '_';
    }
    assert_int_equal(newlines, 164);
    assert_int_equal(blank_lines, 82);
    assert_int_equal(words, 3634);
    assert_int_equal(underscores, 36);
    assert_int_equal(distinct_bytes(text.data, text.size), 62);
    for (const char *c = "KQXZ"; *c; c++) assert_null(memchr(text.data, *c, text.size));
    bytes_free(&text);
}

/* ---- words ---- */

/* Python's re.split with the separators kept: one piece before, after and between, and the separators themselves. */
static size_t raw_pieces(const char *text, size_t size) {
    TextSpans spans = {0};
    regex_split(text, size, &spans);
    size_t separators = 0;
    for (size_t i = 0; i < size; i++) separators += isspace((unsigned char)text[i]) != 0;
    for (size_t i = 0; i < spans.n; i++)
        separators += strchr(",.:;?_!\"()'-", text[spans.at[i].first]) && spans.at[i].end - spans.at[i].first <= 2;
    text_spans_free(&spans);
    return 2 * separators + 1;
}

static void test_warm_ups(void **state) {
    (void)state;
    static const char *const texts[] = {"Hello, world. This, is a test.", "Hello, world. Is this-- a test?"};
    for (int i = 0; i < 2; i++) {
        TextSpans spans = {0};
        regex_split(texts[i], strlen(texts[i]), &spans);
        assert_int_equal(spans.n, 10);
        text_spans_free(&spans);
    }
    assert_int_equal(raw_pieces(texts[0], strlen(texts[0])), 19);
}

static void expect_count(const Vocab *vocab, const int *counts, const char *token, int expected) {
    int id = vocab_id(vocab, token, strlen(token));
    if (id < 0 || counts[id] != expected) wrong("%s occurs %d times", token, id < 0 ? 0 : counts[id]);
}

static void expect_ids_of_words(const Vocab *vocab) {
    static const struct {
        int id;
        const char *token;
    } some[] = {{0, "!"},       {1, "\""},         {2, "'"},          {3, "("},      {4, ")"},
                {5, ","},       {6, "--"},         {7, "."},          {8, ":"},      {9, ";"},
                {10, "?"},      {11, "A"},         {12, "Ah"},        {13, "Among"}, {38, "Gisburn"},
                {44, "HAD"},    {48, "He"},        {50, "Hermia"},    {51, "His"},   {53, "I"},
                {55, "In"},     {56, "It"},        {57, "Jack"},      {67, "Mrs"},   {100, "Thwing"},
                {115, "a"},     {500, "good"},     {1000, "thither"}, {1126, "you"}, {1127, "younger"},
                {1128, "your"}, {1129, "yourself"}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_string_equal(vocab_token(vocab, some[i].id), some[i].token);
}

static void test_words(void **state) {
    (void)state;
    Bytes text = verdict();
    assert_int_equal(raw_pieces(text.data, text.size), 9235);
    TextSpans spans = {0};
    regex_split(text.data, text.size, &spans);
    Vocab vocab = regex_vocab(text.data, &spans, false);
    expect_ids_of_words(&vocab);
    assert_int_equal(vocab.longest, 18); /* a compound: one dash is no separator */
    Ids ids = {0};
    regex_encode(&vocab, REGEX_V1, text.data, text.size, &ids);
    static const int first[] = {53,  44, 149, 1003, 57,   38,  818, 115, 256,  486, 6,    1002, 115, 500, 435,
                                392, 6,  908, 585,  1077, 709, 508, 961, 1016, 663, 1016, 535,  987, 5,   568};
    static const int last[] = {2, 850, 709, 413, 736, 593, 722, 174, 7, 1};
    assert_int_equal(ids.n, 4690);
    assert_memory_equal(ids.at, first, sizeof first);
    assert_memory_equal(ids.at + ids.n - 10, last, sizeof last);
    int *counts = memory_new((size_t)vocab.count, sizeof *counts, "a test"), hapaxes = 0;
    for (size_t i = 0; i < ids.n; i++) counts[ids.at[i]]++;
    for (int id = 0; id < vocab.count; id++) hapaxes += counts[id] == 1;
    assert_int_equal(hapaxes, 697);
    static const struct {
        const char *token;
        int count;
    } some[] = {{",", 229},   {".", 212},     {"the", 168}, {"\"", 137}, {"I", 122},  {"of", 98}, {"--", 97},
                {"to", 97},   {"'", 94},      {"a", 81},    {"and", 75}, {"was", 71}, {"it", 68}, {"he", 64},
                {"his", 61},  {"that", 57},   {"had", 53},  {"in", 40},  {"my", 40},  {"s", 38},  {"?", 24},
                {"!", 24},    {";", 22},      {":", 21},    {"(", 3},    {")", 3},    {"_", 36},  {"Gisburn", 19},
                {"Jack", 15}, {"Stroud", 17}, {"donkey", 6}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) expect_count(&vocab, counts, some[i].token, some[i].count);
    memory_free(counts);
    ids_free(&ids), text_spans_free(&spans), vocab_free(&vocab), bytes_free(&text);
}

/* ---- GPT-2 ---- */

static void test_gpt2_tokens(void **state) {
    (void)state;
    if (!file_exists(GPT2 "/vocab.bpe")) skip();
    Bytes text = verdict();
    Bpe bpe = bpe_load(GPT2);
    assert_string_equal(vocab_token(&bpe.vocab, 0), "!");
    assert_string_equal(vocab_token(&bpe.vocab, 256), " t");
    assert_string_equal(vocab_token(&bpe.vocab, 257), " a");
    assert_string_equal(vocab_token(&bpe.vocab, 220), " ");
    assert_string_equal(vocab_token(&bpe.vocab, 198), "\n");
    assert_string_equal(vocab_token(&bpe.vocab, 201), "\r");
    Ids all = {0}, one = {0};
    bpe_encode(&bpe, text.data, text.size, &all);
    assert_memory_equal(all.at + 50, ((int[]){290, 4920, 2241, 287, 257}), 5 * sizeof(int));
    int pieces = 0, single = 0;
    for (size_t at = 0, end; at < text.size; at = end, pieces++) {
        end = gpt2_split_next(text.data, text.size, at);
        one.n = 0;
        bpe_encode(&bpe, text.data + at, end - at, &one);
        single += one.n == 1;
    }
    assert_int_equal(pieces, 4781);
    assert_int_equal(single, 4492);
    ids_free(&all), ids_free(&one), bpe_free(&bpe), bytes_free(&text);
}

/* ---- merges, under both tie rules ---- */

enum { MERGES = 768, TOKENS = BPE_BYTES + MERGES };

typedef struct {
    int *ids;    /* [n] */
    bool *cut;   /* [n] a piece begins here */
    int *counts; /* [TOKENS * TOKENS] of the pairs, as they stand in this very moment */
    size_t n;
    bool smallest; /* among equals: the smallest pair, which is ours; else the one that stands first in the text */
    int ties;      /* merges so far whose pair had a rival */
} Told;

static Told told_new(const char *text, size_t size, bool no_split, bool smallest) {
    Told t = {memory_new(size, sizeof *t.ids, "a test"),
              memory_new(size, sizeof *t.cut, "a test"),
              memory_new((size_t)TOKENS * TOKENS, sizeof *t.counts, "a test"),
              size,
              smallest,
              0};
    for (size_t i = 0; i < size; i++) t.ids[i] = (unsigned char)text[i];
    for (size_t at = 0; at < size; at = no_split ? size : gpt2_split_next(text, size, at)) t.cut[at] = true;
    return t;
}

static void told_free(Told *t) {
    memory_free(t->ids), memory_free(t->cut), memory_free(t->counts);
}

/* The pair that is merged next, as left * TOKENS + right. */
static int told_best(Told *t) {
    memset(t->counts, 0, (size_t)TOKENS * TOKENS * sizeof *t->counts);
    int most = 0, best = -1, rivals = 0;
    for (size_t i = 0; i + 1 < t->n; i++) {
        int count = t->cut[i + 1] ? 0 : ++t->counts[t->ids[i] * TOKENS + t->ids[i + 1]];
        most = count > most ? count : most;
    }
    for (size_t i = 0; i + 1 < t->n; i++) {
        int pair = t->ids[i] * TOKENS + t->ids[i + 1];
        if (t->cut[i + 1] || t->counts[pair] != most) continue;
        if (best < 0 || (t->smallest && pair < best)) best = pair;
        t->counts[pair] = 0, rivals++;
    }
    t->ties += rivals > 1;
    return best;
}

static void told_merge(Told *t, int pair, int token) {
    size_t kept = 0;
    for (size_t i = 0; i < t->n; kept++) {
        bool here = i + 1 < t->n && !t->cut[i + 1] && t->ids[i] * TOKENS + t->ids[i + 1] == pair;
        t->cut[kept] = t->cut[i];
        t->ids[kept] = here ? token : t->ids[i];
        i += here ? 2 : 1;
    }
    t->n = kept;
}

static void test_minbpe_toys(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int pairs[3][2], ids[12];
        size_t n;
    } toys[] = {{"aaabdaaabac", {{'a', 'a'}, {256, 'a'}, {257, 'b'}}, {258, 'd', 258, 'a', 'c'}, 5},
                {"the cat in the hat",
                 {{'t', 'h'}, {256, 'e'}, {257, ' '}},
                 {258, 'c', 'a', 't', ' ', 'i', 'n', ' ', 258, 'h', 'a', 't'},
                 12}};
    for (int k = 0; k < 2; k++) {
        Told t = told_new(toys[k].text, strlen(toys[k].text), true, false);
        for (int m = 0; m < 3; m++) {
            int pair = told_best(&t);
            assert_int_equal(pair, toys[k].pairs[m][0] * TOKENS + toys[k].pairs[m][1]);
            told_merge(&t, pair, BPE_BYTES + m);
        }
        assert_int_equal(t.n, toys[k].n);
        assert_memory_equal(t.ids, toys[k].ids, t.n * sizeof *t.ids);
        told_free(&t);
    }
}

/* Lengths at the known sizes, how many merges were a choice between equals, and the first merge in which the rule of
 * minbpe's author differs from ours. Lengths under ours are bpe_train's, too: test_bpe_train.c. */
static void test_both_tie_rules(void **state) {
    (void)state;
    static const int sizes[] = {257, 266, 276, 288, 300, 320, 384, 512, 768, 1000, 1024};
    static const struct {
        bool no_split, smallest;
        size_t lengths[11];
        int ties;
    } rows[] = {
        {true, false, {19865, 17395, 15881, 14697, 13898, 12909, 11130, 9361, 7692, 6849, 6777}, 682},
        {false, false, {20017, 17719, 16259, 14956, 14029, 12904, 11018, 9299, 7759, 6998, 6926}, 685},
        {true, true, {19865, 17395, 15881, 14689, 13906, 12927, 11141, 9350, 7710, 6878, 6806}, 685},
        {false, true, {20017, 17719, 16259, 14956, 14029, 12904, 11018, 9299, 7758, 6996, 6924}, 686},
    };
    Bytes text = verdict();
    int pairs[4][MERGES];
    for (int r = 0; r < 4; r++) {
        Told t = told_new(text.data, text.size, rows[r].no_split, rows[r].smallest);
        for (int m = 0, size = 0; m < MERGES; m++) {
            pairs[r][m] = told_best(&t);
            told_merge(&t, pairs[r][m], BPE_BYTES + m);
            if (BPE_BYTES + m + 1 == sizes[size]) assert_int_equal(t.n, rows[r].lengths[size++]);
        }
        assert_int_equal(t.ties, rows[r].ties);
        told_free(&t);
    }
    for (int split = 0; split < 2; split++) {
        int m = 0;
        while (pairs[split][m] == pairs[2 + split][m]) m++;
        assert_int_equal(BPE_BYTES + m, split ? 286 : 280);
    }
    bytes_free(&text);
}

/* ---- windows ---- */

static void test_parts(void **state) {
    (void)state;
    Bytes text = verdict();
    size_t cut = split_offset(text.data, text.size, split_at(text.size, 0.9)), unseen = 0;
    assert_int_equal(distinct_bytes(text.data, cut), 62);
    TextSpans train = {0}, rest = {0};
    regex_split(text.data, cut, &train);
    regex_split(text.data + cut, text.size - cut, &rest);
    assert_int_equal(train.n, 4174);
    assert_int_equal(rest.n, 517);
    Vocab known = regex_vocab(text.data, &train, false), new = regex_vocab(text.data + cut, &rest, false);
    assert_int_equal(known.count, 1085);
    for (int id = 0; id < new.count; id++) {
        const char *token = vocab_token(&new, id);
        unseen += vocab_id(&known, token, strlen(token)) < 0;
    }
    assert_int_equal(unseen, 46);
    vocab_free(&known), vocab_free(&new), text_spans_free(&train), text_spans_free(&rest), bytes_free(&text);
}

/* The book's first batches, and how much of the two parts its loaders hand out. */
static void test_first_batches(void **state) {
    (void)state;
    if (!file_exists(GPT2 "/vocab.bpe")) skip();
    Bytes text = verdict();
    Bpe bpe = bpe_load(GPT2);
    Ids ids = {0};
    bpe_encode(&bpe, text.data, text.size, &ids);
    Windows ones = {ids.at, ids.n, 4, 1}, fours = {ids.at, ids.n, 4, 4}, twos = {ids.at, ids.n, 2, 2},
            eights = {ids.at, ids.n, 8, 2};
    assert_memory_equal(windows_input(ones, 0), ((int[]){40, 367, 2885, 1464}), 4 * sizeof(int));
    assert_memory_equal(windows_target(ones, 0), ((int[]){367, 2885, 1464, 1807}), 4 * sizeof(int));
    assert_memory_equal(windows_input(fours, 1), ((int[]){1807, 3619, 402, 271}), 4 * sizeof(int));
    assert_memory_equal(windows_input(fours, 2), ((int[]){10899, 2138, 257, 7026}), 4 * sizeof(int));
    assert_memory_equal(windows_input(twos, 3), ((int[]){402, 271}), 2 * sizeof(int));
    assert_memory_equal(windows_input(eights, 1), ((int[]){2885, 1464, 1807, 3619, 402, 271, 10899, 2138}),
                        8 * sizeof(int));
    size_t cut = split_at(text.size, 0.9), sizes[2] = {cut, text.size - cut}, windows[2];
    for (int part = 0; part < 2; part++) {
        ids.n = 0;
        bpe_encode(&bpe, part ? text.data + cut : text.data, sizes[part], &ids);
        windows[part] = windows_count((Windows){ids.at, ids.n, 256, 256});
        assert_int_equal(ids.n, part ? 534 : 4612);
    }
    assert_int_equal(windows_batches(windows[0], 2, true), 9);
    assert_int_equal(windows_batches(windows[1], 2, true), 1);
    assert_int_equal((windows[0] + windows[1]) * 256, 5120);
    ids_free(&ids), bpe_free(&bpe), bytes_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),     cmocka_unit_test(test_warm_ups),      cmocka_unit_test(test_words),
        cmocka_unit_test(test_gpt2_tokens), cmocka_unit_test(test_minbpe_toys),   cmocka_unit_test(test_both_tie_rules),
        cmocka_unit_test(test_parts),       cmocka_unit_test(test_first_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
