/* SPDX-License-Identifier: MIT */
/*
 * From words to values.
 *
 * A stage is a filter's name and words behind it, in the order in which they
 * come:
 *
 *     name=value    where `name` is one of the filter's options
 *     name          true, where `name` is a yes-or-no option and is not the
 *                   first word, or the filter has no main option
 *     value         the main option; behind it, in filters that have such, the
 *                   second one, or more of a list
 *
 * All else is a problem at that word; so is the name alone of an option that is
 * not yes or no, unless it is the first word. Quotes make a word a value,
 * whatever is in them. The commas of a list may have a space behind them: then
 * the next word is part of the list.
 *
 * Of a stage there becomes what its JSON would be, {"grep": {"pattern": "x"}},
 * as values in the document, whose containers hold nothing themselves.
 */
#include "spec/oneline.h"

#include "plan/option_rows.h"
#include "spec/document.h"
#include "spec/jansson.h"
#include "spec/line_expression.h"
#include "spec/line_habits.h"
#include "spec/line_strays.h"
#include "spec/registry.h"

#include <string.h>

static struct csi_word *word_of(struct csi_line *line)
{
    return &line->words.word;
}

COSEND_PRINTF(3, 4)
static void problem_at(struct csi_line *line, size_t at, const char *format,
                       ...)
{
    struct csi_place place = csi_word_place(word_of(line), at);
    va_list arguments;

    va_start(arguments, format);
    csi_spec_place_vproblem(line->spec, &place, format, arguments);
    va_end(arguments);
}

/* ---- Options by name ----------------------------------------------------- */

/* Whether a word `name=value` gives an option: *option. */
static bool named_option(const struct csi_line_stage *stage,
                         const struct csi_word *word,
                         struct cosend_option *option)
{
    size_t equals = csi_word_find(word, 0, '=');

    return equals < word->length && csi_word_is_bare(word, equals) &&
           csi_option_find(stage->filter, word->text, equals, option);
}

static bool is_given(const struct csi_line *line,
                     const struct csi_line_stage *stage, const char *key)
{
    return csi_value_get(&line->document->values[stage->options], key);
}

/* Whether a word is an option's name, and not meant as the main option's value,
   which stands in front of all options: *option. */
static bool is_option_name(const struct csi_line_stage *stage,
                           const struct csi_word *word,
                           struct cosend_option *option)
{
    return !stage->is_whole &&
           (stage->has_main || stage->has_options || !stage->takes_main) &&
           csi_word_is_bare(word, word->length) &&
           csi_option_find(stage->filter, word->text, word->length, option);
}

/* Whether that option's name alone means true. */
static bool is_flag(const struct cosend_option *option)
{
    return option->type == COSEND_OPTION_BOOL ||
           option->type == COSEND_OPTION_HEADER;
}

/* Begin a list with the word in hand, from byte `from` on. */
static void begin_list(struct csi_line *line, struct csi_line_stage *stage,
                       const char *key, size_t from, bool is_map)
{
    const struct csi_word *word = word_of(line);
    size_t list = csi_line_add(line, stage->options, key, word->spots[from],
                               is_map ? json_object() : json_array());

    if (list != SIZE_MAX && csi_line_add_items(line, list, from))
        stage->list = list;
    if (stage->takes_main && stage->main.flags & COSEND_REST &&
        strcmp(key, stage->main.name) == 0)
        stage->items = list;
}

static void add_value(struct csi_line *line, struct csi_line_stage *stage,
                      const struct cosend_option *option, size_t from)
{
    const struct csi_word *word = word_of(line);
    const char *text = word->text + from;
    bool is_header = option->type == COSEND_OPTION_HEADER;

    if (is_header && csi_line_is_no_bool(word, from))
        problem_at(line, from,
                   "%s is true, false or names; a column that is called "
                   "\"%s\" is written in quotes",
                   option->name, text);
    else if (csi_line_is_json(option->type, word, from))
        csi_line_add_json(line, stage->options, option->name, from);
    else if (csi_line_is_list(option->type) &&
             !(is_header &&
               (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)))
        begin_list(line, stage, option->name, from,
                   option->type == COSEND_OPTION_MAP);
    else if (option->type == COSEND_OPTION_STEPS)
        csi_line_refuse_steps(line, stage->options, option->name);
    else
        csi_line_add_scalar(line, stage->options, option->name, from);
}

