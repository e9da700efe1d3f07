/* Stage 04 - GPT-2's BPE: 50,000 merges that somebody else has learned, and how they are used, to the last byte.
 * Splitting and merging are told here in plain loops; common/text/bpe.h does the same much faster. Run: make run-04 */
#include "lesson.h"
#include "base/error.h"
#include "base/progress.h"
#include "show/label.h"
#include "show/terminal.h"
#include "show/token_edges.h"
#include "text/course_text.h"
#include "text/gpt2_split.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Pieces: no merge crosses their ends ---- */

static CharacterClass class_at(Bytes text, size_t at, size_t *next) {
    int length;
    CharacterClass class = gpt2_class(text.data + at, text.size - at, &length);
    *next = at + (size_t)length;
    return class;
}

/* Where the piece that begins at `at` ends: a contraction; or one space and a run of one class; or white space, which
 * leaves its last character to what follows. */
static size_t piece_end_told(Bytes text, size_t at) {
    static const char *const endings[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (int i = 0; i < 7; i++) {
        size_t length = strlen(endings[i]);
        if (text.size - at >= length && memcmp(text.data + at, endings[i], length) == 0) return at + length;
    }
    size_t next, end = at, last = at;
    if (text.data[at] == ' ' && at + 1 < text.size && class_at(text, at + 1, &next) != CLASS_SPACE) end++;
    CharacterClass class = class_at(text, end, &next);
    while (end < text.size && class_at(text, end, &next) == class) last = end, end = next;
    bool leaves_one = class == CLASS_SPACE && end < text.size && last > at;
    return leaves_one ? last : end;
}

/* ---- 2. Merges: the one that was learned first goes first ---- */

/* The ids of one piece in ids[0..n), n at least its bytes; returns how many. */
static size_t merge_told(const Bpe *bpe, const char *piece, size_t n, int *ids) {
    for (size_t i = 0; i < n; i++) ids[i] = bpe->byte_id[(unsigned char)piece[i]];
    for (;;) {
        int lowest = BPE_NONE;
        for (size_t i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(bpe, ids[i], ids[i + 1]);
            if (rank < lowest) lowest = rank;
        }
        if (lowest == BPE_NONE) return n;
        BpeMerge merge = bpe->merge[lowest];
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            bool here = i + 1 < n && ids[i] == merge.left && ids[i + 1] == merge.right;
            ids[kept++] = here ? merge.made : ids[i];
            i += here;
        }
        n = kept;
    }
}

static size_t encode_told(const Bpe *bpe, Bytes text, Ids *out) {
    size_t pieces = 0;
    for (size_t at = 0, end; at < text.size; at = end, pieces++) {
        end = piece_end_told(text, at);
        ids_reserve(out, end - at);
        out->n += merge_told(bpe, text.data + at, end - at, out->at + out->n);
    }
    return pieces;
}

/* ---- 3. Told once, lives once, proven equal; and nothing is lost ---- */

static void prove(const Bpe *bpe, Bytes text, const Ids *told) {
    Ids common = {0};
    String back = {0};
    bpe_encode(bpe, text.data, text.size, &common);
    if (common.n != told->n || memcmp(common.at, told->at, told->n * sizeof *told->at) != 0)
        fail(EXIT_DATA, "told and common differ: %zu and %zu ids", told->n, common.n);
    bpe_decode(bpe, common.at, common.n, &back);
    if (back.length != text.size || memcmp(back.text, text.data, text.size) != 0)
        fail(EXIT_DATA, "decoding does not give the text back");
    printf("told and common agree: all %zu ids; decoded again: the same %zu bytes\n", told->n, back.length);
    string_free(&back);
    ids_free(&common);
}

/* ---- 4. What there is to see ---- */

static void print_numbers(const char *title, const int *ids, size_t n, size_t most) {
    printf("%s", title);
    for (size_t i = 0; i < n && i < most; i++) printf(" %d", ids[i]);
    printf(n > most ? " ...\n" : "\n");
}

static void print_card(const Bpe *bpe, Bytes text, const char *name, const Ids *ids, size_t pieces) {
    printf("text        %s: %zu bytes\n", name, text.size);
    printf("vocabulary  %d tokens: 256 bytes, %d merges, %d special\n", bpe->vocab.count, bpe->merges,
           bpe->special.texts.count);
    printf("tokens      %zu in %zu pieces: %.2f bytes each\n", ids->n, pieces, (double)text.size / (double)ids->n);
    print_numbers("ids        ", ids->at, ids->n, 20);
}

