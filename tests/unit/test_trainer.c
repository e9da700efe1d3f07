/* model/trainer: the same bits again, other numbers of workers, evaluation by hand, resuming as if never stopped, and
 * what happens to spoilt checkpoints. */
#include "fixture.h"
#include "math/loss.h"
#include "model/gpt_files.h"
#include "model/trainer.h"

enum { VOCAB = 7, LENGTH = 8, WORDS = 101 };

typedef struct {
    int words[WORDS];
    Gpt gpt;
    Workers *workers;
    Trainer trainer;
} Run;

static TrainPlan plan_of(double dropout, bool masked) {
    return (TrainPlan){.batch = 5,
                       .length = LENGTH,
                       .mask = {.causal = !masked},
                       .dropout = dropout,
                       .adamw = {.rate = .01, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1},
                       .seed = 3,
                       .masked = masked};
}

static Run *run_new(int workers, TrainPlan plan) {
    Run *run = memory_new(1, sizeof *run, "a run");
    Rng rng = rng_seed(plan.seed);
    for (int i = 0; i < WORDS; i++) run->words[i] = i * i % (VOCAB - plan.masked); /* squares: a pattern to find */
    run->gpt = gpt_new((GptConfig){2, 2, 8, 32, VOCAB, LENGTH, NULL, 1e-5f, ACTIVATION_NONE, false, false});
    gpt_randomise(&run->gpt, &rng, .02f);
    run->workers = workers_new(workers);
    run->trainer = trainer_new(&run->gpt, run->workers, plan, (Ids){.at = run->words, .n = WORDS}, &rng);
    return run;
}

static void run_free(Run *run) {
    trainer_free(&run->trainer);
    workers_free(run->workers);
    gpt_free(&run->gpt);
    memory_free(run);
}

static bool same_numbers(const Run *a, const Run *b) {
    return memcmp(a->gpt.weights.numbers, b->gpt.weights.numbers, a->gpt.count * sizeof(float)) == 0;
}

/* Whoever takes which share, the bits are the same; with another number of workers, only nearly. */
static void seed_and_workers_decide_every_bit(void **state) {
    (void)state;
    for (int dropout = 0; dropout < 2; dropout++) {
        Run *a = run_new(3, plan_of(dropout * .2, false)), *b = run_new(3, plan_of(dropout * .2, false));
        Run *one = run_new(1, plan_of(dropout * .2, false)), *many = run_new(8, plan_of(dropout * .2, false));
        for (int step = 0; step < 20; step++) {
            TrainStep x = trainer_step(&a->trainer), y = trainer_step(&b->trainer);
            assert_true(x.loss == y.loss && x.norm == y.norm && x.is_finite);
            x = trainer_step(&one->trainer), y = trainer_step(&many->trainer); /* more workers than sequences */
            if (!dropout) assert_close(x.loss, y.loss, 1e-4, "one worker and eight");
        }
        assert_true(same_numbers(a, b));
        run_free(a), run_free(b), run_free(one), run_free(many);
    }
}

static void it_learns(void **state) {
    (void)state;
    for (int masked = 0; masked < 2; masked++) {
        Run *run = run_new(2, plan_of(0, masked));
        double before = trainer_loss(&run->trainer, run->trainer.text);
        assert_close(before, log(VOCAB), .02, "an untrained model knows nothing");
        for (int step = 0; step < 300; step++) trainer_step(&run->trainer);
        double after = trainer_loss(&run->trainer, run->trainer.text);
        if (!(after < before * (masked ? .75 : .5))) /* masked: 15 of 100 tokens teach, and some of them lie */
            wrong("masked %d: from %g to %g", masked, before, after);
        run_free(run);
    }
}

/* The mean over windows without overlap, recomputed one by one. */
/* A window and the token behind it lie within the text, and its last place is drawn too. */
static void windows_end_with_the_text(void **state) {
    (void)state;
    enum { STARTS = 3 };
    Run *run = run_new(1, plan_of(0, false));
    run->trainer.text.n = LENGTH + STARTS;
    for (int i = 0; i < WORDS; i++) run->words[i] = i % VOCAB; /* tells where a window begins, and what is beyond */
    bool drawn[STARTS + 1] = {false};
    for (int step = 0; step < 40; step++) {
        trainer_step(&run->trainer);
        for (int w = 0; w < run->trainer.plan.batch; w++) {
            const int *ids = run->trainer.ids + w * LENGTH, *targets = run->trainer.targets + w * LENGTH;
            assert_in_range(ids[0], 0, STARTS - 1);
            drawn[ids[0]] = true;
            for (int i = 0; i < LENGTH; i++) assert_int_equal(targets[i], (ids[0] + i + 1) % VOCAB);
        }
    }
    for (int from = 0; from < STARTS; from++) assert_true(drawn[from]);
    run_free(run);
}

