#include "attention/measures.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double safe(double sum, double count) {
    return count > 0 ? sum / count : 0;
}

/* ---- how sharp, how spread out ---- */

static double largest(const HeadSums *s) {
    double most = 0;
    for (int i = 0; i < s->n; i++) most = fmax(most, (double)s->largest[i]);
    return most;
}

static double mean_largest(const HeadSums *s) {
    double sum = 0;
    for (int i = 0; i < s->n; i++) sum += (double)s->largest[i];
    return sum / s->n;
}

static double focus(const HeadSums *s) {
    double sum = 0;
    for (int i = 0; i < s->n; i++) sum += (double)s->entropy[i];
    return sum;
}

static double focus_share(const HeadSums *s) {
    return safe(focus(s), s->n * log(s->n));
}

static double nearly_empty(const HeadSums *s) {
    return safe(s->all.nearly_empty, s->all.count);
}

static double middle(const HeadSums *s) {
    return s->all.median;
}

static double deviation(const HeadSums *s) {
    return s->all.deviation;
}

static double entropy(const HeadSums *s) {
    return focus(s) / s->n;
}

static double effective_context(const HeadSums *s) {
    double sum = 0;
    for (int i = 0; i < s->n; i++) sum += exp((double)s->entropy[i]);
    return sum / s->n;
}

/* ---- the same over what a mask allows. With one allowed key the weight there is 1, whatever the head thinks: such a
 * row has no choice, and is left out. ---- */

static double largest_allowed(const HeadSums *s) {
    double most = 0;
    for (int i = 0; i < s->n; i++)
        if (s->keys[i] > 1) most = fmax(most, (double)s->largest[i]);
    return most;
}

static double mean_largest_allowed(const HeadSums *s) {
    double sum = 0, rows = 0;
    for (int i = 0; i < s->n; i++)
        if (s->keys[i] > 1) sum += (double)s->largest[i], rows++;
    return safe(sum, rows);
}

/* Over the most that it can be: what rows have that look at all their keys equally. */
static double focus_allowed(const HeadSums *s) {
    double most = 0;
    for (int i = 0; i < s->n; i++)
        if (s->keys[i] > 1) most += log((double)s->keys[i]);
    return safe(focus(s), most);
}

static double nearly_empty_allowed(const HeadSums *s) {
    return safe(s->allowed.nearly_empty, s->allowed.count);
}

static double middle_allowed(const HeadSums *s) {
    return s->allowed.median;
}

static double deviation_allowed(const HeadSums *s) {
    return s->allowed.deviation;
}

/* ---- what it looks at ---- */

static double on_itself(const HeadSums *s) {
    return sums_at_offset(s, 0) / s->n;
}

static double on_next(const HeadSums *s) {
    return sums_at_offset(s, 1) / s->n;
}

static double on_previous(const HeadSums *s) {
    return sums_at_offset(s, -1) / s->n;
}

static double on_first(const HeadSums *s) {
    return (double)s->column[0] / s->n;
}

/* The weight on tokens of that mark. */
static double on_marked(const HeadSums *s, int mark) {
    double sum = 0;
    for (int j = 0; j < s->n && s->head->marks; j++)
        if (s->head->marks[j] & mark) sum += (double)s->column[j];
    return sum / s->n;
}

static double on_separator(const HeadSums *s) {
    return on_marked(s, MARK_SEPARATOR);
}

static double on_punctuation(const HeadSums *s) {
    return on_marked(s, MARK_PUNCTUATION);
}

/* The weight on separators, of a row on average, over the rows that are one, or are none. */
static double on_separator_from(const HeadSums *s, bool separators) {
    double sum = 0, rows = 0;
    for (int i = 0; i < s->n; i++) {
        bool is_one = s->head->marks && (s->head->marks[i] & MARK_SEPARATOR);
        if (is_one == separators) sum += (double)s->separators[i], rows++;
    }
    return safe(sum, rows);
}

static double separator_to_separator(const HeadSums *s) {
    return on_separator_from(s, true);
}

static double rest_to_separator(const HeadSums *s) {
    return on_separator_from(s, false);
}

static double same_word(const HeadSums *s) {
    return s->same_word / s->n;
}

