/* SPDX-License-Identifier: MIT */
/*
 * redact: emits every record, as it comes, with card numbers, mail and network
 * addresses, and what patterns match, taken out of its fields.
 *
 * One walk over a text finds all the kinds: a byte that may begin one, or the @
 * in the middle of one, is where it is looked at. Nothing is found twice: what
 * was taken out ends the walk's text, and an address by mail does not reach
 * back into it. Inside arrays and objects of JSON every value is searched, as
 * deep as it goes, and what has none stays as it was read, to the byte.
 */
#include "cosend.h"

#include <arpa/inet.h>
#include <string.h>

enum { CARD = 1, MAIL = 2, IPV4 = 4, IPV6 = 8 }; /* kinds */

enum {
    PATTERNS = 100,
    DEPTH = 64 /* of arrays and objects */
};

struct redact {
    struct cosend_strings what, pattern;
    struct cosend_fields fields;
    struct cosend_string with, hits;
    int64_t ipv4_bits, ipv6_bits; /* that stay of an address */
    unsigned kinds;
    struct cosend_regex *regex; /* of the patterns, or NULL */
};

static const struct cosend_option options[] = {
    {.name = "what",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct redact, what),
     .flags = COSEND_MAIN,
     .help = "what to take out: card, mail, ip (ipv4, ipv6: one of the two)",
     .example = "[\"card\", \"mail\", \"ip\"]"},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct redact, fields),
     .flags = COSEND_SECOND | COSEND_PATTERNS,
     .help = "where, fields or patterns of them; by default the line, or every "
             "field",
     .example = "[\"message\", \"*_name\"]"},
    {.name = "pattern",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct redact, pattern),
     .help = "take out what these PCRE2 patterns match, too",
     .example = "\"\\\\b\\\\d{3}-\\\\d{2}-\\\\d{4}\\\\b\""},
    {.name = "with",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct redact, with),
     .fallback = "\"[redacted]\"",
     .maximum = 1 << 16,
     .help = "what stands in its place",
     .example = "\"***\""},
    {.name = "ipv4_bits",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct redact, ipv4_bits),
     .fallback = "24",
     .minimum = 0,
     .maximum = 32,
     .help =
         "how many bits of an IPv4 address stay, the others are 0; 0: `with`"
         " stands in its place",
     .example = "16"},
    {.name = "ipv6_bits",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct redact, ipv6_bits),
     .fallback = "48",
     .minimum = 0,
     .maximum = 128,
     .help = "the same of IPv6",
     .example = "64"},
    {.name = "hits",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct redact, hits),
     .maximum = 1 << 16,
     .help = "a column of this name for how many were taken out",
     .example = "\"hits\""},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

/* The kinds that a word names; 0 for none. */
static unsigned kinds_of(const struct cosend_string *word)
{
    static const struct {
        const char *word;
        unsigned kinds;
    } kinds[] = {{"card", CARD},
                 {"mail", MAIL},
                 {"ip", IPV4 | IPV6},
                 {"ipv4", IPV4},
                 {"ipv6", IPV6}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(word->data, kinds[i].word) == 0)
            return kinds[i].kinds;
    return 0;
}

static void check_kinds(struct cosend_check *check, struct redact *redact)
{
    for (size_t i = 0; i < redact->what.count; i++) {
        unsigned kinds = kinds_of(&redact->what.items[i]);

        if (!kinds)
            cosend_check_error(check, "what",
                               "\"%.100s\" is none of card, mail, ip, ipv4 and "
                               "ipv6; what else there is pattern= takes out",
                               redact->what.items[i].data);
        redact->kinds |= kinds;
    }
    if (cosend_check_given(check, "ipv4_bits") && !(redact->kinds & IPV4))
        cosend_check_error(check, "ipv4_bits", "goes with what=ip or ipv4");
    if (cosend_check_given(check, "ipv6_bits") && !(redact->kinds & IPV6))
        cosend_check_error(check, "ipv6_bits", "goes with what=ip or ipv6");
}

