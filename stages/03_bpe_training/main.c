/* Stage 03 - BPE training: the two neighbours that stand side by side most often become one token, again and again.
 * Told here by counting everything anew for each merge; common/text/bpe_train.c learns the same merges from 100 MB in
 * two seconds, and this program checks that they agree. Run: make run-03 */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "text/gpt2_split.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Training, as on paper ---- */

/* The text as tokens, at first its bytes; and where its pieces end, in GPT-2's way or nowhere. */
static Told bytes_told(const char *text, size_t size, bool no_split) {
    Told t = {memory_new(size, sizeof *t.ids, "tokens"), memory_new(size, sizeof *t.piece, "tokens"), size};
    size_t end = 0, piece = 0;
    for (size_t i = 0; i < size; i++) {
        if (i == end) {
            end = no_split ? size : gpt2_split_next(text, size, i);
            piece++;
        }
        t.ids[i] = (unsigned char)text[i];
        t.piece[i] = piece;
    }
    return t;
}

static void told_free(Told *t) {
    memory_free(t->ids), memory_free(t->piece);
}

/* counts[left * tokens + right]: how often each pair of neighbours occurs. `aaa` holds (a, a) twice. */
static void count_told(size_t *counts, size_t tokens, const Told *t) {
    memset(counts, 0, tokens * tokens * sizeof *counts);
    for (size_t i = 0; i + 1 < t->n; i++)
        if (t->piece[i] == t->piece[i + 1]) counts[(size_t)t->ids[i] * tokens + (size_t)t->ids[i + 1]]++;
}

/* The pair with the highest count. The table is read from the smallest pair on and only a higher count takes over, so
 * that among equals the smallest (left, right) stays. *tied: how many pairs have that count. */
static TrainedMerge best_told(const size_t *counts, size_t tokens, int *tied) {
    TrainedMerge best = {0};
    *tied = 0;
    for (size_t pair = 0; pair < tokens * tokens; pair++) {
        if (counts[pair] > best.count) {
            best = (TrainedMerge){(int)(pair / tokens), (int)(pair % tokens), counts[pair], 0};
            *tied = 0;
        }
        *tied += counts[pair] > 0 && counts[pair] == best.count;
    }
    return best;
}

/* Writes `token` for every (left, right), from the left; says how many tokens fewer there are now. */
static size_t merge_told(Told *t, int left, int right, int token) {
    size_t kept = 0;
    for (size_t i = 0; i < t->n; i++, kept++) {
        bool here = t->ids[i] == left && i + 1 < t->n && t->ids[i + 1] == right && t->piece[i] == t->piece[i + 1];
        t->piece[kept] = t->piece[i];
        t->ids[kept] = here ? token : t->ids[i];
        i += here;
    }
    size_t fewer = t->n - kept;
    t->n = kept;
    return fewer;
}

/* All of it: count, take the best, merge, and again, until `most` merges are learned or no pair occurs often enough.
 * Merge k makes token 256 + k; ties[k] is how many pairs had its count. Returns how many there are. */
static int train_told(TrainedMerge *merges, int *ties, int most, Told *t, uint64_t least) {
    size_t tokens = (size_t)(BPE_BYTES + most), *counts = memory_new(tokens * tokens, sizeof *counts, "counts");
    int learned = 0;
    for (; learned < most; learned++) {
        count_told(counts, tokens, t);
        TrainedMerge best = best_told(counts, tokens, &ties[learned]);
        if (best.count < least) break;
        best.merged = merge_told(t, best.left, best.right, BPE_BYTES + learned);
        merges[learned] = best;
    }
    memory_free(counts);
    return learned;
}

/* ---- 2. What was learned: bytes for every token, and tokens for any text ---- */

