/* SPDX-License-Identifier: MIT */
#include "expression/evaluation.h"

#include "base/utf8.h"
#include "cosend/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct csi_vector csi_vector_nothing(void)
{
    static struct cosend_value nothing; /* nobody writes it: memory is out */

    return (struct csi_vector){&nothing, 0};
}

struct csi_vector csi_vector_new(struct csi_evaluation *evaluation,
                                 uint32_t count)
{
    struct csi_vector vector = {
        csi_evaluation_get(evaluation,
                           (count ? count : 1) * sizeof(struct cosend_value)),
        UINT32_MAX};

    return vector.values ? vector : csi_vector_nothing();
}

void *csi_evaluation_get(struct csi_evaluation *evaluation, size_t size)
{
    void *memory = csi_arena_get(evaluation->arena, size);

    if (!memory)
        evaluation->no_memory = true;
    return memory;
}

int64_t csi_evaluation_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- Bad values ----------------------------------------------------------
 * A bad value's text is followed by a NUL and the address of its kind.
 */

enum { SHOWN_BYTES = 60 };

struct cosend_value csi_bad_value(struct csi_evaluation *evaluation,
                                  const char *kind, const char *format, ...)
{
    struct cosend_value value = {.type = COSEND_TYPE_BAD};
    size_t length;
    char text[384], *copy;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    length = strlen(text);
    copy = csi_arena_bytes(evaluation->arena, length + 1 + sizeof(kind));
    if (!copy) {
        evaluation->no_memory = true;
        return csi_null_value();
    }
    memcpy(copy, text, length + 1);
    memcpy(copy + length + 1, &kind, sizeof(kind));
    value.length = (uint32_t)length;
    value.as.text = copy;
    return value;
}

const char *csi_bad_kind(const struct cosend_value *bad)
{
    const char *kind;

    memcpy(&kind, bad->as.text + bad->length + 1, sizeof(kind));
    return kind;
}

/* As much of a text as is shown, cut between characters. */
static size_t shown_length(const char *text, size_t length)
{
    size_t shown = 0;

    if (length <= SHOWN_BYTES)
        return length;
    while (shown < SHOWN_BYTES) {
        int size = csi_utf8_character(text + shown, text + length);

        shown += size > 0 ? (size_t)size : 1;
    }
    return shown;
}

struct cosend_value csi_bad_operand(struct csi_evaluation *evaluation,
                                    const char *kind,
                                    const struct csi_term *term,
                                    const struct cosend_value *value,
                                    const char *is)
{
    struct cosend_value text = csi_value_text(evaluation, value);
    size_t length = shown_length(text.as.text, text.length);
    size_t source = shown_length(term->source, term->length);

    return csi_bad_value(evaluation, kind, "%.*s is %s: \"%.*s%s\"",
                         (int)source, term->source, is, (int)length,
                         text.as.text, length < text.length ? "..." : "");
}

/* ---- Values -------------------------------------------------------------- */

struct cosend_value csi_double_value(struct csi_evaluation *evaluation,
                                     const struct csi_term *term, double number)
{
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};

    if (!isfinite(number))
        return csi_bad_value(
            evaluation, "out_of_range", "%.*s is %s",
            (int)shown_length(term->source, term->length), term->source,
            isnan(number) ? "no number" : "too large for a number");
    if (number == floor(number) && fabs(number) <= 9007199254740992)
        return csi_integer_value((int64_t)number);
    value.as.number = number;
    return value;
}

struct cosend_value csi_cell_value(struct cosend_cell cell)
{
    struct cosend_value value = {.type = COSEND_TYPE_TEXT};

    value.length = cell.length;
    value.as.text = cell.length ? cell.data : "";
    switch (cell.kind) {
    case COSEND_ABSENT:
        value.type = COSEND_TYPE_ABSENT;
        break;
    case COSEND_NULL:
        value.type = COSEND_TYPE_NULL;
        break;
    case COSEND_BOOL:
        return csi_bool_value(cell.length == 4);
    case COSEND_NUMBER:
        value.type = COSEND_TYPE_DECIMAL;
        break;
    case COSEND_NESTED:
        value.type = COSEND_TYPE_NESTED;
        break;
    default:
        break;
    }
    return value;
}

struct cosend_value csi_number_value(const struct cosend_value *value)
{
    struct cosend_value number;

    if ((value->type != COSEND_TYPE_TEXT &&
         value->type != COSEND_TYPE_DECIMAL) ||
        !value->length)
        return *value;
    number = cosend_value_of(cosend_text(value->as.text, value->length));
    /* JSON may say 1e400, which is no number of ours. */
    if (!cosend_is_number(&number)) {
        number = *value;
        number.type = COSEND_TYPE_TEXT;
    }
    return number;
}

static struct cosend_value print_value(struct csi_evaluation *evaluation,
                                       const struct cosend_value *value)
{
    char *text = csi_arena_bytes(evaluation->arena, COSEND_TIME_MAX);
    struct cosend_time time = {value->as.integer, value->offset};
    size_t length;

    if (!text) {
        evaluation->no_memory = true;
        return csi_text_value("", 0);
    }
    if (value->type == COSEND_TYPE_INT)
        length = cosend_format_integer(value->as.integer, text);
    else if (value->type == COSEND_TYPE_DOUBLE)
        length = cosend_format_double(value->as.number, text);
    else
        length = cosend_format_time(NULL, time, NULL, text, COSEND_TIME_MAX);
    return csi_text_value(text, length);
}

struct cosend_value csi_value_text(struct csi_evaluation *evaluation,
                                   const struct cosend_value *value)
{
    switch (value->type) {
    case COSEND_TYPE_INT:
    case COSEND_TYPE_DOUBLE:
    case COSEND_TYPE_TIME:
        return print_value(evaluation, value);
    case COSEND_TYPE_BOOL:
        return value->as.truth ? csi_text_value("true", 4)
                               : csi_text_value("false", 5);
    case COSEND_TYPE_DECIMAL:
    case COSEND_TYPE_TEXT:
    case COSEND_TYPE_NESTED:
        return csi_text_value(value->as.text, value->length);
    default:
        return csi_text_value("", 0);
    }
}

struct cosend_cell csi_value_cell(struct csi_evaluation *evaluation,
                                  const struct cosend_value *value)
{
    struct cosend_value text = csi_value_text(evaluation, value);
    struct cosend_cell cell = cosend_text(text.as.text, text.length);

    if (value->type == COSEND_TYPE_ABSENT)
        cell.kind = COSEND_ABSENT;
    else if (value->type == COSEND_TYPE_NULL || value->type == COSEND_TYPE_BAD)
        cell.kind = COSEND_NULL;
    else if (value->type == COSEND_TYPE_BOOL)
        cell.kind = COSEND_BOOL;
    else if (cosend_is_number(value))
        cell.kind = COSEND_NUMBER;
    else if (value->type == COSEND_TYPE_NESTED)
        cell.kind = COSEND_NESTED;
    return cell;
}
