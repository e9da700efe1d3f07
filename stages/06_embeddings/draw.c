/* The pictures of stage 06, or the same in the terminal. */
#include "tool.h"
#include "show/heat.h"
#include "show/strips.h"

void draw_batch(const Choices *a, const Batch *b) {
    enum { MOST = 16 }; /* columns in which an eye can follow one number through the three strips */
    int shown = b->sum.cols < MOST ? b->sum.cols : MOST;
    Mat tokens = mat_cols(mat_rows(b->tokens, 0, a->context), 0, shown);
    Mat sum = mat_cols(mat_rows(b->sum, 0, a->context), 0, shown), positions = mat_cols(b->positions, 0, shown);
    Strip strips[] = {{"token vectors", tokens, 3}, {"+ position vectors", positions, 3}, {"= what goes in", sum, 3}};
    char *subtitle =
        text_format("a row a token, its first %d of %d numbers; blue is positive, orange negative; not trained", shown,
                    b->sum.cols);
    Strip short_form = {"token + position, first window", mat_rows(b->sum, 0, a->context), 0};
    Sheet sheet = show_sheet(&a->show, "batch", "The first window, as a model sees it", subtitle);
    if (a->show.terminal) strips_draw(sheet, &short_form, 1, (StripsOptions){0});
    else strips_draw(sheet, strips, 3, (StripsOptions){0});
    memory_free(subtitle);
}

void draw_alike(const Choices *a, const Toy *words, Paper cosines) {
    Mat rounded = paper_rounded(cosines);
    Sheet sheet =
        show_sheet(&a->show, "alike",
                   a->model ? "Trained vectors: words that mean alike point alike" : "Seeded vectors are strangers",
                   a->model ? a->model : "cosine of each two words; nothing has been learned yet");
    sheet.line = "cosines";
    heat_draw(sheet, rounded,
              (HeatOptions){.from = words->words,
                            .to = words->words,
                            .from_axis = "word",
                            .to_axis = "word",
                            .bar = "cosine",
                            .scale = SCALE_SIGNED,
                            .values = show_values(&a->show, words->n <= 12)});
    mat_free(&rounded);
}
