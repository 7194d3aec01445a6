/* SPDX-License-Identifier: MIT */
/*
 * Sources and sinks of a host program's own do what the library's do: they are
 * stopped while they wait, snapshots and ticks come meanwhile, and a sink hears
 * that its input is idle.
 */
#include "cosend.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

/* What the source reads, and where others are told what has come of it. */
static int input[2], told[2];
static struct cosend_pipeline *running;

static void tell(void)
{
    ssize_t ignored = write(told[1], "", 1);

    (void)ignored;
}

/* Whether so many things are told. */
static bool await(int count)
{
    char byte;

    while (count && read(told[0], &byte, 1) == 1)
        count--;
    return !count;
}

/* ---- A source: lines of a pipe ------------------------------------------- */

static int lines_body(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed = cosend_feed_new(self, &text);
    struct pollfd fd = {.fd = input[0], .events = POLLIN};
    ssize_t got = 1;
    size_t room;
    char *to;

    (void)options;
    if (!feed || cosend_feed_file(feed, "pipe-1", 0) != COSEND_OK)
        return COSEND_E_MEMORY;
    while (cosend_poll(self, &fd, 1, INT64_MAX) == COSEND_OK) {
        to = cosend_feed_room(feed, &room);
        got = to ? read(fd.fd, to, room) : 0;
        if (got <= 0)
            return cosend_feed_end(feed) < 0 ? COSEND_E_DATA : 0;
        if (cosend_feed_take(feed, (size_t)got) != COSEND_OK)
            return 0;
    }
    return 0;
}

static const struct cosend_filter lines = {.abi = COSEND_ABI,
                                           .name = "pipe_lines",
                                           .role = COSEND_SOURCE,
                                           .summary = "lines of a pipe",
                                           .body = lines_body};

/* ---- A sink that notes what it hears ------------------------------------- */

static char heard[256];
static int refuse_flush; /* an error */

static void hear(const char *what)
{
    if (strlen(heard) + strlen(what) < sizeof(heard))
        strcat(heard, what);
    tell();
}

static int hears_body(struct cosend_stage *self, void *options)
{
    const char *copy = cosend_is_snapshot(self) ? "s" : "";
    struct cosend_record record;
    struct cosend_item item = {0};
    char text[32];

    (void)options;
    cosend_tell_flushes(self);
    for (;;)
        switch (cosend_receive_until(self, &record, INT64_MAX)) {
        case COSEND_EVENT_RECORD:
            memset(&item, 0, sizeof(item));
            cosend_next_item(&record, &item, NULL);
            snprintf(text, sizeof(text), "%s%.*s ", copy, (int)item.cell.length,
                     item.cell.data);
            hear(text);
            break;
        case COSEND_EVENT_FLUSH:
            hear("flush ");
            if (refuse_flush)
                return cosend_fail(self, refuse_flush, "the peer is gone");
            break;
        default:
            hear(*copy ? "send " : "end");
            return 0;
        }
}

static const struct cosend_filter hears = {.abi = COSEND_ABI,
                                           .name = "hears",
                                           .role = COSEND_SINK,
                                           .summary = "note what comes",
                                           .body = hears_body};

/* By its row's flush. */
static int quiet_body(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    int *records = cosend_stage_memory(self, sizeof(*records));

    (void)options;
    if (!records)
        return COSEND_E_MEMORY;
    cosend_publish(self, records);
    while (cosend_receive(self, &record))
        ++*records;
    return 0;
}

static int quiet_flush(struct cosend_stage *self, void *state)
{
    char text[16];

    snprintf(text, sizeof(text), "%d ", *(int *)state);
    hear(text);
    return refuse_flush ? cosend_fail(self, refuse_flush, "the disk is full")
                        : 0;
}

static const struct cosend_filter quiet = {.abi = COSEND_ABI,
                                           .name = "counts_quietly",
                                           .role = COSEND_SINK,
                                           .summary = "count what comes",
                                           .body = quiet_body,
                                           .flush = quiet_flush};

/* ---- A step with a tick -------------------------------------------------- */

static int gather_body(struct cosend_stage *self, void *options)
{
    const int64_t quiet_for = 20000000;
    struct cosend_column column;
    struct cosend_record record;
    int64_t due = INT64_MAX, gathered = 0;

    (void)options;
    cosend_drop_columns(self);
    column = cosend_add_column(self, "records");
    for (;;)
        switch (cosend_receive_until(self, &record, due)) {
        case COSEND_EVENT_RECORD:
            gathered++;
            due = cosend_now(self) + quiet_for;
            break;
        case COSEND_EVENT_TICK:
            due = INT64_MAX;
            cosend_set_integer(self, column, gathered);
            cosend_emit_new(self);
            gathered = 0;
            break;
        default:
            return 0;
        }
}

