/* Numbers, and lists of them, out of words of the command line. Declared in options.h. */
#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool text_to_int(const char *text, long lowest, long highest, long *number) {
    if (!text || (*text == '-' && lowest >= 0)) return false;
    const char *digits = text + (*text == '-');
    /* strtol would skip spaces, take '+' and stop at the first letter. */
    if (!*digits || strspn(digits, "0123456789") != strlen(digits)) return false;
    errno = 0;
    *number = strtol(text, NULL, 10);
    return errno == 0 && *number >= lowest && *number <= highest;
}

int *options_ranges(const char *name, const char *text, int limit, int *count) {
    int *list = memory_new((size_t)limit, sizeof *list, "a list of numbers");
    bool *taken = memory_new((size_t)limit, sizeof *taken, "a list of numbers");
    *count = 0;
    if (!text)
        for (int i = 0; i < limit; i++) list[(*count)++] = i;
    for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char part[64] = "";
        size_t length = strcspn(at, ",");
        if (length < sizeof part) memcpy(part, at, length);
        char *dash = strchr(part, '-');
        if (dash) *dash = '\0';
        long first, last;
        if (!text_to_int(part, 0, limit - 1, &first) || !text_to_int(dash ? dash + 1 : part, 0, limit - 1, &last) ||
            first > last)
            fail(EXIT_USAGE, "--%s %s: expected numbers from 0 to %d, such as 0 or 0,3-5", name, text, limit - 1);
        for (long i = first; i <= last; i++) {
            if (!taken[i]) list[(*count)++] = (int)i;
            taken[i] = true;
        }
    }
    memory_free(taken);
    return list;
}
