/* SPDX-License-Identifier: MIT */
/*
 * What a server's settings say of its log: `log_format main '...' '...';`,
 * `LogFormat "..." name`, or what stands in their quotes. First the quotes go,
 * with the escapes that they need; each byte that is left knows its place. Then
 * variables are told from the text between.
 */
#include "record/access_log_settings.h"

#include "cosend/time.h"

#include <string.h>

/* Settings without their quotes. */
struct plain {
    struct csi_log_settings *settings;
    enum cosend_access_log_server server;
    struct cosend_error *error;
    const char *at, *end; /* what is left of them */
    char *bytes;
    uint32_t *places;
    size_t length;
    size_t next; /* the byte that is looked at */
    char *literal;
    size_t literal_length; /* since the last variable */
};

/* ---- Quotes -------------------------------------------------------------- */

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct plain *plain)
{
    while (plain->at < plain->end && is_between(*plain->at))
        plain->at++;
}

/* A word in front, whose letters may be of either case; and the blanks behind
   it. */
static bool skip_word(struct plain *plain, const char *word)
{
    size_t length = strlen(word), left = (size_t)(plain->end - plain->at);

    if (left <= length || !is_between(plain->at[length]))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((plain->at[i] | 0x20) != (word[i] | 0x20))
            return false;
    plain->at += length;
    skip_blanks(plain);
    return true;
}

static void add_byte(struct plain *plain, char byte, const char *from)
{
    plain->bytes[plain->length] = byte;
    plain->places[plain->length++] = (uint32_t)(from - plain->settings->text);
}

/* The next byte, or what is escaped; in quotes other escapes are those of
   Apache's and nginx's settings. */
static void add_next(struct plain *plain, bool quoted)
{
    static const char letters[] = "ntr\\", bytes[] = "\n\t\r\\";
    const char *from = plain->at++, *letter;

    if (*from != '\\' || plain->at == plain->end) {
        add_byte(plain, *from, from);
        return;
    }
    letter = quoted || plain->server == COSEND_SERVER_APACHE
                 ? memchr(letters, *plain->at, 4)
                 : NULL;
    if (*plain->at == '"' || *plain->at == '\'')
        add_byte(plain, *plain->at++, from);
    else if (letter) {
        add_byte(plain, bytes[letter - letters], from);
        plain->at++;
    } else
        add_byte(plain, '\\', from);
}

/* What stands between quotes. */
static int add_quoted(struct plain *plain)
{
    const char *open = plain->at++;

    while (plain->at < plain->end && *plain->at != *open)
        add_next(plain, true);
    if (plain->at == plain->end)
        return csi_error_in(
            plain->error, plain->settings->text,
            (size_t)(open - plain->settings->text),
            "this quote is not closed; within it, one is written \\%c", *open);
    plain->at++;
    return COSEND_OK;
}

static bool is_quote(const struct plain *plain)
{
    return plain->at < plain->end && (*plain->at == '"' || *plain->at == '\'');
}

/* How nginx escapes what it writes. */
static void read_escape(struct plain *plain)
{
    if (plain->end - plain->at < 7 || memcmp(plain->at, "escape=", 7) != 0)
        return;
    plain->settings->raw = plain->end - plain->at > 10 &&
                           memcmp(plain->at, "escape=none", 11) == 0;
    while (plain->at < plain->end && !is_between(*plain->at))
        plain->at++;
    skip_blanks(plain);
}

/* nginx's pieces, in quotes and without, are one text. */
static int add_pieces(struct plain *plain)
{
    int status = COSEND_OK;

    for (skip_blanks(plain);
         plain->at < plain->end && *plain->at != ';' && status == COSEND_OK;
         skip_blanks(plain))
        if (is_quote(plain))
            status = add_quoted(plain);
        else
            while (plain->at < plain->end && !is_between(*plain->at) &&
                   *plain->at != ';')
                add_next(plain, true);
    if (status == COSEND_OK && plain->at < plain->end) {
        plain->at++;
        skip_blanks(plain);
    }
    if (status == COSEND_OK && plain->at < plain->end)
        return csi_error_in(plain->error, plain->settings->text,
                            (size_t)(plain->at - plain->settings->text),
                            "the log_format ends before this; give one");
    return status;
}

