#include "attention/positions.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- into the embedding ---- */

void sinusoidal_table(Mat out, int first, SinusoidLayout layout) {
    int width = out.cols, half = width / 2;
    bool apart = layout == SINUSOIDS_CONCATENATED;
    for (int i = 0; i < out.rows; i++) {
        float *row = mat_row(out, i);
        memset(row, 0, (size_t)width * sizeof *row); /* the last of an odd number of concatenated columns */
        for (int pair = 0; pair < (apart ? half : half + width % 2); pair++) {
            double exponent = apart ? (double)pair / (half > 1 ? half - 1 : 1) : 2.0 * pair / width;
            double angle = (first + (double)i) * pow(10000, -exponent);
            int sine = apart ? pair : 2 * pair, cosine = apart ? half + pair : 2 * pair + 1;
            row[sine] = (float)sin(angle);
            if (cosine < width) row[cosine] = (float)cos(angle);
        }
    }
}

void positions_add(Mat x, Mat table, int first) {
    assert(first >= 0 && x.cols == table.cols && first <= table.rows - x.rows);
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(x, i)[c] += mat_at(table, first + i, c);
}

void positions_add_backward(Mat dtable, Mat dx, int first) {
    assert(first >= 0 && dx.cols == dtable.cols && first <= dtable.rows - dx.rows);
    for (int i = 0; i < dx.rows; i++)
        for (int c = 0; c < dx.cols; c++) mat_row(dtable, first + i)[c] += mat_at(dx, i, c);
}

/* ---- into q and k ---- */

void rope_rotate(Mat x, int heads, int first, float base, bool half_split, bool inverse) {
    assert(heads > 0 && x.cols % heads == 0);
    int d_head = x.cols / heads, half = d_head / 2;
    for (int pair = 0; pair < half; pair++) {
        double speed = pow((double)base, -2.0 * pair / d_head);
        int left = half_split ? pair : 2 * pair, right = half_split ? pair + half : 2 * pair + 1;
        for (int i = 0; i < x.rows; i++) {
            double angle = (first + (double)i) * speed;
            float c = (float)cos(angle), s = (float)(inverse ? -sin(angle) : sin(angle));
            for (float *head = mat_row(x, i); head < mat_row(x, i) + x.cols; head += d_head) {
                float a = head[left], b = head[right];
                head[left] = a * c - b * s;
                head[right] = a * s + b * c;
            }
        }
    }
}

/* ---- onto the scores ---- */

float alibi_slope(int head, int heads) {
    assert(heads > 0 && head >= 0 && head < heads);
    int power = 1;
    while (power <= heads / 2) power *= 2; /* the largest power of two that is not above heads */
    if (head < power) return (float)exp2(-8.0 * (head + 1) / power);
    return (float)exp2(-8.0 * (2 * (head - power) + 1) / (2.0 * power));
}

/* The distance j - i that column c of a bias stands for. */
static int distance_of(int column, int n, int first) {
    return column - (n - 1) - first;
}

void alibi_bias(Mat bias, int n, int first) {
    for (int h = 0; h < bias.rows; h++) {
        float slope = alibi_slope(h, bias.rows);
        for (int c = 0; c < bias.cols; c++) mat_row(bias, h)[c] = -slope * fabsf((float)distance_of(c, n, first));
    }
}

/* In float32, as T5 does it: where a logarithm falls on the border of a bucket, its rounding decides. */
int t5_bucket(int distance, bool both_ways, int buckets, int furthest) {
    int base = 0;
    if (both_ways) {
        buckets /= 2;
        base = distance > 0 ? buckets : 0;
    } else if (distance > 0) {
        return 0;
    }
    int apart = distance < 0 ? -distance : distance, exact = buckets / 2;
    assert(exact > 0 && furthest > exact);
    if (apart < exact) return base + apart;
    float share = logf((float)apart / (float)exact) / logf((float)furthest / (float)exact);
    int bucket = exact + (int)(share * (float)(buckets - exact));
    return base + (bucket < buckets ? bucket : buckets - 1);
}

void t5_bias(Mat bias, Mat table, int n, int first, bool both_ways, int furthest) {
    assert(table.cols == bias.rows);
    for (int c = 0; c < bias.cols; c++) {
        int bucket = t5_bucket(distance_of(c, n, first), both_ways, table.rows, furthest);
        for (int h = 0; h < bias.rows; h++) mat_row(bias, h)[c] = mat_at(table, bucket, h);
    }
}

int shaw_index(int query, int key, int reach) {
    int distance = key - query;
    if (distance < -reach) distance = -reach;
    if (distance > reach) distance = reach;
    return distance + reach;
}

void shaw_scores(Mat scores, Mat q, Mat table, int first) {
    assert(table.rows % 2 == 1 && table.cols == q.cols && scores.rows == q.rows);
    for (int i = 0; i < scores.rows; i++)
        for (int j = 0; j < scores.cols; j++) {
            const float *row = mat_row(table, shaw_index(first + i, j, table.rows / 2));
            float dot = 0;
            for (int c = 0; c < q.cols; c++) dot += mat_at(q, i, c) * row[c];
            mat_row(scores, i)[j] += dot;
        }
}

