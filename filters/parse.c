/* SPDX-License-Identifier: MIT */
/*
 * parse: emits every record, as it comes, with the parts of one of its fields
 * as fields. What a field is, its option says: a form that has a name
 * (cosend/log_forms.h), a server's settings (cosend/access_log.h), a pattern
 * (cosend/grok.h). Each leads to one of the ways to take it apart.
 */
#include "cosend.h"

#include <string.h>

enum no_match { NO_MATCH_REJECT, NO_MATCH_DROP, NO_MATCH_KEEP };
enum rest { REST_KEEP, REST_REJECT };

enum { LONGEST_INTO = 256 };

struct parts;
struct parse;

/* A way to take a field apart. */
typedef int way(struct cosend_stage *self, const struct parse *parse,
                struct parts *parts);

struct parse {
    struct cosend_field field;
    int as;
    struct cosend_program_options programs;
    struct cosend_grok_options groks;
    struct cosend_pair_options pairs;
    struct cosend_string into; /* in front of names, with a point */
    char prefix[LONGEST_INTO + 1];
    struct cosend_list types;
    int no_match, rest;
    bool keep_source;
    const char *option; /* that says what the field is */
    way *way;
    size_t count; /* of the fields made; 0 where texts name them */
    const char *names[COSEND_GROK_FIELDS];
    int made_types[COSEND_GROK_FIELDS]; /* -1: as it is */
    struct cosend_grok *compiled;
    const struct cosend_line_form *form;
    struct cosend_line_form *made_form;   /* it, of a program's; or NULL */
    const struct cosend_pair_form *named; /* whose texts name their fields */
    struct cosend_access_log log;         /* which lines are of this form */
    struct cosend_access_log *made; /* it, of a server's settings; or NULL */
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
};

static const char *const no_matches[] = {"reject", "drop", "keep", NULL};
static const char *const rests[] = {"keep", "reject", NULL};

static const struct cosend_option options[] = {
    {.name = "as",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, as),
     .flags = COSEND_MAIN,
     .choices = cosend_log_form_names,
     .describe = cosend_log_form_describe,
     .help = "a form of line that has a name",
     .example = "\"combined\""},
    {.name = "programs",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct parse, programs),
     .group = cosend_program_options},
    {.name = "patterns",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct parse, groks),
     .group = cosend_grok_options},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct parse, field),
     .flags = COSEND_ONLY_COLUMN,
     .help = "the field to parse",
     .example = "\"message\""},
    {.name = "pairs",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct parse, pairs),
     .group = cosend_pair_options},
    {.name = "into",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct parse, into),
     .minimum = 1,
     .maximum = LONGEST_INTO,
     .help = "a name that is put in front of those of the fields made, with a "
             "point between: status becomes req.status",
     .example = "\"req\""},
    {.name = "types",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct parse, types),
     .group = cosend_field_type_options,
     .item_size = sizeof(int),
     .help = "what fields become, as with convert: by the names that they have "
             "without into; grok says it too, as in %{INT:ms:int}",
     .example = "{\"status\": \"int\", \"time\": \"date\"}"},
    {.name = "rest",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, rest),
     .choices = rests,
     .help = "what a line of an access log has behind its last field becomes "
             "the field rest, or makes it one that does not match; default "
             "\"keep\"; \"reject\" with nginx and apache, elb, s3 and "
             "cloudfront",
     .example = "\"reject\""},
    {.name = "no_match",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, no_match),
     .fallback = "\"reject\"",
     .choices = no_matches,
     .help = "what becomes of a record that does not match: it is bad, or "
             "dropped, or kept without the new fields",
     .example = "\"drop\""},
    {.name = "keep_source",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct parse, keep_source),
     .help = "keep the field that was parsed too; no_match=keep implies it",
     .example = "true"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static way parse_log, parse_fields, parse_pairs;

static bool is_said_by(const struct parse *parse, const char *option)
{
    return strcmp(parse->option, option) == 0;
}

