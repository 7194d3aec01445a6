/* SPDX-License-Identifier: MIT */
/*
 * The whole command line, as a program sees it that starts it: what comes out
 * of which descriptor, and the status. Each run is in a child process.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "cosend.h"
#include "sanitized.h"

enum { MOST = 12 };

static char out[1 << 18], err[1 << 18];

/* The tests' own directory, which is the current one. */
static char directory[] = "/tmp/test_cli.XXXXXX";

/* ---- Running it ---------------------------------------------------------- */

static void take(int descriptor, char *text, size_t capacity)
{
    ssize_t length = pread(descriptor, text, capacity - 1, 0);

    text[length > 0 ? length : 0] = '\0';
    close(descriptor);
}

/* Become cosend with words split at '\t'. */
static void become(const char *line)
{
    char *words = strdup(line), *rest = words;
    char *argv[MOST] = {words};
    int argc = 1, status;

    for (char *word; argc < MOST && (word = strsep(&rest, "\t"));)
        argv[argc++] = word;
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    alarm(20);
    status = cosend_main(argc, argv);
    free(words);
    exit(status);
}

static pid_t start(const char *line, int in, int to, int errors)
{
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child)
        return child;
    dup2(in, STDIN_FILENO);
    dup2(to, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    become(line);
    return child;
}

/* Its exit status, or 128 + the signal that killed it. */
static int await(pid_t child)
{
    int status = 0;

    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int text_file(const char *text)
{
    int descriptor = memfd_create("text", MFD_CLOEXEC);
    size_t length = strlen(text);

    assert_int_equal(write(descriptor, text, length), length);
    assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
    return descriptor;
}

/* Run it over some text; out and err are what it printed. */
static int run(const char *line, const char *input)
{
    int in = text_file(input), to = text_file(""), errors = text_file("");
    int status = await(start(line, in, to, errors));

    close(in);
    take(to, out, sizeof(out));
    take(errors, err, sizeof(err));
    return status;
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void get_file(const char *path, char *text, size_t capacity)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(descriptor >= 0);
    take(descriptor, text, capacity);
}

/* ---- What the command line is ------------------------------------------- */

static void without_arguments_it_says_where_help_is(void **state)
{
    (void)state;
    assert_int_equal(run("", ""), 2);
}

static void help_lists_every_option_on_standard_output(void **state)
{
    (void)state;
    assert_int_equal(run("--help", ""), 0);
    assert_non_null(strstr(out, "--max-errors N"));
    assert_string_equal(err, "");
    assert_int_equal(run("run\t--help", ""), 0);
}

static void a_subcommand_to_come_is_refused(void **state)
{
    (void)state;
    assert_int_equal(run("test\tspec.json", ""), 2);
    assert_string_equal(err, "cosend: 'test' is not in this version\n");
}

static void every_filter_is_listed_and_has_help(void **state)
{
    const struct cosend_filter *filter;
    char line[80];

    (void)state;
    assert_int_equal(run("list", ""), 0);
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        snprintf(line, sizeof(line), "\n  %s ", filter->name);
        assert_non_null(strstr(out, line));
    }
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        snprintf(line, sizeof(line), "help\t%s", filter->name);
        assert_int_equal(run(line, ""), 0);
        assert_non_null(strstr(out, filter->summary));
    }
}

static void help_for_a_misspelt_filter_names_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(run("help\taverge", ""), 2);
    assert_string_equal(err, "cosend: no filter is called \"averge\"; did you "
                             "mean \"average\"?\n");
}

static void what_is_no_pipeline_is_told_what_it_may_be(void **state)
{
    (void)state;
    put_file("ok.json", "{\"cosend\": 1, \"steps\": []}");
    assert_int_equal(run("ok.json", ""), 2);
    assert_non_null(strstr(err, "cosend: to run a spec: cosend run ok.json\n"));
    assert_int_equal(run("gerp\tERROR", ""), 2);
    assert_non_null(strstr(err, "cosend 'gerp ERROR'\n"));
}

/* ---- The examples of the manual ------------------------------------------ */

static void the_lecture_s_average(void **state)
{
    (void)state;
    assert_int_equal(run("average", "2\n4\n1\n5\n"), 0);
    assert_string_equal(out, "count,average\n4,3\n");
    assert_string_equal(err, "");
}

