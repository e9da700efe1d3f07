/* Stage 02 - Regex tokens: a text split at spaces and marks, a number for every different token, and what to do with a
 * word that nobody has numbered. Split, vocabulary and the way to ids and back are told here by hand;
 * common/text/regex_tokens.c does the same, the split by POSIX regex as well, and this program checks that all agree.
 * Run: make run-02 */
#include "tool.h"
#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1. The split by hand: ([,.:;?_!"()']|--|\s) ---- */

/* A mark ends the word before it and is a token itself; white space ends the word and is dropped. ASCII. */
static void split_told(TextSpans *spans, const char *text, size_t size) {
    size_t word = 0;
    for (size_t at = 0; at < size; at++) {
        bool white = text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r');
        bool dashes = at + 1 < size && text[at] == '-' && text[at + 1] == '-';
        bool mark = text[at] != '\0' && strchr(",.:;?_!\"()'", text[at]);
        if (!white && !dashes && !mark) continue;
        size_t end = at + 1 + dashes;
        text_spans_add(spans, word, at); /* nothing, where two marks stand side by side */
        if (!white) text_spans_add(spans, at, end);
        word = end;
        at = end - 1;
    }
    text_spans_add(spans, word, size);
}

/* ---- 2. The vocabulary: the different tokens, sorted; the place is the id ---- */

/* As in a dictionary: the first byte that differs decides, and of "the" and "then" the shorter comes first. */
static int order_told(const void *a, const void *b) {
    const Word *one = a, *other = b;
    size_t i = 0;
    while (i < one->length && i < other->length && one->text[i] == other->text[i]) i++;
    int left = i < one->length ? (unsigned char)one->text[i] : -1;
    int right = i < other->length ? (unsigned char)other->text[i] : -1;
    return left - right;
}

/* The id of a word; -1: nobody has numbered it. bsearch asks which half it is in, and which half of that. */
static int id_told(const Words *v, Word word) {
    const Word *found = bsearch(&word, v->word, (size_t)v->sorted, sizeof word, order_told);
    if (found) return (int)(found - v->word);
    for (int id = v->sorted; id < v->n; id++)
        if (order_told(&v->word[id], &word) == 0) return id;
    return -1;
}

/* Special tokens come behind the words, so that no id of a word moves. */
static int special_told(Words *v, Word special) {
    int id = id_told(v, special);
    if (id < 0) v->word[id = v->n++] = special;
    return id;
}

/* All tokens, sorted, so that equal ones stand side by side: of each such row one is kept, and how long it was. */
static void vocabulary_told(Words *v, const char *text, const TextSpans *tokens) {
    v->word = memory_new(tokens->n + 2, sizeof *v->word, "a vocabulary");
    v->count = memory_new(tokens->n + 2, sizeof *v->count, "counts");
    for (size_t i = 0; i < tokens->n; i++)
        v->word[i] = (Word){text + tokens->at[i].first, tokens->at[i].end - tokens->at[i].first};
    qsort(v->word, tokens->n, sizeof *v->word, order_told);
    for (size_t i = 0; i < tokens->n; i++) {
        if (i == 0 || order_told(&v->word[i], &v->word[v->sorted - 1]) != 0) v->word[v->sorted++] = v->word[i];
        v->count[v->sorted - 1]++;
    }
    v->n = v->sorted;
    v->end_of_text = special_told(v, (Word){"<|endoftext|>", 13});
    v->unknown = special_told(v, (Word){"<|unk|>", 7});
}

/* ---- 3. A text becomes ids, and ids become a text, though not the same ---- */

static void encode_told(Ids *ids, const Words *v, const char *text, const TextSpans *tokens) {
    for (size_t i = 0; i < tokens->n; i++) {
        TextSpan token = tokens->at[i];
        int id = id_told(v, (Word){text + token.first, token.end - token.first});
        ids_add(ids, id < 0 ? v->unknown : id);
    }
}