/* Whether the first line of the input is to say what the lines are. */
static bool is_auto(const struct parse *parse)
{
    return is_said_by(parse, "as") && !parse->way;
}

static void check_pattern(struct cosend_check *check, struct parse *parse)
{
    parse->way = parse_fields;
    parse->compiled = cosend_check_grok(check, parse->option, &parse->groks);
}

static void use_log(struct parse *parse, const struct cosend_access_log *log,
                    bool rest)
{
    parse->way = parse_log;
    parse->log = *log;
    if (log->has_rest && !rest) {
        parse->log.count--;
        parse->log.has_rest = false;
    }
}

/* Lines are of the form that the option says, or the first line did. */
static void use_name(struct parse *parse, bool keeps_rest)
{
    const struct cosend_log_form *form = &cosend_log_forms[parse->as];

    if (form->access)
        use_log(parse, form->access,
                parse->rest == REST_KEEP &&
                    (keeps_rest || !form->access->is_strict));
    else if (form->pairs)
        parse->way = parse_pairs;
    else if (form->lines)
        parse->way = parse_fields;
    parse->named = form->pairs;
    parse->form = form->lines;
}

static void check_pairs(struct cosend_check *check, struct parse *parse)
{
    struct cosend_error error = {0};
    struct cosend_pair_cutter *cutter;

    parse->pairs.names = parse->groks.names.items;
    parse->pairs.name_count = parse->groks.names.count;
    cutter = cosend_pair_cutter_new(parse->named, &parse->pairs, &error);
    if (!cutter)
        cosend_check_failed(check, parse->option, &error);
    cosend_pair_cutter_free(cutter);
}

static void check_name(struct cosend_check *check, struct parse *parse)
{
    const struct cosend_access_log *log = cosend_log_forms[parse->as].access;
    bool given = cosend_check_given(check, "rest");

    if (log && given && parse->rest == REST_KEEP && !log->has_rest)
        cosend_check_error(check, "rest", "%s has nothing behind its fields",
                           log->name);
    use_name(parse, given);
    if (parse->named)
        check_pairs(check, parse);
}

/* A format says all that its lines have. */
static void check_server(struct cosend_check *check, struct parse *parse)
{
    bool rest = cosend_check_given(check, "rest") && parse->rest == REST_KEEP;

    parse->made =
        cosend_check_access_log(check, parse->option, &parse->programs, rest);
    if (parse->made)
        use_log(parse, parse->made, rest);
}

static void check_program(struct cosend_check *check, struct parse *parse)
{
    parse->way = parse_fields;
    parse->form = parse->made_form =
        cosend_check_line_form(check, parse->option, &parse->programs);
}

static void release(void *memory)
{
    struct parse *parse = memory;

    cosend_line_form_free(parse->made_form);
    cosend_grok_free(parse->compiled);
    cosend_access_log_free(parse->made);
}

/* ---- Body ---------------------------------------------------------------- */

struct parts {
    struct cosend_bytes *name; /* of a field, with what is in front of it */
    size_t count;
    struct cosend_column columns[COSEND_GROK_FIELDS];
};

/* The name that field i gets. It is good until the next call; NULL without
   memory. */
static const char *made_name(const struct parse *parse,
                             const struct parts *parts, size_t i)
{
    const char *name = parse->names[i];

    if (!parse->into.length)
        return name;
    cosend_bytes_clear(parts->name);
    cosend_put_raw(parts->name, parse->into.data, parse->into.length);
    cosend_put_raw(parts->name, name, strlen(name) + 1);
    return parts->name->failed ? NULL : (const char *)parts->name->data;
}

static void add_columns(struct cosend_stage *self, const struct parse *parse,
                        struct parts *parts)
{
    parts->name = cosend_stage_text(self);
    parts->count = parse->count;
    if (!parse->keep_source)
        cosend_drop_column(self, parse->field);
    for (size_t i = 0; i < parts->count; i++)
        parts->columns[i] = cosend_add_column(self, made_name(parse, parts, i));
}

