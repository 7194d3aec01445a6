/* SPDX-License-Identifier: MIT */
#include "spec/line_strays.h"

#include "plan/option_rows.h"

#include <string.h>

static const char on_error_is[] =
    "in one line it is --on-error, of all steps; in JSON it stands beside the "
    "step";

COSEND_PRINTF(3, 4)
static void problem_at(struct csi_line *line, size_t at, const char *format,
                       ...)
{
    struct csi_place place = csi_word_place(&line->words.word, at);
    va_list arguments;

    va_start(arguments, format);
    csi_spec_place_vproblem(line->spec, &place, format, arguments);
    va_end(arguments);
}

/* For cosend_suggest. The row's name outlives the row. */
static const char *option_name(const void *filter, size_t i)
{
    struct cosend_option row;

    cosend_option_at(((const struct cosend_filter *)filter)->options, i, &row);
    return row.name;
}

static bool is_lower_word(const char *text)
{
    return *text >= 'a' && *text <= 'z' &&
           !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* Whether a word that is too many may be part of the main option's value, as it
   is where `grep a b=c` was meant to find that. */
static bool may_have_spaces(const struct csi_line_stage *stage)
{
    return stage->takes_main && (stage->main.type == COSEND_OPTION_STRING ||
                                 stage->main.type == COSEND_OPTION_PATTERN);
}

/* Say of a word `patern=b`, which has no place as anything else, that there is
   no such option. False where it does not look like one. */
bool csi_line_is_misspelt(struct csi_line *line,
                          const struct csi_line_stage *stage)
{
    const struct csi_word *word = &line->words.word;
    size_t equals = csi_word_find(word, 0, '=');
    const char *name, *near;

    if (!csi_word_is_bare(word, equals))
        return false;
    name = csi_spec_copy(line->spec, word->text, equals);
    if (!name)
        return true;
    near =
        csi_spec_did_you_mean(line->spec, name, csi_option_count(stage->filter),
                              option_name, stage->filter);
    if (strcmp(name, "on_error") == 0)
        problem_at(line, 0, "%s", on_error_is);
    else if (*near && !(stage->is_too_long &&
                        stage->main.type == COSEND_OPTION_EXPRESSION))
        problem_at(line, 0, "\"%.80s\" is not an option of %s%s", name,
                   stage->filter->name, near);
    else if (equals < word->length && is_lower_word(name) &&
             !stage->is_too_long)
        problem_at(line, 0,
                   "%s has no option \"%.80s\"; `cosend help %s` lists those "
                   "it has%s",
                   stage->filter->name, name, stage->filter->name,
                   may_have_spaces(stage)
                       ? ", and a value that has spaces in it is quoted"
                       : "");
    else
        return false;
    return true;
}

/* Items may be called name=value themselves, as in `aggregate n=count()`; so it
   is a stray only with one of the words that on_error takes, or with what is no
   function behind a name that nearly is an option. */
bool csi_line_is_stray_item(struct csi_line *line,
                            const struct csi_line_stage *stage)
{
    static const char *const words[] = {"skip", "reject", "fail"};
    const struct csi_word *word = &line->words.word;
    size_t equals = csi_word_find(word, 0, '=');
    const char *name, *near;

    if (equals >= word->length || !csi_word_is_bare(word, equals))
        return false;
    name = csi_spec_copy(line->spec, word->text, equals);
    for (size_t i = 0; name && i < 3; i++)
        if (strcmp(name, "on_error") == 0 &&
            strcmp(word->text + equals + 1, words[i]) == 0) {
            problem_at(line, 0, "%s", on_error_is);
            return true;
        }
    if (!name || csi_word_find(word, 0, '(') < word->length ||
        is_lower_word(word->text + equals + 1))
        return false;
    near =
        csi_spec_did_you_mean(line->spec, name, csi_option_count(stage->filter),
                              option_name, stage->filter);
    if (*near)
        problem_at(line, 0, "\"%.80s\" is not an option of %s%s", name,
                   stage->filter->name, near);
    return *near;
}

/* Whether a word has a `||` in it. */
static bool has_bars(const struct csi_word *word)
{
    return csi_word_find(word, 0, '|') < word->length;
}

/* The option that a line's second value is for, or NULL. */
static const char *second_name(const struct cosend_filter *filter)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(filter->options, i, &row); i++)
        if (row.flags & COSEND_SECOND)
            return row.name;
    return NULL;
}

void csi_line_no_place(struct csi_line *line, struct csi_line_stage *stage)
{
    const char *name = stage->filter->name;
    const char *second = second_name(stage->filter);

    if (stage->is_too_long)
        return;
    stage->is_too_long = true;
    if (has_bars(&line->words.word))
        problem_at(line, 0,
                   "\"||\" does not begin a stage, \"|\" does; where it is "
                   "part of a value, quote that");
    else if (stage->takes_main && stage->main.type == COSEND_OPTION_EXPRESSION)
        problem_at(line, 0,
                   "beside options what `%s` takes is written %s=\"...\"", name,
                   stage->main.name);
    else if (!stage->takes_main)
        problem_at(line, 0, "`%s` takes only options, as name=value", name);
    else if (stage->first)
        problem_at(line, 0,
                   "`%s` took \"%s\" as the value of its main option, which "
                   "comes first; options stand behind it",
                   name, stage->first);
    else if (csi_line_is_list(stage->main.type))
        problem_at(line, 0,
                   "`%s` takes one list, with commas between: a,b; options "
                   "are written name=value",
                   name);
    else if (second)
        problem_at(line, 0,
                   "`%s` takes two values, %s and %s; quote what has spaces in "
                   "it, and write options as name=value",
                   name, stage->main.name, second);
    else
        problem_at(line, 0,
                   "`%s` takes one value; quote what has spaces in it, and "
                   "write options as name=value",
                   name);
}

void csi_line_no_member(struct csi_line *line)
{
    static const char *const members[] = {"field", "op", "value", NULL};
    const struct csi_word *word = &line->words.word;
    size_t equals = csi_word_find(word, 0, '=');
    const char *name = csi_spec_copy(line->spec, word->text, equals);

    if (name && equals < word->length)
        problem_at(line, 0, "\"%.80s\" is not part of a condition%s", name,
                   csi_spec_did_you_mean_of(line->spec, name, members));
    else
        problem_at(line, 0, "a condition is field=NAME op=OP value=VALUE");
}
