/* 18.1: GPT-2 small's numbers, and one more matrix of the words' size. */
#include "judge.h"
#include "model/gpt.h"

void check(void) {
    int places = 0;
    for (const char *at = variant_text("places", "1,024"); *at; at++)
        if (*at != ',') places = 10 * places + *at - '0';
    input("V = 50257, T = %d, 12 blocks, C = 768, inner 3072, a head of its own", places);
    const GptConfig small = {.layers = 12,
                             .heads = 12,
                             .width = 768,
                             .inner = 3072,
                             .vocab = 50257,
                             .context = places,
                             .positions = position_scheme("learned")};
    size_t tied;
    check_that(gpt_count(&small, &tied), "the count fits");
    answer_number("numbers", (double)tied + (double)small.vocab * small.width, 0);
}
