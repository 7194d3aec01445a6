/* SPDX-License-Identifier: MIT */
/*
 * Forms of access logs that are made of a server's settings. Of each variable
 * what it is, and what stands before and behind it, say where it ends; quotes
 * and brackets around the whole of one become its own, so that most formats are
 * rows as those of the forms that have names, and some the very same.
 */
#include "record/access_log.h"

#include "record/access_log_plain.h"
#include "record/access_log_settings.h"

#include <stdio.h>

struct form {
    struct cosend_access_log log; /* the first, so that it stands for all */
    struct csi_arena arena;
    struct cosend_access_log_field fields[COSEND_ACCESS_LOG_FIELDS];
};

/* A form that is being made. */
struct maker {
    struct form *form;
    struct csi_log_settings settings;
    struct cosend_error *error;
    bool rest;      /* lines may have more */
    bool in_quotes; /* where the variable at hand is */
};

/* ---- Names --------------------------------------------------------------- */

static bool is_taken(const struct maker *maker, size_t count, const char *name)
{
    static const char *const pieces[] = {"method", "path", "protocol"};
    const struct csi_log_variable *variables = maker->settings.variables;
    bool has_request = false;

    if (maker->rest && strcmp(name, "rest") == 0)
        return true;
    for (size_t i = 0; i < count; i++)
        if (strcmp(variables[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < maker->settings.count; i++)
        has_request |= strcmp(variables[i].name, "request") == 0;
    for (size_t i = 0; i < 3; i++)
        if (has_request && strcmp(pieces[i], name) == 0)
            return true;
    return false;
}

/* A name that is there already gets a number: size_2. */
static int name_apart(struct maker *maker)
{
    for (size_t i = 0; i < maker->settings.count; i++) {
        struct csi_log_variable *variable = &maker->settings.variables[i];
        size_t room = strlen(variable->name) + 8;
        char *name = variable->name;

        for (int n = 2; is_taken(maker, i, name); n++) {
            if (name == variable->name)
                name = csi_arena_bytes(&maker->form->arena, room);
            if (!name)
                return csi_no_memory(maker->error);
            snprintf(name, room, "%s_%d", variable->name, n);
        }
        variable->name = name;
    }
    return COSEND_OK;
}

/* ---- Where a field ends -------------------------------------------------- */

static int wrong(const struct maker *maker,
                 const struct csi_log_variable *variable, const char *why)
{
    return csi_error_in(maker->error, maker->settings.text, variable->place,
                        "\"%.*s\" %s", variable->length,
                        maker->settings.text + variable->place, why);
}

static bool ends_in(const char *text, char byte)
{
    size_t length = strlen(text);

    return length && text[length - 1] == byte;
}

static void drop_last(char *text)
{
    text[strlen(text) - 1] = '\0';
}

/* Text that stands to the end of a line, or of what is in quotes, may not have
   what ended another field in front of it: that would be a field too many. */
static char separator_of(const struct csi_log_variable *variable)
{
    const char *before = variable->before;
    char last = *before ? before[strlen(before) - 1] : ' ';
    bool is_text =
        variable->value == CSI_VALUE_TEXT || variable->value == CSI_VALUE_SITE;

    if (!is_text && last == ' ')
        return '\0';
    if (*before && strchr(" \t|,;", *before))
        return is_text || *before != ' ' ? *before : '\0';
    return strchr(" \t|,;", last) ? last : '\0';
}

/* How many runs of a byte a time has. */
static unsigned char runs_of(char byte, const char *example)
{
    unsigned runs = 0;

    for (size_t i = 0; example[i]; i++)
        runs += example[i] == byte && (!i || example[i - 1] != byte);
    return (unsigned char)runs;
}

static int end_time(const struct maker *maker,
                    const struct csi_log_variable *variable, char next,
                    struct cosend_access_log_field *field)
{
    if ((next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') ||
        (next >= 'A' && next <= 'Z') || next == '+' || next == '-')
        return wrong(maker, variable,
                     "is a time, and what follows it may be a part of one, so "
                     "where it ends cannot be told; regex=PATTERN may know");
    field->kind = CSI_LOG_TIMED;
    field->passes = runs_of(next, variable->example);
    return COSEND_OK;
}

static bool is_time(const struct csi_log_variable *variable)
{
    return variable->value == CSI_VALUE_TIME ||
           variable->value == CSI_VALUE_CLOCK;
}

/* A word of its own, between spaces. */
static int end_word(const struct maker *maker,
                    const struct csi_log_variable *variable, const char *next,
                    struct cosend_access_log_field *field)
{
    if (variable->value == CSI_VALUE_REQUEST)
        return wrong(maker, variable,
                     "has spaces in it, so the space behind it does not say "
                     "where it ends; regex=PATTERN may know");
    if (variable->value == CSI_VALUE_HOST)
        field->kind = CSI_LOG_HOST;
    else if (variable->value == CSI_VALUE_WORD)
        field->kind = CSI_LOG_WORD;
    else if (variable->value == CSI_VALUE_USER && next[1] == '[')
        field->kind = CSI_LOG_USER;
    else if (next[1] != ':')
        field->kind = CSI_LOG_VALUE;
    return COSEND_OK;
}

/* Of a variable inside of quotes: all that is in them, or a part. */
static void end_in_quotes(struct maker *maker,
                          struct csi_log_variable *variable, char **next,
                          struct cosend_access_log_field *field)
{
    if (**next != '"')
        field->kind = CSI_LOG_INSIDE;
    else if (!ends_in(variable->before, '"')) {
        field->kind = CSI_LOG_CLOSED;
        field->ends = '\0';
        if (!strchr(variable->before, '"'))
            field->ends = separator_of(variable);
    } else {
        field->kind = CSI_LOG_QUOTED;
        drop_last(variable->before);
        ++*next;
        maker->in_quotes = false;
    }
}

/* The first byte behind the variable that follows with nothing between. */
static char end_of_next(const struct maker *maker,
                        const struct csi_log_variable *variable)
{
    const struct csi_log_settings *settings = &maker->settings;
    const struct csi_log_variable *behind = variable + 2;

    return behind < settings->variables + settings->count ? *behind->before
                                                          : *settings->after;
}

static bool is_of_host(const struct csi_log_variable *variable)
{
    return variable->value == CSI_VALUE_HOST ||
           variable->value == CSI_VALUE_SITE;
}

/* *next is the text behind the variable. */
static int end_field(struct maker *maker, struct csi_log_variable *variable,
                     char **next, bool is_last,
                     struct cosend_access_log_field *field)
{
    bool escapes = maker->in_quotes && !maker->settings.raw;

    field->kind = CSI_LOG_UPTO;
    field->ends = **next;
    if (!is_last && !**next) {
        field->kind =
            variable->value == CSI_VALUE_NUMBER ? CSI_LOG_PORT : CSI_LOG_SITE;
        field->ends = end_of_next(maker, variable);
    } else if (variable->value == CSI_VALUE_STATUS) {
        field->kind = CSI_LOG_STATUS;
    } else if (variable->value == CSI_VALUE_NUMBER) {
        field->kind = CSI_LOG_NUMBER;
    } else if (!**next) {
        field->kind = CSI_LOG_LAST;
        field->ends = separator_of(variable);
    } else if (**next == ':' && is_of_host(variable)) {
        field->kind = CSI_LOG_COLON;
    } else if (escapes && (**next == '"' || !is_time(variable)))
        end_in_quotes(maker, variable, next, field);
    else if (is_time(variable) && **next == ']' &&
             ends_in(variable->before, '[')) {
        field->kind = CSI_LOG_TIME;
        drop_last(variable->before);
        ++*next;
    } else if (is_time(variable))
        return end_time(maker, variable, **next, field);
    else if (**next == ' ')
        return end_word(maker, variable, *next, field);
    return COSEND_OK;
}

static bool count_quotes(const char *text, bool in_quotes)
{
    for (; *text; text++)
        in_quotes ^= *text == '"';
    return in_quotes;
}

static int make_fields(struct maker *maker)
{
    struct csi_log_settings *settings = &maker->settings;
    size_t count = settings->count;

    for (size_t i = 0; i < count; i++) {
        struct csi_log_variable *variable = &settings->variables[i];
        struct cosend_access_log_field *field = &maker->form->fields[i];
        bool is_last = i + 1 == count;
        int status;

        maker->in_quotes = count_quotes(variable->before, maker->in_quotes);
        status = end_field(maker, variable,
                           is_last ? &settings->after : &variable[1].before,
                           is_last, field);
        if (status != COSEND_OK)
            return status;
        field->name = variable->name;
        field->before = variable->before;
        field->is_request = strcmp(variable->name, "request") == 0;
    }
    return COSEND_OK;
}

/* ---- A form -------------------------------------------------------------- */

static int add_rest(struct maker *maker)
{
    struct cosend_access_log *log = &maker->form->log;
    struct cosend_access_log_field *last = &maker->form->fields[log->count - 1];

    if (last->kind == CSI_LOG_LAST)
        return wrong(maker, &maker->settings.variables[log->count - 1],
                     "ends where the line does, so that there is no rest");
    last[1] = (struct cosend_access_log_field){
        .name = "rest", .kind = CSI_LOG_REST, .before = log->after};
    log->after = "";
    log->has_rest = true;
    log->count++;
    return COSEND_OK;
}

static int make_form(struct maker *maker, enum cosend_access_log_server server,
                     size_t length)
{
    struct cosend_access_log *log = &maker->form->log;
    int status =
        csi_log_settings_read(&maker->settings, server, length, maker->error);

    if (status == COSEND_OK)
        status = name_apart(maker);
    if (status == COSEND_OK)
        status = make_fields(maker);
    if (status != COSEND_OK)
        return status;
    *log = (struct cosend_access_log){
        .name = server == COSEND_SERVER_NGINX ? "log_format" : "LogFormat",
        .fields = maker->form->fields,
        .count = (uint32_t)maker->settings.count,
        .after = maker->settings.after};
    if (maker->rest)
        status = add_rest(maker);
    log->cut_plain = csi_access_log_walk;
    return status;
}

struct cosend_access_log *
cosend_access_log_new(enum cosend_access_log_server server, const char *text,
                      size_t length, bool rest, struct cosend_error *error)
{
    struct form *form = csi_calloc(1, sizeof(*form));
    struct maker maker = {.form = form, .error = error, .rest = rest};

    if (!form) {
        csi_no_memory(error);
        return NULL;
    }
    maker.settings.text = text;
    maker.settings.arena = &form->arena;
    if (make_form(&maker, server, length) == COSEND_OK)
        return &form->log;
    cosend_access_log_free(&form->log);
    return NULL;
}

void cosend_access_log_free(struct cosend_access_log *log)
{
    struct form *form = (struct form *)log;

    if (!form)
        return;
    csi_arena_free(&form->arena);
    csi_free(form);
}