static const struct cosend_filter gather = {.abi = COSEND_ABI,
                                            .name = "gather_lines",
                                            .summary = "count up to a pause",
                                            .absorbs = true,
                                            .body = gather_body};

/* ---- Running ------------------------------------------------------------- */

static void stop_on_signal(int number)
{
    (void)number;
    cosend_pipeline_request(running, COSEND_STOP);
}

/* What another thread does: writes, and once so much was told, does more. */
struct plan {
    int idle; /* so many flushes come before it writes */
    const char *text;
    int told;      /* so many things, then: */
    int request;   /* of the pipeline; 0: none */
    int told_then; /* behind it */
    int signal;    /* in place of the stop at the end; or 0 */
    bool failed;
};

static void *act(void *argument)
{
    struct plan *plan = argument;
    size_t length = strlen(plan->text);

    plan->failed = !await(plan->idle) ||
                   write(input[1], plan->text, length) != (ssize_t)length ||
                   !await(plan->told);
    if (plan->request)
        cosend_pipeline_request(running, plan->request);
    plan->failed |= !await(plan->told_then);
    usleep(10000); /* so that it waits, most often */
    if (plan->signal)
        kill(getpid(), plan->signal);
    else
        cosend_pipeline_request(running, COSEND_STOP);
    return NULL;
}

static int take_and_tell(const struct cosend_record *record, void *context)
{
    take(record, context);
    tell();
    return COSEND_OK;
}

static int run_line(const char *line, struct plan *plan, struct taken *taken,
                    const char *rejects)
{
    struct cosend_options made = host(taken);
    struct cosend_error error = {0};
    pthread_t thread;
    int status;

    heard[0] = '\0';
    made.push = false;
    made.rejects_path = rejects;
    if (!strstr(line, "hears"))
        made.record = take_and_tell;
    else
        made.record = NULL;
    running = cosend_pipeline_from_line(line, &made, &error);
    if (!running)
        fail_msg("%s", error.message);
    assert_int_equal(pipe(input), 0);
    assert_int_equal(pipe(told), 0);
    assert_int_equal(pthread_create(&thread, NULL, act, plan), 0);
    status = cosend_pipeline_run(running, &error);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_false(plan->failed);
    assert_true(cosend_pipeline_balanced(running));
    cosend_pipeline_free(running);
    close(input[0]);
    close(input[1]);
    close(told[0]);
    close(told[1]);
    return status;
}

/* What came goes out before the source waits, or nothing would be told. */
static void a_source_that_waits_is_stopped_by_another_thread(void **state)
{
    struct plan plan = {.text = "a\nb\n", .told = 2};
    struct taken taken;

    (void)state;
    assert_int_equal(run_line("pipe_lines", &plan, &taken, NULL), COSEND_OK);
    assert_string_equal(taken.text, "line=a ;line=b ;");
}

static void and_from_a_signal_handler(void **state)
{
    struct sigaction action = {.sa_handler = stop_on_signal};
    struct plan plan = {.text = "a\nb\n", .told = 2, .signal = SIGUSR2};
    struct taken taken;

    (void)state;
    assert_int_equal(sigaction(SIGUSR2, &action, NULL), 0);
    assert_int_equal(run_line("pipe_lines", &plan, &taken, NULL), COSEND_OK);
    assert_string_equal(taken.text, "line=a ;line=b ;");
    signal(SIGUSR2, SIG_DFL);
}

static void a_record_that_is_cut_by_the_stop_is_told(void **state)
{
    char path[] = "/tmp/cosend-source-XXXXXX", text[512] = "";
    struct plan plan = {.text = "a\nb", .told = 1};
    struct taken taken;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(run_line("pipe_lines", &plan, &taken, path), COSEND_OK);
    assert_string_equal(taken.text, "line=a ;");
    assert_true(read(fd, text, sizeof(text) - 1) > 0);
    assert_non_null(strstr(text, "\"source\":\"pipe-1\",\"line\":2,"
                                 "\"offset\":2"));
    assert_non_null(strstr(text, "\"kind\":\"truncated\""));
    close(fd);
    unlink(path);
}

