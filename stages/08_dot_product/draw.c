/* The weights of stage 08 as a picture, or in the terminal. */
#include "tool.h"
#include "show/heat.h"

void draw_weights(const Choices *a, Mat weights) {
    Sheet sheet = show_sheet(&a->show, "weights", "Attention without weights",
                             "softmax of the dot products, row by row; white is the smallest weight");
    sheet.line = "who is mixed from whom";
    heat_draw(sheet, weights,
              (HeatOptions){.from = a->toy.words,
                            .to = a->toy.words,
                            .scale = SCALE_FIT,
                            .values = show_values(&a->show, a->toy.n <= 12)});
    show_drawn_one(&a->show, "weights");
}