void shaw_values(Mat out, Mat map, Mat table, int first) {
    assert(table.rows % 2 == 1 && table.cols == out.cols && map.rows == out.rows);
    for (int i = 0; i < map.rows; i++)
        for (int j = 0; j < map.cols; j++) {
            const float *row = mat_row(table, shaw_index(first + i, j, table.rows / 2));
            for (int c = 0; c < out.cols; c++) mat_row(out, i)[c] += mat_at(map, i, j) * row[c];
        }
}

/* ---- all of them under one name ---- */

static void waves(Mat out, int first) {
    sinusoidal_table(out, first, SINUSOIDS_INTERLEAVED);
}

static void turns(Mat x, int heads, int first, bool back) {
    rope_rotate(x, heads, first, 10000, false, back);
}

const PositionScheme POSITION_SCHEMES[POSITION_SCHEME_COUNT] = {
    {"none", POSITIONS_NOWHERE, false, true, "x", .source = "Vaswani et al. 2017, without section 3.5"},
    {"learned", POSITIONS_INPUT, true, false, "x_p + table_p", .source = "Gehring et al. 2017; BERT, GPT-2"},
    {"sinusoidal", POSITIONS_INPUT, false, true, "x_p + (sin, cos)(p / 10000^(2i/C))", .source = "Vaswani et al. 2017",
     .rows = waves},
    {"shaw", POSITIONS_PAIR, true, true, "q_i (k_j + a_clip(j-i)) / sqrt(d_head)", .source = "Shaw et al. 2018"},
    {"t5", POSITIONS_BIAS, true, true, "q_i k_j + b_bucket(j-i)", .source = "Raffel et al. 2020"},
    {"alibi", POSITIONS_BIAS, false, true, "q_i k_j / sqrt(d_head) - slope |j-i|", .source = "Press et al. 2021",
     .bias = alibi_bias},
    {"rope", POSITIONS_TURN, false, true, "(R_i q_i) (R_j k_j) / sqrt(d_head)", .source = "Su et al. 2021",
     .turn = turns},
};

const PositionScheme *position_scheme(const char *name) {
    for (int i = 0; i < POSITION_SCHEME_COUNT; i++)
        if (strcmp(POSITION_SCHEMES[i].name, name) == 0) return &POSITION_SCHEMES[i];
    return NULL;
}

void positions_embed(Mat x, const Positions *p, int first) {
    if (p->scheme->place != POSITIONS_INPUT) return;
    Mat rows = mat_new(x.rows, x.cols);
    if (p->scheme->rows) p->scheme->rows(rows, first);
    else mat_copy(rows, mat_rows(p->table, first, x.rows));
    positions_add(x, rows, 0);
    mat_free(&rows);
}

static Mat turned(Mat x, int heads, const Positions *p) {
    Mat copy = mat_new(x.rows, x.cols);
    mat_copy(copy, x);
    p->scheme->turn(copy, heads, 0, false);
    return copy;
}

/* bias (heads * n, m) = q . table row of each pair, scaled as the scores are: Shaw's share of them is a number for each
 * query and key, not for each distance. */
static void shaw_bias(Mat bias, const Attention *a, Mat table) {
    for (int h = 0; h < a->heads; h++) {
        Mat scores = attention_map(bias, a->q.rows, h);
        shaw_scores(scores, attention_head(*a, h).q, table, a->first);
        for (int i = 0; i < scores.rows; i++)
            for (int j = 0; j < scores.cols; j++) mat_row(scores, i)[j] *= attention_scale(a);
    }
}

static Mat bias_of(const Attention *a, const Positions *p) {
    int n = a->q.rows, m = a->k.rows;
    Mat bias = {0};
    if (p->scheme->place == POSITIONS_PAIR) {
        bias = mat_new(a->heads * n, m);
        shaw_bias(bias, a, p->table);
    } else if (p->scheme->place == POSITIONS_BIAS) {
        bias = mat_new(a->heads, n + m - 1);
        if (p->scheme->bias) p->scheme->bias(bias, n, 0);
        else t5_bias(bias, p->table, n, 0, true, 128);
    }
    return bias;
}

void positions_attention(Attention a, Mat out, Mat maps, const Positions *p) {
    bool turns = p->scheme->place == POSITIONS_TURN;
    if (turns) a.q = turned(a.q, a.heads, p), a.k = turned(a.k, a.heads, p);
    a.bias = bias_of(&a, p);
    attention_forward(a, out, maps);
    if (p->scheme->place == POSITIONS_PAIR && p->values.data)
        for (int h = 0, d = out.cols / a.heads; h < a.heads; h++)
            shaw_values(mat_cols(out, h * d, d), attention_map(maps, a.q.rows, h), p->values, 0);
    if (turns) mat_free(&a.q), mat_free(&a.k);
    mat_free(&a.bias);
}
