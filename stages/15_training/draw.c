/* Pictures: the loss while learning, one head's map at some steps, and what --compare has found. */
#include "tool.h"
#include "base/error.h"
#include "show/grid.h"
#include "show/label.h"

static void draw_loss(const Training *run, const Baselines *b) {
    const History *h = &run->history;
    if (h->count < 2) return;
    float x[] = {h->step[0], h->step[h->count - 1]};
    float flat[4][2] = {{(float)b->uniform, (float)b->uniform},
                        {(float)b->unigram, (float)b->unigram},
                        {(float)b->bigram, (float)b->bigram},
                        {(float)b->trigram, (float)b->trigram}};
    const Curve curves[] = {{"train", h->step, h->train, h->count, false},
                            {"held back", h->step, h->held, h->count, false},
                            {"uniform", x, flat[0], 2, true},
                            {"unigram", x, flat[1], 2, true},
                            {"bigram", x, flat[2], 2, true},
                            {"trigram", x, flat[3], 2, true}};
    char *subtitle = text_format("%zu parameters; dashed: counting alone, on the text held back", run->gpt.count);
    curves_draw(show_sheet(&run->ask->show, "loss", "Loss while learning", subtitle), curves,
                run->ask->plan.masked ? 2 : 6, (CurvesOptions){.x_axis = "step", .y_axis = "nats per token"});
    memory_free(subtitle);
}

static void draw_maps(const Training *run) {
    const History *h = &run->history;
    if (h->map_count == 0) return;
    int n = h->maps[0].rows;
    const char **names = names_numbered("step ", h->map_steps, h->map_count), *row = "head 0";
    const char **tokens = memory_new((size_t)n, sizeof *tokens, "names");
    bool *hidden = mask_hidden_cells(run->mask.rule, n, n);
    for (int i = 0; i < n; i++) tokens[i] = tokenizer_text(run->story.tokenizer, &run->story.held.at[i], 1);
    char *subtitle =
        text_format("layer %d head 0, on the first tokens that were held back", run->gpt.config.layers - 1);
    grid_draw(show_sheet(&run->ask->show, "maps", "One head learns to look", subtitle), h->maps, 1, h->map_count,
              (GridOptions){.row_names = &row,
                            .col_names = names,
                            .row_axis = "",
                            .col_axis = "",
                            .tokens = tokens,
                            .hidden = hidden,
                            .scale = SCALE_FIXED});
    names_free(names, h->map_count), names_free(tokens, n), memory_free(subtitle), memory_free(hidden);
}

void draw_training(const Training *run, const Baselines *baselines) {
    const ShowOptions *show = &run->ask->show;
    if (show->terminal || !run->trainer.writes) return;
    draw_loss(run, baselines);
    draw_maps(run);
    note("drawn: %s/loss.%.3s, %s/maps.%.3s", show->folder, show->format, show->folder, show->format);
}

void draw_comparison(const Choices *ask, const Curve *curves, int count) {
    char *what = options_word(COMPARED, ask->compare);
    char *title = text_format("What is the choice of %s worth?", what);
    char *subtitle = text_format("loss on what is held back, mean of %d seeds", ask->seeds);
    curves_draw(show_sheet(&ask->show, "compare", title, subtitle), curves, count,
                (CurvesOptions){.x_axis = "step", .y_axis = "nats per token"});
    memory_free(what), memory_free(title), memory_free(subtitle);
    show_drawn_one(&ask->show, "compare");
}
