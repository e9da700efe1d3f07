/* gallery - several masks on the same words, as pictures. */
#include "attention/mask_cost.h"
#include "base/error.h"
#include "base/memory.h"
#include "tool.h"
#include "show/bars.h"
#include "show/curves.h"
#include "show/grid.h"
#include "show/label.h"
#include "show/terminal.h"

#include <assert.h>
#include <stdio.h>

/* ---- pictures ---- */

/* out (n, n): every allowed key as likely as the next, as if all scores were 0: what the mask alone does. */
static void even_map(Mat out, Mask mask) {
    for (int i = 0; i < out.rows; i++) {
        int keys = mask_row_count(mask, out.rows, i);
        for (int j = 0; j < out.cols; j++) mat_row(out, i)[j] = mask_allows(mask, i, j) ? 1 / (float)keys : 0;
    }
}

/* In the terminal: each head under each mask. */
static void print_gallery(const Choices *ask, const Masked *m) {
    const Heads *h = m->heads;
    for (int i = 0; i < m->list.count; i++)
        for (int c = 0; c < h->chosen_count; c++) {
            char *title = text_format("%s, head %d", m->list.at[i].mask.title, h->chosen[c]);
            terminal_map(terminal_of(stdout), title, masked_map(m, i, h->chosen[c]),
                         (TerminalMap){h->words, h->words, m->hidden[i], SCALE_FIXED, ask->show.values, NULL, NULL});
            memory_free(title);
        }
}

/* maps[row * masks + i]: the first row is what the masks alone do, then a row a head. */
static void draw_grid(const Choices *ask, const Masked *m, const char *name) {
    const Heads *h = m->heads;
    int masks = m->list.count, rows = 1 + h->chosen_count;
    Mat *maps = memory_new((size_t)(rows * masks), sizeof *maps, "maps");
    const bool **hidden_each = memory_new((size_t)(rows * masks), sizeof *hidden_each, "hidden cells");
    const char **row_names = memory_new((size_t)rows, sizeof *row_names, "names");
    for (int row = 0; row < rows; row++) {
        row_names[row] = row ? text_format("head %d", h->chosen[row - 1]) : text_format("no scores");
        for (int i = 0; i < masks; i++) {
            maps[row * masks + i] = row ? masked_map(m, i, h->chosen[row - 1]) : mat_new(h->n, h->n);
            hidden_each[row * masks + i] = m->hidden[i];
            if (!row) even_map(maps[i], m->list.at[i].mask.rule);
        }
    }
    Sheet sheet = show_sheet(&ask->show, name, "The same heads under each mask", h->title);
    grid_draw(sheet, maps, rows, masks,
              (GridOptions){.row_names = row_names,
                            .col_names = m->list.names,
                            .row_axis = "",
                            .col_axis = h->in_model ? "mask (in every layer)" : "mask (on finished heads)",
                            .tokens = h->words,
                            .hidden_each = hidden_each,
                            .scale = SCALE_FIXED});
    for (int i = 0; i < masks; i++) mat_free(&maps[i]);
    names_free(row_names, rows), memory_free(maps), memory_free(hidden_each);
}

void draw_gallery(const Choices *ask, const Masked *m, const char *name) {
    if (ask->show.terminal) print_gallery(ask, m);
    else draw_grid(ask, m, name);
}

/* In the terminal as numbers: the maps of draw_reach. */
static void print_reach(const Masked *m, const Mat *maps, const bool *const *never) {
    enum { MOST = 24 };
    int all = m->heads->n, n = all < MOST ? all : MOST;
    printf("after how many layers a word (row) knows of another (column); a dot: never\n");
    for (int i = 0; i < m->list.count; i++) {
        printf("%s\n", m->list.at[i].mask.title);
        for (int row = 0; row < n; row++) {
            printf("  "), name_print(stdout, m->heads->words[row], 12, false);
            for (int col = 0; col < n; col++)
                if (never[i][row * all + col]) printf("   .");
                else printf(" %3.0f", (double)mat_at(maps[i], row, col));
            putchar('\n');
        }
    }
    if (n < all) printf("  ... the first %d of %d words\n", n, all);
}

/* One map a mask: the layer after which row knows of column. Never is grey. */
static void draw_reach(const Choices *ask, const Masked *m) {
    enum { LONGEST = 512 };
    int n = m->heads->n, masks = m->list.count;
    if (n > LONGEST) {
        note("%d tokens: the reach picture is drawn up to %d", n, LONGEST);
        return;
    }
    Mat *maps = memory_new((size_t)masks, sizeof *maps, "maps");
    const bool **never = memory_new((size_t)masks, sizeof *never, "hidden cells");
    const char *row = "";
    for (int i = 0; i < masks; i++) {
        Reach reach = reach_new(m->list.at[i].mask.rule, n);
        bool *hidden = memory_new((size_t)n * (size_t)n, sizeof *hidden, "hidden cells");
        maps[i] = mat_new(n, n);
        for (int cell = 0; cell < n * n; cell++) {
            hidden[cell] = reach.first[cell] < 0;
            maps[i].data[cell] = hidden[cell] ? 0 : (float)reach.first[cell];
        }
        never[i] = hidden;
        reach_free(&reach);
    }
    if (ask->show.terminal) print_reach(m, maps, never);
    grid_draw(show_sheet(&ask->show, "reach", "After how many layers a word (row) knows of another (column)",
                         "0: the word itself, which every layer passes on"),
              maps, 1, masks,
              (GridOptions){.row_names = &row,
                            .col_names = m->list.names,
                            .row_axis = "",
                            .col_axis = "mask",
                            .tokens = m->heads->words,
                            .hidden_each = never,
                            .scale = SCALE_FIT,
                            .bar = "layers",
                            .grey = "never, however deep the model"});
    for (int i = 0; i < masks; i++) mat_free(&maps[i]), memory_free((bool *)never[i]);
    memory_free(maps), memory_free(never);
}

