/* Stage 01 - Characters: a text is bytes, bytes make characters, and a character is the simplest token there is. UTF-8
 * is taken apart by hand here; common/text/utf8.c does the same for every stage. Run: make run-01 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "show/bars.h"
#include "show/label.h"
#include "show/show_options.h"
#include "show/terminal.h"
#include "text/course_text.h"
#include "text/utf8.h"
#include "text/vocab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1. UTF-8 by hand ---- */

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

/* ---- 2. Characters as tokens ---- */

typedef struct {
    const char *text; /* borrowed, [size] */
    size_t size, characters, lines;
    size_t by_length[5]; /* how many characters take 1..4 bytes; [0] bytes that are no character */
    size_t first_wrong;  /* offset */
    Vocab vocab;         /* the different characters in code-point order */
    size_t *count;       /* [vocab.count] owned */
} Characters;

static int by_bytes(const void *a, const void *b) {
    return strcmp(a, b);
}

/* The different characters, sorted. UTF-8 keeps their order: comparing bytes compares code points. The byte 0 would end
 * a string, so it is entered by itself, in front. */
static Vocab sorted_vocab(const char *text, size_t size) {
    Vocab seen = {0}, sorted = {0};
    for (size_t at = 0; at < size;) {
        int length;
        utf8_decode(text + at, size - at, &length);
        if (vocab_id(&seen, text + at, (size_t)length) < 0) vocab_add(&seen, text + at, (size_t)length);
        at += (size_t)length;
    }
    char(*tokens)[5] = memory_new((size_t)seen.count, sizeof *tokens, "characters");
    for (int i = 0; i < seen.count; i++) memcpy(tokens[i], vocab_token(&seen, i), seen.length[i]);
    if (seen.count) qsort(tokens, (size_t)seen.count, sizeof *tokens, by_bytes);
    for (int i = 0; i < seen.count; i++) vocab_add(&sorted, tokens[i], tokens[i][0] ? strlen(tokens[i]) : 1);
    memory_free(tokens);
    vocab_free(&seen);
    return sorted;
}

static Characters characters_new(const char *text, size_t size) {
    Characters c = {.text = text, .size = size, .first_wrong = size, .vocab = sorted_vocab(text, size)};
    c.count = memory_new((size_t)c.vocab.count, sizeof *c.count, "counts");
    for (size_t at = 0; at < size;) {
        int length;
        bool wrong = utf8_decode(text + at, size - at, &length) < 0;
        if (wrong && c.first_wrong == size) c.first_wrong = at;
        c.by_length[wrong ? 0 : length]++;
        c.count[vocab_id(&c.vocab, text + at, (size_t)length)]++;
        c.lines += text[at] == '\n';
        c.characters++;
        at += (size_t)length;
    }
    return c;
}

static void characters_free(Characters *c) {
    vocab_free(&c->vocab);
    memory_free(c->count);
}

/* ---- 3. Told once, lives once, proven equal; and nothing is lost ---- */

static void prove(const Characters *c) {
    size_t same = 0;
    for (size_t at = 0; at < c->size;) {
        int told, length;
        int32_t by_hand = utf8_told((const unsigned char *)c->text + at, c->size - at, &told);
        if (by_hand != utf8_decode(c->text + at, c->size - at, &length) || told != length)
            fail(EXIT_DATA, "told and common differ: at byte %zu", at);
        same++;
        at += (size_t)length;
    }
    printf("told and common agree: all %zu characters\n", same);
}

/* Text to ids and back, byte for byte. */
static void print_round_trip(const Characters *c) {
    String back = {0};
    printf("ids         ");
    for (size_t at = 0, i = 0; at < c->size; i++) {
        int length;
        utf8_decode(c->text + at, c->size - at, &length);
        int id = vocab_id(&c->vocab, c->text + at, (size_t)length);
        if (i < 12) printf("%d ", id);
        string_add_bytes(&back, vocab_token(&c->vocab, id), c->vocab.length[id]);
        at += (size_t)length;
    }
    bool same = back.length == c->size && memcmp(back.text, c->text, c->size) == 0;
    printf("... decoded again: %s\n", same ? "the same bytes" : "NOT the same bytes");
    string_free(&back);
}

/* ---- 4. What there is to see ---- */

static String shown(const Characters *c, int id) {
    String name = {0};
    const char *token = vocab_token(&c->vocab, id);
    if (strcmp(token, " ") == 0) string_add(&name, "space");
    else utf8_label(&name, token, c->vocab.length[id], 4);
    return name;
}

static void print_card(const Characters *c, const char *name) {
    printf("text        %s: %zu bytes, %zu characters, %zu newlines\n", name, c->size, c->characters, c->lines);
    printf("bytes each  1: %zu   2: %zu   3: %zu   4: %zu   no character: %zu\n", c->by_length[1], c->by_length[2],
           c->by_length[3], c->by_length[4], c->by_length[0]);
    printf("vocabulary  %d different characters:", c->vocab.count);
    for (int id = 0; id < c->vocab.count && id < 100; id++) {
        String token = shown(c, id);
        printf(" %s", token.text);
        string_free(&token);
    }
    printf(c->vocab.count > 100 ? " ...\n" : "\n");
}

