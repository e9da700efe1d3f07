/* Bars in a terminal: names and values in, the text that is printed out. */
#include "runner.h"

#include <stdlib.h>

void run_case(void) {
    const int ink = (int)take_int(), columns = (int)take_int();
    const double most = take_double();
    int n;
    const char **names = take_texts("names", &n);
    const float *values = keep_floats("values", NULL);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    terminal_bars((Terminal){out, (Ink)ink, columns}, "weights", n ? names : NULL, values, n, most);
    fclose(out);
    hand_text(text, size);
    free(text);
}
