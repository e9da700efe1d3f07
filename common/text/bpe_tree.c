#include "text/bpe_tree.h"
#include "base/error.h"

enum { LONGEST = 65536 };

/* The place of the lowest rank among the adjacent roots, the leftmost of equal ones; -1 when no pair merges. */
static int lowest_pair(const Bpe *bpe, const BpeTree *tree, int *rank) {
    int place = -1;
    *rank = BPE_NONE;
    for (int i = 0; i + 1 < tree->roots; i++) {
        int here = bpe_rank(bpe, tree->node[tree->root[i]].id, tree->node[tree->root[i + 1]].id);
        if (here < *rank) *rank = here, place = i;
    }
    return place;
}

BpeTree bpe_tree(const Bpe *bpe, const char *piece, size_t length) {
    if (length > LONGEST)
        fail(EXIT_DATA, "a piece of %zu bytes is too long to draw (expected at most %d)", length, LONGEST);
    int n = (int)length, place, rank;
    BpeTree tree = {memory_new(2 * length + 1, sizeof *tree.node, "a merge tree"), n,
                    memory_new(length + 1, sizeof *tree.root, "a merge tree"), n};
    for (int i = 0; i < n; i++) {
        tree.node[i] = (BpeNode){bpe->byte_id[(unsigned char)piece[i]], i, i + 1, -1, -1, -1, -1};
        tree.root[i] = i;
    }
    while ((place = lowest_pair(bpe, &tree, &rank)) >= 0) {
        int left = tree.root[place], right = tree.root[place + 1], made = tree.nodes++;
        tree.node[made] =
            (BpeNode){bpe->merge[rank].made, tree.node[left].first, tree.node[right].end, left, right, rank, made - n};
        tree.root[place] = made;
        tree.roots--;
        for (int i = place + 1; i < tree.roots; i++) tree.root[i] = tree.root[i + 1];
    }
    return tree;
}

void bpe_tree_free(BpeTree *tree) {
    memory_free(tree->node);
    memory_free(tree->root);
    *tree = (BpeTree){0};
}
