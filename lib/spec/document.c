/* SPDX-License-Identifier: MIT */
#include "spec/document.h"

#include "spec/document_places.h"
#include "spec/document_syntax.h"
#include "spec/jansson.h"
#include "spec/number_json.h"

#include <stdio.h>
#include <string.h>

/* ---- Comments ------------------------------------------------------------ */

static size_t string_end(const char *text, size_t length, size_t at)
{
    for (at++; at < length && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at < length ? at + 1 : length;
}

/* Behind the comment at text[at]; at itself where there is none; SIZE_MAX
   where it does not end, which the parser will complain about. */
static size_t comment_end(const char *text, size_t length, size_t at)
{
    const char *end;

    if (length - at < 2 || text[at] != '/')
        return at;
    if (text[at + 1] == '/') {
        end = memchr(text + at, '\n', length - at);
        return end ? (size_t)(end - text) : length;
    }
    if (text[at + 1] != '*')
        return at;
    end = memmem(text + at + 2, length - at - 2, "*/", 2);
    return end ? (size_t)(end - text) + 2 : SIZE_MAX;
}

static void blank_comments(char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t end = comment_end(text, length, at);

        if (end == SIZE_MAX)
            return;
        if (text[at] == '"')
            at = string_end(text, length, at);
        else if (end == at)
            at++;
        for (; at < end; at++)
            if (text[at] != '\n')
                text[at] = ' ';
    }
}

static void blank_trailing_commas(char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t comma = at;

        if (text[at] == '"') {
            at = string_end(text, length, at);
            continue;
        }
        if (text[at++] != ',')
            continue;
        while (at < length && strchr(" \t\r\n", text[at]) && text[at])
            at++;
        if (at < length && (text[at] == '}' || text[at] == ']'))
            text[comma] = ' ';
    }
}

/* ---- Bringing values and JSON together ----------------------------------- */

/* A key as jansson has it: *iterator stands at it in the object. */
static int find_key(const char *text, json_t *object,
                    const struct csi_value *value, void **iterator)
{
    const char *raw = text + value->key_offset - 1;
    size_t length = value->key_length;
    char *copy;

    if (memchr(raw + 1, '\\', length)) {
        json_t *decoded = json_loadb(raw, length + 2, JSON_DECODE_ANY, NULL);

        if (!decoded)
            return COSEND_E_MEMORY;
        *iterator = json_object_iter_at(object, json_string_value(decoded));
        json_decref(decoded);
        return COSEND_OK;
    }
    copy = csi_strndup(raw + 1, length);
    if (!copy)
        return COSEND_E_MEMORY;
    *iterator = json_object_iter_at(object, copy);
    csi_free(copy);
    return COSEND_OK;
}

static int bind_keys(const struct csi_value *object, struct csi_value *first,
                     const char *text)
{
    struct csi_value *value = first;

    for (uint32_t i = 0; i < object->count; i++, value += value->size) {
        void *iterator = NULL;

        if (find_key(text, object->json, value, &iterator) < 0)
            return COSEND_E_MEMORY;
        if (!iterator)
            return COSEND_E_SPEC;
        value->key = json_object_iter_key(iterator);
        value->json = json_object_iter_value(iterator);
    }
    return COSEND_OK;
}

/* Find the keys that come again, by their place in a set of keys. */
static int find_duplicates(struct csi_document *document,
                           const struct csi_value *object,
                           const struct csi_document_report *report)
{
    json_t *seen = json_object();
    size_t number = (size_t)(object - document->values) + 1;
    int status = seen ? COSEND_OK : COSEND_E_MEMORY;

    for (uint32_t i = 0; status == COSEND_OK && i < object->count; i++) {
        struct csi_value *value = &document->values[number];
        json_t *before = json_object_get(seen, value->key);

        if (before) {
            struct csi_value *earlier =
                &document->values[json_integer_value(before)];

            earlier->ignored = true;
            report->duplicate(report->context, value, earlier);
        }
        if (json_object_set_new(seen, value->key,
                                json_integer((json_int_t)number)) < 0)
            status = COSEND_E_MEMORY;
        number += value->size;
    }
    json_decref(seen);
    return status;
}

static int bind_object(struct csi_document *document, struct csi_value *object,
                       const char *text,
                       const struct csi_document_report *report)
{
    int status = bind_keys(object, object + 1, text);

    if (status < 0 || json_object_size(object->json) == object->count)
        return status;
    return find_duplicates(document, object, report);
}

static void bind_array(struct csi_value *array)
{
    struct csi_value *value = array + 1;

    for (uint32_t i = 0; i < array->count; i++, value += value->size)
        value->json = json_array_get(array->json, i);
}

/* Keep the digits of a number that jansson rounds. */
static int keep_digits(struct csi_value *value, const char *text,
                       const char *end)
{
    const char *start = text + value->offset, *behind = start;

    while (behind < end && *behind && strchr("+-.0123456789eE", *behind))
        behind++;
    if (!csi_number_is_rounded(value->json, start, (size_t)(behind - start)))
        return COSEND_OK;
    value->exact = json_stringn_nocheck(start, (size_t)(behind - start));
    return value->exact ? COSEND_OK : COSEND_E_MEMORY;
}

/* Names and paths would end at a NUL. */
static void refuse_nul(struct csi_value *value,
                       const struct csi_document_report *report)
{
    if (!memchr(json_string_value(value->json), '\0',
                json_string_length(value->json)))
        return;
    report->value(report->context, value,
                  "a string cannot hold a NUL, \\u0000; a pattern has \\\\x00 "
                  "for it");
    value->unknown = true;
}

