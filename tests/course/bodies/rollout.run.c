/* Layers of maps to what each token has gathered: the mixes, then the products. */
#include "runner.h"

enum { MOST_LAYERS = 8 };

void run_case(void) {
    const int layers = (int)take_int(), heads = (int)take_int();
    Mat mix[MOST_LAYERS], rolled[MOST_LAYERS];
    for (int l = 0; l < layers; l++) {
        const Mat maps = keep_mat("maps");
        mix[l] = fresh_mat("mix", maps.cols, maps.cols), rolled[l] = fresh_mat("rolled", maps.cols, maps.cols);
        rollout_mix(mix[l], maps, heads);
    }
    rollout_roll(rolled, mix, layers);
    for (int l = 0; l < layers; l++) hand_mat(mix[l]), hand_mat(rolled[l]);
}
