/* tool - what the files of stage 07 share. main.c is the lecture; proofs.c holds what it tells against common/ and
 * prints it; tool.c reads the command line, draw.c and turns.c make the pictures. */
#ifndef STAGE_07_TOOL_H
#define STAGE_07_TOOL_H
#include "math/paper.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int tokens, width, heads;
} Choices;

Choices choices_parse(int argc, char **argv);
bool answered(const Choices *ask); /* --time; false when it was not asked for: then it is the lesson's turn */

/* ---- proofs.c: each takes what main.c tells, prints what it does, and fails with EXIT_DATA unless it is what common/
 * does. ---- */
void tell_learned(uint64_t seed, void (*learned)(Paper x, Paper table, int first));
void tell_waves(int width, void (*waves)(Paper table), void (*apart)(Paper table),
                void (*dots)(Paper out, Paper table));
void tell_turns(uint64_t seed, void (*turn)(Paper x, bool half_split), void (*dots)(Paper out, Paper table));
void tell_alibi(int heads, double (*slope)(int head, int heads));
void tell_buckets(int (*bucket)(int distance));
void tell_shaw(uint64_t seed, int (*row)(int query, int key, int reach),
               void (*scores)(Paper out, Paper q, Paper k, Paper table),
               void (*values)(Paper out, Paper weights, Paper v, Paper table));
void tell_schemes(void);           /* a table of all seven */
void tell_far(const Choices *ask); /* what each says about a word that training has never seen */

/* Pictures of each encoding: sinusoids (both layouts), how alike they are, ALiBi, T5's buckets, Shaw's rows, RoPE's
 * angles. */
void draw_all(const Choices *ask);

/* turns.c: RoPE in the plane, as arrows (nothing in a terminal). */
void draw_turns(const Choices *ask);
#endif
