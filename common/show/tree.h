/* tree - who became one with whom: binary trees over a row of leaves, as text and as a picture. Drawn in stage 04. */
#ifndef SHOW_TREE_H
#define SHOW_TREE_H
#include "show/figure.h"
#include <stdio.h>

typedef struct {
    const char *label; /* borrowed; any text */
    int left, right;   /* other nodes, which come before this one; -1, -1 for a leaf */
} TreeNode;

/* The trees with the given roots, one below the other: each node on a line of its own, under its parent. */
void tree_print(FILE *out, const TreeNode *nodes, const int *roots, int count);

/* The same as a picture: leaves in a row at the bottom, from left to right as the roots have them. At most 60 leaves
 * can be read; more are EXIT_DATA. Data: NAME.dat (the lines). */
void tree_draw(Sheet sheet, const TreeNode *nodes, const int *roots, int count);
#endif
