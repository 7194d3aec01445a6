/* SPDX-License-Identifier: MIT */
/* From a pattern in which others are named to one of PCRE2. */
#include "match/grok_expand.h"

#include "cosend/conversion.h"

#include <stdio.h>
#include <string.h>

/* Of all that a pattern stands for: each name in it may name others twice.
   PCRE2 has a limit of 64 KiB for what it makes of it. */
enum { MOST_LENGTH = 48 * 1024 };

/* Which pattern is being read, and for whom. */
struct spot {
    const struct spot *outer;
    const char *name; /* NULL: the pattern itself */
    const char *text, *end;
};

struct expansion {
    struct csi_grok_fields *fields;
    const struct cosend_grok_name *own;
    size_t own_count;
    struct csi_text *text;
    struct cosend_error *error;
};

/* What is between %{ and }. */
struct reference {
    const char *name, *field, *type;
    size_t name_length, field_length, type_length;
};

static int refuse_at(const struct expansion *expansion, const struct spot *spot,
                     const char *at, const char *why, const char *what,
                     size_t length)
{
    char where[128] = "";

    if (spot->name)
        snprintf(where, sizeof(where), " of pattern %.80s", spot->name);
    return cosend_error_set(expansion->error, COSEND_E_SPEC,
                            "at character %zu%s: %s%.*s",
                            (size_t)(at - spot->text) + 1, where, why,
                            (int)(length < 100 ? length : 100), what);
}

static int no_room(const struct expansion *expansion)
{
    return csi_no_memory(expansion->error);
}

static const char *known_at(const void *list, size_t i)
{
    const struct expansion *expansion = list;

    return i < expansion->own_count
               ? expansion->own[i].name
               : cosend_grok_known[i - expansion->own_count].name;
}

static size_t count_known(const struct expansion *expansion)
{
    size_t known = 0;

    while (cosend_grok_known[known].name)
        known++;
    return expansion->own_count + known;
}

static int refuse_name(const struct expansion *expansion,
                       const struct spot *spot,
                       const struct reference *reference)
{
    char word[64], what[128];
    const char *nearest;

    snprintf(word, sizeof(word), "%.*s",
             (int)(reference->name_length < 60 ? reference->name_length : 60),
             reference->name);
    nearest = cosend_suggest(word, count_known(expansion), known_at, expansion);
    snprintf(what, sizeof(what), "%s%s%s", word,
             nearest ? "; did you mean " : "", nearest ? nearest : "");
    return refuse_at(expansion, spot, reference->name, "no pattern is called ",
                     what, strlen(what));
}

/* Cut what is in [at, end). */
static void cut_reference(const char *at, const char *end,
                          struct reference *reference)
{
    const char *colon = memchr(at, ':', (size_t)(end - at)), *second;

