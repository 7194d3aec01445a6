/* SPDX-License-Identifier: MIT */
/*
 * Forms of lines: a line that is made of random fields by a layout comes apart
 * as those; a damaged one is none, or what it comes apart as is the same line
 * put together.
 */
#include "cosend.h"
#include "record/line_layout.h"

#include <stdio.h>

#include "chance.h"
#include "rounds.h"

enum { LINES = 100000, MOST = 4096 };

/* A line, and what its fields are. */
struct made {
    char text[MOST];
    size_t length;
    const char *fields[COSEND_LINE_FIELDS]; /* in text; NULL: absent */
    size_t lengths[COSEND_LINE_FIELDS];
};

static void put(struct made *made, const char *text, size_t length)
{
    assert_true(made->length + length < sizeof(made->text));
    memcpy(made->text + made->length, text, length);
    made->length += length;
}

static void put_string(struct made *made, const char *string)
{
    put(made, string, strlen(string));
}

static void put_letters(struct made *made, const char *letters, unsigned least,
                        unsigned most)
{
    for (unsigned n = least + draw(most - least + 1); n--;)
        put(made, &letters[draw((unsigned)strlen(letters))], 1);
}

static void put_digits(struct made *made, unsigned count)
{
    put_letters(made, "0123456789", count, count);
}

/* ---- Values -------------------------------------------------------------- */

static void put_look(struct made *made, char look)
{
    static const char *const months[] = {"Jan", "Jun", "Dec"};
    static const char *const days[] = {"Mon", "Sun"};

    switch (look) {
    case 'd':
        put_digits(made, 1);
        break;
    case 'D':
        put_letters(made, " 123", 1, 1);
        break;
    case 's':
        put_digits(made, 1 + draw(9));
        break;
    case 'B':
        put_letters(made, "T ", 1, 1);
        break;
    case 'M':
        put_string(made, months[draw(3)]);
        break;
    case 'W':
        put_string(made, days[draw(2)]);
        break;
    case 'F':
        if (draw(2)) {
            put_letters(made, ".,", 1, 1);
            put_digits(made, 1 + draw(9));
        }
        break;
    case 'N':
    case 'A':
        if (draw(2))
            put_string(made, look == 'A' ? " PM" : " Europe/Berlin");
        break;
    case 'Z':
    case 'L':
        if (draw(2))
            put_string(made, look == 'L' ? " CEST" : draw(2) ? "Z" : "+02:00");
        break;
    default:
        put(made, &look, 1);
    }
}

/* By the first of several looks, or the last. */
static void put_time(struct made *made, const char *looks)
{
    const char *last = strrchr(looks, '|');

    if (last && draw(2))
        looks = last + 1;
    for (; *looks && *looks != '|'; looks++)
        put_look(made, *looks);
}

/* Text of letters that end no field, with blanks inside. */
static void put_text(struct made *made, bool blanks)
{
    put_letters(made, "abcxyzABC0189_.~\xC3", 1, 8);
    while (blanks && draw(2)) {
        put_string(made, " ");
        put_letters(made, "abcxyzABC0189_.~", 1, 8);
    }
}