/* ---- The main option ----------------------------------------------------- */

static void add_whole(struct csi_line *line, struct csi_line_stage *stage)
{
    if (stage->main.type == COSEND_OPTION_CONDITION)
        csi_line_add_json(line, stage->step, stage->name.text, 0);
    else
        csi_line_add_branches(line, stage->step, &stage->main,
                              stage->name.text);
    /* Where branches were refused, what is left of them is no second fault. */
    stage->is_too_long |= stage->main.type == COSEND_OPTION_BRANCHES &&
                          !(stage->main.flags & COSEND_SIDE_BRANCH);
}

/* By its name. */
static bool is_main_given(const struct csi_line *line,
                          const struct csi_line_stage *stage)
{
    return !stage->is_whole && is_given(line, stage, stage->main.name);
}

/* The option whose value is a second word without a name, as the field is in
   `top 3 size`. */
static bool second_option(const struct csi_line *line,
                          const struct csi_line_stage *stage,
                          struct cosend_option *option)
{
    const struct csi_word *word = &line->words.word;

    if (!stage->has_main || stage->is_whole ||
        csi_word_find(word, 0, '=') < word->length)
        return false;
    for (size_t i = 0; cosend_option_at(stage->filter->options, i, option); i++)
        if (option->flags & COSEND_SECOND)
            return !is_given(line, stage, option->name);
    return false;
}

/* One more word with items of the main option's list, whose values come one
   behind the other in the document. */
static void add_further(struct csi_line *line, struct csi_line_stage *stage)
{
    const struct csi_document *document = line->document;

    if (stage->items + document->values[stage->items].size != document->count)
        problem_at(line, 0,
                   "what `%s` is given stands side by side, in front of its "
                   "options or behind them",
                   stage->filter->name);
    else if (csi_line_add_items(line, stage->items, 0))
        stage->list = stage->items;
}

/* `parse "* [*]" from message as time,rest`, as angle-grinder has it: a word
   with wildcards is a pattern. Whether the word in hand is one. */
static bool add_wildcards(struct csi_line *line, struct csi_line_stage *stage)
{
    struct cosend_option option;

    if (strcmp(stage->filter->name, "parse") != 0 ||
        !memchr(word_of(line)->text, '*', word_of(line)->length) ||
        is_given(line, stage, "pattern") ||
        !csi_option_find(stage->filter, "pattern", strlen("pattern"), &option))
        return false;
    add_value(line, stage, &option, 0);
    return stage->has_main = stage->has_wildcards = true;
}

static void add_main(struct csi_line *line, struct csi_line_stage *stage)
{
    bool has_place = stage->takes_main && !stage->has_main;
    struct cosend_option option;

    if (stage->has_main && stage->is_whole && stage->options != SIZE_MAX) {
        csi_line_no_member(line);
        line->document->values[stage->options].unknown = true;
        return;
    }
    if (has_place && add_wildcards(line, stage))
        return;
    if (csi_line_habit(line, stage->filter, has_place)) {
        stage->is_too_long = true; /* with the flag's value behind it */
        return;
    }
    if (stage->takes_main && stage->main.type != COSEND_OPTION_MAP &&
        csi_line_is_list(stage->main.type) &&
        csi_line_is_stray_item(line, stage))
        return;
    if (!has_place && second_option(line, stage, &option)) {
        add_value(line, stage, &option, 0);
        return;
    }
    if (!has_place && stage->items != SIZE_MAX) {
        add_further(line, stage);
        return;
    }
    if ((!has_place || is_main_given(line, stage)) &&
        csi_line_is_misspelt(line, stage))
        return;
    if (!has_place)
        csi_line_no_place(line, stage);
    else if (is_main_given(line, stage))
        problem_at(line, 0, "`%s` is given its main option twice",
                   stage->filter->name);
    else if (stage->is_whole)
        add_whole(line, stage);
    else
        add_value(line, stage, &stage->main, 0);
    stage->has_main = true;
    if (has_place && is_option_name(stage, word_of(line), &option) &&
        is_flag(&option))
        stage->first = word_of(line)->text;
}

