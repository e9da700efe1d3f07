#include "runner.h"

extern size_t count_characters(const unsigned char *bytes, size_t size);

void run_case(void) {
    size_t size;
    const char *text = take_text(&size);
    hand_int((long long)count_characters((const unsigned char *)text, size));
}
