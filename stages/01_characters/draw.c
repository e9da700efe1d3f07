/* What stage 01 shows of its characters: their names, their bits, and how often they occur. */
#include "tool.h"
#include "show/bars.h"
#include "show/label.h"
#include "text/utf8.h"
#include "text/vocab.h"

#include <stdio.h>

char *token_label(Token token) {
    return token.character == ' ' ? text_copy("space", 5) : utf8_shown(token.bytes, (size_t)token.length, 4);
}

void tell_bits(const Characters *c, int most) {
    for (int id = 0; id < c->different && most > 0; id++) {
        Token token = c->vocabulary[id];
        if (token.length == 1) continue;
        char *label = token_label(token);
        printf("by hand     %s  ", label);
        memory_free(label);
        for (int i = 0; i < token.length; i++, putchar(' '))
            for (int bit = 7; bit >= 0; bit--) putchar('0' + ((unsigned char)token.bytes[i] >> bit & 1));
        printf("-> U+%04X, %d\n", (unsigned)token.character, token.character);
        most--;
    }
}

void draw_histogram(const Choices *ask, const Characters *c) {
    int n, *ids = vocab_most_frequent(c->count, c->different, ask->top, &n);
    Mat shares = mat_new(1, n);
    const char **names = memory_new((size_t)n, sizeof *names, "labels");
    for (int i = 0; i < n; i++) {
        mat_row(shares, 0)[i] = 100 * (float)c->count[ids[i]] / (float)c->n;
        names[i] = token_label(c->vocabulary[ids[i]]);
    }
    char title[80];
    snprintf(title, sizeof title, "The text by its characters, in percent: the first %d of %d", n, c->different);
    Sheet sheet = show_sheet(&ask->show, "histogram", title, ask->name);
    sheet.line = title;
    bars_draw(sheet, shares, (BarsOptions){.names = names, .value_axis = "percent of the text", .mark = BARS_NONE});
    show_drawn_one(&ask->show, "histogram");
    names_free(names, n), memory_free(ids);
    mat_free(&shares);
}