static void put_value(struct made *made, const struct csi_line_part *part,
                      const char *ends)
{
    static const char *const levels[] = {"INFO", "warn", "ERROR", "Fatal",
                                         "debug"};
    bool blanks = *ends != ' ';

    switch (part->kind) {
    case CSI_LINE_NONE:
        break;
    case CSI_LINE_REST:
        put_letters(made, "ab 1:-[]{}\"'\n\t=\xE4", 0, draw(20) ? 30 : 300);
        break;
    case CSI_LINE_TIME:
        put_time(made, part->what);
        break;
    case CSI_LINE_LEVEL:
        put_string(made, levels[draw(5)]);
        break;
    case CSI_LINE_NUMBER:
        put_digits(made, 1 + draw(9));
        break;
    case CSI_LINE_SIGNED:
        put_letters(made, "-+", 0, 1);
        put_digits(made, 1 + draw(4));
        break;
    case CSI_LINE_WORD:
    case CSI_LINE_CLASS:
        put_text(made, false);
        break;
    case CSI_LINE_TRACE:
        put_letters(made, "0123456789abcdef", 16, 32);
        put_string(made, "-");
        put_letters(made, "0123456789abcdef", 16, 16);
        break;
    case CSI_LINE_DOTTED:
        put_text(made, false);
        put_string(made, ".");
        put_text(made, false);
        break;
    case CSI_LINE_MESSAGE:
        put_text(made, true);
        if (draw(2)) {
            put_string(made, ends);
            put_text(made, true);
        }
        break;
    case CSI_LINE_NAMED:
        put_letters(made, "abc/_", 1, 8);
        put_string(made, part->what);
        break;
    case CSI_LINE_ADDRESS:
        put_string(made, draw(2) ? "192.0.2.7" : "2001:db8::7");
        break;
    case CSI_LINE_UPTO:
    case CSI_LINE_INNER:
    case CSI_LINE_EITHER:
        if (part->padded || draw(9))
            put_text(made, blanks);
        break;
    case CSI_LINE_REQUEST:
        put_string(made, "GET ");
        break;
    case CSI_LINE_ONE_OF:
        put_letters(made, part->what, 1, 1);
        break;
    }
}

/* ---- Lines --------------------------------------------------------------- */

static void note(struct made *made, uint8_t field, size_t start)
{
    if (field == CSI_LINE_NO_FIELD)
        return;
    made->fields[field] = made->text + start;
    made->lengths[field] = made->length - start;
}

static void make_part(struct made *made, const struct csi_line_part *part,
                      const char *ends)
{
    size_t start;

    put_string(made, part->before);
    if (part->padded)
        put_letters(made, " ", 0, 3);
    start = made->length;
    if (part->kind == CSI_LINE_REQUEST) {
        put_string(made, "GET");
        note(made, part->field, start);
        put_string(made, " ");
        start = made->length;
        put_text(made, true);
        note(made, part->field + 1, start);
        put_string(made, " ");
        start = made->length;
        put_string(made, "HTTP/1.1");
        note(made, part->field + 2, start);
        return;
    }
    put_value(made, part, part->what ? part->what : ends);
    if (part->kind != CSI_LINE_NONE)
        note(made, part->field, start);
    if (part->padded)
        put_letters(made, " ", 0, 3);
}

/* Blanks at the front of a message are lost behind a value with blanks around
   it, and a sign there may be a zone's; and of two parts that begin with the
   same text the first is not the one that lacks. */
static void make_line(struct made *made, const struct csi_line_layout *layout)
{
    const char *lacks = NULL;

    memset(made, 0, sizeof(*made));
    for (uint32_t i = 0; i < layout->count; i++) {
        const struct csi_line_part *part = &layout->parts[i];
        bool is_told = lacks && strcmp(lacks, part->before) == 0;

        if (part->lacks && (is_told || draw(2))) {
            i += part->lacks - 1;
            lacks = part->before;
            continue;
        }
        make_part(made, part, i + 1 < layout->count ? part[1].before : "");
        if (part->kind == CSI_LINE_REST && i && made->lengths[part->field] &&
            (part[-1].padded || part[-1].kind == CSI_LINE_TIME))
            *(char *)(uintptr_t)made->fields[part->field] = 'x';
    }
}

static void check_made(const struct cosend_line_form *form,
                       const struct made *made)
{
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    const char *where =
        form->cut(form, cosend_text(made->text, made->length), parts);

    if (where)
        fail_msg("%s, at its %s: %.*s", form->name, where, (int)made->length,
                 made->text);
    for (uint32_t i = 0; i < form->count; i++)
        if ((parts[i].kind == COSEND_ABSENT) != !made->fields[i] ||
            parts[i].length != made->lengths[i] ||
            (parts[i].length &&
             memcmp(parts[i].data, made->fields[i], parts[i].length) != 0))
            fail_msg("%s: %s is \"%.*s\", not \"%.*s\": %.*s", form->name,
                     form->fields[i].name, (int)parts[i].length, parts[i].data,
                     (int)made->lengths[i], made->fields[i], (int)made->length,
                     made->text);
}

