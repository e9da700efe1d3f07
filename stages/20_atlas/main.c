/* Stage 20 - the atlas: everything in one page that needs no network, with the library inside it. Here is told how a
 * number in C's memory becomes a pixel: packed into 16 bits, written as letters, read back, multiplied, and painted.
 * common/weights/block packs, common/show/page writes the file, common/show/page/engine.c answers inside the page, by
 * common/attention; this program checks that told and common agree. Run: make run-20 */
#include "base/error.h"
#include "math/paper.h"
#include "show/page.h"
#include "tool.h"
#include "view/tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. The way of a number, as on paper ---- */

/* A head's largest number becomes 32767 steps: so long is a step, which is kept as a float. */
static float step_told(Paper x) {
    double largest = 0;
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) largest = fmax(largest, fabs(x.at[i][c]));
    return (float)(largest / 32767);
}

/* Every number becomes a whole number of steps, which two bytes can hold, and is that many steps when it comes back. */
static void pack_told(Paper x) {
    double step = step_told(x);
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols && step > 0; c++) x.at[i][c] = round(x.at[i][c] / step) * step;
}

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* A file of text holds no free bytes. Three bytes are 24 bits, and 24 bits are four letters of 6 bits each. */
static void letters_told(const unsigned char bytes[3], char letters[5]) {
    int bits = bytes[0] * 65536 + bytes[1] * 256 + bytes[2];
    for (int i = 3; i >= 0; i--) {
        letters[i] = ALPHABET[bits % 64];
        bits /= 64;
    }
    letters[4] = '\0';
}

/* The page reads them back: four letters are three bytes again. */
static void bytes_told(const char letters[5], unsigned char bytes[3]) {
    int bits = 0;
    for (int i = 0; i < 4; i++) bits = bits * 64 + (int)(strchr(ALPHABET, letters[i]) - ALPHABET);
    for (int i = 2; i >= 0; i--) {
        bytes[i] = (unsigned char)(bits % 256);
        bits /= 256;
    }
}

/* Two bytes are a number of steps, the small one first; the upper half of what they can hold stands below 0. */
static int steps_told(const unsigned char bytes[3]) {
    int steps = bytes[0] + 256 * bytes[1];
    return steps > 32767 ? steps - 65536 : steps;
}

/* What the page computes when you choose a mask: the weights of one head, from its q and k alone. */
static void weights_told(Paper map, Paper q, Paper k, Mask mask) {
    for (int i = 0; i < map.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < map.cols; j++) {
            double score = 0;
            for (int c = 0; c < q.cols; c++) score += q.at[i][c] * k.at[j][c];
            map.at[i][j] = score / sqrt(q.cols);
            if (mask_allows(mask, i, j)) top = fmax(top, map.at[i][j]);
        }
        for (int j = 0; j < map.cols; j++) {
            map.at[i][j] = mask_allows(mask, i, j) ? exp(map.at[i][j] - top) : 0;
            sum += map.at[i][j];
        }
        for (int j = 0; j < map.cols && sum > 0; j++) map.at[i][j] /= sum;
    }
}

/* A screen has 256 shades of one colour: a weight of 0 is the paper, 1 the full ink. */
static int shade_told(double weight) {
    return (int)round(weight * 255);
}

/* ---- 2. Told once, lives once, proven equal ---- */

static void prove_letters(void) {
    for (int first = 0; first < 256; first++) {
        unsigned char bytes[3] = {(unsigned char)first, (unsigned char)(7 * first + 3), (unsigned char)(255 - first)};
        unsigned char again[3];
        char told[5];
        String common = {0};
        letters_told(bytes, told);
        base64_add(&common, bytes, sizeof bytes);
        if (strcmp(common.text, told) != 0) fail(EXIT_DATA, "letters: common says %s, told %s", common.text, told);
        bytes_told(told, again);
        if (memcmp(again, bytes, sizeof bytes) != 0) fail(EXIT_DATA, "letters: %s are other bytes than before", told);
        string_free(&common);
    }
}

/* The way of the weight of the second token on the first, in numbers. */
static void tell_way(const Reading *r, Paper exact, Paper back, Paper map, double off) {
    int token = r->encoding.n > 1 ? 1 : 0;
    double step = step_told(exact);
    long steps = lround(back.at[token][0] / (step > 0 ? step : 1));
    unsigned char bytes[3] = {(unsigned char)(steps & 255), (unsigned char)(steps >> 8 & 255), 0}, again[3];
    char letters[5];
    letters_told(bytes, letters);
    bytes_told(letters, again);
    printf("number  %.6f, the first of token %d's query\n", exact.at[token][0], token);
    printf("packed  %ld steps of %.7f, in the bytes %d and %d\n", steps, step, bytes[0], bytes[1]);
    printf("letters %.3s in the file, which are %d bits\n", letters, 18);
    printf("read    %d steps: %.6f\n", steps_told(again), steps_told(again) * step);
    printf("weight  %.4f of token %d on token 0, %.1e from the exact one at most\n", map.at[token][0], token, off);
    printf("pixel   shade %d of 255\n", shade_told(map.at[token][0]));
}

static void prove(const Choices *ask, const Reading *r) {
    int layer, head;
    const Trace *t = &r->trace;
    opened(ask, r, &layer, &head);
    if (!t->attention[0].q.data || t->attention[0].bias.data) {
        note("these heads have no q and k, or a bias beside them: there is no proof this time");
        return;
    }
    Attention one = attention_head(t->attention[layer], head);
    Mat q = packed(one.q), k = packed(one.k), map = mat_new(t->n, t->n);
    Paper exact = paper_of(one.q), told_q = paper_of(one.q), told_k = paper_of(one.k), told = paper_new(t->n, t->n);
    pack_told(told_q), pack_told(told_k);
    prove_equal("the packed queries", q, told_q);
    prove_letters();
    one.q = q, one.k = k;
    attention_maps(one, map);
    weights_told(told, told_q, told_k, one.mask);
    prove_equal("the weights that the page shows", map, told);
    prove_done();
    tell_way(r, exact, told_q, told, (double)mat_max_diff(map, trace_map(t, layer, head)));
    papers_free((Paper *[]){&exact, &told_q, &told_k, &told, NULL});
    mat_free(&q), mat_free(&k), mat_free(&map);
}

/* ---- 3. The program ---- */

/* The lesson: who was read, its tokens, the way of a number. */
static void tell(const Choices *ask, const Reading *r) {
    if (r->reader->model) print_card(r->reader->model);
    print_tokens(r);
    prove(ask, r);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Reader reader = reader_of(&ask);
    Study plain = ask.study; /* the page puts the mask on, not the pass */
    plain.mask = mask_options_new(MASK_NONE);
    Reading reading = study_reading(&plain, &ask.common, &reader, DEFAULT_TEXT);
    if (!ask.page) folder_make(ask.common.out);
    reading_run(&reading);
    if (!page_is_answer(&ask)) tell(&ask, &reading);
    write_page(&ask, &reading);
    reading_free(&reading);
    reader_free(&reader);
    study_free(&ask.study);
    return finish();
}
