/* SPDX-License-Identifier: MIT */
/*
 * Where lines of logs have their time, and which part of a log is of a span: on
 * logs drawn by lot, with lines out of order and lines without a time, no line
 * of the span is outside of the part that bisection finds.
 */
#include "read/bisect.h"

#include "read/chunker.h"
#include "record/calendar.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "chance.h"
#include "rounds.h"

/* ---- Lines --------------------------------------------------------------- */

#define NOW INT64_C(1772366400) /* 2026-03-01T12:00:00Z */

static const struct {
    enum csi_time_place place;
    const char *line, *due; /* NULL: none; "": letters */
} lines[] = {
    {CSI_TIME_FIRST, "2026-03-01T10:00:00Z up", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 ERROR x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00,123 - a", "2026-03-01T10:00:00.123Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00.5 UTC [7] LOG: x",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 +0200 up", "2026-03-01T08:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00+02:00 up", "2026-03-01T08:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 CET [7] LOG", ""},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 -5 is below", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "2026/03/01 10:00:00 [error] x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01\t10:00:00\tFRA2", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301T100000Z x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301T100000,25 x", "2026-03-01T10:00:00.250Z"},
    {CSI_TIME_FIRST, "20260301T100000+0200 x", "2026-03-01T08:00:00Z"},
    {CSI_TIME_FIRST, "20260301T100000 EST x", ""},
    {CSI_TIME_FIRST, "20260301T100000 ERROR x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301T10:00:00 x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301 10:00:00.123456 x",
     "2026-03-01T10:00:00.123456Z"},
    {CSI_TIME_FIRST, "20260301 10:00:00 ERROR x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301100000 x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301100000.5Z x", "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_SECOND, "a 20260301100000: x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "20260301 x 10:00:00", NULL},
    {CSI_TIME_FIRST, "20260301T100000x", NULL},
    {CSI_TIME_FIRST, "20261301100000 x", NULL},
    {CSI_TIME_FIRST, "12345678 10:00:00 x", NULL},
    {CSI_TIME_FIRST, "12345678901234 x", NULL},
    {CSI_TIME_FIRST, "[2026-03-01 10:00:00] x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "[Sun Mar 01 10:00:00.25 2026] [core]",
     "2026-03-01T10:00:00.250Z"},
    {CSI_TIME_FIRST, "Mar  1 10:00:00 host sshd[1]: x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "Mar  1 10:00:00 2026 host x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "Sep 30 10:00:00 host x", "2025-09-30T10:00:00Z"},
    {CSI_TIME_FIRST, "Mar  3 10:00:00 host x", "2025-03-03T10:00:00Z"},
    {CSI_TIME_FIRST, "Mar  2 10:00:00 host x", "2026-03-02T10:00:00Z"},
    {CSI_TIME_FIRST, "Mar  2 12:00:00 host x", "2026-03-02T12:00:00Z"},
    {CSI_TIME_FIRST, "Mar  2 12:00:01 host x", "2025-03-02T12:00:01Z"},
    {CSI_TIME_FIRST, "Feb 29 10:00:00 host x", "2024-02-29T10:00:00Z"},
    {CSI_TIME_FIRST, "<34>Mar  1 10:00:00 h su: x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "<34>1 2026-03-01T10:00:00Z h su - - x",
     "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "I0301 10:00:00.500000 1 a.go:3] x",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "E20260301 10:00:00.500000 1 a.cc:3] x",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "I0301 10:00:00.500000 2026 a.go:3] x",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "I0301 10:00:00 is no time of glog's", NULL},
    {CSI_TIME_FIRST, "17:M 01 Mar 2026 10:00:00.5 * Ready",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "# Time: 2026-03-01T10:00:00.5Z",
     "2026-03-01T10:00:00.500Z"},
    {CSI_TIME_FIRST, "1772359200.25 3 10.0.0.1 TCP",
     "2026-03-01T10:00:00.250Z"},
    {CSI_TIME_FIRST, "1772359200000 x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "01/Mar/2026:10:00:00 +0100 x", "2026-03-01T09:00:00Z"},
    {CSI_TIME_SECOND, "web 2026-03-01T10:00:00Z GET", "2026-03-01T10:00:00Z"},
    {CSI_TIME_THIRD, "web 1 2026-03-01T10:00:00Z x", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FOURTH, "a | b 2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"},
    {CSI_TIME_BRACKET, "::1 - - [01/Mar/2026:10:00:00 +0000] \"GET\"",
     "2026-03-01T10:00:00Z"},
    {CSI_TIME_BRACKET, "h [x] [01/Mar/2026:10:00:00 -0500]",
     "2026-03-01T15:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 09:00:00 PM x", "2026-03-01T21:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 12:00:00.5am: x", "2026-03-01T00:00:00.500Z"},
    {CSI_TIME_FIRST, "2026-03-01 13:00:00 PM x", "2026-03-01T13:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 pm2 up", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "2026-03-01 10:00:00 PMX up", "2026-03-01T10:00:00Z"},
    {CSI_TIME_FIRST, "Mar 01, 2026 9:00:00 PM org.x.Main y",
     "2026-03-01T21:00:00Z"},
    {CSI_TIME_BRACKET, "[3/1/26] [Mar 1, 2026 9:05 AM UTC] x",
     "2026-03-01T09:05:00Z"},
    {CSI_TIME_FIRST, "Mar 01, 2026 9:00:00 x", NULL},
    {CSI_TIME_FIRST, "", NULL},
    {CSI_TIME_FIRST, " 2026-03-01T10:00:00Z x", NULL},
    {CSI_TIME_FIRST, "\tat a.b(C.java:10)", NULL},
    {CSI_TIME_FIRST, "Server 10:00:00 started", NULL},
    {CSI_TIME_FIRST, "2026-02-30 10:00:00 x", NULL},
    {CSI_TIME_FIRST, "2026-03-01 x", NULL},
    {CSI_TIME_FIRST, "12345 10:00:00", NULL},
    {CSI_TIME_FIRST, "17 x", NULL},
    {CSI_TIME_FIRST, "1772359200a", NULL},
    {CSI_TIME_FIRST, "Caused by: x 10:00", NULL},
    {CSI_TIME_SECOND, "web", NULL},
    {CSI_TIME_BRACKET, "no bracket", NULL},
    {CSI_TIME_BRACKET, "[", NULL},
};

