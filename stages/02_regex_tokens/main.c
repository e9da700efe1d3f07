/* Stage 02 - Regex tokens: a text split at spaces and marks, a number for every different token, and what to do with a
 * word that nobody has numbered. The split is told by hand here and by POSIX regex in common/text. Run: make run-02 */
#include "base/error.h"
#include "base/progress.h"
#include "show/bars.h"
#include "show/label.h"
#include "show/show_options.h"
#include "show/terminal.h"
#include "show/token_edges.h"
#include "text/course_text.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1. The split by hand: ([,.:;?_!"()']|--|\s) ---- */

static void take(TextSpans *spans, size_t first, size_t end) {
    if (first == end) return; /* nothing stands between two marks */
    if (spans->n == spans->room) {
        spans->room = 2 * spans->room + 64;
        spans->at = memory_grow(spans->at, spans->room, sizeof *spans->at, "tokens");
    }
    spans->at[spans->n++] = (TextSpan){first, end};
}

/* A mark ends the word before it and is a token itself; white space ends the word and is dropped. ASCII. */
static void split_told(const char *text, size_t size, TextSpans *spans) {
    size_t word = 0;
    for (size_t at = 0; at < size; at++) {
        bool white = text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r');
        bool dashes = at + 1 < size && text[at] == '-' && text[at + 1] == '-';
        bool mark = text[at] != '\0' && strchr(",.:;?_!\"()'", text[at]);
        if (!white && !dashes && !mark) continue;
        size_t end = at + 1 + dashes;
        take(spans, word, at);
        if (!white) take(spans, at, end);
        word = end;
        at = end - 1;
    }
    take(spans, word, size);
}

/* ---- 2. The vocabulary: different tokens, sorted; the place is the id ---- */

typedef struct {
    Bytes text;
    TextSpans spans; /* owned, as is the vocabulary */
    Vocab vocab;     /* with <|endoftext|> and <|unk|> behind the words */
    size_t *count;   /* [vocab.count] owned */
} Tokens;

static Tokens tokens_new(Bytes text) {
    Tokens t = {.text = text};
    regex_split(text.data, text.size, &t.spans);
    t.vocab = regex_vocab(text.data, &t.spans, true);
    t.count = memory_new((size_t)t.vocab.count, sizeof *t.count, "counts");
    for (size_t i = 0; i < t.spans.n; i++) {
        TextSpan span = t.spans.at[i];
        t.count[vocab_id(&t.vocab, text.data + span.first, span.end - span.first)]++;
    }
    return t;
}

static void tokens_free(Tokens *t) {
    text_spans_free(&t->spans);
    vocab_free(&t->vocab);
    memory_free(t->count);
}

/* ---- 3. Told once, lives once, proven equal ---- */