/* A form of one layout alone. */
struct alone {
    struct cosend_line_form form;
    struct csi_line_layouts layouts;
};

static void make_alone(struct alone *alone, const struct cosend_line_form *form,
                       const struct csi_line_layout *layout)
{
    alone->form = *form;
    alone->layouts = (struct csi_line_layouts){layout, 1};
    alone->form.own = &alone->layouts;
}

static void try_layout(const struct cosend_line_form *form,
                       const struct csi_line_layout *layout, int rounds)
{
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    static struct made made;
    struct alone alone;

    make_alone(&alone, form, layout);
    while (rounds--) {
        make_line(&made, layout);
        check_made(&alone.form, &made);
        assert_null(
            form->cut(form, cosend_text(made.text, made.length), parts));
    }
}

static const struct csi_line_layouts *
layouts_of(const struct cosend_line_form *form)
{
    return form && form->cut == csi_line_layout_cut ? form->own : NULL;
}

static void a_line_comes_apart_as_it_was_made(void **state)
{
    (void)state;
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        const struct cosend_line_form *form = cosend_log_forms[i].lines;
        const struct csi_line_layouts *all = layouts_of(form);

        for (uint32_t k = 0; all && k < all->count; k++)
            try_layout(form, &all->of[k], rounds_of(LINES) / (int)all->count);
    }
}

/* ---- Damage -------------------------------------------------------------- */

static void damage(struct made *made)
{
    static const char bytes[] = " ,\"\\[]{}()-:/0aT\t\xFF\n";

    for (unsigned n = 1 + draw(3); n && made->length; n--) {
        size_t at = draw((unsigned)made->length);
        size_t most = made->length - at, length = 1 + draw(draw(2) ? 1 : 12);

        length = length < most ? length : most;
        if (draw(2)) {
            made->text[at] = bytes[draw(sizeof(bytes) - 1)];
        } else {
            memmove(made->text + at, made->text + at + length, most - length);
            made->length -= length;
        }
    }
}

static bool skip_text(const char **at, const char *end, const char *text,
                      size_t length)
{
    if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

static void skip_blanks(const char **at, const char *end)
{
    while (*at < end && **at == ' ')
        ++*at;
}

/* Whether each field stands in the line where its layout says, and nothing else
   does. False of a layout with values that are no fields too. */
static bool is_put_together(const struct csi_line_layout *layout,
                            const struct made *made,
                            const struct cosend_cell *parts)
{
    const char *at = made->text, *end = at + made->length;

    for (uint32_t i = 0; i < layout->count; i++) {
        const struct csi_line_part *part = &layout->parts[i];
        bool is_request = part->kind == CSI_LINE_REQUEST;
        const struct cosend_cell *cell = &parts[part->field];

        if (part->lacks && (part->kind == CSI_LINE_NONE ||
                            cell[is_request].kind == COSEND_ABSENT)) {
            i += part->lacks - 1;
            continue;
        }
        if (i && layout->parts[i - 1].padded && *part->before == ' ')
            while (end - at > 1 && at[0] == ' ' && at[1] == ' ')
                at++;
        else if (i && layout->parts[i - 1].padded)
            skip_blanks(&at, end);
        if (!skip_text(&at, end, part->before, strlen(part->before)))
            return false;
        if (part->kind == CSI_LINE_NONE)
            continue;
        if (part->padded)
            skip_blanks(&at, end);
        for (int k = 0; k < (is_request ? 3 : 1); k++) {
            if (is_request && k && cell[k].length)
                skip_blanks(&at, cell[k].data);
            if (!skip_text(&at, end, cell[k].data, cell[k].length))
                return false;
        }
    }
    skip_blanks(&at, end);
    return at == end;
}

static bool has_hidden(const struct csi_line_layout *layout)
{
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->parts[i].field == CSI_LINE_NO_FIELD &&
            layout->parts[i].kind != CSI_LINE_NONE)
            return true;
    return false;
}