/* A byte stands for itself; what a merge made, for its left part and then its right part. */
static void spell_told(Vocab *v, const TrainedMerge *merges, int count) {
    for (int byte = 0; byte < BPE_BYTES; byte++) vocab_add(v, &(char){(char)byte}, 1);
    for (int k = 0; k < count; k++) {
        String both = {0};
        string_add_bytes(&both, vocab_token(v, merges[k].left), v->length[merges[k].left]);
        string_add_bytes(&both, vocab_token(v, merges[k].right), v->length[merges[k].right]);
        vocab_add(v, both.text, both.length);
        string_free(&both);
    }
}

/* A text in the tokens that were learned: its bytes, and then every merge, in the order in which they were learned. */
static Told encode_told(const char *text, size_t size, bool no_split, const TrainedMerge *merges, int count) {
    Told t = bytes_told(text, size, no_split);
    for (int k = 0; k < count; k++) merge_told(&t, merges[k].left, merges[k].right, BPE_BYTES + k);
    return t;
}

/* ---- 3. The lesson ---- */

/* Told once, lives once, proven equal; and the tokens' bytes, one behind the other, are the text. */
static void prove(const BpeTraining *common, const TrainedMerge *told, int learned, const Told *t, const Vocab *v,
                  Bytes text) {
    for (int k = 0; k < learned && k < common->count; k++) {
        TrainedMerge a = told[k], b = common->merges[k];
        if (a.left != b.left || a.right != b.right || a.count != b.count || a.merged != b.merged)
            fail(EXIT_DATA, "told and common differ: at merge %d, (%d, %d) against (%d, %d)", BPE_BYTES + k, a.left,
                 a.right, b.left, b.right);
    }
    if (learned != (common->count < TELL_MERGES ? common->count : TELL_MERGES))
        fail(EXIT_DATA, "told and common differ: %d merges against %d", learned, common->count);
    String back = {0};
    for (size_t i = 0; i < t->n; i++) string_add_bytes(&back, vocab_token(v, t->ids[i]), v->length[t->ids[i]]);
    if (!string_is(&back, text.data, text.size)) fail(EXIT_DATA, "the tokens' bytes do not give the text back");
    printf("told and common agree: %d merge%s\n", learned, PLURAL(learned));
    string_free(&back);
}

static void tell_training(const Choices *ask, const BpeTraining *common, const Vocab *v) {
    if (ask->text.size > TELL_BYTES) {
        note("%zu bytes: told in loops up to %d, so there are no ties and no proof this time", ask->text.size,
             TELL_BYTES);
        return;
    }
    TrainedMerge merges[TELL_MERGES];
    int ties[TELL_MERGES], wanted = ask->vocab_size - BPE_BYTES, tied = 0;
    Told t = bytes_told(ask->text.data, ask->text.size, ask->no_split);
    int learned =
        train_told(merges, ties, wanted < TELL_MERGES ? wanted : TELL_MERGES, &t, (uint64_t)ask->min_frequency);
    print_merges(v, merges, ties, learned < ask->log ? learned : ask->log, ask->text.size);
    for (int k = 0; k < learned; k++) tied += ties[k] > 1;
    printf("ties        %d of the first %d merges had a rival with the same count\n", tied, learned);
    prove(common, merges, learned, &t, v, ask->text);
    told_free(&t);
}

/* How the first words are cut after some merges. */
static void tell_cut(const Choices *ask, const BpeTraining *t, const Vocab *v, int merges) {
    Told told = encode_told(ask->text.data, first_words(ask->text), ask->no_split, t->merges, merges);
    print_cut(v, told.ids, told.n, merges);
    told_free(&told);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        BpeTraining t = train(&ask);
        Vocab v = {0};
        spell_told(&v, t.merges, t.count);
        print_card(&ask, &t);
        tell_training(&ask, &t, &v);
        print_lengths(&t, ask.text.size);
        tell_cut(&ask, &t, &v, 0);
        if (t.count > 100) tell_cut(&ask, &t, &v, 100);
        tell_cut(&ask, &t, &v, t.count);
        if (!ask.show.terminal) draw_length(&ask, &t);
        vocab_free(&v);
        bpe_training_free(&t);
    }
    choices_free(&ask);
    return finish();
}