static int unquote_nginx(struct plain *plain)
{
    bool whole = skip_word(plain, "log_format");

    if (whole)
        while (plain->at < plain->end && !is_between(*plain->at))
            plain->at++;
    if (whole)
        skip_blanks(plain);
    read_escape(plain);
    if (whole || (plain->at < plain->end && *plain->at == '\''))
        return add_pieces(plain);
    while (plain->at < plain->end)
        add_next(plain, false);
    return COSEND_OK;
}

/* The nickname behind a LogFormat is no part of it. */
static int unquote_apache(struct plain *plain)
{
    if (skip_word(plain, "LogFormat") && is_quote(plain))
        return add_quoted(plain);
    while (plain->at < plain->end)
        add_next(plain, false);
    return COSEND_OK;
}

/* ---- Variables ----------------------------------------------------------- */

/* The place of byte i in the settings; of the end, behind the last. */
static size_t settings_place(const struct plain *plain, size_t i)
{
    return i < plain->length ? plain->places[i]
                             : (size_t)(plain->end - plain->settings->text);
}

static int wrong_from(struct plain *plain, size_t start, const char *why)
{
    size_t place = settings_place(plain, start);
    size_t length = settings_place(plain, plain->next) - place;

    return csi_error_in(plain->error, plain->settings->text, place,
                        "\"%.*s\" %s", (int)(length < 60 ? length : 60),
                        plain->settings->text + place, why);
}

static char *keep_text(struct plain *plain, const char *text, size_t length)
{
    char *kept = csi_arena_bytes(plain->settings->arena, length + 1);

    if (!kept) {
        csi_no_memory(plain->error);
        return NULL;
    }
    if (length)
        memcpy(kept, text, length);
    kept[length] = '\0';
    return kept;
}

/* A field's name: what has capitals or other signs in settings has neither. */
static char *make_name(struct plain *plain, const char *front, const char *text,
                       size_t length)
{
    size_t before = strlen(front);
    char *name = csi_arena_bytes(plain->settings->arena, before + length + 1);

    if (!name) {
        csi_no_memory(plain->error);
        return NULL;
    }
    memcpy(name, front, before);
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            c = '_';
        name[before + i] = c;
    }
    name[before + length] = '\0';
    return name;
}

/* What may follow a field with nothing between, for it begins with its own sign
   or is not there: it is a part of that field. */
static bool goes_on(const struct plain *plain, const char *name)
{
    static const char *const pairs[][2] = {
        {"path", "query"}, {"uri", "is_args"}, {"uri", "args"}};
    const struct csi_log_settings *settings = plain->settings;

    if (!settings->count || plain->literal_length)
        return false;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (strcmp(settings->variables[settings->count - 1].name,
                   pairs[i][0]) == 0 &&
            strcmp(name, pairs[i][1]) == 0)
            return true;
    return false;
}

/* Whether it begins with a slash, which the one before it cannot have. */
static bool begins_with_slash(const struct plain *plain, const char *name)
{
    static const char *const paths[] = {"path", "uri", "document_uri"};
    enum csi_log_value before =
        plain->settings->variables[plain->settings->count - 1].value;
    bool is_path = false;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        is_path |= strcmp(name, paths[i]) == 0;
    return is_path && (before == CSI_VALUE_HOST || before == CSI_VALUE_SITE ||
                       before == CSI_VALUE_NUMBER);
}

/* Add the variable that was read from byte `start` on. */
static int add_variable(struct plain *plain, size_t start, char *name,
                        enum csi_log_value value, const char *example)
{
    struct csi_log_settings *settings = plain->settings;
    struct csi_log_variable *variable = &settings->variables[settings->count];
    size_t place = settings_place(plain, start);