static void a_running_average(void **state)
{
    (void)state;
    assert_int_equal(run("average emit=each\t-t\tcsv", "2\n4\n1\n5\n"), 0);
    assert_string_equal(out, "line,count,average\n2,1,2\n4,2,3\n"
                             "1,3,2.3333333333333335\n5,4,3\n");
}

static void the_lecture_s_grep(void **state)
{
    (void)state;
    assert_int_equal(run("grep Python fixed=true",
                         "Okey\nPluralsight is great!\nBut Python rocks!\n"),
                     0);
    assert_string_equal(out, "But Python rocks!\n");
}

/* ---- Specs --------------------------------------------------------------- */

static void a_spec_runs_over_files_in_order(void **state)
{
    (void)state;
    put_file("ok.json", "{\"cosend\": 1, \"steps\": [{\"grep\": \"x\"}]}");
    put_file("a.log", "x1\ny\n");
    put_file("b.log", "x2\n");
    assert_int_equal(run("run\tok.json\tb.log\ta.log", ""), 0);
    assert_string_equal(out, "x2\nx1\n");
    assert_string_equal(err, "");
}

static void a_good_spec_is_checked_in_silence(void **state)
{
    (void)state;
    put_file("ok.json", "{\"cosend\": 1, \"steps\": [{\"grep\": \"x\"}]}");
    assert_int_equal(run("check\tok.json", ""), 0);
    assert_string_equal(out, "");
    assert_string_equal(err, "");
    assert_int_equal(run("check\t--expand\tok.json", ""), 0);
    assert_non_null(strstr(out, "\"grep\""));
}

static void problems_have_a_place_and_a_way_out(void **state)
{
    (void)state;
    put_file("bad.json", "{\"cosend\": 1,\n \"steps\": [{\"gerp\": \"x\"}]}");
    assert_int_equal(run("check\tbad.json", ""), 1);
    assert_memory_equal(err, "bad.json:2:13: steps[0]", 23);
    assert_non_null(strstr(err, "did you mean \"grep\"?\n"));
    assert_null(strchr(strchr(err, '\n') + 1, '\n'));
    assert_int_equal(run("run\tbad.json", ""), 2);
}

static void problems_are_objects_for_tools(void **state)
{
    static const char start_of[] =
        "{\"name\": \"bad.json\", \"line\": 2, \"column\": 13, \"path\": ";

    (void)state;
    put_file("bad.json", "{\"cosend\": 1,\n \"steps\": [{\"gerp\": \"x\"}]}");
    assert_int_equal(run("check\t--errors\tjson\tbad.json", ""), 1);
    assert_memory_equal(err, start_of, sizeof(start_of) - 1);
}

static void a_spec_that_is_not_there_is_no_finding_of_check(void **state)
{
    (void)state;
    assert_int_equal(run("check\tnone.json", ""), 2);
    assert_string_equal(err, "cosend: none.json: No such file or directory\n");
    assert_int_equal(run("run\t.", ""), 2);
    assert_string_equal(err, "cosend: .: Is a directory\n");
}

static void only_jsonc_may_hold_comments(void **state)
{
    static const char text[] = "// hello\n{\"cosend\": 1, \"steps\": [],}";

    (void)state;
    put_file("c.jsonc", text);
    put_file("c.json", text);
    assert_int_equal(run("run\tc.jsonc", "a\n"), 0);
    assert_string_equal(out, "a\n");
    assert_int_equal(run("run\tc.json", "a\n"), 2);
}

static void a_spec_from_standard_input_needs_a_file(void **state)
{
    static const char spec[] = "{\"cosend\": 1, \"steps\": []}";

    (void)state;
    put_file("a.log", "x1\n");
    assert_int_equal(run("run\t-\ta.log", spec), 0);
    assert_string_equal(out, "x1\n");
    assert_int_equal(run("run\t-", spec), 2);
    assert_int_equal(run("run\t-\t-", spec), 2);
    assert_string_equal(err, "cosend: the spec comes from standard input: name "
                             "a FILE to read\n");
}

static void a_parameter_given_twice_has_its_last_value(void **state)
{
    (void)state;
    put_file("p.json",
             "{\"cosend\": 1, \"params\": {\"w\": {\"type\": \"string\"}},"
             " \"steps\": [{\"grep\": \"${w}\"}]}");
    assert_int_equal(run("run\tp.json\t-p\tw=a\t-p\tw=b", "a\nb\n"), 0);
    assert_string_equal(out, "b\n");
}

