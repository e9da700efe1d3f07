/* Stage 01 - Characters: a text is bytes, bytes make characters, and a character is the simplest token there is. The
 * whole way is told here by hand, from bytes to ids and back; common/text/utf8.c and vocab.c do the same for every
 * stage, and this program checks that they agree. Run: make run-01 */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "show/label.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Bytes become characters: UTF-8 by hand ---- */

/* The character at the start of bytes[0..size), and in *length how many bytes it takes; -1 for bytes that are none.
 * The first byte says how many follow: 0xxxxxxx none, 110xxxxx one, 1110xxxx two, 11110xxx three. Each follower is
 * 10xxxxxx and brings six bits. */
static int32_t utf8_told(const unsigned char *bytes, size_t size, int *length) {
    static const int32_t smallest[] = {0, 0x80, 0x800, 0x10000}; /* what needs as many followers, and not fewer */
    int first = bytes[0];
    int followers = first < 0x80 ? 0 : first >> 5 == 6 ? 1 : first >> 4 == 14 ? 2 : first >> 3 == 30 ? 3 : -1;
    *length = 1;
    if (followers < 0 || (size_t)followers >= size) return -1;
    int32_t character = followers == 0 ? first : first & (0x3F >> followers);
    for (int i = 1; i <= followers; i++) {
        if (bytes[i] >> 6 != 2) return -1;
        character = character << 6 | (bytes[i] & 0x3F);
    }
    bool surrogate = character >= 0xD800 && character <= 0xDFFF; /* half of a UTF-16 pair: no character */
    if (character < smallest[followers] || surrogate || character > 0x10FFFF) return -1;
    *length = 1 + followers;
    return character;
}

/* ---- 2. Characters become a vocabulary: each different one once, in order, and its place is its id ---- */

static Token token_told(Bytes text, size_t at) {
    Token token = {0};
    token.character = utf8_told((const unsigned char *)text.data + at, text.size - at, &token.length);
    for (int i = 0; i < token.length; i++) token.bytes[i] = text.data[at + (size_t)i];
    return token;
}

/* Where the token stands in the vocabulary, or would have to: as you find a word in a dictionary, by asking which half
 * it is in, and which half of that. UTF-8 keeps the order: comparing bytes compares code points. */
static int place_told(const Characters *c, Token token) {
    int first = 0, end = c->different;
    while (first < end) {
        int middle = (first + end) / 2;
        if (memcmp(c->vocabulary[middle].bytes, token.bytes, 4) < 0) first = middle + 1;
        else end = middle;
    }
    return first;
}

static void vocabulary_told(Characters *c, Bytes text) {
    for (size_t at = 0; at < text.size;) {
        Token token = token_told(text, at);
        int place = place_told(c, token);
        at += (size_t)token.length;
        if (place < c->different && memcmp(c->vocabulary[place].bytes, token.bytes, 4) == 0) continue;
        c->vocabulary = memory_for_more(c->vocabulary, (size_t)c->different, sizeof token, "a vocabulary");
        for (int i = c->different++; i > place; i--) c->vocabulary[i] = c->vocabulary[i - 1]; /* make room for it */
        c->vocabulary[place] = token;
    }
}

/* ---- 3. The text becomes ids, and ids become text ---- */

static void encode_told(Characters *c, Bytes text) {
    c->ids = memory_new(text.size, sizeof *c->ids, "ids");
    c->count = memory_new((size_t)c->different, sizeof *c->count, "counts");
    for (size_t at = 0; at < text.size; c->n++) {
        Token token = token_told(text, at);
        int id = place_told(c, token);
        c->ids[c->n] = id;
        c->count[id]++;
        at += (size_t)token.length;
    }
}

static void decode_told(String *out, const Characters *c) {
    for (size_t i = 0; i < c->n; i++) {
        Token token = c->vocabulary[c->ids[i]];
        string_add_bytes(out, token.bytes, (size_t)token.length);
    }
}

/* ---- 4. What there is to see ---- */

static void tell_text(const Characters *c, Bytes text, const char *name) {
    size_t newlines = 0, by_length[5] = {0}; /* how many characters take 1 to 4 bytes; [0]: bytes that are none */
    for (int id = 0; id < c->different; id++) {
        Token token = c->vocabulary[id];
        by_length[token.character < 0 ? 0 : token.length] += c->count[id];
        if (token.character == '\n') newlines = c->count[id];
    }
    printf("text        ");
    label_print(name, strlen(name), LABEL_ALL, 0);
    printf(": %zu byte%s, %zu character%s, %zu newline%s\n", text.size, PLURAL(text.size), c->n, PLURAL(c->n), newlines,
           PLURAL(newlines));
    printf("bytes each  1: %zu   2: %zu   3: %zu   4: %zu   no character: %zu\n", by_length[1], by_length[2],
           by_length[3], by_length[4], by_length[0]);
}

static void tell_vocabulary(const Characters *c) {
    printf("vocabulary  %d different character%s:", c->different, PLURAL(c->different));
    for (int id = 0; id < c->different && id < 100; id++) {
        char *label = token_label(c->vocabulary[id]);
        printf(" %s", label);
        memory_free(label);
    }
    printf(c->different > 100 ? " ...\n" : "\n");
}

static void tell_ids(const Characters *c, Bytes text) {
    String back = {0};
    printf("ids         ");
    for (size_t i = 0; i < c->n && i < 12; i++) printf("%d ", c->ids[i]);
    decode_told(&back, c);
    printf("... decoded again: %s\n", string_is(&back, text.data, text.size) ? "the same bytes" : "NOT the same bytes");
    string_free(&back);
}

/* Told once, lives once, proven equal. */
static void prove(const Characters *c, Bytes text) {
    Vocab common = vocab_of_characters(text.data, text.size);
    int length;
    for (size_t at = 0, i = 0; at < text.size; at += (size_t)length, i++) {
        Token token = token_told(text, at);
        if (token.character != utf8_decode(text.data + at, text.size - at, &length) || token.length != length ||
            c->ids[i] != vocab_id(&common, text.data + at, (size_t)length))
            fail(EXIT_DATA, "told and common differ: at byte %zu", at);
    }
    printf("told and common agree: all %zu character%s\n", c->n, PLURAL(c->n));
    vocab_free(&common);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        Characters c = {0};
        vocabulary_told(&c, ask.text);
        encode_told(&c, ask.text);
        tell_text(&c, ask.text, ask.name);
        tell_vocabulary(&c);
        tell_bits(&c, 4);
        tell_ids(&c, ask.text);
        prove(&c, ask.text);
        draw_histogram(&ask, &c);
        memory_free(c.vocabulary), memory_free(c.count), memory_free(c.ids);
    }
    choices_free(&ask);
    return finish();
}
