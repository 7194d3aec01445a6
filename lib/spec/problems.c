/* SPDX-License-Identifier: MIT */
#include "spec/problems.h"

#include "base/text.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory -------------------------------------------------------------- */

void *csi_spec_get(struct csi_spec *spec, size_t size)
{
    void *memory = csi_arena_get(spec->plan->arena, size);

    if (memory)
        memset(memory, 0, size);
    else
        spec->no_memory = true;
    return memory;
}

char *csi_spec_copy(struct csi_spec *spec, const char *text, size_t length)
{
    char *copy = csi_arena_bytes(spec->plan->arena, length + 1);

    if (!copy) {
        spec->no_memory = true;
        return NULL;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

COSEND_PRINTF(2, 0)
static const char *format_text(struct csi_spec *spec, const char *format,
                               va_list arguments)
{
    char text[1024], *whole;
    va_list again;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(text, sizeof(text), format, arguments);
    if (length < 0)
        length = 0;
    /* A path may be longer than that. */
    whole = (size_t)length < sizeof(text)
                ? csi_spec_copy(spec, text, (size_t)length)
                : csi_arena_bytes(spec->plan->arena, (size_t)length + 1);
    if (!whole)
        spec->no_memory = true;
    else if ((size_t)length >= sizeof(text))
        vsnprintf(whole, (size_t)length + 1, format, again);
    va_end(again);
    return whole;
}

/* ---- Places -------------------------------------------------------------- */

static struct csi_place place_at(struct csi_spec *spec,
                                 const struct csi_value *value, unsigned line,
                                 unsigned column)
{
    char path[1024];
    size_t length = csi_value_path(value, path, sizeof(path));
    struct csi_place place = {line, column, NULL};

    if (length >= sizeof(path))
        length = strlen(path);
    place.path = csi_spec_copy(spec, path, length);
    if (!place.path)
        place.path = "";
    return place;
}

struct csi_place csi_spec_place(struct csi_spec *spec,
                                const struct csi_value *value)
{
    return place_at(spec, value, value->line, value->column);
}

struct csi_place csi_spec_key_place(struct csi_spec *spec,
                                    const struct csi_value *value)
{
    return place_at(spec, value, value->key_line, value->key_column);
}

/* ---- Problems ------------------------------------------------------------ */

void csi_spec_place_vproblem(struct csi_spec *spec,
                             const struct csi_place *place, const char *format,
                             va_list arguments)
{
    const char *text = format_text(spec, format, arguments);

    if (!text || !csi_grow(&spec->problems, &spec->problem_capacity,
                           spec->problem_count + 1, sizeof(*spec->problems))) {
        spec->no_memory = true;
        return;
    }
    spec->problems[spec->problem_count] =
        (struct csi_problem){*place, text, spec->problem_count};
    spec->problem_count++;
}

void csi_spec_place_problem(struct csi_spec *spec,
                            const struct csi_place *place, const char *format,
                            ...)
{
    va_list arguments;

    va_start(arguments, format);
    csi_spec_place_vproblem(spec, place, format, arguments);
    va_end(arguments);
}

void csi_spec_problem(struct csi_spec *spec, const struct csi_value *value,
                      const char *format, ...)
{
    struct csi_place place = csi_spec_place(spec, value);
    va_list arguments;

    if (value->unknown) {
        spec->hidden++;
        return;
    }
    va_start(arguments, format);
    csi_spec_place_vproblem(spec, &place, format, arguments);
    va_end(arguments);
}

void csi_spec_key_problem(struct csi_spec *spec, const struct csi_value *value,
                          const char *format, ...)
{
    struct csi_place place = csi_spec_key_place(spec, value);
    va_list arguments;

    va_start(arguments, format);
    csi_spec_place_vproblem(spec, &place, format, arguments);
    va_end(arguments);
}

void csi_spec_warn(struct csi_spec *spec, const struct csi_value *value,
                   const char *text)
{
    struct csi_place place = csi_spec_place(spec, value);

    csi_spec_place_warn(spec, &place, text);
}

void csi_spec_place_warn(struct csi_spec *spec, const struct csi_place *place,
                         const char *text)
{
    const struct cosend_options *options = spec->options;
    struct csi_text line = {0};
    char start[48];

    if (options->quiet || !options->warning)
        return;
    snprintf(start, sizeof(start), ":%u:%u: ", (unsigned)place->line,
             (unsigned)place->column);
    if (csi_text_string(&line, options->name ? options->name : "<spec>") &&
        csi_text_string(&line, start) && csi_text_string(&line, place->path) &&
        csi_text_string(&line, ": ") && csi_text_string(&line, text) &&
        csi_text_add(&line, "", 1))
        options->warning(line.data, options->context);
    else
        spec->no_memory = true;
    csi_text_free(&line);
}

void csi_spec_usage(struct csi_spec *spec, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    csi_error_vset(&spec->usage, COSEND_E_USAGE, format, arguments);
    va_end(arguments);
}

/* ---- Did you mean -------------------------------------------------------- */

const char *csi_spec_did_you_mean(struct csi_spec *spec, const char *word,
                                  size_t count,
                                  const char *(*at)(const void *, size_t),
                                  const void *list)
{
    const char *near = cosend_suggest(word, count, at, list);
    char text[128];
    int length;
    const char *copy;

    if (!near)
        return "";
    length = snprintf(text, sizeof(text), "; did you mean \"%.100s\"?", near);
    copy = csi_spec_copy(spec, text, (size_t)length);
    return copy ? copy : "";
}

static const char *word_at(const void *list, size_t i)
{
    const char *const *words = list;

    return words[i];
}

const char *csi_spec_did_you_mean_of(struct csi_spec *spec, const char *word,
                                     const char *const *list)
{
    size_t count = 0;

    while (list[count])
        count++;
    return csi_spec_did_you_mean(spec, word, count, word_at, list);
}

/* ---- Telling ------------------------------------------------------------- */

static int by_place(const void *left, const void *right)
{
    const struct csi_problem *a = left, *b = right;

    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static bool reported_before(const struct csi_spec *spec, size_t i)
{
    const struct csi_problem *a = &spec->problems[i];

    for (size_t j = i; j-- > 0;) {
        const struct csi_problem *b = &spec->problems[j];

        if (b->place.line != a->place.line ||
            b->place.column != a->place.column)
            return false;
        if (strcmp(a->text, b->text) == 0 &&
            strcmp(a->place.path, b->place.path) == 0)
            return true;
    }
    return false;
}

static int set_error(struct csi_spec *spec, const char *name)
{
    const struct csi_problem *first = &spec->problems[0];
    struct cosend_error *error = spec->error;

    if (!error || error->kind)
        return COSEND_E_SPEC;
    cosend_error_set(error, COSEND_E_SPEC, "%s%s%s", first->place.path,
                     *first->place.path ? ": " : "", first->text);
    snprintf(error->source, sizeof(error->source), "%s", name);
    error->line = first->place.line;
    error->column = first->place.column;
    return COSEND_E_SPEC;
}

int csi_spec_report_all(struct csi_spec *spec)
{
    const struct cosend_options *options = spec->options;
    const char *name = options->name ? options->name : "<spec>";

    if (spec->no_memory)
        return csi_no_memory(spec->error);
    if (!spec->problem_count) {
        if (spec->usage.kind)
            cosend_error_set(spec->error, spec->usage.kind, "%s",
                             spec->usage.message);
        return spec->usage.kind;
    }
    qsort(spec->problems, spec->problem_count, sizeof(*spec->problems),
          by_place);
    for (size_t i = 0; options->problem && i < spec->problem_count; i++) {
        const struct csi_problem *problem = &spec->problems[i];
        struct cosend_problem told = {name, problem->place.line,
                                      problem->place.column,
                                      problem->place.path, problem->text};

        if (!reported_before(spec, i))
            options->problem(&told, options->context);
    }
    return set_error(spec, name);
}