static void damage_lines(const struct cosend_line_form *form,
                         const struct csi_line_layout *layout, int rounds)
{
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    static struct made made;
    struct alone alone;

    make_alone(&alone, form, layout);
    while (rounds--) {
        make_line(&made, layout);
        damage(&made);
        form->cut(form, cosend_text(made.text, made.length), parts);
        if (!alone.form.cut(&alone.form, cosend_text(made.text, made.length),
                            parts) &&
            !has_hidden(layout) && !is_put_together(layout, &made, parts))
            fail_msg("%s: %.*s", form->name, (int)made.length, made.text);
    }
}

static void a_damaged_line_is_none_or_what_its_fields_make(void **state)
{
    (void)state;
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        const struct cosend_line_form *form = cosend_log_forms[i].lines;
        const struct csi_line_layouts *all = layouts_of(form);

        for (uint32_t k = 0; all && k < all->count; k++)
            damage_lines(form, &all->of[k], rounds_of(LINES) / (int)all->count);
    }
}

/* ---- Patterns of programs ------------------------------------------------ */

static void any_pattern_is_a_form_or_refused(void **state)
{
    static const char *const pieces[] = {
        "%d",    "%d{ISO8601}", "%d{yyyy-MM-dd HH:mm:ss,SSS}",
        "%p",    "%-5p",        "[%t]",
        "%c{1}", "%m",          "%n",
        "%X{k}", " - ",         " ",
        ": ",    "%level",      "%20.30logger",
        "%q",    "%u",          "@",
        "%",     "{",           "}",
        ":",     "%C{1}",       "%L",
        "%clr(", ")",           "{faint}"};
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    static struct made made;

    (void)state;
    for (int n = rounds_of(LINES); n--;) {
        struct cosend_error error = {0};
        struct cosend_line_form *form;

        memset(&made, 0, sizeof(made));
        for (unsigned k = draw(8); k--;)
            put_string(&made, pieces[draw(sizeof(pieces) / sizeof(pieces[0]))]);
        form = cosend_line_form_new(draw(2) ? COSEND_LINE_LOG4J
                                            : COSEND_LINE_POSTGRES,
                                    made.text, made.length, &error);
        if (form) {
            const struct csi_line_layouts *all = layouts_of(form);

            for (uint32_t k = 0; k < all->count; k++) {
                make_line(&made, &all->of[k]);
                damage(&made);
                form->cut(form, cosend_text(made.text, made.length), parts);
            }
        } else {
            assert_int_equal(error.kind, COSEND_E_USAGE);
            assert_non_null(strstr(error.message, "character "));
        }
        cosend_line_form_free(form);
    }
}

/* ---- Syslog -------------------------------------------------------------- */

enum { PRIORITY, TIME = 3, HOST, APP, PID, MSGID, DATA, MESSAGE };

static void put_field(struct made *made, uint8_t field, bool may_lack)
{
    size_t start = made->length;

    if (may_lack && !draw(4)) {
        put_string(made, "-");
        return;
    }
    put_letters(made, "abcxyz019._", 1, 12);
    note(made, field, start);
}

static void put_priority(struct made *made)
{
    size_t start = made->length + 1;
    char text[16];

    snprintf(text, sizeof(text), "<%u", draw(192));
    put_string(made, text);
    for (uint8_t i = PRIORITY; i < TIME; i++)
        note(made, i, start);
    put_string(made, ">");
}