static void check_patterns(struct cosend_check *check, struct redact *redact)
{
    const struct cosend_regex_options how = {.places = true};
    const char *texts[PATTERNS];
    size_t lengths[PATTERNS], which;
    struct cosend_error error = {0};

    if (redact->pattern.count > PATTERNS)
        cosend_check_error(check, "pattern", "at most %d patterns", PATTERNS);
    if (!redact->pattern.count || redact->pattern.count > PATTERNS)
        return;
    for (size_t i = 0; i < redact->pattern.count; i++) {
        texts[i] = redact->pattern.items[i].data;
        lengths[i] = redact->pattern.items[i].length;
        if (!lengths[i])
            cosend_check_error(check, "pattern", "is empty, and is everywhere");
    }
    redact->regex = cosend_regex_new_any(texts, lengths, redact->pattern.count,
                                         &how, &which, &error);
    if (!redact->regex)
        cosend_check_failed(check, "pattern", &error);
}

static void check(struct cosend_check *check, void *memory)
{
    static const struct cosend_string all = {"*", 1};
    struct redact *redact = memory;

    if (!cosend_check_given(check, "fields"))
        redact->fields = cosend_check_fields(check, "fields", &all, 1);
    if (!redact->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (!redact->what.count && !redact->pattern.count)
        cosend_check_error(check, "what",
                           "what is to be taken out: card, mail, ip, or a "
                           "pattern=");
    check_kinds(check, redact);
    check_patterns(check, redact);
}

static void release(void *memory)
{
    cosend_regex_free(((struct redact *)memory)->regex);
}

/* ---- What is looked for -------------------------------------------------- */

/* What the body works with. */
struct run {
    const struct redact *redact;
    struct cosend_column hits;
    struct cosend_matches matches;
    struct cosend_bytes patterned; /* a text without what patterns match, */
    struct cosend_bytes text;      /* and without the kinds */
    struct cosend_bytes decoded;   /* a value inside of JSON */
    struct cosend_bytes nested;    /* what an array or object becomes */
    enum cosend_match problem;     /* why a pattern could not be looked for */
    bool no_memory;                /* for one of them: each begins anew */
    bool too_long;                 /* one of them, for a cell */
    int64_t count;                 /* hits in the record */
};

/* ---- One text ------------------------------------------------------------ */

static void put_with(struct run *run)
{
    cosend_put_raw(&run->text, run->redact->with.data,
                   run->redact->with.length);
}

/* An address without the bits that do not stay. One of IPv4 in one of IPv6 has
   its own behind 96 others. */
static void put_address(struct run *run, int family, unsigned char *bytes)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    const struct redact *redact = run->redact;
    int64_t ipv4_bits = redact->ipv4_bits, bits = ipv4_bits;
    char text[INET6_ADDRSTRLEN];

    if (family == AF_INET6)
        bits = redact->ipv6_bits;
    if (family == AF_INET6 && bits && !memcmp(bytes, mapped, sizeof(mapped)))
        bits = ipv4_bits ? 96 + ipv4_bits : 0;
    if (!bits) {
        put_with(run);
        return;
    }
    for (int i = 0; i < (family == AF_INET ? 4 : 16); i++, bits -= 8)
        bytes[i] &= (unsigned char)(bits >= 8  ? 0xff
                                    : bits > 0 ? 0xff << (8 - bits)
                                               : 0);
    if (inet_ntop(family, bytes, text, sizeof(text)))
        cosend_put_raw(&run->text, text, strlen(text));
}

/* Look at a byte of the text: where one of the kinds is there, put it as it is
   to be, and what was not put before it. Returns its end, else NULL. */
static const char *take_at(struct run *run, const char *text, const char *unput,
                           const char *at, const char *end)
{
    const struct redact *redact = run->redact;
    const char *from = at, *to = NULL;
    unsigned char address[16];
    int family = 0;

    if (redact->kinds & CARD)
        to = cosend_card_at(text, at, end);
    if (!to && redact->kinds & IPV6 &&
        (to = cosend_ipv6_at(text, at, end, address)))
        family = AF_INET6;
    if (!to && redact->kinds & IPV4 &&
        (to = cosend_ipv4_at(text, at, end, address)))
        family = AF_INET;
    if (!to && redact->kinds & MAIL)
        to = cosend_mail_at(unput, at, end, &from);
    if (!to)
        return NULL;
    cosend_put_raw(&run->text, unput, (size_t)(from - unput));
    if (family)
        put_address(run, family, address);
    else
        put_with(run);
    run->count++;
    return to;
}

