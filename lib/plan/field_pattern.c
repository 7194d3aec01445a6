/* SPDX-License-Identifier: MIT */
#include "plan/field_pattern.h"

#include "base/base.h"

#include <string.h>

/* ---- What an item means -------------------------------------------------- */

/* All of a text as #3 or #-1: *number; 0 is none. */
static bool read_number(const char *text, size_t length, int64_t *number)
{
    bool negative = length > 1 && text[1] == '-';
    size_t at = 1 + negative;

    if (length <= at || text[0] != '#')
        return false;
    for (*number = 0; at < length; at++) {
        if (text[at] < '0' || text[at] > '9')
            return false;
        if (*number < UINT32_MAX)
            *number = *number * 10 + (text[at] - '0');
    }
    *number = negative ? -*number : *number;
    return true;
}

/* Take what signs of a pattern stand around a text off. */
static bool strip(struct cosend_string *text, char sign)
{
    if (text->length < 3 || text->data[0] != sign ||
        text->data[text->length - 1] != sign)
        return false;
    text->data++;
    text->length -= 2;
    return true;
}

/* /x/ or /x/i. */
static bool strip_slashes(struct cosend_string *text, bool *ignore_case)
{
    struct cosend_string without = *text;

    *ignore_case = text->length && text->data[text->length - 1] == 'i';
    without.length -= *ignore_case;
    if (!strip(&without, '/'))
        return false;
    *text = without;
    return true;
}

/* `a`-`c`, a range; anything else in backquotes is a name. */
static bool has_quoted_ends(const struct cosend_string *text)
{
    const char *end = text->data + text->length;

    for (const char *p = text->data; end - p >= 3; p++)
        if (memcmp(p, "`-`", 3) == 0)
            return true;
    return false;
}

static bool has(const struct cosend_string *text, char sign)
{
    return text->length && memchr(text->data, sign, text->length);
}

static int compile(struct csi_field_pattern *pattern, bool ignore_case,
                   struct cosend_error *error)
{
    struct cosend_regex_options how = {.ignore_case = ignore_case};

    pattern->kind = CSI_FIELD_REGEX;
    pattern->regex =
        cosend_regex_new(pattern->text.data, pattern->text.length, &how, error);
    return pattern->regex ? COSEND_OK : error->kind;
}

static int read_item(struct csi_field_pattern *pattern,
                     struct cosend_error *error)
{
    struct cosend_string *text = &pattern->text;
    bool ignore_case;

    if (text->length > 1 && text->data[0] == '!') {
        pattern->negated = true;
        text->data++;
        text->length--;
    }
    if (!has_quoted_ends(text) && strip(text, '`'))
        return COSEND_OK;
    if (strip_slashes(text, &ignore_case))
        return compile(pattern, ignore_case, error);
    if (read_number(text->data, text->length, &pattern->number)) {
        pattern->kind = CSI_FIELD_NUMBER;
        return pattern->number
                   ? COSEND_OK
                   : cosend_error_set(error, COSEND_E_SPEC,
                                      "fields are numbered from #1");
    }
    if (has(text, '*') || has(text, '?'))
        pattern->kind = CSI_FIELD_GLOB;
    else if (text->length > 1 && has(text, '-')) {
        pattern->kind = CSI_FIELD_RANGE;
        pattern->is_word = !has(text, '#') && !has(text, '`') &&
                           text->data[0] != '-' &&
                           text->data[text->length - 1] != '-';
    }
    return COSEND_OK;
}

int csi_field_pattern_new(const char *text, size_t length,
                          struct csi_field_pattern **pattern,
                          struct cosend_error *error)
{
    struct csi_field_pattern read = {.text = {text, length}};
    int status = read_item(&read, error);

    *pattern = NULL;
    if (status < 0 || (read.kind == CSI_FIELD_NAME && !read.negated &&
                       read.text.length == length))
        return status;
    *pattern = csi_calloc(1, sizeof(**pattern));
    if (!*pattern) {
        cosend_regex_free(read.regex);
        return csi_no_memory(error);
    }
    **pattern = read;
    return COSEND_OK;
}

void csi_field_pattern_free(struct csi_field_pattern *pattern)
{
    if (pattern)
        cosend_regex_free(pattern->regex);
    csi_free(pattern);
}

/* ---- What it takes ------------------------------------------------------- */