static void a_snapshot_is_made_while_it_waits(void **state)
{
    struct plan plan = {.idle = 1,
                        .text = "a\nb\n",
                        .told = 1,
                        .request = COSEND_SNAPSHOT,
                        .told_then = 3};
    struct taken taken;

    (void)state;
    assert_int_equal(
        run_line("pipe_lines | count | hears", &plan, &taken, NULL), COSEND_OK);
    /* The snapshot begins with a flush, too. Where it comes before the source
       waits there is nothing to flush behind it. */
    assert_true(strcmp(heard, "flush flush flush s2 send flush 2 end") == 0 ||
                strcmp(heard, "flush flush flush s2 send 2 end") == 0);
}

static void ticks_come_while_it_waits(void **state)
{
    struct plan plan = {.text = "a\nb\nc\n", .told = 1};
    struct taken taken;

    (void)state;
    assert_int_equal(run_line("pipe_lines | gather_lines", &plan, &taken, NULL),
                     COSEND_OK);
    assert_string_equal(taken.text, "records=3 ;");
}

/* ---- Sinks --------------------------------------------------------------- */

static void a_sink_hears_that_a_followed_file_is_idle(void **state)
{
    char path[] = "/tmp/cosend-source-XXXXXX";
    const char *const files[] = {path};
    struct plan plan = {.text = "", .told = 3};
    struct cosend_options made;
    struct cosend_error error = {0};
    struct taken taken;
    pthread_t thread;
    int fd = mkstemp(path);

    (void)state;
    heard[0] = '\0';
    assert_true(fd >= 0 && write(fd, "a\nb\n", 4) == 4);
    made = host(&taken);
    made.push = false;
    made.record = NULL;
    made.files = files;
    made.file_count = 1;
    made.follow = true;
    running = cosend_pipeline_from_line("grep . | hears", &made, &error);
    assert_non_null(running);
    assert_int_equal(pipe(input), 0);
    assert_int_equal(pipe(told), 0);
    assert_int_equal(pthread_create(&thread, NULL, act, &plan), 0);
    assert_int_equal(cosend_pipeline_run(running, &error), COSEND_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_memory_equal(heard, "a b flush ", 10);
    cosend_pipeline_free(running);
    close(fd);
    unlink(path);
}

static int push_twice(const char *line)
{
    struct cosend_error error = {0};
    struct cosend_options made;
    struct taken taken;
    struct cosend_pipeline *pipeline;
    int status, finished;

    heard[0] = '\0';
    assert_int_equal(pipe(told), 0);
    made = host(&taken);
    made.record = NULL;
    pipeline = open_line(line, &made);
    push(pipeline, "a\nb\n");
    status = cosend_pipeline_flush(pipeline, &error);
    if (status == COSEND_OK) {
        push(pipeline, "c\n");
        status = cosend_pipeline_flush(pipeline, &error);
    }
    finished = cosend_pipeline_finish(pipeline, &error);
    assert_int_equal(finished, status);
    assert_int_equal(error.kind, status);
    cosend_pipeline_free(pipeline);
    close(told[0]);
    close(told[1]);
    return status;
}

static void a_sink_hears_that_a_host_flushes(void **state)
{
    (void)state;
    assert_int_equal(push_twice("grep . | hears"), COSEND_OK);
    assert_string_equal(heard, "a b flush c flush end");
    assert_int_equal(push_twice("counts_quietly"), COSEND_OK);
    assert_string_equal(heard, "2 3 ");
}

static void and_what_it_cannot_write_is_the_hosts_error(void **state)
{
    (void)state;
    refuse_flush = COSEND_E_OUTPUT;
    assert_int_equal(push_twice("grep . | hears"), COSEND_E_OUTPUT);
    assert_string_equal(heard, "a b flush ");
    assert_int_equal(push_twice("counts_quietly"), COSEND_E_OUTPUT);
    assert_string_equal(heard, "2 ");
    refuse_flush = 0;
}

/* ---- Feeds --------------------------------------------------------------- */

/* Two peers that send CSV in small pieces. */
static int peers_body(struct cosend_stage *self, void *options)
{
    static const char *const sent[] = {"k,v\na,1", "\nb,2,3\n", "c,3\n",
                                       "v,k\n4,d\n"};
    const struct cosend_format_options csv = {.name = COSEND_FORMAT_CSV,
                                              .header = {true, {NULL, 0}}};
    struct cosend_feed *one = cosend_feed_new(self, &csv);
    struct cosend_feed *other = cosend_feed_new(self, &csv);

    (void)options;
    if (!one || !other)
        return COSEND_E_MEMORY;
    cosend_feed_file(one, "peer-1", 0);
    cosend_feed_file(other, "peer-2", 0);
    for (int i = 0; i < 3; i++)
        if (cosend_feed_bytes(one, sent[i], strlen(sent[i])) != COSEND_OK)
            return 0;
    cosend_feed_bytes(other, sent[3], strlen(sent[3]));
    cosend_feed_end(one);
    cosend_feed_end(other);
    return 0;
}

static const struct cosend_filter peers = {.abi = COSEND_ABI,
                                           .name = "peers",
                                           .role = COSEND_SOURCE,
                                           .summary = "records of two peers",
                                           .body = peers_body};

static void feeds_of_a_source_have_one_header_and_say_where(void **state)
{
    char path[] = "/tmp/cosend-source-XXXXXX", text[512] = "";
    struct plan plan = {.text = "", .told = 3};
    struct taken taken;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(run_line("peers", &plan, &taken, path), COSEND_OK);
    assert_string_equal(taken.text, "k=a v=1 ;k=c v=3 ;k=d v=4 ;");
    assert_true(read(fd, text, sizeof(text) - 1) > 0);
    assert_non_null(strstr(text, "\"source\":\"peer-1\""));
    assert_non_null(strstr(text, "\"line\":3"));
    close(fd);
    unlink(path);
}

/* What the feed is told need not stay: a body's options are gone when it
   returns, and the run ends a feed that had nothing behind that. */
static int forgets_body(struct cosend_stage *self, void *options)
{
    static struct cosend_format_options text;

    (void)options;
    text = (struct cosend_format_options){.name = COSEND_FORMAT_TEXT,
                                          .field = {"said", 4}};
    if (!cosend_feed_new(self, &text))
        return COSEND_E_MEMORY;
    text.field = (struct cosend_string){"unsaid", 6};
    return 0;
}

static const struct cosend_filter forgets = {.abi = COSEND_ABI,
                                             .name = "forgets",
                                             .role = COSEND_SOURCE,
                                             .summary = "nothing",
                                             .body = forgets_body};

static void a_feed_has_its_own_options(void **state)
{
    struct plan plan = {.text = ""};
    struct taken taken;

    (void)state;
    assert_int_equal(run_line("forgets | select said", &plan, &taken, NULL),
                     COSEND_OK);
}

/* ---- Inputs and outputs of the run's ------------------------------------- */

static char file_path[] = "/tmp/cosend-source-XXXXXX";

/* Lines of a file that is followed. */
static int follows_body(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed = cosend_feed_new(self, &text);
    struct cosend_input *in = NULL;
    struct cosend_error error = {0};
    size_t room, length;

    (void)options;
    if (!feed || cosend_input_open(cosend_stage_io(self), file_path,
                                   COSEND_INPUT_FOLLOW, &in, &error) < 0)
        return COSEND_E_INPUT;
    while (!cosend_stopping(self) &&
           cosend_wait_inputs(self, &in, 1, INT64_MAX) == COSEND_OK) {
        char *to = cosend_feed_room(feed, &room);

        if (!to || cosend_input_read(in, to, room, &length, &error) < 0 ||
            cosend_feed_take(feed, length) != COSEND_OK)
            break;
    }
    cosend_input_free(in);
    if (error.kind)
        cosend_unreadable(self, &error);
    return 0;
}

static const struct cosend_filter follows = {.abi = COSEND_ABI,
                                             .name = "follows",
                                             .role = COSEND_SOURCE,
                                             .summary = "follow a file",
                                             .body = follows_body};

static void a_source_may_follow_files_of_its_own(void **state)
{
    struct plan plan = {.text = "", .told = 2};
    struct taken taken;
    FILE *file = fopen(file_path, "w");

    (void)state;
    assert_non_null(file);
    fputs("a\nb\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(run_line("follows", &plan, &taken, NULL), COSEND_OK);
    assert_string_equal(taken.text, "line=a ;line=b ;");
}

/* Writes first fields to the file, or to a descriptor; "bad" fails. */
static int write_fd = -1;

static int writes_body(struct cosend_stage *self, void *options)
{
    struct cosend_output *out = NULL;
    struct cosend_error error = {0};
    struct cosend_record record;
    struct cosend_io *io = cosend_stage_io(self);
    enum cosend_event event;
    int status =
        write_fd < 0
            ? cosend_output_open(io, file_path, COSEND_OUTPUT_ATOMIC, &out,
                                 &error)
            : cosend_output_descriptor(io, write_fd, "peer", &out, &error);

    (void)options;
    if (status < 0 || !cosend_leave_output(self, out))
        return COSEND_E_OUTPUT;
    cosend_tell_flushes(self);
    while (status == COSEND_OK &&
           (event = cosend_receive_until(self, &record, INT64_MAX)) !=
               COSEND_EVENT_END) {
        struct cosend_item item = {0};

        if (event == COSEND_EVENT_FLUSH) {
            status = cosend_output_flush(out, &error);
            continue;
        }
        cosend_next_item(&record, &item, NULL);
        if (item.cell.length == 3)
            return cosend_fail(self, COSEND_E_DATA, "it is bad");
        status =
            cosend_output_write(out, item.cell.data, item.cell.length, &error);
    }
    return status == COSEND_OK ? 0 : cosend_give_up(self, status, &error);
}

static const struct cosend_filter writes = {.abi = COSEND_ABI,
                                            .name = "writes",
                                            .role = COSEND_SINK,
                                            .summary = "write fields",
                                            .body = writes_body};

static const char *file_text(void)
{
    static char text[64];
    FILE *file = fopen(file_path, "r");

    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static int push_into_file(const char *text)
{
    struct cosend_error error = {0};
    struct cosend_options made;
    struct taken taken;
    struct cosend_pipeline *pipeline;
    int status;

    made = host(&taken);
    made.record = NULL;
    pipeline = open_line("grep . | writes", &made);
    cosend_pipeline_push(pipeline, text, strlen(text), NULL);
    status = cosend_pipeline_flush(pipeline, NULL);
    cosend_pipeline_finish(pipeline, &error);
    cosend_pipeline_free(pipeline);
    return error.kind ? error.kind : status;
}

static void a_sink_leaves_its_output_to_the_run(void **state)
{
    (void)state;
    assert_int_equal(push_into_file("a\nb\n"), COSEND_OK);
    assert_string_equal(file_text(), "ab");
    assert_int_equal(push_into_file("c\nbad\nd\n"), COSEND_E_DATA);
    assert_string_equal(file_text(), "ab");
}

static void and_gives_up_where_nobody_reads_it(void **state)
{
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    signal(SIGPIPE, SIG_IGN);
    close(fds[0]);
    write_fd = fds[1];
    assert_int_equal(push_into_file("a\nb\n"), COSEND_DONE);
    write_fd = -1;
    close(fds[1]);
}

/* ---- Misuse -------------------------------------------------------------- */

/* What is asked of a step that only a source may do, and the other way. */
static int asks(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TABLE};
    struct cosend_input *none = NULL;

    (void)options;
    if (cosend_feed_new(self, &text))
        return COSEND_E_TYPE;
    cosend_wait_inputs(self, &none, 0, 0);
    cosend_unreadable(self, NULL);
    cosend_poll(self, NULL, 1, 0);
    cosend_flush(self);
    if (cosend_leave_output(self, NULL))
        return COSEND_E_TYPE;
    cosend_give_up(self, COSEND_DONE, NULL);
    return COSEND_E_USER;
}

static const struct cosend_filter asking_step = {.abi = COSEND_ABI,
                                                 .name = "asking_step",
                                                 .summary = "ask for too much",
                                                 .body = asks};
static const struct cosend_filter asking_source = {.abi = COSEND_ABI,
                                                   .name = "asking_source",
                                                   .role = COSEND_SOURCE,
                                                   .summary = "the same",
                                                   .body = asks};

static void what_is_not_for_it_fails_the_step(void **state)
{
    struct cosend_error error = {0};
    struct cosend_options made;
    struct taken taken;
    struct cosend_pipeline *pipeline;

    (void)state;
    made = host(&taken);
    made.push = false;
    pipeline = cosend_pipeline_from_line("asking_source", &made, &error);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_USAGE);
    assert_string_equal(error.message, "format: there is no number 11");
    cosend_pipeline_free(pipeline);
    memset(&error, 0, sizeof(error));
    made.push = true;
    pipeline = cosend_pipeline_from_line("asking_step", &made, &error);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_E_USAGE);
    assert_string_equal(error.message, "only a source has a feed");
    cosend_pipeline_free(pipeline);
}

