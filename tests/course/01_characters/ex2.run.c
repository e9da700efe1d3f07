#include "runner.h"
#include <stdint.h>

extern int utf8_write(int32_t character, unsigned char out[4]);

void run_case(void) {
    const int32_t character = (int32_t)take_int();
    unsigned char *out = fresh_room("out", 4, sizeof *out);
    hand_int(utf8_write(character, out));
    hand_ints((const int[]){out[0], out[1], out[2], out[3]}, 4);
}
