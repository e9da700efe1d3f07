#include "attention/measures.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool all_cells(const Measured *h, int i, int j) {
    (void)h, (void)i, (void)j;
    return true;
}

static bool allowed_cells(const Measured *h, int i, int j) {
    return mask_allows(h->mask, i, j);
}

static double safe(double sum, double count) {
    return count > 0 ? sum / count : 0;
}

/* The weight on the cells that `in` picks, a row on average. */
static double share(const Measured *h, MeasureCells in) {
    double sum = 0;
    for (int i = 0; i < h->map.rows; i++)
        for (int j = 0; j < h->map.cols; j++)
            if (in(h, i, j)) sum += (double)mat_at(h->map, i, j);
    return safe(sum, h->map.rows);
}

static int allowed_in(const Measured *h, int i) {
    int count = 0;
    for (Span s = {0}; mask_next_span(h->mask, h->map.cols, i, &s);) count += span_keys(s);
    return count;
}

static float row_max(const Measured *h, int i) {
    float most = 0;
    for (int j = 0; j < h->map.cols; j++) most = fmaxf(most, mat_at(h->map, i, j));
    return most;
}

/* - sum of A ln(A + tiny) of one row; 0 ln 0 is 0. */
static double row_entropy(const Measured *h, int i, double tiny) {
    double sum = 0;
    for (int j = 0; j < h->map.cols; j++) {
        double a = (double)mat_at(h->map, i, j);
        if (a > 0) sum -= a * log(a + tiny);
    }
    return sum;
}

/* ---- how sharp, how spread out: the six, over all cells or over the allowed ones ---- */

/* Rows that have a choice: with one allowed key the weight there is 1, whatever the head thinks. */
static bool has_choice(const Measured *h, int i, MeasureCells in) {
    return in != allowed_cells || allowed_in(h, i) > 1;
}

static double largest(const Measured *h, MeasureCells in) {
    float most = 0;
    for (int i = 0; i < h->map.rows; i++)
        if (has_choice(h, i, in)) most = fmaxf(most, row_max(h, i));
    return (double)most;
}

static double mean_largest(const Measured *h, MeasureCells in) {
    double sum = 0, rows = 0;
    for (int i = 0; i < h->map.rows; i++)
        if (has_choice(h, i, in)) sum += (double)row_max(h, i), rows++;
    return safe(sum, rows);
}

static double focus(const Measured *h, MeasureCells in) {
    double sum = 0;
    (void)in;
    for (int i = 0; i < h->map.rows; i++) sum += row_entropy(h, i, 1e-10);
    return sum;
}

/* Over the most that it can be: what rows have that look at all their keys equally. */
static double focus_share(const Measured *h, MeasureCells in) {
    double most = 0;
    for (int i = 0; i < h->map.rows; i++) {
        int keys = in == allowed_cells ? allowed_in(h, i) : h->map.cols;
        if (keys > 1) most += log(keys);
    }
    return safe(focus(h, in), most);
}

/* Into h->room; how many there are. */
static size_t gather(const Measured *h, MeasureCells in) {
    size_t count = 0;
    for (int i = 0; i < h->map.rows; i++)
        for (int j = 0; j < h->map.cols; j++)
            if (in(h, i, j)) h->room[count++] = mat_at(h->map, i, j);
    return count;
}

static double nearly_empty(const Measured *h, MeasureCells in) {
    size_t count = gather(h, in), small = 0;
    for (size_t c = 0; c < count; c++) small += h->room[c] < 0.01f;
    return safe((double)small, (double)count);
}

static double deviation(const Measured *h, MeasureCells in) {
    size_t count = gather(h, in);
    double mean = 0, squares = 0;
    for (size_t c = 0; c < count; c++) mean += (double)h->room[c] / (double)count;
    for (size_t c = 0; c < count; c++) squares += ((double)h->room[c] - mean) * ((double)h->room[c] - mean);
    return sqrt(safe(squares, (double)count));
}

/* Moves the k smallest numbers to the front, and number k, counted from 0, to its place (Hoare's selection). */
static float select_number(float *numbers, size_t count, size_t k) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        float pivot = numbers[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (numbers[i] < pivot) i++;
            while (pivot < numbers[j]) j--;
            if (i >= j) break;
            float kept = numbers[i];
            numbers[i++] = numbers[j], numbers[j--] = kept;
        }
        if (k <= j) high = j;
        else low = j + 1;
    }
    return numbers[k];
}

/* Of an even count the mean of the two in the middle, as numpy has it. */
static double median(const Measured *h, MeasureCells in) {
    size_t count = gather(h, in);
    if (count == 0) return 0;
    float upper = select_number(h->room, count, count / 2), lower = upper;
    if (count % 2 == 0) {
        lower = h->room[0];
        for (size_t c = 1; c < count / 2; c++)
            if (h->room[c] > lower) lower = h->room[c];
    }
    return ((double)lower + (double)upper) / 2;
}

/* ---- what it looks at ---- */

