/* Stage 05 - Windows: a text of thousands of tokens becomes many small questions, "what comes next?". Windows, shuffle,
 * batches and the split are told here in loops; common/text/windows.c does the same without copying a token, and this
 * program checks that they agree. Stage 06 embeds such a batch; the training of stage 15 splits its text like this, and
 * draws the starts of its windows at random. Run: make run-05 */
#include "tool.h"
#include "base/error.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. Windows: T tokens in, the same shifted by one out ---- */

/* Fills inputs and targets (windows, context) row by row and gives the number of rows. The target of a token is the
 * token behind it, so the last window must leave one token over. Both may be NULL, to count only. */
static size_t windows_told(int *inputs, int *targets, Windows w) {
    size_t rows = 0;
    for (size_t start = 0; start + w.context < w.n; start += w.stride, rows++)
        for (size_t t = 0; t < w.context && inputs; t++) {
            inputs[rows * w.context + t] = w.ids[start + t];
            targets[rows * w.context + t] = w.ids[start + t + 1];
        }
    return rows;
}

/* ---- 2. An epoch: every window once, in an order, a few at a time ---- */

/* order = 0..n-1, well mixed: each place in turn takes one of those that are left. PyTorch's randperm, and the two
 * draws before it are what its DataLoader makes for an epoch. */
static void shuffle_told(int *order, int n, Rng *rng) {
    rng_bits64(rng); /* the seed of its workers, which we have none of */
    Rng epoch = rng_seed(rng_bits64(rng));
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = 0; i + 1 < n; i++) {
        int other = i + (int)(rng_bits(&epoch) % (unsigned)(n - i)), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* How many batches of `size` windows there are: whole ones, and what is left over, unless that is dropped. */
static size_t batches_told(size_t windows, size_t size, bool drop_last) {
    size_t batches = 0;
    for (; windows >= size; windows -= size) batches++;
    return windows > 0 && !drop_last ? batches + 1 : batches;
}

/* Batch number b of an epoch, as two tables (rows, context): copies the next `size` windows of the order, or those that
 * are left, and gives their number. */
static size_t batch_told(int *inputs, int *targets, Windows w, const Epoch *epoch, size_t b, size_t size) {
    size_t rows = 0;
    for (size_t i = b * size; i < epoch->count && rows < size; i++, rows++)
        for (size_t t = 0; t < w.context; t++) {
            size_t at = (size_t)epoch->order[i] * w.stride + t;
            inputs[rows * w.context + t] = w.ids[at];
            targets[rows * w.context + t] = w.ids[at + 1];
        }
    return rows;
}

/* ---- 3. The split: the end of the text is kept back, to ask about what no training has seen ---- */

/* Behind the first int(share * characters) characters: they are counted, so that none is cut in half. */
static Split split_told(Bytes text, double share) {
    Split split = {0};
    int length;
    for (size_t at = 0; at < text.size; at += (size_t)length, split.characters++)
        utf8_decode(text.data + at, text.size - at, &length);
    split.first = (size_t)(share * (double)split.characters);
    for (size_t i = 0; i < split.first; i++, split.byte += (size_t)length)
        utf8_decode(text.data + split.byte, text.size - split.byte, &length);
    return split;
}

/* ---- 4. The lesson ---- */

static void tell_batch(const Choices *ask, size_t count) {
    Rng rng = rng_seed(ask->common.seed);
    Epoch epoch = epoch_new(count, ask->shuffle ? &rng : NULL);
    size_t size = (size_t)ask->batch < count ? (size_t)ask->batch : count, context = ask->windows.context;
    int *inputs = memory_new(2 * size * context, sizeof *inputs, "a batch"), *targets = inputs + size * context;
    size_t rows = batch_told(inputs, targets, ask->windows, &epoch, 0, size);
    if (batches_told(count, (size_t)ask->batch, ask->drop_last) > 0) print_batch(inputs, targets, rows, context);
    memory_free(inputs);
    epoch_free(&epoch);
}

static void tell_orders(const Choices *ask, size_t count) {
    int *order = memory_new(count, sizeof *order, "the order of windows");
    Rng rng = rng_seed(ask->common.seed);
    for (int epoch = 0; epoch < 2; epoch++) {
        shuffle_told(order, (int)count, &rng);
        printf("epoch %d    ", epoch);
        ids_print_first("", order, count, 18);
    }
    memory_free(order);
}

/* Told once, lives once, proven equal: all windows, two epochs of them batch by batch, and the split. */
static void prove(const Choices *ask, Split split) {
    Windows w = ask->windows;
    size_t most = 1 + 10000000 / w.context; /* windows to tell: more prove no more */
    if (windows_count(w) > most) w.n = (most - 1) * w.stride + w.context + 1;
    size_t count = windows_told(NULL, NULL, w), size = (size_t)ask->batch < count ? (size_t)ask->batch : count;
    size_t n = count * w.context, m = size * w.context; /* tokens in all windows, in a batch */
    int *told = memory_new(4 * n + count, sizeof *told, "windows"), *common = told + 2 * n, *order = common + 2 * n;
    Epoch epoch = epoch_new(count, NULL);
    bool agree = count == windows_count(w) &&
                 batches_told(count, size, ask->drop_last) == windows_batches(count, size, ask->drop_last) &&
                 windows_told(told, told + n, w) == count &&
                 windows_batch(w, &epoch, 0, count, common, common + n) == count &&
                 memcmp(told, common, 2 * n * sizeof *told) == 0 &&
                 split.byte == split_offset(ask->text.data, ask->text.size, split_at(split.characters, ask->train));
    Rng by_hand = rng_seed(ask->common.seed), by_common = by_hand;
    for (int e = 0; e < 2; e++) {
        epoch_free(&epoch);
        epoch = epoch_new(count, &by_common);
        shuffle_told(order, (int)count, &by_hand);
        agree = agree && memcmp(order, epoch.order, count * sizeof *order) == 0;
        for (size_t b = 0; b < windows_batches(count, size, false) && agree; b++)
            agree = batch_told(told, told + m, w, &epoch, b, size) ==
                        windows_batch(w, &epoch, b, size, common, common + m) &&
                    memcmp(told, common, 2 * m * sizeof *told) == 0;
    }
    if (!agree) fail(EXIT_DATA, "told and common differ in the windows or in their order");
    printf("told and common agree: %zu window%s, 2 epochs\n", count, PLURAL(count));
    epoch_free(&epoch);
    memory_free(told);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        size_t count = windows_told(NULL, NULL, ask.windows);
        Split split = split_told(ask.text, ask.train);
        print_card(&ask, count, batches_told(count, (size_t)ask.batch, ask.drop_last));
        print_questions(&ask);
        tell_batch(&ask, count);
        tell_orders(&ask, count);
        print_split(&ask, split);
        prove(&ask, split);
        draw_grid(&ask);
    }
    choices_free(&ask);
    return finish();
}