    if (!name)
        return COSEND_E_MEMORY;
    if (goes_on(plain, name))
        return COSEND_OK;
    /* The rest of a line may need one more. */
    if (settings->count == COSEND_ACCESS_LOG_FIELDS - 1)
        return wrong_from(plain, start, "is one too many; 63 are the limit");
    if (settings->count && !plain->literal_length &&
        !begins_with_slash(plain, name))
        return wrong_from(plain, start,
                          "follows another with nothing between, so where that "
                          "ends cannot be told; regex=PATTERN may know");
    *variable = (struct csi_log_variable){
        .before = keep_text(plain, plain->literal, plain->literal_length),
        .name = name,
        .value = value,
        .example = example,
        .place = place,
        .length = (int)(settings_place(plain, plain->next) - place)};
    plain->literal_length = 0;
    settings->count++;
    return variable->before ? COSEND_OK : COSEND_E_MEMORY;
}

static void add_literal(struct plain *plain, char byte)
{
    plain->literal[plain->literal_length++] = byte;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
}

/* ---- nginx --------------------------------------------------------------- */

/* $name or ${name} */
static int read_nginx(struct plain *plain)
{
    size_t start = plain->next++, from;
    bool braces =
        plain->next < plain->length && plain->bytes[plain->next] == '{';
    const struct csi_log_name *row;
    char *name;

    from = plain->next += braces;
    while (plain->next < plain->length &&
           is_name_byte(plain->bytes[plain->next]))
        plain->next++;
    if (plain->next == from)
        return wrong_from(plain, start, "is followed by no name of a variable");
    row = csi_nginx_name(plain->bytes + from, plain->next - from);
    name = row->to
               ? keep_text(plain, row->to, strlen(row->to))
               : make_name(plain, "", plain->bytes + from, plain->next - from);
    if (braces &&
        (plain->next == plain->length || plain->bytes[plain->next++] != '}'))
        return wrong_from(plain, start, "has no } behind its name");
    return add_variable(plain, start, name, row->value,
                        "10/Oct/2000:13:55:36 +0000");
}

/* ---- Apache -------------------------------------------------------------- */

/* A directive: %!200,304>{argument}letters, the middle in any order. */
struct directive {
    const char *letters, *argument;
    size_t letters_length, argument_length;
    bool is_conditional; /* "-" where the status is another */
};

static bool read_directive(struct plain *plain, struct directive *directive)
{
    const char *end = plain->bytes + plain->length;
    const char *at = plain->bytes + plain->next + 1, *close;

    for (*directive = (struct directive){0};
         at < end && strchr("!,<>0123456789{", *at) && *at; at++) {
        directive->is_conditional |= *at != '<' && *at != '>' && *at != '{';
        if (*at != '{')
            continue;
        close = memchr(at, '}', (size_t)(end - at));
        if (!close)
            return false;
        directive->argument = at + 1;
        directive->argument_length = (size_t)(close - at - 1);
        at = close;
    }
    directive->letters = at;
    if (at == end)
        return false;
    directive->letters_length = *at == '^' ? 3 : 1;
    if ((size_t)(end - at) < directive->letters_length)
        return false;
    plain->next = (size_t)(at - plain->bytes) + directive->letters_length;
    return true;
}

/* What a time by a format of strftime looks like; NULL, with the error set. */
static const char *make_example(struct plain *plain, size_t start,
                                const char *text, size_t length)
{
    static const struct cosend_time time = {INT64_C(971186136123456789),
                                            0}; /* a day of two digits */
    struct cosend_error why = {0};
    struct cosend_time_format *format =
        cosend_time_format_new(text, length, false, &why);
    char out[256];
    size_t all;

    if (!format) {
        wrong_from(plain, start, why.message);
        return NULL;
    }
    all = cosend_format_time(format, time, NULL, out, sizeof(out));
    cosend_time_format_free(format);
    if (all < sizeof(out))
        return keep_text(plain, out, all);
    wrong_from(plain, start, "is too long a time");
    return NULL;
}

/* %{begin:%F}t is %{%F}t, and so is end: */
static void strip_when(struct directive *directive)
{
    static const char *const fronts[] = {"begin:", "end:"};

    if (*directive->letters != 't' || !directive->argument)
        return;
    for (int i = 0; i < 2; i++) {
        size_t front = strlen(fronts[i]);

        if (directive->argument_length >= front &&
            memcmp(directive->argument, fronts[i], front) == 0) {
            directive->argument += front;
            directive->argument_length -= front;
            return;
        }
    }
}

