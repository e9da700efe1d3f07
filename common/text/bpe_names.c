#include "text/bpe_names.h"
#include "text/utf8.h"

static bool is_visible(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

/* How many of the bytes below this one are invisible. */
static int invisible_below(int byte) {
    int count = byte < 33 ? byte : 33;
    if (byte > 127) count += byte < 161 ? byte - 127 : 34; /* 127-160 */
    return count + (byte > 173);
}

static int32_t character_of(unsigned char byte) {
    return is_visible(byte) ? byte : 256 + invisible_below(byte);
}

static int byte_of(int32_t character) {
    if (character < 0) return -1;
    if (character < 256) return is_visible((int)character) ? (int)character : -1;
    int place = (int)character - 256;
    if (place < 33) return place;
    if (place < 67) return 127 + place - 33;
    return place == 67 ? 173 : -1;
}

void bpe_name_add(String *out, const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char character[4];
        int size = utf8_encode(character_of((unsigned char)bytes[i]), character);
        string_add_bytes(out, character, (size_t)size);
    }
}

bool bpe_name_bytes(const char *name, size_t length, char *bytes, size_t *count) {
    *count = 0;
    for (size_t at = 0; at < length;) {
        int byte = byte_of(utf8_next(name, length, &at));
        if (byte < 0) return false;
        bytes[(*count)++] = (char)byte;
    }
    return true;
}

unsigned char bpe_byte_in_order(int place) {
    if (place < 94) return (unsigned char)(33 + place);
    if (place < 106) return (unsigned char)(161 + place - 94);
    if (place < 188) return (unsigned char)(174 + place - 106);
    return (unsigned char)byte_of(256 + place - 188);
}