static void add_named(struct csi_line *line, struct csi_line_stage *stage,
                      const struct cosend_option *option, size_t from)
{
    stage->has_options = true;
    if (stage->is_whole) {
        csi_word_skip(word_of(line), from);
        add_main(line, stage);
    } else if (is_given(line, stage, option->name)) {
        problem_at(line, 0, "`%s` is given this option twice",
                   stage->filter->name);
    } else {
        add_value(line, stage, option, from);
    }
}

/* What stands behind `as`, and behind `from`, there. */
static bool add_behind_wildcards(struct csi_line *line,
                                 struct csi_line_stage *stage)
{
    const struct csi_word *word = word_of(line);
    const char *name = strcmp(word->text, "as") == 0 ? "names" : "field";
    struct cosend_option option;

    if (!stage->has_wildcards || !csi_word_is_bare(word, word->length) ||
        (*name == 'f' && strcmp(word->text, "from") != 0) ||
        !csi_words_follow(&line->words) ||
        !csi_option_find(stage->filter, name, strlen(name), &option))
        return false;
    if (csi_words_next(&line->words) == COSEND_OK)
        add_named(line, stage, &option, 0);
    return true;
}

/* An option by its name alone, but for the main one's, which has its value:
   the field in `top 3 n` is no n=VALUE. */
static void add_bare_name(struct csi_line *line, struct csi_line_stage *stage,
                          const struct cosend_option *option)
{
    struct cosend_option second;
    bool has_place = second_option(line, stage, &second);

    stage->has_options = true;
    if (has_place && option->flags & COSEND_MAIN)
        add_value(line, stage, &second, 0);
    else if (!is_flag(option))
        problem_at(line, 0,
                   "`%s` is an option of %s, and is written %s=VALUE%s",
                   option->name, stage->filter->name, option->name,
                   stage->has_main && !has_place
                       ? ""
                       : "; a value of that name is written in quotes");
    else if (is_given(line, stage, option->name))
        problem_at(line, 0, "`%s` is given this option twice",
                   stage->filter->name);
    else
        csi_line_add(line, stage->options, option->name, word_of(line)->start,
                     json_true());
}

/* ---- Conditions ---------------------------------------------------------- */

/* The member of a simple condition that a word `field=status` gives, or NULL.
 */
static const char *condition_member(const struct csi_line_stage *stage,
                                    const struct csi_word *word)
{
    static const char *const members[] = {"field", "op", "value"};
    size_t equals = csi_word_find(word, 0, '=');

    if (!stage->takes_main || stage->main.type != COSEND_OPTION_CONDITION ||
        equals == word->length)
        return NULL;
    for (size_t i = 0; i < 3; i++)
        if (strlen(members[i]) == equals &&
            memcmp(members[i], word->text, equals) == 0)
            return members[i];
    return NULL;
}

static void add_member(struct csi_line *line, struct csi_line_stage *stage,
                       const char *member)
{
    const struct csi_word *word = word_of(line);
    size_t from = strlen(member) + 1;

    if (stage->has_main && stage->options == SIZE_MAX) {
        problem_at(line, 0, "`%s` takes one condition", stage->filter->name);
        return;
    }
    if (!stage->has_main)
        stage->options = csi_line_add(line, stage->step, stage->name.text,
                                      stage->name.start, json_object());
    stage->has_main = true;
    if (stage->options == SIZE_MAX)
        return;
    if (is_given(line, stage, member))
        problem_at(line, 0, "`%s` is given this option twice",
                   stage->filter->name);
    else if (csi_word_find(word, from, ',') < word->length)
        begin_list(line, stage, member, from, false);
    else
        csi_line_add_scalar(line, stage->options, member, from);
}