static bool on_itself(const Measured *h, int i, int j) {
    (void)h;
    return j == i;
}
static bool on_next(const Measured *h, int i, int j) {
    (void)h;
    return j == i + 1;
}
static bool on_previous(const Measured *h, int i, int j) {
    (void)h;
    return j == i - 1;
}
static bool on_first(const Measured *h, int i, int j) {
    (void)h, (void)i;
    return j == 0;
}
static bool is_marked(const Measured *h, int token, int mark) {
    return h->marks && (h->marks[token] & mark);
}
static bool on_separator(const Measured *h, int i, int j) {
    (void)i;
    return is_marked(h, j, MARK_SEPARATOR);
}
static bool on_punctuation(const Measured *h, int i, int j) {
    (void)i;
    return is_marked(h, j, MARK_PUNCTUATION);
}
static bool far_away(const Measured *h, int i, int j) {
    (void)h;
    return abs(i - j) >= 5;
}
static bool on_same_word(const Measured *h, int i, int j) {
    return j != i && h->ids && h->ids[i] == h->ids[j];
}
/* Behind an earlier or later appearance of the query's own word; behind itself does not count. */
static bool on_induction(const Measured *h, int i, int j) {
    return j > 0 && j - 1 != i && h->ids && h->ids[j - 1] == h->ids[i];
}

static bool is_separator(const Measured *h, int i, int j) {
    (void)j;
    return is_marked(h, i, MARK_SEPARATOR);
}
static bool is_no_separator(const Measured *h, int i, int j) {
    return !is_separator(h, i, j);
}

/* The weight on separators, of a row on average, over the rows that `in` picks. */
static double on_separators(const Measured *h, MeasureCells in) {
    double sum = 0, rows = 0;
    for (int i = 0; i < h->map.rows; i++) {
        if (!in(h, i, 0)) continue;
        rows++;
        for (int j = 0; j < h->map.cols; j++)
            if (on_separator(h, i, j)) sum += (double)mat_at(h->map, i, j);
    }
    return safe(sum, rows);
}

/* ---- how far, how many ---- */

static double entropy(const Measured *h, MeasureCells in) {
    double sum = 0;
    (void)in;
    for (int i = 0; i < h->map.rows; i++) sum += row_entropy(h, i, 0);
    return safe(sum, h->map.rows);
}

static double distance(const Measured *h, MeasureCells in) {
    double sum = 0;
    (void)in;
    for (int i = 0; i < h->map.rows; i++)
        for (int j = 0; j < h->map.cols; j++) sum += (double)mat_at(h->map, i, j) * abs(i - j);
    return safe(sum, h->map.rows);
}

static double offset(const Measured *h, MeasureCells in) {
    double sum = 0;
    (void)in;
    for (int i = 0; i < h->map.rows; i++)
        for (int j = 0; j < h->map.cols; j++) sum += (double)mat_at(h->map, i, j) * (j - i);
    return safe(sum, h->map.rows);
}

static double effective_context(const Measured *h, MeasureCells in) {
    double sum = 0;
    (void)in;
    for (int i = 0; i < h->map.rows; i++) sum += exp(row_entropy(h, i, 0));
    return safe(sum, h->map.rows);
}

/* ---- the table ---- */

#define ATLAS "Golshanrad and Faghih 2024, as Attention Atlas computes it"
#define CLARK "Clark et al. 2019, doi.org/10.18653/v1/W19-4828"
#define VIG "Vig and Belinkov 2019, doi.org/10.18653/v1/W19-4808"
#define INDUCTION "Olsson et al. 2022, arxiv.org/abs/2209.11895"