static void make_3164(struct made *made)
{
    size_t start;

    memset(made, 0, sizeof(*made));
    if (draw(2))
        put_priority(made);
    start = made->length;
    put_time(made, draw(2) ? "M DD dd:dd:ddF" : "dddd-dd-ddTdd:dd:ddFZ");
    note(made, TIME, start);
    put_string(made, " ");
    put_field(made, HOST, false);
    put_string(made, " ");
    put_field(made, APP, false);
    if (draw(2)) {
        put_string(made, "[");
        put_field(made, PID, false);
        put_string(made, "]");
    }
    put_string(made, ": ");
    start = made->length;
    put_letters(made, "ab 1:[]<>\"=-", 0, 30);
    note(made, MESSAGE, start);
}

static void put_data(struct made *made)
{
    static const char *const values[] = {"", "a b", "x\\\"y", "\\]\\\\", "\\n"};
    size_t start = made->length;

    if (!draw(2)) {
        put_string(made, "-");
        return;
    }
    for (unsigned n = 1 + draw(3); n--;) {
        put_string(made, "[");
        put_letters(made, "abc@.019", 1, 9);
        for (unsigned k = draw(4); k--;) {
            put_string(made, " ");
            put_letters(made, "ab", 1, 2);
            put_string(made, "=\"");
            put_string(made, values[draw(5)]);
            put_string(made, "\"");
        }
        put_string(made, "]");
    }
    note(made, DATA, start);
}

static void make_5424(struct made *made)
{
    size_t start;

    memset(made, 0, sizeof(*made));
    if (draw(2))
        put_priority(made);
    put_string(made, "1 ");
    start = made->length;
    put_time(made, "dddd-dd-ddTdd:dd:ddFZ");
    note(made, TIME, start);
    for (uint8_t i = HOST; i < DATA; i++) {
        put_string(made, " ");
        put_field(made, i, true);
    }
    put_string(made, " ");
    put_data(made);
    if (draw(4)) {
        put_string(made, " ");
        start = made->length;
        put_letters(made, "ab 1:[]<>\"=-\n", 0, 30);
        note(made, MESSAGE, start);
    }
}

static const struct cosend_line_form *form_called(const char *name)
{
    for (size_t i = 0; cosend_log_form_names[i]; i++)
        if (strcmp(cosend_log_form_names[i], name) == 0)
            return cosend_log_forms[i].lines;
    fail_msg("no form is called %s", name);
    return NULL;
}

/* What is made of a part is one JSON object, or a name. */
static void make_values(const struct cosend_line_form *form,
                        const struct cosend_cell *parts)
{
    struct cosend_bytes bytes = {0};

    for (uint32_t i = 0; i < form->count; i++) {
        struct cosend_cell value =
            cosend_line_value(&form->fields[i], parts[i], &bytes);

        assert_false(bytes.failed);
        if (parts[i].kind != COSEND_ABSENT && form->fields[i].make)
            assert_true(value.length > 1);
        if (value.kind == COSEND_NESTED)
            assert_true(value.data[0] == '{' &&
                        value.data[value.length - 1] == '}');
    }
    cosend_bytes_free(&bytes);
}

static void syslog_comes_apart_as_it_was_made(void **state)
{
    const struct cosend_line_form *form = form_called("syslog");
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    static struct made made;

    (void)state;
    for (int n = rounds_of(LINES); n--;) {
        if (draw(2))
            make_3164(&made);
        else
            make_5424(&made);
        check_made(form, &made);
        form->cut(form, cosend_text(made.text, made.length), parts);
        make_values(form, parts);
    }
}

/* In their order, each behind the one before it. */
static void assert_ascending(const struct made *made,
                             const struct cosend_cell *parts, uint32_t from,
                             uint32_t to)
{
    const char *at = made->text, *end = at + made->length;

    for (uint32_t i = from; i < to; i++) {
        if (parts[i].kind == COSEND_ABSENT)
            continue;
        if (parts[i].data < at || parts[i].data + parts[i].length > end)
            fail_msg("field %u: %.*s", i, (int)made->length, made->text);
        at = parts[i].data + parts[i].length;
    }
}