/* run->text becomes a text without the kinds. True where there was one. */
static bool take_kinds(struct run *run, const char *text, size_t length)
{
    const char *end = text + length, *unput = text, *at = text;
    int64_t before = run->count;

    cosend_bytes_clear(&run->text);
    while (at < end) {
        const char *behind = take_at(run, text, unput, at, end);

        if (behind)
            unput = behind;
        at = behind ? behind : at + 1;
    }
    if (run->count == before)
        return false;
    cosend_put_raw(&run->text, unput, (size_t)(end - unput));
    return true;
}

/* The same of what the patterns match, in run->patterned. */
static bool take_patterns(struct run *run, struct cosend_cell cell)
{
    const struct cosend_string *with = &run->redact->with;
    enum cosend_match match;
    const char *unput = cell.data;

    if (!run->redact->regex)
        return false;
    match = cosend_regex_find_all(run->redact->regex, cell, &run->matches);
    if (match < 0)
        run->problem = match;
    if (match != COSEND_MATCH)
        return false;
    cosend_bytes_clear(&run->patterned);
    for (size_t i = 0; i < run->matches.count; i++) {
        const struct cosend_cell *hit = &run->matches.items[i];

        if (!hit->length)
            continue;
        cosend_put_raw(&run->patterned, unput, (size_t)(hit->data - unput));
        cosend_put_raw(&run->patterned, with->data, with->length);
        unput = hit->data + hit->length;
        run->count++;
    }
    cosend_put_raw(&run->patterned, unput,
                   (size_t)(cell.data + cell.length - unput));
    return unput != cell.data;
}

/* What a cell that is no array and no object becomes, in *to, which is good
   until the next. True where that is something else. */
static bool redact_text(struct run *run, struct cosend_cell cell,
                        struct cosend_cell *to)
{
    bool changed = false;

    *to = cell;
    if (cosend_is_blank(cell))
        return false;
    if (take_patterns(run, *to)) {
        run->too_long |= run->patterned.length >= UINT32_MAX;
        *to = cosend_text((const char *)run->patterned.data,
                          run->patterned.length);
        changed = true;
    }
    if (to->data && take_kinds(run, to->data, to->length)) {
        run->too_long |= run->text.length >= UINT32_MAX;
        *to = cosend_text((const char *)run->text.data, run->text.length);
        changed = true;
    }
    run->no_memory |= run->patterned.failed || run->text.failed;
    if (run->too_long)
        *to = cell;
    return changed;
}

/* ---- Arrays and objects of JSON ------------------------------------------ */

/* What is left of the text of an array or object, in run->nested from where
   that ends now; as it was read where nothing is found. False where it is too
   deep. */
static bool redact_nested(struct run *run, struct cosend_cell nested, int depth)
{
    struct cosend_item item = {0};
    const char *unput = nested.data;

    if (depth > DEPTH)
        return false;
    while (cosend_next_member(nested, &item, &run->decoded)) {
        struct cosend_cell cell;

        cosend_put_raw(&run->nested, unput, (size_t)(item.raw - unput));
        unput = item.raw + item.raw_length;
        if (item.cell.kind == COSEND_NESTED) {
            cell = cosend_text(item.raw, item.raw_length);
            cell.kind = COSEND_NESTED;
            if (!redact_nested(run, cell, depth + 1))
                return false;
        } else if (redact_text(run, item.cell, &cell)) {
            cosend_put_json(&run->nested, cell);
        } else {
            cosend_put_raw(&run->nested, item.raw, item.raw_length);
        }
    }
    cosend_put_raw(&run->nested, unput,
                   (size_t)(nested.data + nested.length - unput));
    return true;
}

/* ---- Body ---------------------------------------------------------------- */