/* Devlin et al. 2018: 15 of 100 tokens are asked for; of these, 80% show [MASK], 10% one drawn from all others (which
 * may be the same), 10% themselves. Shares within four deviations. */
static void a_tenth_of_the_masked_is_random_a_tenth_kept(void **state) {
    (void)state;
    enum { STEPS = 1500, MASK_ID = VOCAB - 1 };
    Run *run = run_new(1, plan_of(0, true));
    const Trainer *t = &run->trainer;
    double tokens = 0, asked = 0, masked = 0, same = 0;
    for (int step = 0; step < STEPS; step++) {
        trainer_step(&run->trainer);
        for (int i = 0; i < t->plan.batch * LENGTH; i++, tokens++) {
            if (t->targets[i] == NO_TARGET) continue;
            asked++;
            masked += t->ids[i] == MASK_ID;
            same += t->ids[i] == t->targets[i];
        }
    }
    assert_close(asked / tokens, .15, 4 * sqrt(.15 * .85 / tokens), "asked");
    assert_close(masked / asked, .8, 4 * sqrt(.8 * .2 / asked), "[MASK]");
    const double kept = .1 + .1 / MASK_ID;
    assert_close(same / asked, kept, 4 * sqrt(kept * (1 - kept) / asked), "the same");
    run_free(run);
}

static void evaluation_is_the_mean_over_all_windows(void **state) {
    (void)state;
    Run *run = run_new(2, plan_of(0, false)), *other = run_new(1, plan_of(0, false));
    GptPass pass = gpt_pass_new(&run->gpt, 1, LENGTH, 0);
    double sum = 0;
    int windows = 0;
    for (int at = 0; at + LENGTH < WORDS; at += LENGTH, windows++)
        sum += gpt_loss(&run->gpt, &pass, run->words + at, run->words + at + 1, 1, (Mask){.causal = true});
    double loss = trainer_loss(&run->trainer, run->trainer.text);
    assert_close(loss, sum / (windows * LENGTH), 1e-6, "mean");
    /* other shares: a row is rounded by how many it is multiplied with */
    assert_close(loss, trainer_loss(&other->trainer, other->trainer.text), 1e-7, "one worker");
    assert_true(loss == trainer_loss(&run->trainer, run->trainer.text)); /* again, the same bits */
    assert_true(isnan(trainer_loss(&run->trainer, (Ids){.at = run->words, .n = LENGTH})));
    gpt_pass_free(&pass, &run->gpt);
    run_free(run), run_free(other);
}

static void a_resumed_run_is_the_run_that_never_stopped(void **state) {
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        TrainPlan plan = plan_of(.1, kind == 1);
        Run *whole = run_new(2, plan), *first = run_new(2, plan);
        for (int step = 0; step < 7; step++) trainer_step(&first->trainer);
        trainer_save(&first->trainer, test_folder);
        Run *second = run_new(2, plan);
        assert_true(trainer_resume(&second->trainer, test_folder));
        assert_int_equal(second->trainer.step, 7);
        for (int step = 0; step < 15; step++) {
            TrainStep a = trainer_step(&whole->trainer);
            if (step < 7) continue;
            TrainStep b = trainer_step(&second->trainer);
            assert_true(a.loss == b.loss && a.norm == b.norm);
        }
        assert_true(same_numbers(whole, second));
        run_free(whole), run_free(first), run_free(second);
    }
}

static void a_bad_number_stops_before_it_spreads(void **state) {
    (void)state;
    Run *run = run_new(2, plan_of(0, false)), *before = run_new(2, plan_of(0, false));
    run->gpt.weights.last.gain[2] = before->gpt.weights.last.gain[2] = INFINITY;
    TrainStep step = trainer_step(&run->trainer);
    assert_false(step.is_finite);
    assert_int_equal(run->trainer.step, 0);
    assert_true(same_numbers(run, before));
    run_free(run), run_free(before);
}

/* ---- spoilt checkpoints ---- */

static void resume(void *run) {
    trainer_resume(&((Run *)run)->trainer, test_folder);
}