static void an_unknown_column_is_told_once(void **state)
{
    (void)state;
    assert_int_equal(run("count by=hots\t-f\tcsv", "host,ms\na,1\n"), 2);
    assert_string_equal(out, "");
    assert_non_null(strstr(err, "did you mean \"host\""));
    assert_null(strchr(strchr(err, '\n') + 1, '\n'));
}

/* ---- What is told after a run -------------------------------------------- */

static void rejects_are_counted_and_no_failure(void **state)
{
    (void)state;
    assert_int_equal(run("average", "2\nx\n4\ny\n"), 0);
    assert_string_equal(out, "count,average\n2,3\n");
    assert_non_null(strstr(err, "2 records rejected"));
    assert_non_null(strstr(err, "stdin:2"));
    assert_int_equal(run("average\t--quiet", "2\nx\n4\n"), 0);
    assert_string_equal(err, "");
    assert_int_equal(run("average\t--on-error=skip", "2\nx\n4\n"), 0);
    assert_string_equal(err, "");
}

static void rejects_go_to_their_file(void **state)
{
    char text[1024];

    (void)state;
    assert_int_equal(run("average\t--rejects\tr.jsonl", "2\nx\n"), 0);
    assert_string_equal(err, "cosend: 1 record rejected (see r.jsonl)\n");
    get_file("r.jsonl", text, sizeof(text));
    assert_non_null(strstr(text, "\"raw\":\"x\""));
}

static void bad_data_under_fail_names_its_line(void **state)
{
    (void)state;
    assert_int_equal(run("average\t--on-error\tfail", "2\nx\n"), 3);
    assert_memory_equal(err, "cosend: step average (stdin:2): ", 32);
}

static void too_many_errors_end_the_run(void **state)
{
    (void)state;
    assert_int_equal(run("average\t--max-errors=1", "a\n"), 0);
    assert_int_equal(run("average\t--max-errors=1", "a\nb\n"), 3);
    assert_int_equal(run("average\t--max-errors=0", "a\n"), 3);
}

static void stats_are_one_object_on_one_line(void **state)
{
    (void)state;
    assert_int_equal(run("grep x\t--stats=json", "x\ny\n"), 0);
    assert_memory_equal(err, "{\"steps\": [{\"id\": ", 18);
    assert_non_null(strstr(err, "\"filter\": \"grep\", \"in\": 2, \"created\": "
                                "0, \"out\": 1, \"dropped\": 1, "));
    assert_non_null(strstr(err, "], \"balanced\": true}\n"));
    assert_string_equal(strchr(err, '\n'), "\n");
    assert_int_equal(run("grep x\t--stats", "x\ny\n"), 0);
    assert_memory_equal(err, "step", 4);
}

static void results_are_keyed_by_step(void **state)
{
    (void)state;
    assert_int_equal(run("average\t--results", "2\n4\n"), 0);
    assert_string_equal(err, "{\"average\": {\"count\": 2, \"average\": 3}}\n");
}

static void assert_json(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!value)
        fail_msg("%s in %s", error.text, text);
    json_decref(value);
}

static void what_is_printed_as_json_is_json(void **state)
{
    (void)state;
    assert_int_equal(run("help\t--json", ""), 0);
    assert_json(out);
    put_file("bad.json", "{\"cosend\": 1, \"steps\": [], \"\\u0001\": 1}");
    assert_int_equal(run("check\t--errors\tjson\tbad.json", ""), 1);
    assert_json(err);
    assert_int_equal(run("average\t--quiet\t--stats=json", "2\nx\n"), 0);
    assert_json(err);
    assert_int_equal(run("average by=line field=line\t--results", "\x1b\n"), 0);
    assert_int_equal(run("average\t--errors=json\t--on-error=fail", "\xff\n"),
                     3);
    assert_json(err);
}

static void nothing_that_was_read_controls_the_terminal(void **state)
{
    (void)state;
    assert_int_equal(run("average", "\x1b[2J\n"), 0);
    assert_null(strchr(err, '\x1b'));
    assert_int_equal(run("run\t\x1b]0;x", ""), 2);
    assert_null(strchr(err, '\x1b'));
    put_file("bad.json", "{\"cosend\": 1, \"steps\": [], \"\\u001b[2J\": 1}");
    assert_int_equal(run("check\tbad.json", ""), 1);
    assert_null(strchr(err, '\x1b'));
}

/* ---- Faults and signals -------------------------------------------------- */

