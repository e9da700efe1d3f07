/* What stage 02 shows: counts and ids, the tokens with their edges, and bars of how often they occur. */
#include "tool.h"
#include "base/plural.h"
#include "show/bars.h"
#include "show/label.h"
#include "show/terminal.h"
#include "show/token_edges.h"

#include <stdio.h>
#include <string.h>

void print_card(const Choices *ask, const Words *v, size_t tokens) {
    int once = 0;
    for (int id = 0; id < v->n; id++) once += v->count[id] == 1;
    printf("text        ");
    label_print(ask->name, strlen(ask->name), LABEL_ALL, 0);
    printf(": %zu byte%s\n", ask->text.size, PLURAL(ask->text.size));
    printf("tokens      %zu, of which %d different; %d occur once\n", tokens, v->n - 2, once);
    printf("vocabulary  %d with <|endoftext|> %d and <|unk|> %d:", v->n, v->end_of_text, v->unknown);
    for (int id = 0; id < v->n && id < 16; id++) {
        putchar(' ');
        label_print(v->word[id].text, v->word[id].length, LABEL_TOKEN, 0);
    }
    printf(" ...\n");
}

void print_loss(Bytes text, const String *first, const String *second) {
    bool by_first = string_is(first, text.data, text.size), by_second = string_is(second, text.data, text.size);
    printf("decoded     V1 gives %zu byte%s, V2 %zu: %s the text of %zu\n", first->length, PLURAL(first->length),
           second->length,
           by_first && by_second ? "both are"
           : by_first            ? "the first is"
           : by_second           ? "the second is"
                                 : "neither is",
           text.size);
}

bool has_other_spaces(Bytes text, const TextSpans *tokens) {
    size_t end = 0;
    for (size_t i = 0; i <= tokens->n; i++) {
        size_t next = i < tokens->n ? tokens->at[i].first : text.size;
        for (; end < next; end++)
            if (!strchr(" \t\n\v\f\r", text.data[end])) return true;
        if (i < tokens->n) end = tokens->at[i].end;
    }
    return false;
}

void print_splits(bool same, size_t common) {
    if (same) printf("told and common agree, and POSIX regex: all %zu token%s\n", common, PLURAL(common));
    else
        printf("told and POSIX regex agree; common finds %zu token%s, since this text has spaces beyond ASCII\n",
               common, PLURAL(common));
}

void print_edges(const char *text, const TextSpans *tokens) {
    size_t n = tokens->n < 60 ? tokens->n : 60;
    printf("\nthe first %zu token%s\n", n, PLURAL(n));
    token_edges_print(terminal_of(stdout), text, tokens->at, n);
}

/* The most frequent tokens as bars. */
void draw_counts(const Choices *ask, const Words *v) {
    enum { MOST = 30 };
    int n, *ids = vocab_most_frequent(v->count, v->n, MOST, &n);
    Mat counts = mat_new(1, n);
    const char **names = memory_new((size_t)n, sizeof *names, "names");
    for (int i = 0; i < n; i++) {
        names[i] = text_copy(v->word[ids[i]].text, v->word[ids[i]].length);
        mat_row(counts, 0)[i] = (float)v->count[ids[i]];
    }
    Sheet sheet = show_sheet(&ask->show, "tokens", "How often the most frequent tokens occur", ask->name);
    sheet.line = "how often the most frequent tokens occur";
    bars_draw(sheet, counts, (BarsOptions){.names = names, .value_axis = "times in the text", .mark = BARS_NONE});
    show_drawn_one(&ask->show, "tokens");
    names_free(names, n), memory_free(ids);
    mat_free(&counts);
}