static double induction(const HeadSums *s) {
    return s->induction / s->n;
}

/* ---- how far ---- */

static double offset(const HeadSums *s) {
    double sum = 0;
    for (int o = 1 - s->n; o < s->n; o++) sum += o * sums_at_offset(s, o);
    return sum / s->n;
}

static double distance(const HeadSums *s) {
    double sum = 0;
    for (int o = 1 - s->n; o < s->n; o++) sum += abs(o) * sums_at_offset(s, o);
    return sum / s->n;
}

static double far_away(const HeadSums *s) {
    double sum = 0;
    for (int o = 5; o < s->n; o++) sum += sums_at_offset(s, o) + sums_at_offset(s, -o);
    return sum / s->n;
}

/* ---- the table ---- */

#define ATLAS "Golshanrad and Faghih 2024, as Attention Atlas computes it"
#define CLARK "Clark et al. 2019, doi.org/10.18653/v1/W19-4828"
#define VIG "Vig and Belinkov 2019, doi.org/10.18653/v1/W19-4808"
#define INDUCTION "Olsson et al. 2022, arxiv.org/abs/2209.11895"

static const Measure MEASURES[] = {
    {"confidence_max", "max over i, j of A_ij", "0 to 1", "The largest weight of the map: one certain link makes it 1.",
     ATLAS ", equation 5", true, largest, false},
    {"confidence_avg", "(1/n) sum over i of max_j A_ij", "1/n to 1",
     "How sure a row is of its favourite, on average. Under a causal mask row 0 has no choice and counts as 1.",
     ATLAS ", equation 6", true, mean_largest, false},
    {"focus", "- sum over i, j of A_ij ln(A_ij + 1e-10)", "0 to n ln n",
     "Summed over rows, so it grows with the text; and in spite of its name, more focus means more spread.",
     ATLAS ", equation 8", true, focus, true},
    {"focus_normalised", "focus / (n ln n)", "0 to 1",
     "1 is a map that looks at everything equally. A mask lowers it, since it forbids to look everywhere.", ATLAS, true,
     focus_share, false},
    {"sparsity", "share of all n^2 cells with A_ij < 0.01", "0 to 1",
     "How much of the map is as good as empty. Forbidden cells count as empty; long texts have small weights.",
     ATLAS ", equation 11", true, nearly_empty, false},
    {"distribution", "median of all n^2 cells", "0 to 1/n, nearly",
     "The weight of a middling cell: 1/n in an even map, near 0 in a sharp one.", ATLAS ", equations 12 and 13", true,
     middle, false},
    {"uniformity", "population standard deviation of all n^2 cells", "0 to sqrt((1/n)(1 - 1/n))",
     "0 is an even map: the higher, the less uniform.", ATLAS ", equation 15", true, deviation, false},
    {"self", "(1/n) sum over i of A_ii", "0 to 1", "The share of attention that goes to the word itself.", CLARK, true,
     on_itself, false},
    {"next", "(1/n) sum over i of A_i,i+1", "0 to (n-1)/n", "The share that goes to the word behind.", CLARK, true,
     on_next, false},
    {"previous", "(1/n) sum over i of A_i,i-1", "0 to (n-1)/n", "The share that goes to the word before.", CLARK, true,
     on_previous, false},
    {"first_token", "(1/n) sum over i of A_i0", "0 to 1",
     "The share that goes to the first token: [CLS] in a BERT. Heads rest there when they find nothing.", CLARK, true,
     on_first, false},
    {"sep", "(1/n) sum over i, and over j that are [SEP], of A_ij", "0 to 1",
     "The share that goes to [SEP]: often a place to rest, too.", CLARK, true, on_separator, false},
    {"punctuation", "(1/n) sum over i, and over j that are . or ,, of A_ij", "0 to 1",
     "The share that goes to full stops and commas.", CLARK, true, on_punctuation, false},
    {"entropy", "(1/n) sum over i of - sum over j of A_ij ln A_ij", "0 to ln n",
     "How undecided a row is, in nats; exp of it is how many words it looks at.", CLARK " (unsmoothed)", true, entropy,
     true},
    {"distance", "(1/n) sum over i, j of A_ij |i - j|", "0 to n - 1", "How far a word looks, in tokens.", VIG, true,
     distance, true},
    {"effective_context", "(1/n) sum over i of exp(row entropy)", "1 to n",
     "How many tokens a row looks at, as if it looked at them equally.", "perplexity of a row", true, effective_context,
     true},
    {"confidence_max_allowed", "max A_ij over rows with |S_i| > 1", "0 to 1",
     "confidence_max without the rows that a mask leaves no choice.", "mask-aware " ATLAS, false, largest_allowed,
     false},
    {"confidence_avg_allowed", "mean of max_j A_ij over rows with |S_i| > 1", "0 to 1",
     "confidence_avg without the rows that a mask leaves no choice.", "mask-aware " ATLAS, false, mean_largest_allowed,
     false},
    {"focus_allowed", "focus / sum over i of ln |S_i|", "0 to 1",
     "1 is a map that looks equally at all that it may see, whatever the mask.", "mask-aware " ATLAS, false,
     focus_allowed, false},
    {"sparsity_allowed", "share of the allowed cells with A_ij < 0.01", "0 to 1",
     "sparsity without the cells that the mask has emptied.", "mask-aware " ATLAS, false, nearly_empty_allowed, false},
    {"distribution_allowed", "median of the allowed cells", "0 to 1", "distribution over what the mask allows.",
     "mask-aware " ATLAS, false, middle_allowed, false},
    {"uniformity_allowed", "population standard deviation of the allowed cells", "0 to 0.5",
     "uniformity over what the mask allows: what it forbids does not make a map uneven.", "mask-aware " ATLAS, false,
     deviation_allowed, false},
    {"offset", "(1/n) sum over i, j of A_ij (j - i)", "-(n-1) to n - 1",
     "Which way it looks: below 0 back, above 0 ahead.", VIG, false, offset, true},
    {"long_range", "(1/n) sum over |i - j| >= 5 of A_ij", "0 to 1", "The share that goes five words away or farther.",
     VIG, false, far_away, false},
    {"sep_to_sep", "mean over rows that are [SEP] of their weight on [SEP]", "0 to 1",
     "Where [SEP] itself looks: above 0.9 in BERT's middle layers.", CLARK, false, separator_to_separator, false},
    {"rest_to_sep", "mean over the other rows of their weight on [SEP]", "0 to 1", "sep without [SEP]'s own rows.",
     CLARK, false, rest_to_separator, false},
    {"same_word", "(1/n) sum over i, and over other j with the same token, of A_ij", "0 to 1",
     "The share that goes to the same word elsewhere.",
     "duplicate-token heads: Wang et al. 2022, arxiv.org/abs/2211.00593", false, same_word, false},
    {"induction", "(1/n) sum over i, j with token j-1 = token i, j-1 not i, of A_ij", "0 to 1",
     "The share that goes behind another appearance of the same word: what a model needs to repeat a sequence.",
     INDUCTION, false, induction, false},
};
enum { MEASURES_COUNT = sizeof MEASURES / sizeof *MEASURES };

const Measure *measure_at(int place) {
    return place >= 0 && place < MEASURES_COUNT ? &MEASURES[place] : NULL;
}

int measure_count(void) {
    return MEASURES_COUNT;
}

void measure_all(const Measured *head, double *values) {
    HeadSums sums = measure_sums(head);
    for (int m = 0; m < MEASURES_COUNT; m++) values[m] = MEASURES[m].of(&sums);
}

int measure_place(const char *name) {
    for (int m = 0; m < MEASURES_COUNT; m++)
        if (strcmp(MEASURES[m].name, name) == 0) return m;
    return -1;
}

/* ---- the fingerprint ---- */

void measure_offsets(Mat map, Mask mask, int reach, float *out) {
    assert(reach >= 0);
    for (int o = -reach; o <= reach; o++) {
        double sum = 0, pairs = 0;
        for (int i = 0; i < map.rows; i++)
            if (i + o >= 0 && i + o < map.cols && mask_allows(mask, i, i + o))
                sum += (double)mat_at(map, i, i + o), pairs++;
        out[o + reach] = (float)safe(sum, pairs);
    }
}