    *reference = (struct reference){.name = at};
    reference->name_length = (size_t)((colon ? colon : end) - at);
    if (!colon)
        return;
    reference->field = colon + 1;
    second = memchr(colon + 1, ':', (size_t)(end - colon - 1));
    reference->field_length = (size_t)((second ? second : end) - colon - 1);
    if (!second)
        return;
    reference->type = second + 1;
    reference->type_length = (size_t)(end - second - 1);
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* [a][b] as a.b, as it is elsewhere called; other names as they are. */
static bool add_grok_name(struct csi_text *name, const char *text,
                          size_t length)
{
    bool brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';

    if (!brackets)
        return csi_text_add(name, text, length);
    text++;
    length -= 2;
    while (length) {
        const char *inner = memchr(text, ']', length);
        size_t part = inner ? (size_t)(inner - text) : length;
        size_t skipped = part + 2 < length ? part + 2 : length;

        if (!csi_text_add(name, text, part) ||
            (skipped < length && !csi_text_string(name, ".")))
            return false;
        text += skipped;
        length -= skipped;
    }
    return true;
}

/* What a field is to be; the place is the field's last. */
static int set_type(const struct expansion *expansion, const struct spot *spot,
                    const struct reference *reference)
{
    struct csi_grok_fields *fields = expansion->fields;
    size_t field = fields->places[fields->place_count - 1];
    int type = 0;

    while (cosend_conversion_types[type] &&
           !is_word(reference->type, reference->type_length,
                    cosend_conversion_types[type]))
        type++;
    if (!cosend_conversion_types[type])
        return refuse_at(expansion, spot, reference->type,
                         "a field is an int, float, bool, string or date, not ",
                         reference->type, reference->type_length);
    if (!csi_grok_set_type(fields, field, type))
        return refuse_at(expansion, spot, reference->type,
                         "the field is of another type before: ",
                         reference->field, reference->field_length);
    return COSEND_OK;
}

/* Begin the group of a field. */
static int open_field(struct expansion *expansion, const struct spot *spot,
                      const struct reference *reference)
{
    struct csi_text name = {0};
    bool good;

    if (!reference->field_length)
        return refuse_at(expansion, spot, reference->field,
                         "the name of a field is missing behind the :", "", 0);
    good = add_grok_name(&name, reference->field, reference->field_length);
    if (good)
        good = csi_grok_open(expansion->fields, expansion->text, name.data,
                             name.length);
    csi_free(name.data);
    if (!good)
        return no_room(expansion);
    return reference->type ? set_type(expansion, spot, reference) : COSEND_OK;
}

static int expand(struct expansion *expansion, const struct spot *spot);

/* Whether a pattern of this name is being read. */
static bool is_open(const struct spot *spot, const char *name)
{
    for (; spot; spot = spot->outer)
        if (spot->name && strcmp(spot->name, name) == 0)
            return true;
    return false;
}

/* Put in what a name stands for. */
static int expand_named(struct expansion *expansion, const struct spot *spot,
                        const struct reference *reference,
                        const struct cosend_grok_name *named)
{
    struct spot inner = {.outer = spot,
                         .name = named->name,
                         .text = named->pattern,
                         .end = named->pattern + strlen(named->pattern)};

    if (is_open(spot, named->name))
        return refuse_at(expansion, spot, reference->name,
                         "a pattern cannot be made of itself, as here ",
                         reference->name, reference->name_length);
    return expand(expansion, &inner);
}

static int expand_reference(struct expansion *expansion,
                            const struct spot *spot,
                            const struct reference *reference)
{
    size_t count = count_known(expansion);

    for (size_t i = 0; i < count; i++) {
        const char *name = known_at(expansion, i);

        if (!is_word(reference->name, reference->name_length, name))
            continue;
        return expand_named(expansion, spot, reference,
                            i < expansion->own_count
                                ? &expansion->own[i]
                                : &cosend_grok_known[i - expansion->own_count]);
    }
    return refuse_name(expansion, spot, reference);
}

/* Read the %{...} at *at, which comes to be behind it. */
static int read_reference(struct expansion *expansion, const struct spot *spot,
                          const char **at)
{
    const char *start = *at + 2;
    const char *close = memchr(start, '}', (size_t)(spot->end - start));
    struct reference reference;
    int status = COSEND_OK;

    if (!close)
        return refuse_at(expansion, spot, *at,
                         "the } of this %{ is missing; a % before a brace is "
                         "written \\%",
                         "", 0);
    cut_reference(start, close, &reference);
    *at = close + 1;
    if (reference.field)
        status = open_field(expansion, spot, &reference);
    else if (!csi_text_string(expansion->text, "(?:"))
        status = no_room(expansion);
    if (status == COSEND_OK)
        status = expand_reference(expansion, spot, &reference);
    if (status == COSEND_OK && !csi_text_string(expansion->text, ")"))
        status = no_room(expansion);
    return status;
}

/* Append a pattern with what its names stand for. */
static int expand(struct expansion *expansion, const struct spot *spot)
{
    const char *at = spot->text, *from = at;
    int status = COSEND_OK;

    while (at < spot->end && status == COSEND_OK) {
        bool is_reference = *at == '%' && spot->end - at > 1 && at[1] == '{';

        if (!is_reference) {
            at += *at == '\\' && spot->end - at > 1 ? 2 : 1;
            continue;
        }
        if (!csi_text_add(expansion->text, from, (size_t)(at - from)))
            return no_room(expansion);
        status = read_reference(expansion, spot, &at);
        from = at;
    }
    if (status != COSEND_OK)
        return status;
    if (!csi_text_add(expansion->text, from, (size_t)(spot->end - from)))
        return no_room(expansion);
    if (expansion->text->length > MOST_LENGTH)
        return cosend_error_set(expansion->error, COSEND_E_SPEC,
                                "with all that it names the pattern is longer "
                                "than %d bytes",
                                MOST_LENGTH);
    return COSEND_OK;
}

int csi_grok_expand(struct csi_grok_fields *fields, const char *name,
                    struct cosend_string text,
                    const struct cosend_grok_name *own, size_t own_count,
                    struct csi_text *pattern, struct cosend_error *error)
{
    struct spot spot = {
        .name = name, .text = text.data, .end = text.data + text.length};
    struct expansion expansion = {.fields = fields,
                                  .own = own,
                                  .own_count = own_count,
                                  .text = pattern,
                                  .error = error};

    return expand(&expansion, &spot);
}