static void an_unreadable_file_does_not_stop_the_others(void **state)
{
    (void)state;
    put_file("a.log", "x1\n");
    assert_int_equal(run("grep x\tnone.log\ta.log", ""), 4);
    assert_string_equal(out, "x1\n");
    assert_string_equal(err, "cosend: none.log: No such file or directory\n");
    assert_int_equal(run("grep x\tnone.log\t--quiet", ""), 4);
    assert_string_equal(err, "cosend: none.log: No such file or directory\n");
}

static void a_full_disk_is_told(void **state)
{
    int in = text_file("x\n"), to = open("/dev/full", O_WRONLY | O_CLOEXEC);
    int errors = text_file("");

    (void)state;
    assert_int_equal(await(start("grep x", in, to, errors)), 4);
    assert_int_equal(await(start("list", in, to, errors)), 4);
    take(errors, err, sizeof(err));
    assert_string_equal(err, "cosend: stdout: No space left on device\n"
                             "cosend: stdout: No space left on device\n");
    close(in);
    close(to);
}

/* A pipe whose reader is gone. */
static int closed_pipe(void)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    return ends[1];
}

static void a_closed_stdout_ends_it_silently_by_sigpipe(void **state)
{
    int in = text_file("x\n"), to = closed_pipe(), errors = text_file("");

    (void)state;
    assert_int_equal(await(start("grep x", in, to, errors)), 128 + SIGPIPE);
    take(errors, err, sizeof(err));
    assert_string_equal(err, "");
    close(in);
    close(to);
}

static void beside_a_file_a_closed_stdout_is_no_failure(void **state)
{
    int in = text_file("x\n"), to = closed_pipe(), errors = text_file("");
    char text[16];

    (void)state;
    put_file("tee.json", "{\"cosend\": 1, \"steps\": [{\"tee\": "
                         "[{\"file\": \"side.txt\"}]}]}");
    assert_int_equal(await(start("run\ttee.json", in, to, errors)), 0);
    get_file("side.txt", text, sizeof(text));
    assert_string_equal(text, "x\n");
    close(in);
    close(to);
    close(errors);
}

static void closed_descriptors_are_no_files(void **state)
{
    int errors = text_file("");
    pid_t child;

    (void)state;
    put_file("a.log", "x1\n");
    fflush(stdout);
    child = fork();
    if (!child) {
        dup2(errors, STDERR_FILENO);
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        become("grep x\ta.log");
    }
    assert_int_equal(await(child), 4);
    take(errors, err, sizeof(err));
    assert_string_equal(err, "cosend: stdout: Bad file descriptor\n");
}

static void messages_never_get_into_a_file(void **state)
{
    char text[64];
    pid_t child;

    (void)state;
    put_file("a.log", "2\nx\n");
    for (int closed = 1; closed < 8; closed++) {
        fflush(stdout);
        child = fork();
        if (!child) {
            for (int i = 0; i < 3; i++)
                if (closed & 1 << i)
                    close(i);
                else
                    dup2(open("/dev/null", O_RDWR), i);
            close_range(STDERR_FILENO + 1, ~0U, 0);
            become("average\ta.log\t-o\tside");
        }
        assert_int_equal(await(child), 0);
        get_file("side", text, sizeof(text));
        assert_string_equal(text, "count,average\n1,2\n");
        get_file("a.log", text, sizeof(text));
        assert_string_equal(text, "2\nx\n");
    }
}

/* Wait until something was printed there. */
static void await_text(int descriptor, const char *text)
{
    char have[4096];
    size_t length = 0;

    while (length < sizeof(have) - 1) {
        ssize_t got =
            read(descriptor, have + length, sizeof(have) - 1 - length);

        assert_true(got > 0);
        length += (size_t)got;
        have[length] = '\0';
        if (strstr(have, text))
            return;
    }
    fail_msg("%s did not come", text);
}

/* Pipes to and from a run that waits for input. */
struct live {
    pid_t child;
    int in, out, err;
};

static struct live start_live(const char *line)
{
    int in[2], to[2], errors[2];
    struct live live;

    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(errors, O_CLOEXEC), 0);
    live.child = start(line, in[0], to[1], errors[1]);
    live.in = in[1];
    live.out = to[0];
    live.err = errors[0];
    close(in[0]);
    close(to[1]);
    close(errors[1]);
    return live;
}

static void end_live(struct live *live)
{
    close(live->in);
    close(live->out);
    close(live->err);
}