static int unknown(struct plain *plain, size_t start,
                   const struct directive *directive)
{
    if (!csi_apache_has(directive->letters, directive->letters_length))
        return wrong_from(plain, start, "is no directive of LogFormat");
    return wrong_from(plain, start,
                      directive->argument
                          ? "has an argument that it does not take"
                          : "needs an argument, as %{Referer}i has one");
}

static int read_apache(struct plain *plain)
{
    size_t start = plain->next;
    struct directive directive;
    const struct csi_log_name *row;
    const char *example = "10/Oct/2000:13:55:36 +0000";
    bool is_any;
    int status;

    if (plain->next + 1 < plain->length && plain->bytes[start + 1] == '%') {
        plain->next += 2;
        add_literal(plain, '%');
        return COSEND_OK;
    }
    if (!read_directive(plain, &directive)) {
        plain->next = plain->length;
        return wrong_from(plain, start, "is a directive without its end");
    }
    strip_when(&directive);
    row = csi_apache_name(directive.letters, directive.letters_length,
                          directive.argument, directive.argument_length);
    if (!row)
        return unknown(plain, start, &directive);
    is_any = row->argument && strcmp(row->argument, "*") == 0 &&
             row->value != CSI_VALUE_CLOCK;
    if (row->value == CSI_VALUE_CLOCK)
        example = make_example(plain, start, directive.argument,
                               directive.argument_length);
    if (!example)
        return COSEND_E_USAGE;
    /* Where it may be "-", it may be without its brackets. */
    if (row->value != CSI_VALUE_TIME || directive.is_conditional)
        return add_variable(plain, start,
                            make_name(plain, row->to, directive.argument,
                                      is_any ? directive.argument_length : 0),
                            directive.is_conditional &&
                                    row->value == CSI_VALUE_TIME
                                ? CSI_VALUE_BLANKS
                                : row->value,
                            example);
    add_literal(plain, '[');
    status = add_variable(plain, start, make_name(plain, row->to, "", 0),
                          row->value, example);
    add_literal(plain, ']');
    return status;
}

/* ---- All of it ----------------------------------------------------------- */

static int read_variables(struct plain *plain)
{
    struct csi_log_settings *settings = plain->settings;
    bool is_nginx = plain->server == COSEND_SERVER_NGINX;
    int status = COSEND_OK;

    while (plain->next < plain->length && status == COSEND_OK)
        if (plain->bytes[plain->next] == (is_nginx ? '$' : '%'))
            status = is_nginx ? read_nginx(plain) : read_apache(plain);
        else
            add_literal(plain, plain->bytes[plain->next++]);
    if (status != COSEND_OK)
        return status;
    if (!settings->count)
        return csi_error_in(plain->error, settings->text, 0, "there is no %s",
                            is_nginx ? "variable, as $remote_addr is one"
                                     : "directive, as %h is one");
    settings->after = keep_text(plain, plain->literal, plain->literal_length);
    return settings->after ? COSEND_OK : COSEND_E_MEMORY;
}

int csi_log_settings_read(struct csi_log_settings *settings,
                          enum cosend_access_log_server server, size_t length,
                          struct cosend_error *error)
{
    struct plain plain = {
        .settings = settings,
        .server = server,
        .error = error,
        .at = settings->text,
        .end = settings->text + length,
        .bytes = csi_arena_bytes(settings->arena, length + 1),
        .places = csi_arena_get(settings->arena,
                                (length + 1) * sizeof(*plain.places)),
        /* Each directive may become brackets. */
        .literal = csi_arena_bytes(settings->arena, 2 * length + 1)};
    int status;

    if (!plain.bytes || !plain.places || !plain.literal)
        return csi_no_memory(error);
    skip_blanks(&plain);
    while (plain.end > plain.at && is_between(plain.end[-1]))
        plain.end--;
    status = server == COSEND_SERVER_NGINX ? unquote_nginx(&plain)
                                           : unquote_apache(&plain);
    return status == COSEND_OK ? read_variables(&plain) : status;
}
