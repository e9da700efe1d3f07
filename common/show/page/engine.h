/* engine.h - the one text that the page's engine holds, and its maps; for the engine's own files. */
#ifndef PAGE_ENGINE_H
#define PAGE_ENGINE_H
#include "attention/attention.h"
#include "attention/reach.h"

#define EXPORT(name) __attribute__((export_name(#name)))
enum { OFFSETS = 21, TERM_HEADS = 7 };

typedef struct {
    int layers, heads, n, d;  /* d columns a head */
    float *q, *k, *v;         /* [layers * heads] (n, d), one head behind the other */
    Mat bias;                 /* of all heads, as in Attention; data NULL: none */
    int bias_layers;          /* 1: the same in each layer; layers: each has its own */
    float scale, temperature; /* the softmax's: 1 is the model's own */
    Mat warm;                 /* one head's bias over the temperature, where that is not 1 */
    Mask trained, mask;       /* what the model has learnt, or ran under; what is asked for now */
    Mask own;                 /* of the layers in which it ran without that mask: `apart` */
    bool *apart;              /* [layers] */
    bool asked;               /* is a mask asked for? Without, it is the one that each layer ran under */
    int *ids;
    unsigned char *marks;
    float *map, *full, *row; /* room for answers: (n, n), (n, n), and a row */
    Reach reach;             /* of `mask`, once it was asked for: n is 0 until then */
    int filled[8];
    double cost[5], *measured, *rows;
} Engine;

/* What hides cells in a layer. */
Mask engine_mask_in(const Engine *e, int layer);

/* One head's weights (n, n) under a mask, in `room` [n * n]. */
Mat engine_map(const Engine *e, int layer, int head, Mask mask, float *room);

/* The same under the mask that is shown, in e->map. */
Mat engine_shown(Engine *e, int layer, int head);
#endif