static const struct cosend_time_context context = {.now = NOW * CSI_SECOND};

static void lines_have_their_time(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct cosend_time time = {0, 0};
        char text[COSEND_TIME_MAX];
        enum csi_log_time found =
            csi_log_time(lines[i].line, strlen(lines[i].line), lines[i].place,
                         &context, &time.nanoseconds);
        enum csi_log_time due = !lines[i].due   ? CSI_LOG_UNTIMED
                                : *lines[i].due ? CSI_LOG_TIMED
                                                : CSI_LOG_LETTERS;

        if (found != due)
            fail_msg("\"%s\" is %d, not %d", lines[i].line, found, due);
        if (found != CSI_LOG_TIMED)
            continue;
        cosend_format_time(NULL, time, NULL, text, sizeof(text));
        if (strcmp(text, lines[i].due) != 0)
            fail_msg("\"%s\" is of %s, not %s", lines[i].line, text,
                     lines[i].due);
    }
}

static void letters_are_those_of_a_zone_that_is_given(void **unused)
{
    struct cosend_zone *zone = cosend_zone_new("Europe/Berlin", 13, NULL);
    struct cosend_time_context there = {.zone = zone, .now = NOW * CSI_SECOND};
    static const char line[] = "2026-03-01 10:00:00 CET [7] LOG";
    int64_t time;

    (void)unused;
    if (!zone)
        skip();
    assert_int_equal(
        csi_log_time(line, strlen(line), CSI_TIME_FIRST, &there, &time),
        CSI_LOG_TIMED);
    assert_int_equal(time, (NOW - 3 * 3600) * CSI_SECOND);
    cosend_zone_free(zone);
}

