/* Bars in a terminal, byte for byte what the library prints. */
#include "judge.h"
#include "show/terminal.h"

#include <math.h>
#include <stdlib.h>

static void one_case(Ink ink, int columns, const char *const *names, const float *values, int n, double most) {
    char *text = NULL;
    size_t size = 0, got_size;
    FILE *out = open_memstream(&text, &size);
    terminal_bars((Terminal){out, ink, columns}, "weights", names, values, n, most);
    fclose(out);
    input("%d bars, %d columns, ink %d, a full bar %g", n, columns, (int)ink, most);
    input_floats("values", values, (size_t)n);
    give_int(ink), give_int(columns), give_double(most), give_texts(names, n), give_floats(values, (size_t)n);
    ask();
    const char *got = got_text(&got_size);
    check_bytes("what is printed", got, got_size, text, size);
    free(text);
}

void check(void) {
    static const char *const names[] = {"the", "cat", "a", "caf\xc3\xa9", "sat", "\xe6\x97\xa5\xe6\x9c\xac", "on", "x"};
    Rng rng = check_rng();
    one_case(INK_PLAIN, 60, names, (const float[]){0.25f, 0.5f, 1}, 3, 0);
    one_case(INK_PLAIN, 60, names, (const float[]){0.25f, -0.5f, 0}, 3, 1);
    one_case(INK_PLAIN, 60, names, (const float[]){3, -5, 2, 0.001f}, 4, 2);
    one_case(INK_PLAIN, 20, names, (const float[]){0, 0, 0}, 3, 0);
    one_case(INK_PLAIN, 80, names, (const float[]){NAN, INFINITY, 0.5f, -INFINITY, 2}, 5, 0);
    one_case(INK_256, 70, names, (const float[]){1, -2, 0.3f, 0.7f, -0.1f, 2.5f}, 6, 0);
    one_case(INK_FULL, 70, names, (const float[]){1, -2, 0.3f, 0.7f, -0.1f, 2.5f}, 6, 4);
    for (int i = 0; i < 12; i++) {
        float values[8];
        for (int j = 0; j < 8; j++) values[j] = (float)(rng_double(&rng) * 4 - 2);
        one_case(i % 3 == 2 ? INK_FULL : INK_PLAIN, 24 + 11 * i, names, values, 1 + i % 8, i % 2 ? 0 : 1.5);
    }
}