static void short_text(void *context) {
    Run *run = context;
    Rng rng = rng_seed(1);
    Trainer t = trainer_new(&run->gpt, NULL, run->trainer.plan, (Ids){.at = run->words, .n = LENGTH}, &rng);
    trainer_free(&t);
}

static void spoilt_checkpoints_are_refused(void **state) {
    (void)state;
    Run *run = run_new(2, plan_of(0, false)), *other = run_new(2, plan_of(0, false));
    expect_failure(EXIT_DATA, "8 tokens|more than the context of 8", short_text, run);
    unlink(test_path("training.safetensors")), unlink(test_path("model.safetensors"));
    assert_false(trainer_resume(&run->trainer, test_folder));
    trainer_step(&run->trainer);
    static const int places[] = {-1, 625}; /* in the generator's 624 words; 624: draw the next ones */
    const int at = run->trainer.rng.at;
    for (int i = 0; i < 2; i++) {
        run->trainer.rng.at = places[i];
        trainer_save(&run->trainer, test_folder);
        expect_failure(EXIT_DATA, "random numbers make no sense", resume, run);
    }
    run->trainer.rng.at = 624;
    trainer_save(&run->trainer, test_folder);
    assert_true(trainer_resume(&run->trainer, test_folder));
    run->trainer.rng.at = at;
    trainer_save(&run->trainer, test_folder);
    other->words[3] = (other->words[3] + 1) % VOCAB;
    expect_failure(EXIT_DATA, "fingerprint", resume, other);
    Bytes whole = file_read(test_path("training.safetensors"));
    write_test_file(test_path("training.safetensors"), whole.data, whole.size / 2);
    expect_failure(EXIT_DATA, "training.safetensors", resume, run);
    unlink(test_path("training.safetensors"));
    expect_failure(EXIT_DATA, "training.safetensors|not there", resume, run);
    run->gpt.weights.numbers[9] = NAN;
    trainer_save(&run->trainer, test_folder);
    expect_failure(EXIT_DATA, "parameters|nan", resume, run);
    write_test_file(test_path("training.safetensors"), whole.data, whole.size);
    expect_failure(EXIT_DATA, "model.safetensors|wte.weight|nan", resume, run);
    bytes_free(&whole);
    run_free(run), run_free(other);
}

static void check_file(const char *path, Bytes expected) {
    Bytes got = file_read(path);
    assert_int_equal(got.size, expected.size);
    assert_memory_equal(got.data, expected.data, got.size);
    bytes_free(&got);
}

/* A person's change is not overwritten; what a killed run has left half done is finished. */
static void a_changed_model_is_noticed_an_older_one_replaced(void **state) {
    (void)state;
    Run *run = run_new(2, plan_of(0, false)), *other = run_new(2, plan_of(0, false));
    unlink(test_path("model.safetensors"));
    trainer_save(&run->trainer, test_folder);
    Bytes older = file_read(test_path("model.safetensors"));
    trainer_step(&run->trainer);
    trainer_save(&run->trainer, test_folder);
    Bytes now = file_read(test_path("model.safetensors"));
    write_test_file(test_path("model.safetensors"), older.data, older.size); /* killed before it was renamed */
    assert_true(trainer_resume(&other->trainer, test_folder));
    check_file(test_path("model.safetensors"), now);
    unlink(test_path("model.safetensors"));
    assert_true(trainer_resume(&other->trainer, test_folder));
    check_file(test_path("model.safetensors"), now);
    Gpt changed = gpt_load(test_folder);
    changed.weights.numbers[5] += .5f;
    gpt_save(&changed, test_folder);
    expect_failure(EXIT_DATA, "model.safetensors|not those of training.safetensors", resume, other);
    gpt_free(&changed), bytes_free(&older), bytes_free(&now);
    run_free(run), run_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_and_workers_decide_every_bit),
        cmocka_unit_test(it_learns),
        cmocka_unit_test(windows_end_with_the_text),
        cmocka_unit_test(a_tenth_of_the_masked_is_random_a_tenth_kept),
        cmocka_unit_test(evaluation_is_the_mean_over_all_windows),
        cmocka_unit_test(a_resumed_run_is_the_run_that_never_stopped),
        cmocka_unit_test(a_bad_number_stops_before_it_spreads),
        cmocka_unit_test(spoilt_checkpoints_are_refused),
        cmocka_unit_test(a_changed_model_is_noticed_an_older_one_replaced),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