struct others {
    const struct parse *parse;
    const struct parts *parts;
};

/* Whether one that does not match can be kept as it is: what it has of the
   fields that others get would be lost. */
static bool may_keep(struct cosend_stage *self, const struct others *others,
                     const struct cosend_record *record)
{
    const struct parse *parse = others->parse;

    return cosend_columns_free(
        self, record, others->parts->columns, others->parts->count,
        (struct cosend_fields){parse->field.slot, parse->way == parse_fields},
        "one that does not match would lose it: rename it before");
}

/* Whether a record has no field that one made would take the place of. */
static bool is_free(struct cosend_stage *self,
                    const struct cosend_record *record, void *own)
{
    const struct others *others = own;
    const struct parse *parse = others->parse;
    /* A pattern's fields are called as the user says, the field itself too. */
    bool is_replaced = !parse->keep_source ||
                       (parse->no_match == NO_MATCH_KEEP && parse->compiled);

    return cosend_columns_free(
        self, record, others->parts->columns, others->parts->count,
        (struct cosend_fields){parse->field.slot, is_replaced},
        "drop it before, or into=NAME puts NAME. in front of what parse makes");
}

/* What the fields are to be; NULL where all are as they are. */
static const int *made_types(const struct parse *parse)
{
    for (size_t i = 0; i < parse->count; i++)
        if (parse->made_types[i] >= 0)
            return parse->made_types;
    return NULL;
}

/* ---- Logs ---------------------------------------------------------------- */

static bool is_other(struct cosend_stage *self,
                     const struct cosend_record *record, const char *where,
                     const char *other, void *own)
{
    const struct parse *parse = ((const struct others *)own)->parse;

    if (parse->no_match == NO_MATCH_KEEP)
        return may_keep(self, own, record);
    if (parse->no_match == NO_MATCH_REJECT)
        cosend_bad_log_line(self, record, parse->field, &parse->log, where,
                            other);
    return false;
}

static int parse_log(struct cosend_stage *self, const struct parse *parse,
                     struct parts *parts)
{
    struct cosend_log_lines lines = {.field = parse->field,
                                     .log = &parse->log,
                                     .columns = parse->columns,
                                     .to = parts->columns,
                                     .count = parts->count,
                                     .types = made_types(parse),
                                     .names_other =
                                         parse->no_match == NO_MATCH_REJECT,
                                     .is_free = is_free,
                                     .is_other = is_other,
                                     .own = &(struct others){parse, parts}};

    return cosend_send_log_lines(self, &lines);
}

/* ---- Forms of lines, and patterns ---------------------------------------- */

static bool is_no_match(struct cosend_stage *self,
                        const struct cosend_record *record, const char *where,
                        void *own)
{
    const struct parse *parse = ((const struct others *)own)->parse;

    if (parse->no_match == NO_MATCH_KEEP)
        return may_keep(self, own, record);
    if (where)
        cosend_bad_line(self, record, parse->field,
                        "not a line of %s, at its %s", parse->form->name,
                        where);
    else
        cosend_bad(self, record, "no_match", "the pattern does not match");
    return false;
}

static int parse_fields(struct cosend_stage *self, const struct parse *parse,
                        struct parts *parts)
{
    struct cosend_cut_fields cut = {
        .field = parse->field,
        .form = parse->form,
        .grok = parse->compiled,
        .to = parts->columns,
        .types = made_types(parse),
        .is_free = is_free,
        .is_other = parse->no_match == NO_MATCH_DROP ? NULL : is_no_match,
        .own = &(struct others){parse, parts}};

    return cosend_send_cut_fields(self, &cut);
}

/* ---- Texts that name their fields ---------------------------------------- */

static bool is_none(struct cosend_stage *self,
                    const struct cosend_record *record, const char *why,
                    void *own)
{
    const struct parse *parse = ((const struct others *)own)->parse;

    if (parse->no_match == NO_MATCH_REJECT)
        cosend_bad_line(self, record, parse->field, "not %s: %s",
                        parse->named->name, why);
    return parse->no_match == NO_MATCH_KEEP;
}