/* The first tokens of the text, with their edges. */
static void print_edges(const Bpe *bpe, Bytes text, const Ids *ids) {
    enum { MOST = 60 };
    size_t start[MOST], end[MOST], at = 0, n = ids->n < MOST ? ids->n : MOST;
    for (size_t i = 0; i < n; i++) {
        start[i] = at;
        end[i] = at += bpe->vocab.length[ids->at[i]];
    }
    printf("\nthe first %zu tokens\n", n);
    token_edges_print(terminal_of(stdout), text.data, start, end, n, MOST);
}

static void print_special(const Bpe *bpe) {
    const char *text = "The end.<|endoftext|>";
    Ids ids = {0};
    printf("\n\"%s\"\n", text);
    bpe_encode(bpe, text, strlen(text), &ids);
    print_numbers("  as plain text     ", ids.at, ids.n, 20);
    ids.n = 0;
    bpe_encode_special(bpe, text, strlen(text), (BpeSpecials){.all = true}, &ids);
    print_numbers("  special, allowed  ", ids.at, ids.n, 20);
    ids_free(&ids);
}

/* ---- 5. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .vocab = "data/gpt2-vocabulary", .word = " unfamiliarword"};
    Options list = {0};
    option_heading(&list, "the tokens");
    option_text(&list, "vocab", "DIR", &a.vocab,
                "folder of the vocabulary (default data/gpt2-vocabulary), or a merges file of 03");
    option_flag(&list, "ids", &a.ids,
                "print the ids of the text on one line, nothing else (default text: standard input)");
    option_flag(&list, "decode", &a.decode, "print the bytes of ids, nothing else (ids: TEXT, or standard input)");
    option_flag(&list, "special", &a.special, "with --ids: <|endoftext|> in the text is the special token");
    option_flag(&list, "refuse-special", &a.refuse, "with --ids: <|endoftext|> in the text is an error");
    option_text(&list, "word", "WORD", &a.word, "whose merge tree to draw (default ' unfamiliarword')");
    show_options_add(&list, &a.show);
    Program program = {"04_gpt2_bpe", "GPT-2's own vocabulary: any bytes to ids and back, exactly",
                       "  04_gpt2_bpe                              a short story in GPT-2's tokens\n"
                       "  04_gpt2_bpe --word \" lamplighter\"        another merge tree\n"
                       "  printf 'Hello' | 04_gpt2_bpe --ids | 04_gpt2_bpe --decode\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.ids && a.decode) fail(EXIT_USAGE, "--ids and --decode at once (expected one of them)");
    if (a.special && a.refuse) fail(EXIT_USAGE, "--special and --refuse-special at once (expected one of them)");
    a.command = label_command(argc, argv);
    return a;
}

typedef struct {
    const Bpe *bpe;
    Bytes text;
    Ids ids;
} Timed;

static void encode_once(void *context) {
    Timed *timed = context;
    ids_free(&timed->ids);
    bpe_encode(timed->bpe, timed->text.data, timed->text.size, &timed->ids);
}

static void time_encoding(const Bpe *bpe, Bytes text, int runs) {
    Timed timed = {bpe, text, {0}};
    time_report(runs, encode_once, &timed, (double)text.size / 1e6, "MB");
    ids_free(&timed.ids);
}

static void lesson(const Choices *a, const Bpe *bpe, Bytes text, const char *name) {
    if (text.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected at least one byte)", name);
    show_options_check(&a->show, a->common.out);
    Ids ids = {0};
    size_t pieces = encode_told(bpe, text, &ids);
    print_card(bpe, text, name, &ids, pieces);
    prove(bpe, text, &ids);
    print_edges(bpe, text, &ids);
    print_special(bpe);
    compare_with_wordpiece(bpe, a->common.text ? a->common.text
                                               : "The lamplighter's unbelievable caf\u00e9 closed at 12:30.");
    show_tree(a, bpe);
    ids_free(&ids);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Bpe bpe = folder_exists(a.vocab) || !file_exists(a.vocab) ? bpe_load(a.vocab) : bpe_read_merges(a.vocab);
    bool pipe = (a.ids || a.decode) && !a.common.text && !a.common.file;
    const char *name = "standard input";
    Bytes text = pipe ? stream_read(stdin, name) : course_text_input(&a.common, &name);
    if (a.common.time) time_encoding(&bpe, text, a.common.time);
    else if (a.decode) print_decoded(&bpe, text, name);
    else if (a.ids) print_ids(&bpe, text, (BpeSpecials){.all = a.special, .refuse_rest = a.refuse});
    else lesson(&a, &bpe, text, name);
    bytes_free(&text);
    bpe_free(&bpe);
    memory_free(a.command);
    return finish();
}