static void a_signal_has_aggregates_print_what_they_have(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

    (void)state;
    put_file("tee.json", "{\"cosend\": 1, \"steps\": [{\"tee\": "
                         "[{\"stderr\": {}}]}, {\"average\": {}}]}");
    for (size_t i = 0; i < 3; i++) {
        struct live live = start_live("run\ttee.json");

        assert_int_equal(write(live.in, "2\n4\n", 4), 4);
        await_text(live.err, "4\n");
        assert_int_equal(kill(live.child, signals[i]), 0);
        await_text(live.out, "count,average\n2,3\n");
        assert_int_equal(await(live.child), 128 + signals[i]);
        end_live(&live);
    }
}

static void sigusr1_shows_where_it_is_and_goes_on(void **state)
{
    struct live live;

    (void)state;
    put_file("tee.json", "{\"cosend\": 1, \"steps\": [{\"tee\": "
                         "[{\"stderr\": {}}]}, {\"average\": {}}]}");
    live = start_live("run\ttee.json");
    assert_int_equal(write(live.in, "2\n4\n", 4), 4);
    await_text(live.err, "4\n");
    assert_int_equal(kill(live.child, SIGUSR1), 0);
    await_text(live.out, "count,average\n2,3\n");
    await_text(live.err, "absorbed");
    assert_int_equal(write(live.in, "6\n", 2), 2);
    close(live.in);
    await_text(live.out, "3,4\n");
    assert_int_equal(await(live.child), 0);
    live.in = -1;
    end_live(&live);
}

static void what_the_parent_ignores_stays_ignored(void **state)
{
    struct live live;

    (void)state;
    signal(SIGHUP, SIG_IGN);
    live = start_live("head");
    signal(SIGHUP, SIG_DFL);
    assert_int_equal(write(live.in, "2\n", 2), 2);
    await_text(live.out, "2\n");
    assert_int_equal(kill(live.child, SIGHUP), 0);
    assert_int_equal(write(live.in, "4\n", 2), 2);
    await_text(live.out, "4\n");
    close(live.in);
    assert_int_equal(await(live.child), 0);
    live.in = -1;
    end_live(&live);
}

static int never_end(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record)) {
        assert_int_equal(write(STDERR_FILENO, "begun\n", 6), 6);
        for (volatile bool forever = true; forever;)
            continue;
    }
    return 0;
}

static const struct cosend_filter endless = {.abi = COSEND_ABI,
                                             .name = "endless",
                                             .summary = "never ends",
                                             .body = never_end};

/* It takes ten seconds: five for its readers, five for the stage. */
static void a_signal_ends_a_stage_that_never_does(void **state)
{
    struct cosend_error error = {0};
    struct live live;

    (void)state;
    /* The sanitizer of threads holds a signal back until the thread calls the
       system. */
    if (THREAD_SANITIZED)
        skip();
    assert_int_equal(cosend_register(&endless, &error), COSEND_OK);
    live = start_live("endless");
    assert_int_equal(write(live.in, "2\n", 2), 2);
    await_text(live.err, "begun\n");
    assert_int_equal(kill(live.child, SIGTERM), 0);
    await_text(live.err, "cosend: stopped while a step was at work: its "
                         "results are missing\n");
    assert_int_equal(await(live.child), 128 + SIGTERM);
    end_live(&live);
}

/* ---- A stage that overflows its stack ------------------------------------ */

static int dig(volatile char *above, unsigned depth)
{
    volatile char here[1024];

    here[0] = above[0];
    return depth ? dig(here, depth - 1) + here[0] : 0;
}

static int overflow(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    volatile char start_of[1] = {0};

    (void)options;
    while (cosend_receive(self, &record))
        dig(start_of, 1U << 20);
    return 0;
}

static const struct cosend_filter digger = {.abi = COSEND_ABI,
                                            .name = "digger",
                                            .summary = "overflows its stack",
                                            .body = overflow};

static void a_stack_overflow_names_its_stage(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    if (SANITIZED)
        skip();
    assert_int_equal(cosend_register(&digger, &error), COSEND_OK);
    assert_int_equal(run("digger", "x\n"), 134);
    assert_string_equal(err, "cosend: stack overflow in stage 'digger' (stack "
                             "256 KiB; see stack_size)\n");
}

/* In the first of the threads that help, not in the run's own, which lets
   it. */
