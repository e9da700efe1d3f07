#include "runner.h"

extern int character_of_byte(unsigned char byte);

void run_case(void) {
    hand_int(character_of_byte((unsigned char)take_int()));
}