/* Containers come before what is in them, so one pass does it. */
static int bind_all(struct csi_document *document, const char *text,
                    size_t length, const struct csi_document_report *report)
{
    size_t i = 0;

    document->values[0].json = document->json;
    while (i < document->count) {
        struct csi_value *value = &document->values[i];
        int status = COSEND_OK;

        if (value->ignored) {
            i += value->size;
            continue;
        }
        if (json_is_object(value->json))
            status = bind_object(document, value, text, report);
        else if (json_is_array(value->json))
            bind_array(value);
        else if (json_is_string(value->json))
            refuse_nul(value, report);
        else if (json_is_number(value->json))
            status = keep_digits(value, text, text + length);
        if (status < 0)
            return status;
        i++;
    }
    return COSEND_OK;
}

/* ---- Parsing ------------------------------------------------------------- */

/* Write 0.0 over an integer of which jansson makes an error: a number that no
   reader takes for a whole one. */
static void blank_integer(char *digits, const char *end)
{
    memcpy(digits, "0.0", 3);
    digits += 3;
    while (digits < end && *digits >= '0' && *digits <= '9')
        *digits++ = ' ';
}

/* A copy of the text without its large integers, or NULL. */
static char *without_large(const struct csi_document *document,
                           const char *text, size_t length)
{
    char *copy = csi_strndup(text, length);

    for (size_t i = 0; copy && i < document->count; i++)
        if (document->values[i].large)
            blank_integer(copy + document->values[i].offset, copy + length);
    return copy;
}

/* Who takes a number of any length: what a cell is compared with, and a
   parameter that is a number. */
static bool may_be_large(const struct csi_value *value)
{
    const struct csi_value *container = csi_value_container(value), *type;

    if (container && json_is_array(container->json)) {
        value = container;
        container = csi_value_container(value);
    }
    if (!container || !value->key)
        return false;
    if (strcmp(value->key, "value") == 0)
        return csi_value_get(container, "op") &&
               csi_value_get(container, "field");
    type = csi_value_get(container, "type");
    return strcmp(value->key, "default") == 0 && type &&
           json_is_string(type->json) &&
           strcmp(json_string_value(type->json), "number") == 0;
}

static void report_large(struct csi_document *document,
                         const struct csi_document_report *report)
{
    for (size_t i = 0; i < document->count;) {
        struct csi_value *value = &document->values[i];

        if (value->large && !value->ignored && !may_be_large(value)) {
            report->value(report->context, value, "an integer beyond 64 bits");
            value->unknown = true;
        }
        i += value->ignored ? value->size : 1;
    }
}

static int load_json(struct csi_document *document, const char *text,
                     size_t length, json_error_t *why)
{
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    char *copy = NULL;

    csi_json_failed();
    if (document->large_count &&
        !(copy = without_large(document, text, length)))
        return COSEND_E_MEMORY;
    document->json = json_loadb(copy ? copy : text, length, flags, why);
    csi_free(copy);
    if (csi_json_failed())
        return COSEND_E_MEMORY;
    return document->json ? COSEND_OK : COSEND_E_SPEC;
}

/* The first of what the scan and jansson found. */
static int syntax_error(const struct csi_document_report *report,
                        const struct csi_document_stop *stop,
                        const json_error_t *why, const char *message)
{
    bool overflow = json_error_code(why) == json_error_numeric_overflow;
    bool is_utf8 = json_error_code(why) != json_error_invalid_utf8;
    char text[CSI_SYNTAX_MESSAGE];

    if (message && (is_utf8 || (size_t)why->position >= stop->offset)) {
        report->at(report->context, stop->line, stop->column, message);
        return COSEND_E_SPEC;
    }
    snprintf(text, sizeof(text), "%s%s",
             overflow ? "" : "this is not JSON: ", why->text);
    report->at(report->context, (uint32_t)why->line, (uint32_t)why->column,
               text);
    return COSEND_E_SPEC;
}

/* `places` is the text before comments were blanked out. */
static int parse_text(struct csi_document *document, const char *text,
                      const char *places, size_t length,
                      const struct csi_document_report *report)
{
    struct csi_document_stop stop = {0};
    json_error_t why = {.text = "it ends nowhere"};
    int scanned = csi_document_scan(document, text, places, length, &stop);
    char message[CSI_SYNTAX_MESSAGE];
    int loaded;

    document->text = places;
    if (scanned == COSEND_E_MEMORY)
        return scanned;
    if (scanned == COSEND_E_LIMIT) {
        report->at(report->context, stop.line, stop.column,
                   "nested deeper than 64 levels");
        return COSEND_E_SPEC;
    }
    loaded = load_json(document, text, length, &why);
    if (loaded == COSEND_E_MEMORY)
        return loaded;
    if (scanned < 0) {
        csi_document_syntax(text, length, text != places, &stop, message);
        return syntax_error(report, &stop, &why, message);
    }
    if (loaded < 0)
        return syntax_error(report, &stop, &why, NULL);
    loaded = bind_all(document, text, length, report);
    if (loaded == COSEND_OK && document->large_count)
        report_large(document, report);
    return loaded;
}

int csi_document_parse(struct csi_document *document, const char *text,
                       size_t length, bool comments,
                       const struct csi_document_report *report)
{
    char *blanked;
    int status;

    csi_json_setup();
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (length > CSI_DOCUMENT_BYTES) {
        report->at(report->context, 1, 1, "larger than 16 MiB");
        return COSEND_E_SPEC;
    }
    if (!comments)
        return parse_text(document, text, text, length, report);
    blanked = csi_strndup(text, length);
    if (!blanked)
        return COSEND_E_MEMORY;
    blank_comments(blanked, length);
    blank_trailing_commas(blanked, length);
    status = parse_text(document, blanked, text, length, report);
    csi_free(blanked);
    return status;
}