/* Of an hour that clocks show twice, by either. */
static void a_time_that_is_shown_twice_is_of_both(void **unused)
{
    struct cosend_zone *zone = cosend_zone_new("Europe/Berlin", 13, NULL);
    struct csi_time_span span = {.to = INT64_MAX,
                                 .context = {.zone = zone},
                                 .place = CSI_TIME_FIRST,
                                 .end = '\n'};
    static const char line[] = "2026-10-25 02:30:00 x";
    int64_t first = INT64_C(1792888200) * CSI_SECOND, time, hour = 3600;

    (void)unused;
    if (!zone)
        skip();
    for (int i = -1; i < 3; i++) {
        span.from = first + i * hour * CSI_SECOND;
        assert_int_equal(csi_time_span_judge(&span, line, strlen(line), &time),
                         i < 2 ? CSI_SPAN_IN : CSI_SPAN_OUT);
        assert_int_equal(time, first);
    }
    cosend_zone_free(zone);
}

static void times_elsewhere_are_seen(void **unused)
{
    struct csi_time_span span = {
        .context = context, .place = CSI_TIME_FIRST, .end = '\n'};
    static const char *const there[] = {"x [2026-03-01 10:00:00] y",
                                        "a b 2026-03-01T10:00:00Z",
                                        "2026-03-01 10:00:00 EST x"};

    (void)unused;
    for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
        assert_true(
            csi_time_span_is_elsewhere(&span, there[i], strlen(there[i])));
    assert_false(csi_time_span_is_elsewhere(&span, "java.lang.X: y", 14));
}

static void most_lines_say_where_times_are(void **unused)
{
    struct csi_time_span span = {.context = context, .end = '\n'};
    static const char preamble[] = "Log opened at 2026-03-01 09:00:00\n"
                                   "2026-03-01 10:00:00 a\n"
                                   "2026-03-01 10:00:01 b\n";
    static const char dates[] = "#Date: 2026-03-01 09:00:00\n"
                                "#Fields: time x\n"
                                "10:00:00 1\n";
    int64_t first;

    (void)unused;
    assert_int_equal(csi_time_span_learn(&span, preamble,
                                         preamble + strlen(preamble), &first),
                     CSI_LOG_TIMED);
    assert_int_equal(span.place, CSI_TIME_FIRST);
    assert_int_equal(first, (NOW - 2 * 3600) * CSI_SECOND);
    /* The time of a directive is that of no line. */
    span.place = CSI_TIME_SECOND;
    assert_int_equal(
        csi_time_span_judge(&span, "#Date: 2026-03-01 10:00:00", 26, &first),
        CSI_SPAN_ALWAYS);
    assert_int_equal(
        csi_time_span_learn(&span, dates, dates + strlen(dates), &first),
        CSI_LOG_UNTIMED);
    assert_true(csi_is_directive("#Fields: a b", 12));
    assert_false(csi_is_directive("# Time: 2026", 12));
    assert_false(csi_is_directive("#x", 2));
}

/* ---- Bisection ----------------------------------------------------------- */

enum { MOST = 1 << 17 };

struct made {
    char text[MOST + 512];
    size_t length;
    bool in_bound; /* no time is more than two hours behind one before it */
};

/* A log from the start of 2026 on. */
static void make_log(struct made *made)
{
    int64_t time = INT64_C(1767225600), greatest = time;
    unsigned gap = 1 + draw(draw(3) ? 100 : 5000), bound = draw(7000);
    bool breaks = !draw(6);

    made->length = 0;
    made->in_bound = true;
    while (made->length < MOST) {
        struct cosend_time at = {0, 0};
        char text[COSEND_TIME_MAX];
        int64_t own = time - (draw(4) ? 0 : (int64_t)draw(bound + 1));

        if (breaks && !draw(500))
            own = time -= (int64_t)draw(100000);
        made->in_bound &= greatest - own <= 7200;
        greatest = own > greatest ? own : greatest;
        at.nanoseconds = own * CSI_SECOND;
        cosend_format_time(NULL, at, NULL, text, sizeof(text));
        made->length += (size_t)sprintf(made->text + made->length, "%s %.*s\n",
                                        text, (int)draw(60),
                                        "what was told of it, and what else "
                                        "there was to tell of it");
        while (!draw(5))
            made->length += (size_t)sprintf(made->text + made->length,
                                            "    at line %d\n", (int)draw(9));
        time += (int64_t)draw(gap);
    }
}

