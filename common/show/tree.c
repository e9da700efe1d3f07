#include "show/tree.h"
#include "base/error.h"
#include "show/label.h"
#include "show/layout.h"

enum { MOST_LEAVES = 60, LEAF = 64, LEVEL = 62, LEAST_WIDTH = 560 };

/* ---- as text ---- */

static void print_below(FILE *out, const TreeNode *nodes, int node, String *before, bool last) {
    fprintf(out, "%s%s%s\n", before->text, last ? "\u2514\u2500 " : "\u251c\u2500 ", nodes[node].label);
    if (nodes[node].left < 0) return;
    size_t length = before->length;
    string_add(before, "%s", last ? "   " : "\u2502  ");
    print_below(out, nodes, nodes[node].left, before, false);
    print_below(out, nodes, nodes[node].right, before, true);
    before->length = length;
    before->text[length] = '\0';
}

void tree_print(FILE *out, const TreeNode *nodes, const int *roots, int count) {
    String before = {0};
    string_add_bytes(&before, "", 0);
    for (int i = 0; i < count; i++) {
        const TreeNode *root = &nodes[roots[i]];
        fprintf(out, "%s\n", root->label);
        if (root->left < 0) continue;
        print_below(out, nodes, root->left, &before, false);
        print_below(out, nodes, root->right, &before, true);
    }
    string_free(&before);
}

/* ---- as a picture ---- */

typedef struct {
    Figure *figure;
    String *lines;
    const TreeNode *nodes;
    double leaf; /* x of the next leaf */
    double highest;
} Drawing;

typedef struct {
    double x, y;
} Place;

/* A node stands over the middle of its children, one level above the higher one. */
static Place draw_node(Drawing *drawing, int node) {
    const TreeNode *n = &drawing->nodes[node];
    Place place = {drawing->leaf, 0};
    if (n->left < 0) {
        drawing->leaf += 1;
    } else {
        Place left = draw_node(drawing, n->left), right = draw_node(drawing, n->right);
        place = (Place){(left.x + right.x) / 2, (left.y > right.y ? left.y : right.y) + 1};
        string_add(drawing->lines, "%g %g\n%g %g\n%g %g\n%g %g\n\n", left.x, left.y, left.x, place.y, right.x, place.y,
                   right.x, right.y);
    }
    if (place.y > drawing->highest) drawing->highest = place.y;
    String label = {0};
    label_quote(&label, n->label, __builtin_strlen(n->label), LABEL_TOKEN);
    figure_add(drawing->figure, "set label %s at %g,%g centre front noenhanced font ',11' boxed\n", label.text, place.x,
               place.y);
    string_free(&label);
    return place;
}

static int count_leaves(const TreeNode *nodes, int node) {
    return nodes[node].left < 0 ? 1 : count_leaves(nodes, nodes[node].left) + count_leaves(nodes, nodes[node].right);
}

static int height(const TreeNode *nodes, int node) {
    if (nodes[node].left < 0) return 0;
    int left = height(nodes, nodes[node].left), right = height(nodes, nodes[node].right);
    return 1 + (left > right ? left : right);
}

void tree_draw(Sheet sheet, const TreeNode *nodes, const int *roots, int count) {
    int leaves = 0, levels = 0;
    for (int i = 0; i < count; i++) {
        int high = height(nodes, roots[i]);
        leaves += count_leaves(nodes, roots[i]);
        levels = high > levels ? high : levels;
    }
    if (leaves > MOST_LEAVES)
        fail(EXIT_DATA, "a tree of %d leaves cannot be read in a picture (expected at most %d). Try: a shorter word",
             leaves, MOST_LEAVES);
    int width = leaves * LEAF + 60 < LEAST_WIDTH ? LEAST_WIDTH : leaves * LEAF + 60;
    double top = layout_heading_height(&sheet) + 20;
    Figure figure = figure_new(sheet, width, (int)top + (levels + 1) * LEVEL + 20);
    layout_heading(&figure);
    layout_area(&figure, 30, top, width - 60, (levels + 1) * LEVEL);
    figure_add(&figure,
               "unset key\nunset border\nunset tics\nset style textbox opaque fc rgb '#ffffff' noborder\n"
               "set xrange [-0.5:%d.5]\nset yrange [-0.5:%d.5]\n",
               leaves - 1, levels);
    Drawing drawing = {&figure, figure_data(&figure, ""), nodes, 0, 0};
    string_add(drawing.lines,
               "# x, y: from a child up to its parent's level, across, and down to the other child\n-9 -9\n\n");
    for (int i = 0; i < count; i++) draw_node(&drawing, roots[i]);
    figure_add(&figure, "plot '%s.dat' using 1:2 with lines lw 1.6 lc rgb '#7a8794' notitle\n", sheet.name);
    figure_finish(&figure);
}
