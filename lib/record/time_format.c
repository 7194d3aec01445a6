/* SPDX-License-Identifier: MIT */
#include "record/time_format.h"

#include "base/text.h"

#include <string.h>

/* ---- Directives ---------------------------------------------------------- */

const char *csi_time_directive(const char *p, const char *end,
                               struct csi_directive *directive)
{
    *directive = (struct csi_directive){0};
    p++;
    if (end - p >= 2 && *p == ':' && p[1] == 'z') {
        directive->colon = true;
        p++;
    } else if (end - p >= 2 && *p >= '1' && *p <= '9' && p[1] == 'f') {
        directive->digits = *p++ - '0';
    }
    if (p == end)
        return NULL;
    directive->letter = *p++;
    return p;
}

/* What a directive stands for, where it is short for others. */
static const char *long_form(char letter)
{
    switch (letter) {
    case 'T':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'r':
        return "%I:%M:%S %p";
    case 'D':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'h':
        return "%b";
    case 'n':
        return "\n";
    case 't':
        return "\t";
    default:
        return NULL;
    }
}

/* ---- Compiling ----------------------------------------------------------- */

static int wrong(const char *text, size_t length, const char *at,
                 const char *why, struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_USAGE, "\"%.*s\", byte %d: %s",
                            length > 80 ? 80 : (int)length, text,
                            (int)(at - text) + 1, why);
}

static const char *why_not(char letter, bool reads)
{
    if (strchr("cxXEO", letter))
        return "this depends on the locale; write it out, as %a %b %e %T %Y";
    if (letter == 'L' || letter == 'N')
        return "a fraction is %f, or %3f for milliseconds, %9f for nanoseconds";
    if (!strchr("YyCmbBdejaAuwGVUWHkIlpMSfzZs%", letter))
        return "there is no such directive";
    return reads && strchr("CGVUW", letter)
               ? "this can be printed, and not read"
               : NULL;
}

/* Append a text with its short forms written out. */
static int expand(struct csi_text *out, const char *text, size_t length,
                  bool reads, struct cosend_error *error)
{
    const char *p = text, *end = text + length, *next, *form;
    bool ok = true;

    for (; p < end && ok; p = next) {
        struct csi_directive directive;
        const char *why;

        next = p + 1;
        if (*p != '%') {
            ok = csi_text_add(out, p, 1);
            continue;
        }
        next = csi_time_directive(p, end, &directive);
        if (!next)
            return wrong(text, length, p,
                         "a percent sign that is meant is written %%", error);
        form = directive.letter ? long_form(directive.letter) : NULL;
        why = form                ? NULL
              : !directive.letter ? "there is no such directive"
                                  : why_not(directive.letter, reads);
        if (why)
            return wrong(text, length, p, why, error);
        ok = form ? csi_text_string(out, form)
                  : csi_text_add(out, p, (size_t)(next - p));
    }
    return ok ? COSEND_OK : csi_no_memory(error);
}

/* Whether a format has a directive of those. */
static bool has(const struct csi_text *text, const char *letters)
{
    const char *p = text->data, *end = p + text->length;

    while (p < end) {
        struct csi_directive directive;

        if (*p != '%') {
            p++;
            continue;
        }
        p = csi_time_directive(p, end, &directive);
        if (strchr(letters, directive.letter))
            return true;
    }
    return false;
}

/* A date has a month and a day; where no time of day is read, a year alone is
   one, and with a month: %Y-%M is a slip. */
static int check_date(const struct csi_text *text, struct cosend_error *error)
{
    bool month = has(text, "mbB"), day = has(text, "de");

    if (has(text, "sj") || (month && day) ||
        (has(text, "Yy") && !day && !has(text, "HkIlMSfp")))
        return COSEND_OK;
    return cosend_error_set(
        error, COSEND_E_USAGE,
        "no date can be read by \"%.*s\": it needs %%s, or a month and a day, "
        "or %%j, or a year and no time of day%s",
        text->length > 80 ? 80 : (int)text->length, text->data,
        has(text, "HkIl")
            ? "; where the date is in a field of its own a step `set when = "
              "concat(date, \" \", time)` before makes one of the two"
            : "");
}

/* ---- Names --------------------------------------------------------------- */

static const struct {
    const char *name, *text;
    enum csi_time_form form;
} names[] = {{"rfc3339", "", CSI_FORM_RFC3339},
             {"iso8601", "", CSI_FORM_RFC3339},
             {"clf", "%d/%b/%Y:%H:%M:%S %z", CSI_FORM_TEXT},
             {"syslog", "%b %e %H:%M:%S", CSI_FORM_TEXT},
             {"epoch", "", CSI_FORM_EPOCH},
             {"epoch_ms", "", CSI_FORM_EPOCH_MS},
             {"epoch_us", "", CSI_FORM_EPOCH_US},
             {"epoch_ns", "", CSI_FORM_EPOCH_NS}};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

static const char *name_at(const void *list, size_t i)
{
    (void)list;
    return names[i].name;
}

/* A word that is no name, and would print itself for every time. */
static int check_words(const char *text, size_t length,
                       struct cosend_error *error)
{
    char word[32] = "";
    const char *near;

    if (memchr(text, '%', length))
        return COSEND_OK;
    if (length < sizeof(word))
        memcpy(word, text, length);
    near = cosend_suggest(word, NAMES, name_at, NULL);
    return cosend_error_set(error, COSEND_E_USAGE,
                            "\"%.*s\" has no directive, as %%Y is one, and is "
                            "no name of a format%s%s%s",
                            length > 80 ? 80 : (int)length, text,
                            near ? "; did you mean \"" : "", near ? near : "",
                            near ? "\"?" : "");
}

static struct cosend_time_format *make(enum csi_time_form form,
                                       const char *text, size_t length,
                                       bool reads, struct cosend_error *error)
{
    struct cosend_time_format *format =
        csi_malloc(sizeof(*format) + length + 1);

    if (!format) {
        csi_no_memory(error);
        return NULL;
    }
    format->form = form;
    format->length = length;
    format->reads = reads;
    if (length)
        memcpy(format->text, text, length);
    format->text[length] = '\0';
    return format;
}

struct cosend_time_format *cosend_time_format_new(const char *text,
                                                  size_t length, bool reads,
                                                  struct cosend_error *error)
{
    struct cosend_time_format *format = NULL;
    struct csi_text all = {0};
    int status;

    for (size_t i = 0; i < NAMES; i++)
        if (strlen(names[i].name) == length &&
            memcmp(names[i].name, text, length) == 0)
            return make(names[i].form, names[i].text, strlen(names[i].text),
                        reads, error);
    status = check_words(text, length, error);
    if (status == COSEND_OK)
        status = expand(&all, text, length, reads, error);
    if (status == COSEND_OK && reads)
        status = check_date(&all, error);
    if (status == COSEND_OK)
        format = make(CSI_FORM_TEXT, all.data, all.length, reads, error);
    csi_text_free(&all);
    return format;
}

void cosend_time_format_free(struct cosend_time_format *format)
{
    csi_free(format);
}
