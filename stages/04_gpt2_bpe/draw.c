/* What stage 04 shows: ids, tokens, the merge tree of a word, and the same sentence by BERT's tokenizer. */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "show/label.h"
#include "show/terminal.h"
#include "show/token_edges.h"
#include "show/tree.h"
#include "text/bpe_tree.h"
#include "text/gpt2_split.h"
#include "text/utf8.h"
#include "text/wordpiece.h"

#include <stdio.h>
#include <string.h>

/* ---- ids and tokens ---- */

void print_card(const Choices *ask, const Ids *ids, size_t pieces) {
    printf("text        ");
    label_print(ask->name, strlen(ask->name), LABEL_ALL, 0);
    printf(": %zu byte%s\n", ask->text.size, PLURAL(ask->text.size));
    printf("vocabulary  %d tokens: 256 bytes, %d merge%s, %d special\n", ask->bpe.vocab.count, ask->bpe.merges,
           PLURAL(ask->bpe.merges), ask->bpe.special.texts.count);
    printf("tokens      %zu in %zu piece%s: %.2f bytes each\n", ids->n, pieces, PLURAL(pieces),
           (double)ask->text.size / (double)ids->n);
    ids_print_first("ids        ", ids->at, ids->n, 20);
}

void print_edges(const Choices *ask, const Ids *ids) {
    TextSpan tokens[60] = {0};
    size_t n = ids->n < 60 ? ids->n : 60;
    for (size_t i = 0, at = 0; i < n; at = tokens[i++].end)
        tokens[i] = (TextSpan){at, at + ask->bpe.vocab.length[ids->at[i]]};
    printf("\nthe first %zu token%s\n", n, PLURAL(n));
    token_edges_print(terminal_of(stdout), ask->text.data, tokens, n);
}

/* ---- the merge tree ---- */

/* A token's bytes with its spaces visible, and its id behind it where that is wanted. */
static char *node_label(const Bpe *bpe, int id, bool with_id) {
    String label = {0}, shown = {0};
    utf8_label(&shown, vocab_token(&bpe->vocab, id), bpe->vocab.length[id], 24);
    for (const char *c = shown.text; *c; c++) string_add(&label, *c == ' ' ? "\u2423" : "%c", *c);
    if (with_id) string_add(&label, " %d", id);
    string_free(&shown);
    return label.text;
}

static void print_steps(const Bpe *bpe, const BpeTree *tree) {
    printf("  step  rank  merge\n");
    for (int i = 0; i < tree->nodes; i++) {
        const BpeNode *node = &tree->node[i];
        if (node->left < 0) continue;
        char *left = node_label(bpe, tree->node[node->left].id, false);
        char *right = node_label(bpe, tree->node[node->right].id, false), *made = node_label(bpe, node->id, true);
        printf("  %4d %5d  %s + %s -> %s\n", node->step + 1, node->rank, left, right, made);
        memory_free(left), memory_free(right), memory_free(made);
    }
}

void draw_tree(const Choices *a) {
    const Bpe *bpe = &a->bpe;
    size_t size = strlen(a->word);
    if (size == 0) fail(EXIT_DATA, "--word is empty (expected a word to draw)");
    if (gpt2_split_next(a->word, size, 0) < size)
        note("--word '%s' is more than one piece: in a text, nothing would merge across their ends", a->word);
    BpeTree tree = bpe_tree(bpe, a->word, size);
    TreeNode *nodes = memory_new((size_t)tree.nodes + 1, sizeof *nodes, "a tree");
    char **labels = memory_new((size_t)tree.nodes + 1, sizeof *labels, "a tree");
    for (int i = 0; i < tree.nodes; i++) {
        labels[i] = node_label(bpe, tree.node[i].id, tree.node[i].left >= 0);
        nodes[i] = (TreeNode){labels[i], tree.node[i].left, tree.node[i].right};
    }
    printf("\nthe merge tree of '");
    label_print(a->word, size, LABEL_LINE, 0);
    printf("'\n");
    print_steps(bpe, &tree);
    tree_print(stdout, nodes, tree.root, tree.roots);
    if (!a->show.terminal) {
        tree_draw(show_sheet(&a->show, "tree", "Who merged with whom", a->word), nodes, tree.root, tree.roots);
        note("drawn: %s/tree.%.3s", a->show.folder, a->show.format);
    }
    for (int i = 0; i < tree.nodes; i++) memory_free(labels[i]);
    memory_free(labels), memory_free(nodes);
    bpe_tree_free(&tree);
}

/* ---- BERT's tokens beside it ---- */

void compare_with_wordpiece(const Choices *a) {
    const char *folder = "data/minilm", *usual = "The lamplighter's unbelievable caf\u00e9 closed at 12:30.";
    const char *sentence = a->common.text ? a->common.text : usual;
    printf("\nthe same sentence twice\n");
    Ids ids = {0};
    bpe_encode(&a->bpe, sentence, strlen(sentence), &ids);
    printf("  GPT-2, %zu  ", ids.n);
    for (size_t i = 0; i < ids.n && i < 60; i++) {
        char *label = node_label(&a->bpe, ids.at[i], false);
        printf("%s%s", i ? "|" : "", label);
        memory_free(label);
    }
    printf("\n");
    ids_free(&ids);
    if (!file_exists("data/minilm/vocab.txt")) {
        note("BERT's vocabulary is not there: data/fetch.sh minilm brings it, and its tokens stand beside GPT-2's");
        return;
    }
    WordPiece bert = wordpiece_load(folder);
    Encoding e = wordpiece_encode(&bert, sentence, strlen(sentence), NULL, 0);
    printf("  BERT, %d   ", e.n - 2);
    for (int i = 1; i + 1 < e.n && i < 60; i++) {
        const char *token = vocab_token(&bert.vocab, e.ids[i]);
        if (i > 1) putchar('|');
        label_print(token, strlen(token), LABEL_TOKEN, 0);
    }
    printf("\n");
    encoding_free(&e);
    wordpiece_free(&bert);
}