/* The rest of the stage, which is an expression. */
static int read_expression(struct csi_line *line, struct csi_line_stage *stage)
{
    int status = csi_line_take_expression(line, &stage->main);
    size_t option;

    if (status < 0)
        return status;
    stage->has_main = true;
    option = csi_line_find_option(line, stage->filter);
    if (option < word_of(line)->length) {
        problem_at(line, option,
                   "options of `%s` stand in front of its %s, which is written "
                   "%s=\"...\" behind them",
                   stage->filter->name, stage->main.name, stage->main.name);
        /* In its place, for no second fault. */
        csi_line_add(line, stage->options, stage->main.name,
                     word_of(line)->start, json_string("true"));
        return COSEND_OK;
    }
    if (stage->main.type == COSEND_OPTION_MAP)
        csi_line_add_assignments(line, stage->options, stage->main.name);
    else if (stage->is_whole && *word_of(line)->text == '{')
        add_whole(line, stage);
    else
        csi_line_add_text(line, stage->is_whole ? stage->step : stage->options,
                          stage->is_whole ? stage->name.text : stage->main.name,
                          0, word_of(line)->length);
    return COSEND_OK;
}

/* ---- Stages -------------------------------------------------------------- */

static void list_is_open(struct csi_line *line, struct csi_line_stage *stage)
{
    problem_at(line, 0, "a value is missing before this");
    stage->list = SIZE_MAX;
}

static void add_word(struct csi_line *line, struct csi_line_stage *stage)
{
    struct cosend_option option;
    const char *member;

    if (!stage->filter || line->spec->no_memory)
        return;
    member = condition_member(stage, word_of(line));
    if (member) {
        if (stage->list != SIZE_MAX)
            list_is_open(line, stage);
        add_member(line, stage, member);
    } else if (named_option(stage, word_of(line), &option)) {
        if (stage->list != SIZE_MAX)
            list_is_open(line, stage);
        add_named(line, stage, &option, strlen(option.name) + 1);
    } else if (stage->list != SIZE_MAX) {
        if (!csi_line_add_items(line, stage->list, 0))
            stage->list = SIZE_MAX;
    } else if (add_behind_wildcards(line, stage)) {
        return;
    } else if (is_option_name(stage, word_of(line), &option)) {
        add_bare_name(line, stage, &option);
    } else {
        add_main(line, stage);
    }
}

/* Only the first stage may be a source; a name that is a filter's too is. */
static const struct cosend_filter *find_filter(const char *name, bool first)
{
    const struct cosend_filter *filter =
        csi_registry_find(name, CSI_ROLE(COSEND_FILTER));

    if (!filter && first)
        filter = csi_registry_find(name, CSI_ROLE(COSEND_SOURCE));
    return filter ? filter : csi_registry_find(name, CSI_STEP_ROLES);
}

static void start_stage(struct csi_line *line, struct csi_line_stage *stage,
                        size_t container, const char *container_key)
{
    struct csi_spot spot = word_of(line)->start;

    stage->name = *word_of(line);
    stage->takes_main =
        stage->filter && csi_option_main(stage->filter, &stage->main);
    stage->is_whole =
        stage->takes_main && (stage->main.type == COSEND_OPTION_CONDITION ||
                              stage->main.type == COSEND_OPTION_BRANCHES);
    line->words.brackets = stage->takes_main && stage->main.flags & COSEND_REST;
    stage->step =
        csi_line_add(line, container, container_key, spot, json_object());
    stage->options = stage->list = stage->items = SIZE_MAX;
    if (!stage->is_whole && stage->step != SIZE_MAX)
        stage->options = csi_line_add(line, stage->step, stage->name.text, spot,
                                      json_object());
}

static void end_stage(struct csi_line *line, struct csi_line_stage *stage)
{
    if (stage->list != SIZE_MAX)
        list_is_open(line, stage);
    if (stage->is_whole && !stage->has_main && stage->step != SIZE_MAX)
        stage->options = csi_line_add(line, stage->step, stage->name.text,
                                      stage->name.start, json_object());
    csi_line_end(line, stage->options);
    csi_line_end(line, stage->step);
}

/* The words up to the next pipe. COSEND_DONE at the end. */
static int read_words(struct csi_line *line, struct csi_line_stage *stage)
{
    int status;

    while ((status = csi_words_next(&line->words)) == COSEND_OK &&
           !word_of(line)->is_pipe)
        add_word(line, stage);
    return status;
}

/* A stage, whose name is the word in hand, and the pipe behind it. COSEND_DONE
   at the end. */
