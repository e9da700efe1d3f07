/* What stage 03 shows: merges and the lengths after them, how words are cut, and the curve. */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "show/curves.h"
#include "show/label.h"
#include "show/terminal.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

void print_card(const Choices *ask, const BpeTraining *t) {
    printf("text        ");
    label_print(ask->name, strlen(ask->name), LABEL_ALL, 0);
    printf(": %zu byte%s, %llu piece%s, %zu different\n", ask->text.size, PLURAL(ask->text.size),
           (unsigned long long)t->pieces, PLURAL((unsigned long long)t->pieces), t->distinct);
}

size_t first_words(Bytes text) {
    size_t size = text.size < 60 ? text.size : 60;
    while (size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80) size++; /* no half character */
    return size;
}

static char *token_label(const Vocab *v, int id, int most) {
    return utf8_shown(vocab_token(v, id), v->length[id], most);
}

static void print_padded(const Vocab *v, int id, int width) {
    char *label = token_label(v, id, 24);
    int shown = utf8_width(label) + 2;
    printf("`%s`%*s", label, width > shown ? width - shown : 0, "");
    memory_free(label);
}

void print_merges(const Vocab *v, const TrainedMerge *merges, const int *ties, int count, size_t tokens) {
    for (int k = 0; k < count; k++) {
        tokens -= merges[k].merged;
        printf("%5d = ", BPE_BYTES + k);
        print_padded(v, merges[k].left, 8);
        printf(" + ");
        print_padded(v, merges[k].right, 8);
        printf(" -> ");
        print_padded(v, BPE_BYTES + k, 10);
        printf(" %6llu times  %8zu tokens left", (unsigned long long)merges[k].count, tokens);
        printf(ties[k] > 1 ? "  (%d pairs tied)\n" : "\n", ties[k]);
    }
}

void print_cut(const Vocab *v, const int *ids, size_t n, int merges) {
    bool colours = terminal_of(stdout).ink != INK_PLAIN;
    printf("%6d merges  ", merges);
    for (size_t i = 0; i < n; i++) {
        char *label = token_label(v, ids[i], LABEL_ALL);
        if (colours) printf("\033[30;48;5;%dm%s\033[0m", i % 2 ? 153 : 223, label);
        else printf("%s%s", i ? "|" : "", label);
        memory_free(label);
    }
    putchar('\n');
}

void print_lengths(const BpeTraining *t, size_t bytes) {
    static const int sizes[] = {256, 257, 266, 276, 288, 300, 320, 384, 512, 768, 1000, 1024, 2048, 8192, 32000};
    uint64_t tokens = bytes;
    printf("vocabulary  tokens    bytes a token\n");
    for (int done = 0, row = 0; row < (int)(sizeof sizes / sizeof *sizes); row++) {
        if (sizes[row] - BPE_BYTES > t->count) break;
        for (; done < sizes[row] - BPE_BYTES; done++) tokens -= t->merges[done].merged;
        printf("%10d  %-8llu  %.2f\n", sizes[row], (unsigned long long)tokens, (double)bytes / (double)tokens);
    }
}

static Curve curve_new(const char *name, const BpeTraining *t, size_t bytes, float *x, float *y) {
    uint64_t tokens = bytes;
    for (int i = 0; i <= t->count; i++) {
        x[i] = (float)i;
        y[i] = (float)tokens;
        if (i < t->count) tokens -= t->merges[i].merged;
    }
    return (Curve){name, x, y, t->count + 1, false};
}

/* Length against merges, with and without the pre-split. A long text gets its one curve only: without a pre-split no
 * piece occurs twice, and the training takes 25 bytes of memory for each byte. */
void draw_length(const Choices *ask, const BpeTraining *t) {
    Bytes text = ask->text;
    BpeTrainRules rules = {ask->vocab_size, (uint64_t)ask->min_frequency, !ask->no_split};
    bool both = text.size <= TELL_BYTES;
    BpeTraining other = both ? bpe_train(ask->workers, text.data, text.size, rules) : (BpeTraining){0};
    size_t room = (size_t)(t->count > other.count ? t->count : other.count) + 1;
    Mat points = mat_new(4, (int)room);
    const char *names[2] = {"in GPT-2's pieces", "without a pre-split"};
    Curve curves[2] = {
        curve_new(names[ask->no_split], t, text.size, mat_row(points, 0), mat_row(points, 1)),
        curve_new(names[!ask->no_split], &other, text.size, mat_row(points, 2), mat_row(points, 3)),
    };
    curves[1].dashed = true;
    curves_draw(show_sheet(&ask->show, "length", "The text grows shorter with every merge", ask->name), curves,
                both ? 2 : 1,
                (CurvesOptions){.x_axis = "merges", .y_axis = "tokens", .low = 0, .high = (double)text.size});
    show_drawn_one(&ask->show, "length");
    mat_free(&points);
    bpe_training_free(&other);
}