/* A row of bars a mask: how much of each word's weight lay on what it forbids. In the terminal a row has a heading, not
 * a name. */
static void draw_lost(const Choices *ask, const Masked *m, int head) {
    const Heads *h = m->heads;
    int masks = m->list.count;
    Mat lost = mat_new(masks, h->n), before = mat_rows(h->maps, head * h->n, h->n);
    const char **headings = memory_new((size_t)masks, sizeof *headings, "names");
    for (int i = 0; i < masks; i++) {
        mask_lost_mass(mat_row(lost, i), before, m->list.at[i].mask.rule);
        headings[i] = text_format("what %s takes from each word", m->list.at[i].mask.title);
    }
    char *subtitle =
        text_format("%s, head %d: the weight of the unmasked head that lies on forbidden pairs", h->title, head);
    Sheet sheet = show_sheet(&ask->show, "lost", "What each mask takes from each word", subtitle);
    sheet.line = headings[0];
    bars_draw(sheet, lost,
              (BarsOptions){.names = h->words,
                            .series = ask->show.terminal ? headings : m->list.names,
                            .value_axis = "share of the word's weight",
                            .most = 1,
                            .mark = BARS_NONE});
    names_free(headings, masks), memory_free(subtitle);
    mat_free(&lost);
}

/* In the terminal every second length, in thousands of pairs. */
static void print_cost(const Curve *curves, int count) {
    printf("allowed pairs as a text grows, in thousands\n  %-22s", "tokens");
    for (int k = 0; k < curves[0].n; k += 2) printf(" %11.0f", (double)curves[0].x[k]);
    putchar('\n');
    for (int i = 0; i < count; i++) {
        printf("  %-22s", curves[i].name);
        for (int k = 0; k < curves[i].n; k += 2) printf(" %11.1f", (double)curves[i].y[k] / 1e3);
        putchar('\n');
    }
}

/* Pairs against length, on masks whose lines do not fall on each other. A line bends where the text becomes longer than
 * the window. */
static void draw_cost(const Choices *ask) {
    enum { FIRST = 16, DOUBLINGS = 11, LONGEST = FIRST << (DOUBLINGS - 1) };
    static const char *const masks = "none,causal,prefix:1024,global-local:64:256,chunked:256,local:64,sliding:64,"
                                     "dilated:16:4";
    MaskOptions usual = mask_options_new(MASK_NONE);
    MaskList list = mask_list_read("compare", masks, &usual, LONGEST);
    float lengths[DOUBLINGS], pairs[FIGURE_DATA][DOUBLINGS];
    Curve curves[FIGURE_DATA];
    assert(list.count <= FIGURE_DATA);
    for (int k = 0; k < DOUBLINGS; k++) lengths[k] = (float)(FIRST << k);
    for (int i = 0; i < list.count; i++) {
        for (int k = 0; k < DOUBLINGS; k++)
            pairs[i][k] = (float)mask_cost(list.at[i].mask.rule, FIRST << k, 1, 1).cells;
        curves[i] = (Curve){.name = list.names[i], .x = lengths, .y = pairs[i], .n = DOUBLINGS, .dashed = i == 0};
    }
    if (ask->show.terminal) print_cost(curves, list.count);
    curves_draw(show_sheet(&ask->show, "cost", "What attention costs as a text grows",
                           "allowed pairs; each is one dot product and one weighted value, in every head and layer"),
                curves, list.count,
                (CurvesOptions){.x_axis = "tokens", .y_axis = "pairs", .log_x = true, .log_y = true});
    mask_list_free(&list);
}

void draw_compared(const Choices *ask, const Masked *m) {
    draw_gallery(ask, m, "compare");
    draw_lost(ask, m, m->heads->chosen[0]);
    draw_reach(ask, m);
    show_drawn(&ask->show, "compare, lost, reach");
}

void draw_lesson(const Choices *ask, const Masked *detail, const Masked *all) {
    draw_rule(ask, detail, 0, detail->heads->chosen[0]);
    draw_gallery(ask, all, "gallery");
    draw_reach(ask, all);
    draw_cost(ask);
    show_drawn(&ask->show, ask->model ? "mask, gallery, reach, cost"
                                      : "mask, gallery, reach, cost, and galleries of 2, 9 and 25 words");
}
