#include "show/colour.h"

#include <math.h>

typedef struct {
    double at;
    unsigned colour;
} Stop;

/* Places are chosen so that lightness (L* of CIELAB) falls in a straight line from 100 to 12. */
static const Stop weight_stops[] = {{0.00, 0xffffff}, {0.07, 0xe6f5cc}, {0.20, 0xa1dab4}, {0.36, 0x41b6c4},
                                    {0.56, 0x2c7fb8}, {0.84, 0x253494}, {1.00, 0x081d58}};
static const Stop signed_stops[] = {{-1.0, 0x7f3000}, {-0.6, 0xd9720e}, {-0.25, 0xfdc27f}, {0.0, 0xffffff},
                                    {0.25, 0xa6cdec}, {0.6, 0x2f7ec0},  {1.0, 0x08306b}};
enum { STOPS = 7 };

/* Okabe and Ito's colours without their yellow, which nobody sees on white, then from Paul Tol's sets what is furthest
 * away. */
static const unsigned hues[COLOUR_HUES] = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9,
                                           0x000000, 0x882255, 0x999933, 0x332288, 0xe34948, 0x777777};

static int channel(unsigned colour, int shift) {
    return (int)(colour >> shift & 0xff);
}

static unsigned mix(unsigned a, unsigned b, double t) {
    unsigned mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double value = channel(a, shift) + t * (channel(b, shift) - channel(a, shift));
        mixed |= (unsigned)lround(value) << shift;
    }
    return mixed;
}

static const Stop *stops_of(Palette palette) {
    return palette == PALETTE_SIGNED ? signed_stops : weight_stops;
}

unsigned colour_of(Palette palette, double value) {
    const Stop *stop = stops_of(palette);
    if (isnan(value)) return COLOUR_MASK;
    if (value <= stop[0].at) return stop[0].colour;
    for (int i = 1; i < STOPS; i++) {
        double from = stop[i - 1].at, to = stop[i].at;
        if (value <= to) return mix(stop[i - 1].colour, stop[i].colour, (value - from) / (to - from));
    }
    return stop[STOPS - 1].colour;
}

unsigned colour_text_on(unsigned colour) {
    double light = 0.299 * channel(colour, 16) + 0.587 * channel(colour, 8) + 0.114 * channel(colour, 0);
    return light < 140 ? 0xffffff : COLOUR_INK;
}

unsigned colour_hue(int i) {
    return hues[i % COLOUR_HUES];
}

unsigned colour_fade(unsigned colour, double opacity) {
    return mix(0xffffff, colour, opacity < 0 ? 0 : opacity > 1 ? 1 : opacity);
}

void colour_palette(String *script, Palette palette) {
    const Stop *stop = stops_of(palette);
    string_add(script, "set palette defined (");
    for (int i = 0; i < STOPS; i++)
        string_add(script, "%s%d '#%06x'", i ? ", " : "", (int)lround(100 * stop[i].at), stop[i].colour);
    string_add(script, ")\n");
}
