/* colour - the same colours in every picture, table and terminal: weights, signed values, heads.
 *
 * Weights go from white to a dark blue through yellow-green and teal, evenly in lightness: right in a bright lecture
 * hall, on grey paper and for colour-blind eyes, and a weight near 0 costs no ink. Signed values are blue (positive)
 * and orange (negative), white at 0. Masked is a hatched grey that neither of them has: it is not a small weight. */
#ifndef SHOW_COLOUR_H
#define SHOW_COLOUR_H
#include "base/memory.h"

enum {
    COLOUR_INK = 0x1f2933,   /* text */
    COLOUR_FAINT = 0x66707a, /* notes, numbers that hardly matter */
    COLOUR_MASK = 0xe6e6e6,  /* a masked cell, under its hatch */
    COLOUR_HATCH = 0x9a9a9a,
    COLOUR_HUES = 12
};

typedef enum { PALETTE_WEIGHT, PALETTE_SIGNED } Palette;

/* 0xRRGGBB for a place on the palette: 0..1 for weights, -1..1 for signed values; values beyond are clamped, NaN is
 * the mask. */
unsigned colour_of(Palette palette, double value);

/* Text that can be read on that colour: white or ink. */
unsigned colour_text_on(unsigned colour);

/* The hue of head (or series) i: twelve that differ for colour-blind eyes too, then again from the first. */
unsigned colour_hue(int i);

/* `colour` as it looks at this opacity (0..1) on white. */
unsigned colour_fade(unsigned colour, double opacity);

/* Appends gnuplot's `set palette defined (...)` line. */
void colour_palette(String *script, Palette palette);
#endif