static const Measure MEASURES[] = {
    {"confidence_max", "max over i, j of A_ij", "0 to 1", "The largest weight of the map: one certain link makes it 1.",
     ATLAS ", equation 5", true, largest, all_cells},
    {"confidence_avg", "(1/n) sum over i of max_j A_ij", "1/n to 1",
     "How sure a row is of its favourite, on average. Under a causal mask row 0 has no choice and counts as 1.",
     ATLAS ", equation 6", true, mean_largest, all_cells},
    {"focus", "- sum over i, j of A_ij ln(A_ij + 1e-10)", "0 to n ln n",
     "Summed over rows, so it grows with the text; and in spite of its name, more focus means more spread.",
     ATLAS ", equation 8", true, focus, all_cells},
    {"focus_normalised", "focus / (n ln n)", "0 to 1",
     "1 is a map that looks at everything equally. A mask lowers it, since it forbids to look everywhere.", ATLAS, true,
     focus_share, all_cells},
    {"sparsity", "share of all n^2 cells with A_ij < 0.01", "0 to 1",
     "How much of the map is as good as empty. Forbidden cells count as empty; long texts have small weights.",
     ATLAS ", equation 11", true, nearly_empty, all_cells},
    {"distribution", "median of all n^2 cells", "0 to 1/n, nearly",
     "The weight of a middling cell: 1/n in an even map, near 0 in a sharp one.", ATLAS ", equations 12 and 13", true,
     median, all_cells},
    {"uniformity", "population standard deviation of all n^2 cells", "0 to sqrt((1/n)(1 - 1/n))",
     "0 is an even map: the higher, the less uniform.", ATLAS ", equation 15", true, deviation, all_cells},
    {"self", "(1/n) sum over i of A_ii", "0 to 1", "The share of attention that goes to the word itself.", CLARK, true,
     share, on_itself},
    {"next", "(1/n) sum over i of A_i,i+1", "0 to (n-1)/n", "The share that goes to the word behind.", CLARK, true,
     share, on_next},
    {"previous", "(1/n) sum over i of A_i,i-1", "0 to (n-1)/n", "The share that goes to the word before.", CLARK, true,
     share, on_previous},
    {"first_token", "(1/n) sum over i of A_i0", "0 to 1",
     "The share that goes to the first token: [CLS] in a BERT. Heads rest there when they find nothing.", CLARK, true,
     share, on_first},
    {"sep", "(1/n) sum over i, and over j that are [SEP], of A_ij", "0 to 1",
     "The share that goes to [SEP]: often a place to rest, too.", CLARK, true, share, on_separator},
    {"punctuation", "(1/n) sum over i, and over j that are . or ,, of A_ij", "0 to 1",
     "The share that goes to full stops and commas.", CLARK, true, share, on_punctuation},
    {"entropy", "(1/n) sum over i of - sum over j of A_ij ln A_ij", "0 to ln n",
     "How undecided a row is, in nats; exp of it is how many words it looks at.", CLARK " (unsmoothed)", true, entropy,
     all_cells},
    {"distance", "(1/n) sum over i, j of A_ij |i - j|", "0 to n - 1", "How far a word looks, in tokens.", VIG, true,
     distance, all_cells},
    {"effective_context", "(1/n) sum over i of exp(row entropy)", "1 to n",
     "How many tokens a row looks at, as if it looked at them equally.", "perplexity of a row", true, effective_context,
     all_cells},
    {"confidence_max_allowed", "max A_ij over rows with |S_i| > 1", "0 to 1",
     "confidence_max without the rows that a mask leaves no choice.", "mask-aware " ATLAS, false, largest,
     allowed_cells},
    {"confidence_avg_allowed", "mean of max_j A_ij over rows with |S_i| > 1", "0 to 1",
     "confidence_avg without the rows that a mask leaves no choice.", "mask-aware " ATLAS, false, mean_largest,
     allowed_cells},
    {"focus_allowed", "focus / sum over i of ln |S_i|", "0 to 1",
     "1 is a map that looks equally at all that it may see, whatever the mask.", "mask-aware " ATLAS, false,
     focus_share, allowed_cells},
    {"sparsity_allowed", "share of the allowed cells with A_ij < 0.01", "0 to 1",
     "sparsity without the cells that the mask has emptied.", "mask-aware " ATLAS, false, nearly_empty, allowed_cells},
    {"distribution_allowed", "median of the allowed cells", "0 to 1", "distribution over what the mask allows.",
     "mask-aware " ATLAS, false, median, allowed_cells},
    {"uniformity_allowed", "population standard deviation of the allowed cells", "0 to 0.5",
     "uniformity over what the mask allows: what it forbids does not make a map uneven.", "mask-aware " ATLAS, false,
     deviation, allowed_cells},
    {"offset", "(1/n) sum over i, j of A_ij (j - i)", "-(n-1) to n - 1",
     "Which way it looks: below 0 back, above 0 ahead.", VIG, false, offset, all_cells},
    {"long_range", "(1/n) sum over |i - j| >= 5 of A_ij", "0 to 1", "The share that goes five words away or farther.",
     VIG, false, share, far_away},
    {"sep_to_sep", "mean over rows that are [SEP] of their weight on [SEP]", "0 to 1",
     "Where [SEP] itself looks: above 0.9 in BERT's middle layers.", CLARK, false, on_separators, is_separator},
    {"rest_to_sep", "mean over the other rows of their weight on [SEP]", "0 to 1", "sep without [SEP]'s own rows.",
     CLARK, false, on_separators, is_no_separator},
    {"same_word", "(1/n) sum over i, and over other j with the same token, of A_ij", "0 to 1",
     "The share that goes to the same word elsewhere.",
     "duplicate-token heads: Wang et al. 2022, arxiv.org/abs/2211.00593", false, share, on_same_word},
    {"induction", "(1/n) sum over i, j with token j-1 = token i, j-1 not i, of A_ij", "0 to 1",
     "The share that goes behind another appearance of the same word: what a model needs to repeat a sequence.",
     INDUCTION, false, share, on_induction},
};
enum { MEASURES_COUNT = sizeof MEASURES / sizeof *MEASURES };

const Measure *measure_at(int place) {
    return place >= 0 && place < MEASURES_COUNT ? &MEASURES[place] : NULL;
}

int measure_count(void) {
    return MEASURES_COUNT;
}

double measure_value(int place, const Measured *head) {
    assert(place >= 0 && place < MEASURES_COUNT);
    return MEASURES[place].of(head, MEASURES[place].in);
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
