#include "view/corpus.h"
#include "base/error.h"
#include "base/plural.h"
#include "text/course_text.h"

#include <limits.h>
#include <string.h>

/* ---- the command line ---- */

void corpus_options_add(Options *list, CorpusOptions *o) {
    option_heading(list, "many sentences");
    option_text(list, "corpus", "FILE", &o->file,
                "the text whose sentences are read, - is standard input\n(default The Verdict, else the course's own "
                "story)");
    option_flag(list, "lines", &o->lines, "it has one sentence a line");
    option_text(list, "compare", "MASKS", &o->compare,
                "what these masks do to heads and model: none,local:3,...;\n--tsv FILE has the means, with intervals");
    option_text(list, "layers", "L", &o->layers, "the masks hold in these layers, 0-2 (default all)");
    option_output(list, "rows", "FILE", &o->rows, "with --compare: the numbers of each sentence; - is standard output");
    option_flag(list, "no-twin", &o->no_twin, "with --compare: leave out the random twin, half of the time");
    option_int(list, "examples", "N", &o->examples, 1, 1000000,
               "the N sentences in which the link of --layer and --head is strongest");
}

void corpus_check(const CorpusOptions *o, const Study *s, const Common *common) {
    if (!o->compare && !o->examples) return;
    if (common->text || common->file)
        fail(EXIT_USAGE, "--%s reads many sentences, and no single text. Try: --corpus FILE",
             o->compare ? "compare" : "examples");
    if (o->compare && mask_options_named(&s->mask))
        fail(EXIT_USAGE, "--mask asks for one mask. Try: --compare none,%s", MASK_KIND[s->mask.kind].name);
}

/* Whose links --examples looks for is one head, and one that is there. */
static void check_head(const Study *s, ModelCard card) {
    int layers, heads, *layer = options_ranges("layer", s->look.layers, card.layers, &layers),
                       *head = options_ranges("head", s->look.heads, card.heads, &heads);
    if ((s->look.layers && layers > 1) || (s->look.heads && heads > 1))
        fail(EXIT_USAGE, "--examples looks at one head. Try: --layer %d --head %d", layer[0], head[0]);
    memory_free(layer), memory_free(head);
}

/* ---- the sentences ---- */

/* A copy of a sentence in which white space with a line break in it is one space. */
static Bytes one_line(const char *text, Sentence at) {
    Bytes line = {text_copy(text + at.first, at.end - at.first), 0};
    for (size_t i = at.first; i < at.end;) {
        size_t behind = i;
        bool broken = false;
        for (; behind < at.end && strchr(" \t\r\n\f\v", text[behind]) && text[behind]; behind++)
            broken |= text[behind] == '\n';
        if (broken) line.data[line.size++] = ' ', i = behind;
        else line.data[line.size++] = text[i++];
    }
    line.data[line.size] = 0;
    return line;
}

/* Errors name the sentence, counted from 0 as in --rows and --examples, until the next one. */
static void name_sentence(Corpus *c, int number) {
    memory_free(c->place);
    c->place = text_format("%s, sentence %d (from 0)", c->name, number);
    error_text(c->place);
}

bool corpus_next(Corpus *c, Reading *reading) {
    if (!sentence_next(c->text.data, c->text.size, c->options->lines, &c->at)) return false;
    ReadingPlan plan = study_plan(c->study);
    plan.truncate = plan.quiet = true;
    if (c->options->compare) plan.mask = NULL;
    name_sentence(c, c->read++);
    *reading = reading_open(c->reader, one_line(c->text.data, c->at), (Bytes){0}, plan);
    return true;
}

/* Before hours of work: how many sentences there are, and whether each fits. */
static void look_through(Corpus *c) {
    int context = model_card(c->reader->model).context, cut = 0;
    for (Sentence at = {0}; sentence_next(c->text.data, c->text.size, c->options->lines, &at);) {
        if (c->sentences == INT_MAX) fail(EXIT_DATA, "%s: more than %d sentences", c->name, INT_MAX);
        Bytes line = one_line(c->text.data, at);
        name_sentence(c, c->sentences++);
        Encoding e = tokenizer_encode(c->reader->tokenizer, line.data, line.size, NULL, 0);
        if (e.n > context && !c->study->truncate)
            fail(EXIT_DATA, "%s has %d tokens, model takes %d. Try: --truncate, or --lines", c->place, e.n, context);
        cut += e.n > context;
        encoding_free(&e), bytes_free(&line);
    }
    if (!c->sentences) fail(EXIT_DATA, "%s: no sentence in it (expected one at least)", c->name);
    if (cut) note("%d sentence%s cut to the %d tokens that the model takes", cut, PLURAL(cut), context);
}

static Bytes text_of(const CorpusOptions *o, const char **name) {
    bool piped = o->file && strcmp(o->file, "-") == 0;
    *name = piped ? "standard input" : course_text_path(o->file);
    return piped ? stream_read(stdin, *name) : file_read(*name);
}

void corpus_answer(const CorpusOptions *o, const Study *study, const Common *common, const Reader *reader) {
    Corpus c = {.options = o, .study = study, .common = common, .reader = reader};
    if (o->examples) check_head(study, model_card(reader->model));
    c.text = text_of(o, &c.name);
    look_through(&c);
    if (o->compare) corpus_compare(&c);
    else corpus_examples(&c);
    error_text(NULL);
    bytes_free(&c.text), memory_free(c.place);
}
