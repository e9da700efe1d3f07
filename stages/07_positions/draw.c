/* Each encoding as a picture. */
#include "tool.h"
#include "attention/positions.h"
#include "show/grid.h"
#include "show/heat.h"
#include "show/strips.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

/* Both layouts and RoPE's cosines as strips: a row a position, a column a number of the vector. */
static void draw_strips(const Choices *a) {
    Mat paper = mat_new(a->tokens, a->width), apart = mat_new(a->tokens, a->width);
    Mat turned = mat_new(a->tokens, a->width);
    sinusoidal_table(paper, 0, SINUSOIDS_INTERLEAVED), sinusoidal_table(apart, 0, SINUSOIDS_CONCATENATED);
    for (int p = 0; p < a->tokens; p++)
        for (int c = 0; c < a->width; c += 2) mat_row(turned, p)[c] = 1;
    rope_rotate(turned, 1, 0, 10000, false, false);
    const Strip strips[] = {{"waves, sine and cosine in turn (the paper)", paper, 1},
                            {"waves, all sines, then all cosines (tensor2tensor)", apart, 1},
                            {"RoPE: where the vector (1, 0, 1, 0, ...) has turned to", turned, 1}};
    strips_draw(
        show_sheet(&a->show, "waves", "Positions as vectors", "rows are positions, columns the numbers of the vector"),
        strips, 3, (StripsOptions){.columns = "dimension"});
    mat_free(&paper), mat_free(&apart), mat_free(&turned);
}

/* The dot product of every two positions: constant along each diagonal, a Toeplitz matrix. */
static Mat dot_products(const Choices *a) {
    Mat table = mat_new(a->tokens, a->width), dots = mat_new(a->tokens, a->tokens);
    sinusoidal_table(table, 0, SINUSOIDS_INTERLEAVED);
    mat_mul_nt(dots, 2 / (float)a->width, table, table, 0); /* 1 for a position and itself */
    mat_free(&table);
    return dots;
}

static void draw_dots(const Choices *a) {
    Mat dots = dot_products(a);
    Sheet sheet =
        show_sheet(&a->show, "distance", "How alike two positions are", "dot product of the waves, divided by C/2");
    sheet.line = "dot products of positions, divided by C/2";
    heat_draw(sheet, dots,
              (HeatOptions){.from_axis = "position",
                            .to_axis = "position",
                            .bar = "dot product / (C/2)",
                            .scale = SCALE_FIT,
                            .values = a->show.values});
    mat_free(&dots);
}

/* ==== Part two, come back after 09 ==== */

/* In the terminal a line a head, a column a distance: head 0 first. */
static void print_alibi(const Choices *a) {
    Mat left = mat_new(a->heads, a->tokens);
    for (int h = 0; h < a->heads; h++)
        for (int apart = 0; apart < a->tokens; apart++)
            mat_row(left, h)[apart] = expf(-alibi_slope(h, a->heads) * (float)apart);
    TerminalMap map = {.scale = SCALE_FIXED, .values = a->show.values, .row_axis = "head", .col_axis = "distance"};
    terminal_map(terminal_of(stdout), "ALiBi: what distance leaves of a weight", left, map);
    mat_free(&left);
}

/* exp(bias) is what a bias leaves of a key's weight, so one scale from 0 to 1 fits all heads. */
static void draw_alibi(const Choices *a) {
    Mat bias = mat_new(a->heads, 2 * a->tokens - 1);
    Mat all = mat_new(a->heads * a->tokens, a->tokens);
    alibi_bias(bias, a->tokens, 0);
    for (int h = 0; h < a->heads; h++)
        for (int i = 0; i < a->tokens; i++)
            for (int j = 0; j < a->tokens; j++)
                mat_row(all, h * a->tokens + i)[j] = expf(mat_at(bias, h, j - i + a->tokens - 1));
    Mat views[64]; /* as many heads as the option allows */
    for (int h = 0; h < a->heads; h++) views[h] = mat_rows(all, h * a->tokens, a->tokens);
    grid_draw(show_sheet(&a->show, "alibi", "ALiBi: what distance leaves of a weight",
                         "exp(-slope x distance), head by head"),
              views, 1, a->heads,
              (GridOptions){.row_axis = "", .col_axis = "head", .row_names = (const char *const[]){""}});
    mat_free(&bias), mat_free(&all);
}

enum { REACH = 8 }; /* of the picture of Shaw's rows */

static int bucket_of(int query, int key) {
    return t5_bucket(key - query, true, 32, 128);
}

static int shaw_row_of(int query, int key) {
    return shaw_index(query, key, REACH);
}

/* Which number or row each pair of words uses. */
static void draw_pairs(const Choices *a, Sheet sheet, const char *bar, int (*of)(int query, int key)) {
    Mat pairs = mat_new(a->tokens, a->tokens);
    for (int i = 0; i < a->tokens; i++)
        for (int j = 0; j < a->tokens; j++) mat_row(pairs, i)[j] = (float)of(i, j);
    sheet.line = sheet.title;
    heat_draw(sheet, pairs,
              (HeatOptions){.bar = bar, .scale = SCALE_FIT, .values = a->show.values && !a->show.terminal});
    mat_free(&pairs);
}

void draw_all(const Choices *a) {
    draw_strips(a);
    draw_dots(a);
    draw_turns(a);
    if (a->show.terminal) print_alibi(a);
    else draw_alibi(a);
    draw_pairs(a,
               show_sheet(&a->show, "buckets", "T5: which bucket a pair falls into",
                          "32 buckets; 0 to 15 look back, 16 to 31 ahead"),
               "bucket", bucket_of);
    draw_pairs(a,
               show_sheet(&a->show, "shaw", "Shaw: which row of the table a pair uses",
                          "reach 8: all that are further apart share two rows"),
               "row", shaw_row_of);
    show_drawn(&a->show, "waves, distance, turns, alibi, buckets, shaw");
}
