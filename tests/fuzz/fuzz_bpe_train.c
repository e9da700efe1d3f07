/* Any bytes as a text to learn merges from: the fast training must say what the definition says, merge by merge. The
 * first byte chooses the rules. */
#include "../unit/bpe_brute.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { LONGEST = 300 }; /* the definition takes the square of it for each merge */
    if (size == 0 || size > LONGEST) return 0;
    const char *text = (const char *)data + 1;
    BpeTrainRules rules = {BPE_BYTES + data[0] % 32, data[0] / 32 % 4, data[0] & 128};
    BpeTraining fast = bpe_train(NULL, text, size - 1, rules), slow = brute_train(text, size - 1, rules);
    if (brute_compare(&fast, &slow) >= 0) abort();
    bpe_training_free(&fast);
    bpe_training_free(&slow);
    return 0;
}