/* Records of a feed, and one beside it; columns, and then a feed. */
static bool first_columns;

static int mixes(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed;

    (void)options;
    if (first_columns)
        cosend_add_column(self, "a");
    feed = cosend_feed_new(self, &text);
    if (!feed)
        return first_columns ? 0 : COSEND_E_USER;
    cosend_feed_bytes(feed, "a\n", 2);
    return cosend_emit_new(self) < 0 ? 0 : COSEND_E_USER;
}

static const struct cosend_filter mixing = {.abi = COSEND_ABI,
                                            .name = "mixes",
                                            .role = COSEND_SOURCE,
                                            .summary = "mix",
                                            .body = mixes};

static void a_feed_makes_all_records(void **state)
{
    static const char *const messages[] = {
        "it makes a record beside those of its feed",
        "it adds columns to those of its feed"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct cosend_error error = {0};
        struct cosend_options made;
        struct taken taken;
        struct cosend_pipeline *pipeline;

        first_columns = i;
        made = host(&taken);
        made.push = false;
        pipeline = cosend_pipeline_from_line("mixes", &made, &error);
        assert_non_null(pipeline);
        assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_USAGE);
        assert_string_equal(error.message, messages[i]);
        cosend_pipeline_free(pipeline);
    }
}

/* More than there was room for; what read() answers where it fails; what is
   said twice. */