static int read_stage(struct csi_line *line, struct csi_line_stage *stage,
                      size_t container, const char *key)
{
    int status = COSEND_OK;

    start_stage(line, stage, container, key);
    if (stage->takes_main &&
        csi_line_has_expression(line, stage->filter, &stage->main))
        status = read_expression(line, stage);
    if (status == COSEND_OK)
        status = read_words(line, stage);
    end_stage(line, stage);
    return status;
}

/* The word that a stage begins with. */
static int read_name(struct csi_line *line)
{
    int status = csi_words_next(&line->words);

    if (status != COSEND_DONE && (status < 0 || !word_of(line)->is_pipe))
        return status;
    problem_at(line, 0, "a stage is missing here: a filter's name");
    return COSEND_E_SPEC;
}

/* ---- The line ------------------------------------------------------------ */

/* One stage of a line. COSEND_DONE behind the last. */
static int read_next(struct csi_line *line, size_t root, size_t *steps)
{
    struct csi_spot begin = {1, 1};
    bool first = *steps == SIZE_MAX;
    struct csi_line_stage stage = {0};
    int status = read_name(line);

    if (status < 0)
        return status;
    stage.filter = find_filter(word_of(line)->text, first);
    if (first && stage.filter && stage.filter->role == COSEND_SOURCE) {
        status = read_stage(line, &stage, root, "from");
        *steps = csi_line_add(line, root, "steps", begin, json_array());
        return status;
    }
    if (first)
        *steps = csi_line_add(line, root, "steps", begin, json_array());
    if (*steps == SIZE_MAX)
        return COSEND_E_MEMORY;
    return read_stage(line, &stage, *steps, NULL);
}

static int read_line(struct csi_line *line)
{
    struct csi_spot begin = {1, 1};
    size_t steps = SIZE_MAX, root;
    int status;

    root = csi_line_add(line, SIZE_MAX, NULL, begin, json_object());
    if (root == SIZE_MAX ||
        csi_line_add(line, root, "cosend", begin, json_integer(1)) == SIZE_MAX)
        return COSEND_E_MEMORY;
    do {
        status = read_next(line, root, &steps);
    } while (status == COSEND_OK && !line->spec->no_memory);
    csi_line_end(line, steps);
    csi_line_end(line, root);
    return status < 0 ? status : COSEND_OK;
}

int csi_oneline_parse(struct csi_spec *spec, const char *text, size_t length)
{
    struct csi_line line = {.spec = spec, .document = &spec->document};
    int status;

    csi_json_setup();
    if (length > CSI_DOCUMENT_BYTES) {
        struct csi_place place = {1, 1, ""};

        csi_spec_place_problem(spec, &place, "larger than 16 MiB");
        return COSEND_E_SPEC;
    }
    spec->is_line = true;
    status = csi_words_init(&line.words, spec, text, length, NULL, "");
    if (status == COSEND_OK)
        status = read_line(&line);
    csi_words_free(&line.words);
    return status;
}

/* ---- A step -------------------------------------------------------------- */

static int read_step(struct csi_line *line, size_t container, const char *key)
{
    struct csi_line_stage stage = {0};
    int status = read_name(line);

    if (status < 0) {
        csi_line_add_unknown(line, container, key);
        return status;
    }
    stage.filter = find_filter(word_of(line)->text, false);
    status = read_stage(line, &stage, container, key);
    if (status < 0 && stage.options != SIZE_MAX)
        line->document->values[stage.options].unknown = true;
    if (status == COSEND_OK)
        problem_at(line, 0,
                   "a step is one stage; what stands behind the \"|\" is a "
                   "string of its own, with a comma before it");
    return status;
}

void csi_oneline_step(struct csi_spec *spec, struct csi_document *document,
                      size_t container, const char *key, const char *text,
                      size_t length, const struct csi_spot *spots,
                      const char *path)
{
    struct csi_line line = {.spec = spec, .document = document};

    if (csi_words_init(&line.words, spec, text, length, spots, path) < 0 ||
        read_step(&line, container, key) == COSEND_E_MEMORY)
        spec->no_memory = true;
    csi_words_free(&line.words);
}