static bool redact_item(struct cosend_stage *self, struct run *run,
                        const struct cosend_record *record,
                        const struct cosend_item *item)
{
    struct cosend_cell cell = item->cell;
    int64_t before = run->count;

    if (cell.kind != COSEND_NESTED) {
        redact_text(run, cell, &cell);
    } else {
        cosend_bytes_clear(&run->nested);
        if (!redact_nested(run, cell, 1)) {
            cosend_bad(self, record, "too_deep",
                       "arrays and objects in %.*s are more than %d deep",
                       cosend_shown(item->name, item->name_length, 100),
                       item->name, DEPTH);
            return false;
        }
        cell = cosend_text((const char *)run->nested.data, run->nested.length);
        cell.kind = COSEND_NESTED;
    }
    if (run->problem && run->problem != COSEND_MATCH_MEMORY) {
        cosend_bad(self, record, "match_limit", "a pattern %s",
                   cosend_match_problem(run->problem));
        return false;
    }
    if (run->count != before)
        cosend_change(self, item, cell);
    return true;
}

static bool is_out_of_memory(const struct run *run)
{
    return run->no_memory || run->decoded.failed || run->nested.failed ||
           run->problem == COSEND_MATCH_MEMORY;
}

static void free_run(void *memory)
{
    struct run *run = memory;

    cosend_matches_free(&run->matches);
    cosend_bytes_free(&run->patterned);
    cosend_bytes_free(&run->text);
    cosend_bytes_free(&run->decoded);
    cosend_bytes_free(&run->nested);
}

/* Whether the record has no field yet that is to count its hits. */
static bool is_free(struct cosend_stage *self, const struct redact *redact,
                    const struct cosend_record *record)
{
    const struct cosend_fields none = {0};

    return !redact->hits.length ||
           cosend_name_free(self, record, redact->hits.data, none,
                            "hits=NAME takes another name");
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct redact *redact = memory;
    struct run *run = cosend_stage_memory(self, sizeof(*run));
    struct cosend_record record;

    if (!run || !cosend_stage_defer(self, free_run, run))
        return COSEND_E_MEMORY;
    run->redact = redact;
    cosend_only_fields(self);
    cosend_change_fields(self, redact->fields);
    if (redact->hits.length)
        run->hits = cosend_add_column(self, redact->hits.data);
    while (cosend_receive(self, &record)) {
        struct cosend_item item = {0};
        bool good = true;

        run->count = 0;
        run->problem = COSEND_NO_MATCH;
        while (good &&
               cosend_next_match(self, redact->fields, &record, &item)) {
            good = redact_item(self, run, &record, &item);
            if (run->too_long)
                return cosend_fail(self, COSEND_E_LIMIT,
                                   "it makes a value of 4 GiB or more");
            if (is_out_of_memory(run))
                return COSEND_E_MEMORY;
        }
        if (!good || !is_free(self, redact, &record))
            continue;
        if (redact->hits.length)
            cosend_set_integer(self, run->hits, run->count);
        cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_redact = {
    .abi = COSEND_ABI,
    .name = "redact",
    .role = COSEND_FILTER,
    .summary = "Take card numbers, addresses and patterns out of fields",
    .details =
        "Emits every record as it comes. In each of the fields, by default the "
        "line or all of them, and in all values of arrays and objects of JSON, "
        "what is named becomes `with`. card: 13 to 19 digits, in groups with a "
        "blank or hyphen between or in none, that begin with 2 to 6 and are "
        "right by their check digit (Luhn); mail: name@domain.tld; ip: IPv4 "
        "and IPv6 addresses, which keep their first bits, 24 and 48, so that "
        "192.0.2.17 becomes 192.0.2.0; with ipv4_bits=0 `with` stands in their "
        "place. Patterns are as grep has them, and come first. A number in "
        "which something is found becomes text; a field without stays as it "
        "is, to the byte. Names of fields are not looked at. `hits` adds how "
        "many were taken out of the record. A record that takes a pattern too "
        "long (match_limit), or is more than 64 arrays deep (too_deep), is "
        "bad. Each record is treated by itself, in all threads, and at once "
        "under --follow.",
    .example = "redact card,mail,ip",
    .options_size = sizeof(struct redact),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