static size_t excess;
static bool twice;

static int overfills(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed = cosend_feed_new(self, &text);
    size_t room = 0;
    char *to = feed ? cosend_feed_room(feed, &room) : NULL;

    (void)options;
    if (!to)
        return COSEND_E_USER;
    memcpy(to, "a\n", 2);
    if (twice)
        return cosend_feed_take(feed, 2) < 0 ? COSEND_E_USER
                                             : cosend_feed_take(feed, 2);
    return cosend_feed_take(feed, excess == SIZE_MAX ? excess : room + excess);
}

static const struct cosend_filter overfilling = {.abi = COSEND_ABI,
                                                 .name = "overfills",
                                                 .role = COSEND_SOURCE,
                                                 .summary = "overfill",
                                                 .body = overfills};

static void a_feed_takes_no_more_than_there_was_room_for(void **state)
{
    static const size_t more[] = {1, SIZE_MAX, 0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct cosend_error error = {0};
        struct cosend_options made;
        struct taken taken;
        struct cosend_pipeline *pipeline;

        excess = more[i];
        twice = i == 2;
        made = host(&taken);
        made.push = false;
        pipeline = cosend_pipeline_from_line("overfills", &made, &error);
        assert_non_null(pipeline);
        assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_USAGE);
        assert_non_null(
            strstr(error.message, "bytes into a feed's room, which is of"));
        cosend_pipeline_free(pipeline);
    }
}