/* Whether any line of the span is outside the part. */
static bool is_lost(const struct made *made, const struct csi_time_span *span,
                    const struct csi_part *part)
{
    const char *end = made->text + made->length;
    bool in = false;

    for (const char *line = made->text; line < end;) {
        const char *behind = memchr(line, '\n', (size_t)(end - line));
        size_t at = (size_t)(line - made->text);
        int64_t time;
        enum csi_in_span now =
            csi_time_span_judge(span, line, (size_t)(behind - line), &time);

        in = now == CSI_SPAN_UNKNOWN ? in : now == CSI_SPAN_IN;
        if (in && (at < part->from || at >= part->to))
            return true;
        line = behind + 1;
    }
    return false;
}

static bool is_line_start(const struct made *made, uint64_t at)
{
    return !at || at == made->length || made->text[at - 1] == '\n';
}

static struct cosend_input *input_of(struct cosend_io *io,
                                     const struct made *made)
{
    struct cosend_input *input = NULL;
    int fd = memfd_create("log", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, made->text, made->length),
                     (ssize_t)made->length);
    lseek(fd, 0, SEEK_SET);
    assert_int_equal(cosend_input_descriptor(io, fd, "log", &input, NULL),
                     COSEND_OK);
    return input;
}

static uint64_t saved, skipped, all_bytes;

static void try_one(struct cosend_io *io, struct made *made)
{
    struct cosend_input *input;
    char first[64];
    uint64_t size = 0;
    size_t read;

    make_log(made);
    input = input_of(io, made);
    /* What is read by pread begins once it is known not to be packed. */
    assert_int_equal(
        cosend_input_read(input, first, sizeof(first), &read, NULL), COSEND_OK);
    assert_true(csi_input_is_seekable(input, &size));
    for (int i = 0; i < 8; i++) {
        int64_t from = INT64_C(1767225600) - 100000 + (int64_t)draw(8000000);
        struct csi_time_span span = {.from = from * CSI_SECOND,
                                     .to = INT64_MAX,
                                     .context = context,
                                     .place = CSI_TIME_FIRST,
                                     .end = '\n'};
        struct csi_part part;

        if (draw(2))
            span.to = (from + 1 + (int64_t)draw(1000000)) * CSI_SECOND;
        if (!draw(4))
            span.from = INT64_MIN;
        assert_true(csi_bisect(input, &span, 0, size, &part));
        assert_true(is_line_start(made, part.from));
        assert_true(is_line_start(made, part.to));
        if (made->in_bound && is_lost(made, &span, &part))
            fail_msg("lines of the span are not in [%llu, %llu) of %llu",
                     (unsigned long long)part.from, (unsigned long long)part.to,
                     (unsigned long long)size);
        if (made->in_bound)
            assert_true(part.ascends);
        skipped += size - (part.to - part.from);
        saved += part.to - part.from < size;
        all_bytes += size;
    }
    close(input->fd);
    cosend_input_free(input);
}

static void no_line_of_a_span_is_passed_over(void **unused)
{
    struct cosend_io *io = cosend_io_new(NULL);
    struct made *made = malloc(sizeof(*made));
    size_t usual = csi_block_bytes;
    int rounds = rounds_of(60);

    (void)unused;
    csi_block_bytes = 4096;
    for (int i = 0; i < rounds; i++)
        try_one(io, made);
    csi_block_bytes = usual;
    free(made);
    cosend_io_free(io);
    assert_true(saved > 0 && skipped > all_bytes / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_their_time),
        cmocka_unit_test(letters_are_those_of_a_zone_that_is_given),
        cmocka_unit_test(a_time_that_is_shown_twice_is_of_both),
        cmocka_unit_test(times_elsewhere_are_seen),
        cmocka_unit_test(most_lines_say_where_times_are),
        cmocka_unit_test(no_line_of_a_span_is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