static int parse_pairs(struct cosend_stage *self, const struct parse *parse,
                       struct parts *parts)
{
    struct cosend_pair_lines lines = {.field = parse->field,
                                      .drops = !parse->keep_source,
                                      .form = parse->named,
                                      .options = &parse->pairs,
                                      .prefix = parse->into,
                                      .types = &parse->types,
                                      .is_other = is_none,
                                      .own = &(struct others){parse, parts}};

    return cosend_send_pair_lines(self, &lines);
}

/* ---- What a field is ----------------------------------------------------- */

/* The options that say so, and what each comes to. */
static const struct {
    const char *option;
    void (*check)(struct cosend_check *check, struct parse *parse);
} kinds[] = {
    {"as", check_name},          {"nginx", check_server},
    {"apache", check_server},    {"log4j", check_program},
    {"postgres", check_program}, {"regex", check_pattern},
    {"grok", check_pattern},     {"any", check_pattern},
    {"pattern", check_pattern},  {NULL, NULL},
};

/* Options that some forms have. */
static void check_own_options(struct cosend_check *check,
                              const struct parse *parse)
{
    static const struct {
        const char *option;
        enum cosend_pair_form_name form;
    } owns[] = {{"pair_separator", COSEND_PAIR_KV},
                {"value_separator", COSEND_PAIR_KV},
                {"delimiter", COSEND_PAIR_CSV}};

    for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++)
        if (cosend_check_given(check, owns[i].option) &&
            parse->named != &cosend_pair_forms[owns[i].form])
            cosend_check_error(check, owns[i].option, "is for %s",
                               cosend_pair_forms[owns[i].form].name);
    if (parse->groks.names.count && !is_said_by(parse, "pattern") &&
        parse->named != &cosend_pair_forms[COSEND_PAIR_CSV])
        cosend_check_error(check, "names", "are those of pattern, and of csv");
}

/* What is in front of names ends in a point. */
static void check_into(struct parse *parse)
{
    size_t length = parse->into.length;

    if (!length)
        return;
    memcpy(parse->prefix, parse->into.data, length);
    parse->prefix[length] = '.';
    parse->into = (struct cosend_string){parse->prefix, length + 1};
}

static const char *field_at(const void *parse, size_t i)
{
    return ((const struct parse *)parse)->names[i];
}

/* What is known of the fields: their names, and what they are to be by the
   pattern and by types. Returns the name in these that is no field, or NULL. */
static const char *set_fields(struct parse *parse)
{
    const struct cosend_grok *grok = parse->compiled;
    size_t unknown;

    parse->count = grok          ? cosend_grok_fields(grok)
                   : parse->form ? parse->form->count
                   : parse->way == parse_log
                       ? cosend_access_log_columns(&parse->log, parse->columns)
                       : 0;
    for (size_t i = 0; i < parse->count; i++) {
        parse->names[i] = grok          ? cosend_grok_field(grok, i)
                          : parse->form ? parse->form->fields[i].name
                                        : parse->columns[i].name;
        parse->made_types[i] = grok ? cosend_grok_type(grok, i) : -1;
    }
    if (!parse->count)
        return NULL;
    unknown = cosend_types_of(&parse->types, parse->count, field_at, parse,
                              parse->made_types);
    return unknown < parse->types.count ? parse->types.keys[unknown].data
                                        : NULL;
}

static void check_types(struct cosend_check *check, struct parse *parse)
{
    const char *name = set_fields(parse), *nearest;

    if (!name)
        return;
    nearest = cosend_suggest(name, parse->count, field_at, parse);
    cosend_check_error(check, "types", "there is no field %.80s%s%.80s", name,
                       nearest ? "; did you mean " : "",
                       nearest ? nearest : "");
}

