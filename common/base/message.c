#include "base/message.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The end of a message that is being written. */
typedef struct {
    char *out;
    size_t size, used; /* used < size */
} Message;

static void add(Message *m, const char *text, size_t length) {
    size_t room = m->size - 1 - m->used;
    if (length > room) length = room;
    memcpy(m->out + m->used, text, length);
    m->out[m->used += length] = '\0';
}

static bool goes_on(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* How much of text[0..length) is whole: less the character at its end that a precision has cut. */
static size_t whole(const char *text, size_t length) {
    size_t last = length;
    while (last > 0 && length - last < 3 && goes_on(text[last - 1])) last--;
    if (last == 0) return length;
    unsigned char lead = (unsigned char)text[last - 1];
    size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    return length - last + 1 < needed ? last - 1 : length;
}

/* Both ends of the text, as much of the one as of the other. */
static void add_text(Message *m, const char *text, size_t length) {
    if (length <= MESSAGE_TEXT) {
        add(m, text, length);
        return;
    }
    size_t head = (MESSAGE_TEXT - 3) / 2, tail = length - head;
    for (int back = 0; back < 3 && goes_on(text[head]); back++) head--;
    for (int on = 0; on < 3 && goes_on(text[tail]); on++) tail++;
    add(m, text, head);
    add(m, "...", 3);
    add(m, text + tail, length - tail);
}

/* One conversion, cut out of the format: its flags and width as they stand, stars filled in. */
typedef struct {
    char text[32];
    size_t length;
    int precision; /* -1: none */
    bool counted;  /* it is a star, so perhaps the text's own length */
    int longs;     /* l: 1, ll: 2, z: 3 */
    char letter;
} Conversion;

static void put(Conversion *c, const char *text, size_t length) {
    assert(c->length + length < sizeof c->text);
    memcpy(c->text + c->length, text, length);
    c->text[c->length += length] = '\0';
}

/* Reads what stands behind a '%'; returns the first byte behind the conversion. */
static const char *read_conversion(Conversion *c, const char *at, va_list *values) {
    bool precise = false;
    put(c, "%", 1);
    for (; !strchr("diuxXcfgas", *at); at++) {
        assert(*at); /* a letter that no message uses */
        char number[16];
        precise = precise || *at == '.';
        if (*at == 'l') c->longs++;
        if (*at == 'z') c->longs = 3;
        if (*at != '*') {
            put(c, at, 1);
        } else {
            int value = va_arg(*values, int);
            c->counted = precise;
            put(c, number, (size_t)snprintf(number, sizeof number, "%d", value));
        }
    }
    c->letter = *at;
    put(c, at, 1);
    c->precision = -1;
    if (precise) sscanf(strchr(c->text, '.') + 1, "%d", &c->precision);
    return at + 1;
}

static void add_conversion(Message *m, const Conversion *c, va_list *values) {
    char text[400] = ""; /* %f of the largest number has 310 letters */
    int length = 0;
    if (c->letter == 's') {
        const char *given = va_arg(*values, const char *);
        if (!given) given = "(null)";
        if (c->precision < 0 && c->text[1] == 's') {
            add_text(m, given, strlen(given));
            return;
        }
        if (c->precision >= 0 && c->text[1] == '.') { /* need not end in a 0 */
            size_t most = (size_t)c->precision;
            const char *end = memchr(given, '\0', most);
            add_text(m, given, end ? (size_t)(end - given) : c->counted ? most : whole(given, most));
            return;
        }
        length = snprintf(text, sizeof text, c->text, given);
    } else if (strchr("fga", c->letter)) {
        length = snprintf(text, sizeof text, c->text, va_arg(*values, double));
    } else if (c->longs == 0) {
        length = snprintf(text, sizeof text, c->text, va_arg(*values, int));
    } else if (c->longs == 1) {
        length = snprintf(text, sizeof text, c->text, va_arg(*values, long));
    } else if (c->longs == 2) {
        length = snprintf(text, sizeof text, c->text, va_arg(*values, long long));
    } else {
        length = snprintf(text, sizeof text, c->text, va_arg(*values, size_t));
    }
    add_text(m, text, length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

void message_format(char *out, size_t size, const char *format, va_list values) {
    Message message = {out, size, 0};
    va_list left;
    va_copy(left, values);
    out[0] = '\0';
    while (*format) {
        size_t plain = strcspn(format, "%");
        add(&message, format, plain);
        format += plain;
        if (*format == '\0') break;
        if (format[1] == '%') {
            add(&message, "%", 1);
            format += 2;
            continue;
        }
        Conversion conversion = {0};
        format = read_conversion(&conversion, format + 1, &left);
        add_conversion(&message, &conversion, &left);
    }
    va_end(left);
}
