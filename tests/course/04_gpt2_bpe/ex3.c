/* 04.3: the character of each byte. The rule is applied by counting, for every byte anew. */
#include "judge.h"

static int is_itself(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

static void check_one(int byte) {
    int others = 0;
    for (int below = 0; below < byte; below++) others += !is_itself(below);
    input("the byte %d", byte);
    give_int(byte);
    ask();
    check_int("the number of its character", got_int(), is_itself(byte) ? byte : 256 + others);
}

void check(void) {
    check_one('!');
    check_one(0);
    check_one(' ');
    for (int byte = 0; byte < 256; byte++) check_one(byte);
    for (int byte = 255; byte >= 0; byte--) check_one(byte);
}