static void check(struct cosend_check *check, void *memory)
{
    struct parse *parse = memory;
    size_t kind = 0;

    parse->keep_source |= parse->no_match == NO_MATCH_KEEP;
    for (size_t i = 0; kinds[i].option; i++) {
        if (!cosend_check_given(check, kinds[i].option))
            continue;
        if (parse->option)
            cosend_check_error(check, kinds[i].option,
                               "give %s or %s, not both", parse->option,
                               kinds[i].option);
        else
            parse->option = kinds[kind = i].option;
    }
    if (!parse->option) {
        cosend_check_error(check, "as",
                           "say what the field is: give as, nginx, apache, "
                           "log4j, postgres, regex, grok, any or pattern");
        return;
    }
    if (parse->groks.patterns.count && !is_said_by(parse, "grok") &&
        !is_said_by(parse, "any"))
        cosend_check_error(check, "patterns", "are for grok and any");
    kinds[kind].check(check, parse);
    check_own_options(check, parse);
    check_into(parse);
    check_types(check, parse);
    if (parse->compiled && cosend_check_given(check, "rest"))
        cosend_check_error(check, "rest",
                           "a pattern says itself what a line may have behind "
                           "its groups");
    if ((parse->form || parse->named || is_auto(parse)) &&
        cosend_check_given(check, "rest"))
        cosend_check_error(check, "rest", "is for access logs");
}

/* It becomes as though the form of the first line had been named. Returns what
   cosend_choose_form does, and may fail as it does. */
static int choose_form(struct cosend_stage *self, struct parse *parse)
{
    int form = cosend_choose_form(self);
    const char *name;

    if (form < 0)
        return form;
    parse->as = form;
    use_name(parse, false);
    name = set_fields(parse);
    return name ? cosend_fail(self, COSEND_E_TYPE,
                              "types: %s has no field %.80s",
                              cosend_log_form_names[form], name)
                : form;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct parse *parse = memory;
    struct parts parts;
    int form;

    /* One that is kept as it is must have none of the fields that are made. */
    if (parse->no_match != NO_MATCH_KEEP)
        cosend_only_fields(self);
    if (is_auto(parse)) {
        parse = cosend_stage_memory(self, sizeof(*parse));
        if (!parse)
            return COSEND_E_MEMORY;
        *parse = *(const struct parse *)memory;
        form = choose_form(self, parse);
        if (form < 0)
            return form == COSEND_NO_FORM ? 0 : form;
    }
    add_columns(self, parse, &parts);
    return parse->way(self, parse, &parts);
}

const struct cosend_filter csi_filter_parse = {
    .abi = COSEND_ABI,
    .name = "parse",
    .role = COSEND_FILTER,
    .summary = "Take a field apart into fields",
    .details =
        "Emits every record as it comes, the parsed field replaced by its "
        "parts, which come behind the other fields. With nginx and apache what "
        "combined has is called as there, request being method, path and "
        "protocol; another variable of nginx by its own name, and of Apache's "
        "%D is duration_us, %T duration_s, %O bytes_sent, %I bytes_received, "
        "%v vhost, %a address, %p server_port, %P pid, %q query, %{X-Y}i "
        "http_x_y, %{X-Y}o sent_http_x_y, %{X}C cookie_x (the manual has all). "
        "A second field of a name is called size_2. A value ends where the "
        "text that follows it in the format begins; one with nothing behind it "
        "is refused where it has a space in it. A status, size or other number "
        "of \"-\" becomes empty; other \"-\" and the escapes in quotes stay as "
        "they are. A request that is no request is all path, with an empty "
        "method and protocol. With regex each named group is a field, absent "
        "where the group took no part; grok knows patterns by name, as WORD, "
        "INT, IP, URI, QS, LOGLEVEL and DATA (the manual has all). With "
        "pattern a field is as short as what follows allows, one at the "
        "beginning begins where the text does, and one at the end is all to "
        "its end; a blank stands for one or more. A record that does not match "
        "is bad (no_match), unless no_match keeps it.",
    .example = "parse combined | count status",
    .options_size = sizeof(struct parse),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .parallel = COSEND_STATELESS,
    .parses = true,
};