static int register_all(void **state)
{
    static const struct cosend_filter *const all[] = {
        &lines,  &hears,  &quiet,       &gather,        &peers,   &follows,
        &writes, &mixing, &asking_step, &asking_source, &forgets, &overfilling};
    struct cosend_error error = {0};
    int fd = mkstemp(file_path);

    (void)state;
    if (fd < 0 || close(fd) != 0)
        return -1;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (cosend_register(all[i], &error) != COSEND_OK) {
            print_error("%s\n", error.message);
            return -1;
        }
    return 0;
}

static int clean_up(void **state)
{
    (void)state;
    return unlink(file_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_that_waits_is_stopped_by_another_thread),
        cmocka_unit_test(and_from_a_signal_handler),
        cmocka_unit_test(a_record_that_is_cut_by_the_stop_is_told),
        cmocka_unit_test(a_snapshot_is_made_while_it_waits),
        cmocka_unit_test(ticks_come_while_it_waits),
        cmocka_unit_test(a_sink_hears_that_a_followed_file_is_idle),
        cmocka_unit_test(a_sink_hears_that_a_host_flushes),
        cmocka_unit_test(and_what_it_cannot_write_is_the_hosts_error),
        cmocka_unit_test(feeds_of_a_source_have_one_header_and_say_where),
        cmocka_unit_test(a_feed_takes_no_more_than_there_was_room_for),
        cmocka_unit_test(a_feed_has_its_own_options),
        cmocka_unit_test(a_source_may_follow_files_of_its_own),
        cmocka_unit_test(a_sink_leaves_its_output_to_the_run),
        cmocka_unit_test(and_gives_up_where_nobody_reads_it),
        cmocka_unit_test(a_feed_makes_all_records),
        cmocka_unit_test(what_is_not_for_it_fails_the_step),
    };

    return cmocka_run_group_tests(tests, register_all, clean_up);
}