static void damaged_lines_of_other_forms_are_in_order(void **state)
{
    static const char *const names[] = {"syslog", "systemd", "mysql_slow"};
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    static struct made made;

    (void)state;
    for (int n = rounds_of(LINES); n--;) {
        const struct cosend_line_form *form = form_called(names[draw(3)]);

        if (form->name[0] == 'm') {
            memset(&made, 0, sizeof(made));
            put_string(&made, form->example);
        } else if (draw(2)) {
            make_3164(&made);
        } else {
            make_5424(&made);
        }
        damage(&made);
        if (form->cut(form, cosend_text(made.text, made.length), parts))
            continue;
        make_values(form, parts);
        if (form->name[0] != 'm')
            assert_ascending(&made, parts,
                             form->name[2] == 's' && form->name[3] == 'l' ? TIME
                                                                          : 0,
                             form->count);
    }
}

/* ---- Slow queries -------------------------------------------------------- */

static void a_slow_query_comes_apart_as_it_was_made(void **state)
{
    const struct cosend_line_form *form = form_called("mysql_slow");
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    char text[512], user[8], query[32];

    (void)state;
    for (int n = rounds_of(LINES); n--;) {
        unsigned id = draw(100000), sent = draw(1000), stamp = draw(1u << 31);
        bool timed = draw(2), uses = draw(2);

        snprintf(user, sizeof(user), "u%u", draw(100));
        snprintf(query, sizeof(query), "select %u\nfrom t;", draw(1000));
        snprintf(text, sizeof(text),
                 "%s# User@Host: %s[%s] @ h%u [192.0.2.1]  Id: %5u\n"
                 "# Query_time: %u.%06u  Lock_time: 0.1 Rows_sent: %u  "
                 "Rows_examined: 7\n%sSET timestamp=%u;\n%s",
                 timed ? "# Time: 2026-10-10T13:55:36.123456Z\n" : "", user,
                 user, draw(10), id, draw(100), draw(1000000), sent,
                 uses ? "use shop;\n" : "", stamp, query);
        assert_null(form->cut(form, cosend_text(text, strlen(text)), parts));
        assert_int_equal(parts[0].length, timed ? 27 : 0);
        assert_memory_equal(parts[1].data, user, parts[1].length);
        assert_int_equal(atoi(parts[4].data), id);
        assert_int_equal(parts[5].length, uses ? 4 : 0);
        assert_int_equal(atoi(parts[8].data), sent);
        assert_int_equal(strtoul(parts[12].data, NULL, 10), stamp);
        assert_int_equal(parts[13].length, strlen(query));
        assert_memory_equal(parts[13].data, query, strlen(query));
    }
}

/* ---- Times --------------------------------------------------------------- */

static void the_time_of_a_line_is_one(void **state)
{
    (void)state;
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        const struct cosend_line_form *form = cosend_log_forms[i].lines;
        struct cosend_cell parts[COSEND_LINE_FIELDS];
        struct cosend_time time;

        if (!form)
            continue;
        assert_null(form->cut(
            form, cosend_text(form->example, strlen(form->example)), parts));
        for (uint32_t k = 0; k < form->count; k++)
            if (strcmp(form->fields[k].name, "time") == 0 && parts[k].length &&
                !cosend_parse_time(NULL, parts[k].data, parts[k].length, NULL,
                                   &time))
                fail_msg("%s: %.*s is no time", form->name,
                         (int)parts[k].length, parts[k].data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_apart_as_it_was_made),
        cmocka_unit_test(a_damaged_line_is_none_or_what_its_fields_make),
        cmocka_unit_test(any_pattern_is_a_form_or_refused),
        cmocka_unit_test(syslog_comes_apart_as_it_was_made),
        cmocka_unit_test(damaged_lines_of_other_forms_are_in_order),
        cmocka_unit_test(a_slow_query_comes_apart_as_it_was_made),
        cmocka_unit_test(the_time_of_a_line_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
