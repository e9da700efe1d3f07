#include "attention/mask_table.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

const MaskKnob MASK_KNOB[] = {
    {"window", 'W', offsetof(Mask, window), 0, 4, 1, "how far a token sees, or how many keys"},
    {"dilation", 'D', offsetof(Mask, dilation), 1, 0, 2, "only distances that D divides"},
    {"global", 'G', offsetof(Mask, global), 0, 5, 1, "the first G tokens see all and are seen by all"},
    {"sinks", 'S', offsetof(Mask, sinks), 0, 0, 1, "the first S keys stay in sight, however far"},
    {"stride", 0, offsetof(Mask, stride), 0, 0, 0, NULL},
    {"prefix", 'P', offsetof(Mask, prefix), 0, 4, 1, "the first P tokens see each other"},
    {"chunk", 'C', offsetof(Mask, chunk), 1, 2, 1, "blocks of C tokens that do not see each other"},
    {"valid", 'L', offsetof(Mask, valid), 1, -4, 1, NULL},
};
const int MASK_KNOBS = sizeof MASK_KNOB / sizeof *MASK_KNOB;

const MaskKnob *mask_knob_of(char letter) {
    int k = 0;
    while (MASK_KNOB[k].letter != letter && k + 1 < MASK_KNOBS) k++;
    assert(MASK_KNOB[k].letter == letter);
    return &MASK_KNOB[k];
}

int *mask_knob_at(Mask *mask, const MaskKnob *knob) {
    return (int *)(void *)((char *)mask + knob->at);
}

int mask_knob(Mask mask, const MaskKnob *knob) {
    return *mask_knob_at(&mask, knob);
}

bool mask_equal(Mask a, Mask b) {
    for (int k = 0; k < MASK_KNOBS; k++)
        if (mask_knob(a, &MASK_KNOB[k]) != mask_knob(b, &MASK_KNOB[k])) return false;
    return a.causal == b.causal && a.global_at == b.global_at && a.picture == b.picture && a.tokens == b.tokens;
}

/* ---- kinds ---- */

const MaskKind MASK_KIND[MASK_KINDS] = {
    [MASK_NONE] = {"none", "", 0, "", "n^2"},
    [MASK_CAUSAL] = {"causal", "", MASK_PAST, "j <= i", "n(n+1)/2"},
    [MASK_LOCAL] = {"local", "W", MASK_RADIUS, "|i - j| <= W", "n(2W+1) - W(W+1)"},
    [MASK_GLOBAL_LOCAL] = {"global-local", "WG", MASK_RADIUS, "i < G or j < G or |i - j| <= W",
                           "local(n-G) + n^2 - (n-G)^2"},
    [MASK_SLIDING] = {"sliding", "W", MASK_PAST, "0 <= i - j < W", "nW - W(W-1)/2"},
    [MASK_DILATED] = {"dilated", "WD", MASK_RADIUS, "|i - j| <= D x W and D divides it",
                      "n + 2(nt - Dt(t+1)/2), t = min(W, (n-1)/D)"},
    [MASK_PREFIX] = {"prefix", "P", MASK_PAST, "j <= i, or i < P and j < P", "n(n+1)/2 + P(P-1)/2"},
    [MASK_CHUNKED] = {"chunked", "C", 0, "i / C = j / C, rounded down", "floor(n/C) C^2 + (n mod C)^2"},
    [MASK_SINKS] = {"sinks", "WS", MASK_PAST, "j <= i and (i - j < W or j < S)", "nW - W(W-1)/2 + S(n-W) - S(S-1)/2"},
    [MASK_STRIDED] = {"strided", "W", MASK_PAST | MASK_COMB, "j <= i and (i - j < W or W divides i - j)",
                      "nW - W(W-1)/2 + tn - Wt(t+1)/2, t = (n-1)/W"},
    [MASK_PADDING] = {"padding", "L", 0, "j < L", "nL"},
};

int mask_kind_find(const char *name) {
    for (int kind = 0; kind < MASK_KINDS; kind++)
        if (strcmp(name, MASK_KIND[kind].name) == 0) return kind;
    return -1;
}

bool mask_kind_takes(int kind, const MaskKnob *knob) {
    return knob->letter && strchr(MASK_KIND[kind].takes, knob->letter);
}

int mask_kind_lowest(int kind, const MaskKnob *knob) {
    return knob->letter == 'W' && !(MASK_KIND[kind].traits & MASK_RADIUS) ? 1 : knob->lowest;
}

bool mask_kind_is_causal(int kind) {
    return MASK_KIND[kind].traits & MASK_PAST && kind != MASK_PREFIX;
}

Mask mask_of_kind(int kind, Mask said) {
    int traits = MASK_KIND[kind].traits;
    Mask mask = {.causal = said.causal || traits & MASK_PAST};
    for (int k = 0; k < MASK_KNOBS; k++) {
        int value = mask_knob(said, &MASK_KNOB[k]);
        if (value > 0) *mask_knob_at(&mask, &MASK_KNOB[k]) = value;
    }
    if (traits & MASK_RADIUS) mask.window = said.window < INT_MAX ? said.window + 1 : INT_MAX;
    if (traits & MASK_COMB) mask.stride = said.window;
    if (said.causal) mask.prefix = 0;
    return mask;
}

void mask_kind_rule(String *out, int kind, Mask said) {
    for (const char *c = MASK_KIND[kind].rule; *c; c++) {
        if (strchr(MASK_KIND[kind].takes, *c)) string_add(out, "%d", mask_knob(said, mask_knob_of(*c)));
        else string_add_bytes(out, c, 1);
    }
}