/* Behind the character at `at`. */
static size_t skip_character(const struct cosend_string *text, size_t at)
{
    at++;
    while (at < text->length && ((unsigned char)text->data[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* Each * takes as little as it can, and more when what follows fits nowhere:
   only the last one has to go back. */
static bool fits_glob(const struct cosend_string *glob,
                      const struct cosend_string *name)
{
    size_t g = 0, n = 0, star = SIZE_MAX, behind = 0;

    while (n < name->length) {
        if (g < glob->length && glob->data[g] == '*') {
            star = g++;
            behind = n;
        } else if (g < glob->length && glob->data[g] == '?') {
            n = skip_character(name, n);
            g++;
        } else if (g < glob->length && glob->data[g] == name->data[n]) {
            g++;
            n++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            n = ++behind;
        } else {
            return false;
        }
    }
    while (g < glob->length && glob->data[g] == '*')
        g++;
    return g == glob->length;
}

static uint32_t find_name(const struct csi_field_choice *choice,
                          const char *name, size_t length)
{
    uint32_t i = 0;

    while (i < choice->count && (choice->names[i].length != length ||
                                 memcmp(choice->names[i].data, name, length)))
        i++;
    return i;
}

/* The field of a number, from 1, or from the end; or `count`. */
static uint32_t find_number(const struct csi_field_choice *choice,
                            int64_t number)
{
    if (number < 0)
        number += (int64_t)choice->count + 1;
    return number < 1 || number > choice->count ? choice->count
                                                : (uint32_t)(number - 1);
}

/* One end of a range: of no bytes it is `open`. */
static uint32_t find_end(const struct csi_field_choice *choice,
                         const char *text, size_t length, bool numbers,
                         uint32_t open)
{
    uint32_t at = length ? find_name(choice, text, length) : open;
    struct cosend_string quoted = {text, length};
    char bare[24] = "#";
    int64_t number;

    if (at < choice->count)
        return at;
    if (strip(&quoted, '`'))
        return find_name(choice, quoted.data, quoted.length);
    if (read_number(text, length, &number))
        return find_number(choice, number);
    if (!numbers || !length || length > sizeof(bare) - 2)
        return choice->count;
    memcpy(bare + 1, text, length);
    return read_number(bare, length + 1, &number) ? find_number(choice, number)
                                                  : choice->count;
}

static bool find_range(const struct csi_field_choice *choice,
                       const struct cosend_string *text, uint32_t *from,
                       uint32_t *to)
{
    bool numbers = text->length && text->data[0] == '#';

    for (size_t i = numbers; choice->count && i < text->length; i++) {
        if (text->data[i] != '-')
            continue;
        *from = find_end(choice, text->data, i, false, 0);
        *to = find_end(choice, text->data + i + 1, text->length - i - 1,
                       numbers, choice->count - 1);
        if (*from < choice->count && *to < choice->count)
            return true;
    }
    return false;
}

static void set_chosen(struct csi_field_choice *choice, uint32_t at, bool is)
{
    if (is && !choice->by[at]) {
        choice->chosen[choice->chosen_count++] = at;
        choice->by[at] = choice->item;
    }
    if (!is)
        choice->by[at] = 0;
}

static bool take_one(struct csi_field_choice *choice, uint32_t at, bool is)
{
    if (at == choice->count)
        return false;
    set_chosen(choice, at, is);
    return true;
}

static bool take_range(struct csi_field_choice *choice,
                       const struct cosend_string *text, bool is)
{
    uint32_t from, to;

    if (!find_range(choice, text, &from, &to))
        return false;
    for (; from != to; from += from < to ? 1 : UINT32_MAX)
        set_chosen(choice, from, is);
    set_chosen(choice, to, is);
    return true;
}

static bool take_matching(struct csi_field_choice *choice,
                          const struct csi_field_pattern *pattern, bool is)
{
    bool took = false;

    for (uint32_t i = 0; i < choice->count; i++) {
        const struct cosend_string *name = &choice->names[i];

        if (pattern->regex
                ? cosend_regex_matches(pattern->regex,
                                       cosend_text(name->data, name->length))
                : fits_glob(&pattern->text, name)) {
            set_chosen(choice, i, is);
            took = true;
        }
    }
    return took;
}

static bool take_pattern(struct csi_field_choice *choice,
                         const struct csi_field_pattern *pattern)
{
    bool is = !pattern->negated;
    uint32_t at =
        pattern->kind == CSI_FIELD_REGEX
            ? choice->count
            : find_name(choice, pattern->text.data, pattern->text.length);

    if (at < choice->count || pattern->kind == CSI_FIELD_NAME)
        return take_one(choice, at, is);
    switch (pattern->kind) {
    case CSI_FIELD_NUMBER:
        return take_one(choice, find_number(choice, pattern->number), is);
    case CSI_FIELD_RANGE:
        return !(choice->open && pattern->is_word) &&
               take_range(choice, &pattern->text, is);
    default:
        return take_matching(choice, pattern, is);
    }
}

/* Those that were taken and then left out again go. */
static void drop_left_out(struct csi_field_choice *choice)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < choice->chosen_count; i++)
        if (choice->by[choice->chosen[i]])
            choice->chosen[kept++] = choice->chosen[i];
    choice->chosen_count = kept;
}

bool csi_field_choose(struct csi_field_choice *choice, const char *name,
                      const struct csi_field_pattern *pattern)
{
    uint32_t at = find_name(choice, name, strlen(name));
    bool first = !choice->item++, took;

    if (at < choice->count || !pattern)
        return take_one(choice, at, true);
    for (uint32_t i = 0; first && pattern->negated && i < choice->count; i++)
        set_chosen(choice, i, true);
    took = take_pattern(choice, pattern);
    if (pattern->negated)
        drop_left_out(choice);
    return took;
}