static void print_bits(unsigned byte) {
    for (int bit = 7; bit >= 0; bit--) putchar('0' + (int)(byte >> bit & 1));
    putchar(' ');
}

/* The first few characters of more than one byte, bit by bit. */
static void print_by_hand(const Characters *c, int most) {
    for (int id = 0; id < c->vocab.count && most > 0; id++) {
        const char *token = vocab_token(&c->vocab, id);
        int length;
        int32_t character = utf8_told((const unsigned char *)token, c->vocab.length[id], &length);
        if (length == 1) continue;
        String visible = shown(c, id);
        printf("by hand     %s  ", visible.text);
        string_free(&visible);
        for (int i = 0; i < length; i++) print_bits((unsigned char)token[i]);
        printf("-> U+%04X, %d\n", (unsigned)character, character);
        most--;
    }
}

/* The ids of the `most` most frequent characters, the most frequent one first. Owned; *found is how many. */
static int *most_frequent(const Characters *c, int most, int *found) {
    int *ids = memory_new((size_t)most, sizeof *ids, "the largest counts");
    bool *taken = memory_new((size_t)c->vocab.count, sizeof *taken, "the largest counts");
    *found = most < c->vocab.count ? most : c->vocab.count;
    for (int i = 0; i < *found; i++) {
        int best = -1;
        for (int id = 0; id < c->vocab.count; id++)
            if (!taken[id] && (best < 0 || c->count[id] > c->count[best])) best = id;
        taken[ids[i] = best] = true;
    }
    memory_free(taken);
    return ids;
}

typedef struct {
    Common common;
    ShowOptions show;
    bool ids;
    int top;
    char *command;
} Choices;

static void draw(const Choices *a, const Characters *c, const char *name) {
    int n, *ids = most_frequent(c, a->top, &n);
    Mat counts = mat_new(1, n);
    String *labels = memory_new((size_t)n, sizeof *labels, "labels");
    const char **names = memory_new((size_t)n, sizeof *names, "labels");
    for (int i = 0; i < n; i++) {
        mat_row(counts, 0)[i] = 100 * (float)c->count[ids[i]] / (float)c->characters;
        labels[i] = shown(c, ids[i]);
        names[i] = labels[i].text;
    }
    char title[80];
    snprintf(title, sizeof title, "The text by its characters, in percent: the first %d of %d", n, c->vocab.count);
    if (a->show.terminal) {
        terminal_bars(terminal_of(stdout), title, names, counts.data, n, 0);
    } else {
        Sheet sheet = {.folder = a->common.out,
                       .name = "histogram",
                       .title = title,
                       .subtitle = name,
                       .formats = a->show.format,
                       .command = a->command};
        bars_draw(sheet, counts, (BarsOptions){.names = names, .value_axis = "percent of the text", .mark = BARS_NONE});
        note("drawn: %s/histogram.%.3s", a->common.out, a->show.format);
    }
    for (int i = 0; i < n; i++) string_free(&labels[i]);
    memory_free(labels), memory_free(names), memory_free(ids);
    mat_free(&counts);
}

/* ---- 5. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .top = 30};
    Options list = {0};
    option_heading(&list, "the characters");
    option_flag(&list, "ids", &a.ids, "print the ids of all characters on one line, nothing else");
    option_int(&list, "top", "N", &a.top, 1, 100, "bars in the histogram (default 30)");
    show_options_add(&list, &a.show);
    Program program = {"01_characters", "bytes, UTF-8, and characters as the simplest tokens",
                       "  01_characters                       a short story, its characters and their histogram\n"
                       "  01_characters --terminal \"na\u00efve\"    your own words, drawn here\n"};
    options_parse(&a.common, program, &list, argc, argv);
    a.command = label_command(argc, argv);
    return a;
}

static void print_ids(const Characters *c) {
    for (size_t at = 0; at < c->size;) {
        int length;
        utf8_decode(c->text + at, c->size - at, &length);
        printf("%s%d", at ? " " : "", vocab_id(&c->vocab, c->text + at, (size_t)length));
        at += (size_t)length;
    }
    putchar('\n');
}

static void count_once(void *bytes) {
    const Bytes *text = bytes;
    Characters c = characters_new(text->data, text->size);
    characters_free(&c);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    const char *name;
    Bytes text = course_text_input(&a.common, &name);
    if (text.size == 0 && !a.ids) fail(EXIT_DATA, "%s: the text is empty (expected at least one character)", name);
    if (!a.ids && !a.common.time) show_options_check(&a.show, a.common.out);
    Characters c = characters_new(text.data, text.size);
    if (c.by_length[0] > 0)
        warn("%s: %zu bytes are not UTF-8, the first at offset %zu: each is a token of its own", name, c.by_length[0],
             c.first_wrong);
    if (a.ids) {
        print_ids(&c);
    } else if (a.common.time) {
        time_report(a.common.time, count_once, &text, (double)text.size / 1e6, "MB");
    } else {
        print_card(&c, name);
        print_by_hand(&c, 4);
        print_round_trip(&c);
        prove(&c);
        draw(&a, &c, name);
    }
    characters_free(&c);
    bytes_free(&text);
    memory_free(a.command);
    return finish();
}