/* A space between two tokens, but none before a mark. The book's two tokenizers differ in what they take for one. */
static void decode_told(String *out, const Words *v, const Ids *ids, RegexVersion version) {
    const char *marks = version == REGEX_V1 ? ",.?!\"()'" : ",.:;?!\"()'";
    for (size_t i = 0; i < ids->n; i++) {
        Word word = v->word[ids->at[i]];
        bool glued = word.text[0] != '\0' && strchr(marks, word.text[0]);
        if (i > 0 && !glued) string_add(out, " ");
        string_add_bytes(out, word.text, word.length);
    }
}

/* ---- 4. Told once, lives once, proven equal ---- */

/* The lesson's loop and POSIX know ASCII spaces only; common/text knows the others as well, as Python does. */
static void prove_split(Bytes text, const TextSpans *common) {
    TextSpans told = {0}, posix = {0};
    split_told(&told, text.data, text.size);
    regex_split_posix(text.data, text.size, &posix);
    if (!text_spans_equal(&told, &posix))
        fail(EXIT_DATA, "told and POSIX regex differ: %zu and %zu tokens", told.n, posix.n);
    bool same = text_spans_equal(&told, common);
    if (!same && !has_other_spaces(text, common)) fail(EXIT_DATA, "told and common differ");
    print_splits(same, common->n);
    text_spans_free(&told), text_spans_free(&posix);
}

/* The ids of a text, and the text that V2 makes of them. */
static void prove_ids(const Vocab *common, Bytes text, const Ids *told, const String *told_back) {
    Ids ids = {0};
    String back = {0};
    regex_encode(common, REGEX_V2, text.data, text.size, &ids);
    regex_decode(common, REGEX_V2, ids.at, ids.n, &back);
    if (!ids_equal(&ids, told)) fail(EXIT_DATA, "told and common differ: in their ids, %zu and %zu", told->n, ids.n);
    if (!string_is(&back, told_back->text, told_back->length))
        fail(EXIT_DATA, "told and common differ: in the text from their ids");
    string_free(&back), ids_free(&ids);
}

/* ---- 5. The lesson ---- */

/* The whole text to ids and back: what is not the same any more? */
static void tell_text(const Choices *ask, const Words *v, const TextSpans *tokens, const Vocab *common) {
    Ids ids = {0};
    String first = {0}, second = {0};
    encode_told(&ids, v, ask->text.data, tokens);
    decode_told(&first, v, &ids, REGEX_V1);
    decode_told(&second, v, &ids, REGEX_V2);
    ids_print_first("ids        ", ids.at, ids.n, 20);
    print_loss(ask->text, &first, &second);
    prove_split(ask->text, tokens);
    prove_ids(common, ask->text, &ids, &second);
    string_free(&first), string_free(&second), ids_free(&ids);
}

/* A sentence with a word that the text does not have. */
static void tell_unknown(const Words *v, const Vocab *common, char *sentence) {
    Bytes text = {sentence, strlen(sentence)};
    TextSpans tokens = {0};
    Ids ids = {0};
    String back = {0};
    split_told(&tokens, text.data, text.size);
    encode_told(&ids, v, text.data, &tokens);
    decode_told(&back, v, &ids, REGEX_V2);
    printf("\nsentence    %s\n", sentence);
    ids_print_first("ids        ", ids.at, ids.n, 40);
    printf("decoded     %s\n", back.text);
    prove_ids(common, text, &ids, &back);
    string_free(&back), ids_free(&ids), text_spans_free(&tokens);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        Words v = {0};
        TextSpans tokens = {0};
        regex_split(ask.text.data, ask.text.size, &tokens);
        Vocab common = regex_vocab(ask.text.data, &tokens, true);
        vocabulary_told(&v, ask.text.data, &tokens);
        print_card(&ask, &v, tokens.n);
        tell_text(&ask, &v, &tokens, &common);
        print_edges(ask.text.data, &tokens);
        tell_unknown(&v, &common, "It's the last, you know: a good -- if unheardof -- thing. <|endoftext|> Is it?");
        draw_counts(&ask, &v);
        vocab_free(&common);
        text_spans_free(&tokens);
        memory_free(v.word), memory_free(v.count);
    }
    choices_free(&ask);
    return finish();
}