static int overflow_elsewhere(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    volatile char start_of[1] = {0};
    static atomic_flag begun = ATOMIC_FLAG_INIT;

    (void)options;
    /* The run's own thread, which may have had records before it asks others to
       help, waits a little at each; a third one lets the second end the run. */
    while (cosend_receive(self, &record)) {
        if (gettid() == getpid()) {
            sleep(1);
            continue;
        }
        if (!atomic_flag_test_and_set(&begun))
            dig(start_of, 1U << 20);
        sleep(60);
    }
    return 0;
}

static const struct cosend_filter far_digger = {
    .abi = COSEND_ABI,
    .name = "far_digger",
    .summary = "overflows its stack in another thread",
    .body = overflow_elsewhere,
    .parallel = COSEND_STATELESS};

static void a_stack_overflow_in_a_thread_names_its_stage(void **state)
{
    enum { LENGTH = 4 << 20, LINE = 64 << 10 };
    struct cosend_error error = {0};
    FILE *lines = fopen("lines", "w");

    (void)state;
    if (SANITIZED)
        skip();
    assert_non_null(lines);
    for (int i = 0; i < LENGTH; i++)
        fputc(i % LINE == LINE - 1 ? '\n' : 'x', lines);
    fclose(lines);
    assert_int_equal(cosend_register(&far_digger, &error), COSEND_OK);
    assert_int_equal(run("far_digger\tlines\t-j3", ""), 134);
    assert_string_equal(err,
                        "cosend: stack overflow in stage 'far_digger' (stack "
                        "256 KiB; see stack_size)\n");
}

static int enter(void **state)
{
    (void)state;
    return mkdtemp(directory) ? chdir(directory) : -1;
}

static int leave(void **state)
{
    static const char *const made[] = {
        "ok.json", "a.log",   "b.log",    "bad.json", "c.jsonc", "c.json",
        "p.json",  "r.jsonl", "tee.json", "side.txt", "side",    "lines"};

    (void)state;
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        unlink(made[i]);
    return chdir("/") || rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_arguments_it_says_where_help_is),
        cmocka_unit_test(help_lists_every_option_on_standard_output),
        cmocka_unit_test(a_subcommand_to_come_is_refused),
        cmocka_unit_test(every_filter_is_listed_and_has_help),
        cmocka_unit_test(help_for_a_misspelt_filter_names_the_nearest),
        cmocka_unit_test(what_is_no_pipeline_is_told_what_it_may_be),
        cmocka_unit_test(the_lecture_s_average),
        cmocka_unit_test(a_running_average),
        cmocka_unit_test(the_lecture_s_grep),
        cmocka_unit_test(a_spec_runs_over_files_in_order),
        cmocka_unit_test(a_good_spec_is_checked_in_silence),
        cmocka_unit_test(problems_have_a_place_and_a_way_out),
        cmocka_unit_test(problems_are_objects_for_tools),
        cmocka_unit_test(a_spec_that_is_not_there_is_no_finding_of_check),
        cmocka_unit_test(only_jsonc_may_hold_comments),
        cmocka_unit_test(a_spec_from_standard_input_needs_a_file),
        cmocka_unit_test(a_parameter_given_twice_has_its_last_value),
        cmocka_unit_test(an_unknown_column_is_told_once),
        cmocka_unit_test(rejects_are_counted_and_no_failure),
        cmocka_unit_test(rejects_go_to_their_file),
        cmocka_unit_test(bad_data_under_fail_names_its_line),
        cmocka_unit_test(too_many_errors_end_the_run),
        cmocka_unit_test(stats_are_one_object_on_one_line),
        cmocka_unit_test(results_are_keyed_by_step),
        cmocka_unit_test(what_is_printed_as_json_is_json),
        cmocka_unit_test(nothing_that_was_read_controls_the_terminal),
        cmocka_unit_test(an_unreadable_file_does_not_stop_the_others),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_closed_stdout_ends_it_silently_by_sigpipe),
        cmocka_unit_test(beside_a_file_a_closed_stdout_is_no_failure),
        cmocka_unit_test(closed_descriptors_are_no_files),
        cmocka_unit_test(messages_never_get_into_a_file),
        cmocka_unit_test(a_signal_has_aggregates_print_what_they_have),
        cmocka_unit_test(sigusr1_shows_where_it_is_and_goes_on),
        cmocka_unit_test(what_the_parent_ignores_stays_ignored),
        cmocka_unit_test(a_signal_ends_a_stage_that_never_does),
        cmocka_unit_test(a_stack_overflow_names_its_stage),
        cmocka_unit_test(a_stack_overflow_in_a_thread_names_its_stage),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