static bool same_spans(const TextSpans *a, const TextSpans *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

/* The lesson's loop and POSIX know ASCII spaces only; common/text knows the others as well, as Python does. */
static void prove(const Tokens *t) {
    TextSpans told = {0}, posix = {0};
    split_told(t->text.data, t->text.size, &told);
    regex_split_posix(t->text.data, t->text.size, &posix);
    if (!same_spans(&told, &posix)) fail(EXIT_DATA, "told and POSIX regex differ: %zu and %zu tokens", told.n, posix.n);
    if (same_spans(&told, &t->spans)) printf("told and common agree, and POSIX regex: all %zu tokens\n", told.n);
    else if (told.n == t->spans.n) fail(EXIT_DATA, "told and common differ");
    else
        printf("told and POSIX regex agree; common finds %zu tokens, since this text has spaces beyond ASCII\n",
               t->spans.n);
    text_spans_free(&told);
    text_spans_free(&posix);
}

/* ---- 4. What there is to see ---- */

static void print_card(const Tokens *t, const char *name) {
    int once = 0;
    for (int id = 0; id < t->vocab.count; id++) once += t->count[id] == 1;
    printf("text        %s: %zu bytes\n", name, t->text.size);
    printf("tokens      %zu, of which %d different; %d occur once\n", t->spans.n, t->vocab.count - 2, once);
    printf("vocabulary  %d with <|endoftext|> %d and <|unk|> %d:", t->vocab.count,
           vocab_id(&t->vocab, "<|endoftext|>", 13), vocab_id(&t->vocab, "<|unk|>", 7));
    for (int id = 0; id < t->vocab.count && id < 16; id++) printf(" %s", vocab_token(&t->vocab, id));
    printf(" ...\n");
}

static void print_ids_of(const char *title, const Ids *ids, size_t most) {
    printf("%s", title);
    for (size_t i = 0; i < ids->n && i < most; i++) printf(" %d", ids->at[i]);
    printf(ids->n > most ? " ...\n" : "\n");
}

/* A sentence to ids and back; what it had beyond the tokens is lost. */
static void print_round_trip(const Tokens *t, const char *sentence) {
    Ids ids = {0};
    String back = {0};
    string_add(&back, "%s", "");
    regex_encode(&t->vocab, REGEX_V2, sentence, strlen(sentence), &ids);
    regex_decode(&t->vocab, REGEX_V2, ids.at, ids.n, &back);
    printf("\nsentence    %s\n", sentence);
    print_ids_of("ids        ", &ids, 40);
    printf("decoded     %s\n", back.text);
    ids_free(&ids);
    string_free(&back);
}

/* Does the decoded text equal the one that was read, byte for byte? */
static bool is_the_text(const Tokens *t, const String *back) {
    return back->length == t->text.size && memcmp(back->text, t->text.data, back->length) == 0;
}

static void print_loss(const Tokens *t) {
    Ids ids = {0};
    String back = {0};
    string_add(&back, "%s", "");
    regex_encode(&t->vocab, REGEX_V2, t->text.data, t->text.size, &ids);
    print_ids_of("ids        ", &ids, 20);
    regex_decode(&t->vocab, REGEX_V1, ids.at, ids.n, &back);
    size_t first = back.length;
    bool by_first = is_the_text(t, &back);
    back.length = 0;
    regex_decode(&t->vocab, REGEX_V2, ids.at, ids.n, &back);
    bool by_second = is_the_text(t, &back);
    printf("decoded     V1 gives %zu bytes, V2 %zu: %s the text of %zu\n", first, back.length,
           by_first && by_second ? "both are"
           : by_first            ? "the first is"
           : by_second           ? "the second is"
                                 : "neither is",
           t->text.size);
    ids_free(&ids);
    string_free(&back);
}

static void print_edges(const Tokens *t) {
    enum { MOST = 60 };
    size_t start[MOST], end[MOST], n = t->spans.n < MOST ? t->spans.n : MOST;
    for (size_t i = 0; i < n; i++) start[i] = t->spans.at[i].first, end[i] = t->spans.at[i].end;
    printf("\nthe first %zu tokens\n", n);
    token_edges_print(terminal_of(stdout), t->text.data, start, end, n, MOST);
}

typedef struct {
    Common common;
    ShowOptions show;
    bool ids;
    char *command; /* owned */
} Choices;

/* The most frequent tokens as bars. */
static void draw(const Choices *a, const Tokens *t, const char *name) {
    enum { MOST = 30 };
    int n = t->vocab.count < MOST ? t->vocab.count : MOST;
    Mat counts = mat_new(1, n);
    const char *names[MOST];
    bool *taken = memory_new((size_t)t->vocab.count, sizeof *taken, "the largest counts");
    for (int i = 0; i < n; i++) {
        int best = -1;
        for (int id = 0; id < t->vocab.count; id++)
            if (!taken[id] && (best < 0 || t->count[id] > t->count[best])) best = id;
        taken[best] = true;
        names[i] = vocab_token(&t->vocab, best);
        mat_row(counts, 0)[i] = (float)t->count[best];
    }
    if (a->show.terminal) {
        terminal_bars(terminal_of(stdout), "how often the most frequent tokens occur", names, counts.data, n, 0);
    } else {
        Sheet sheet = {.folder = a->common.out,
                       .name = "tokens",
                       .title = "How often the most frequent tokens occur",
                       .subtitle = name,
                       .formats = a->show.format,
                       .command = a->command};
        bars_draw(sheet, counts, (BarsOptions){.names = names, .value_axis = "times in the text", .mark = BARS_NONE});
        note("drawn: %s/tokens.%.3s", a->common.out, a->show.format);
    }
    memory_free(taken);
    mat_free(&counts);
}

/* ---- 5. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}};
    Options list = {0};
    option_heading(&list, "the tokens");
    option_flag(&list, "ids", &a.ids,
                "print the ids of the text on one line, nothing else (vocabulary: the same text's)");
    show_options_add(&list, &a.show);
    Program program = {"02_regex_tokens", "a text split by a regular expression, a vocabulary, and unknown words",
                       "  02_regex_tokens                      a short story, its tokens and its vocabulary\n"
                       "  02_regex_tokens --ids \"a b, a c\"     the ids of your own words\n"};
    options_parse(&a.common, program, &list, argc, argv);
    a.command = label_command(argc, argv);
    return a;
}

static void split_once(void *context) {
    const Bytes *text = context;
    TextSpans spans = {0};
    regex_split(text->data, text->size, &spans);
    text_spans_free(&spans);
}

static void print_all_ids(const Tokens *t) {
    for (size_t i = 0; i < t->spans.n; i++) {
        TextSpan span = t->spans.at[i];
        printf("%s%d", i ? " " : "", vocab_id(&t->vocab, t->text.data + span.first, span.end - span.first));
    }
    putchar('\n');
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    const char *name;
    Bytes text = course_text_input(&a.common, &name);
    size_t wrong = utf8_first_invalid(text.data, text.size);
    if (wrong < text.size)
        fail(EXIT_DATA, "%s@%zu: is not UTF-8 (expected a text). Try: 04_gpt2_bpe, which takes any bytes", name, wrong);
    if (text.size == 0 && !a.ids) fail(EXIT_DATA, "%s: the text is empty (expected at least one word)", name);
    if (!a.ids && !a.common.time) show_options_check(&a.show, a.common.out);
    Tokens t = tokens_new(text);
    if (a.ids) {
        print_all_ids(&t);
    } else if (a.common.time) {
        time_report(a.common.time, split_once, &text, (double)text.size / 1e6, "MB");
    } else {
        print_card(&t, name);
        print_loss(&t);
        prove(&t);
        print_edges(&t);
        print_round_trip(&t, "It's the last, you know: a good -- if unheardof -- thing. <|endoftext|> Is it?");
        draw(&a, &t, name);
    }
    tokens_free(&t);
    bytes_free(&text);
    memory_free(a.command);
    return finish();
}
