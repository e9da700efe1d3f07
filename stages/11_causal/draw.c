/* The picture of stage 11: before and after. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "show/panels.h"
#include "show/terminal.h"

void draw_maps(const Choices *ask, const Toy *toy, Mat before, Mat causal, Mat dropped) {
    const char **words = toy->words;
    bool *future = mask_hidden_cells((Mask){.causal = true}, toy->n, toy->n);
    Panel panels[] = {{"before: everyone sees everyone", before, SCALE_FIXED, NULL},
                      {"causal", causal, SCALE_FIXED, future},
                      {"causal, with dropout", dropped, SCALE_FIT, future}};
    if (ask->show.terminal) {
        for (int i = 0; i < 3; i++)
            terminal_map(terminal_of(stdout), panels[i].title, panels[i].m,
                         (TerminalMap){words, words, panels[i].hidden, panels[i].scale, ask->show.values});
    } else {
        Sheet sheet = {.folder = ask->common.out,
                       .name = "causal",
                       .title = "No word looks ahead",
                       .subtitle = "hatched: forbidden; each row of the first two sums to 1",
                       .formats = ask->show.format,
                       .command = ask->command};
        panels_draw(sheet, panels, 3, (PanelsOptions){words, words, toy->n <= 10 || ask->show.values});
        note("drawn: %s/causal.%.3s", ask->common.out, ask->show.format);
    }
    memory_free(future);
}
