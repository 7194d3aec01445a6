/* SPDX-License-Identifier: MIT */
/*
 * A file that is searched where the system has it against one that is read:
 * the same comes out, rejects with their places too, whatever the size of a
 * block; and when the file is cut short meanwhile.
 *
 *     test_sift [SEED [ROUNDS]]
 */
#include "cosend.h"
#include "read/block_size.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "chance.h"
#include "joined_batches.h"
#include "rounds.h"

enum { PAGE = 4096, LARGE = 1 << 20 };

#define PICK(from) from[draw(sizeof(from) / sizeof(from[0]))]

static char path[] = "/tmp/cosend-sift-XXXXXX";
static char rejects_path[] = "/tmp/cosend-sift-rejects-XXXXXX";
static uint64_t rounds;

static int make_files(void **state)
{
    (void)state;
    return close(mkstemp(path)) || close(mkstemp(rejects_path));
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(path) || unlink(rejects_path);
}

/* Lines of which few, or many, have what is looked for. */
static void write_lines(size_t most)
{
    static const char *const words[] = {
        "GET /", "a",     "12 ", "error=", "7", "x,y", "\xff",  "\xc3\xa9",
        "HTTP",  "\"q\"", "\\",  " ",      "k", "\r",  "9999 ", "503"};
    FILE *file = fopen(path, "w");
    unsigned often = 2 + draw(60), crlf = draw(5);

    assert_non_null(file);
    for (size_t length = draw(200); length < most;) {
        for (unsigned n = draw(draw(9) ? 8 : 40); n--;)
            length += (size_t)fprintf(file, "%s", PICK(words));
        if (!draw(often))
            length += (size_t)fprintf(file, "error=%u ", draw(1000));
        length += (size_t)fprintf(file, crlf || draw(3) ? "\n" : "\r\n");
    }
    if (draw(2))
        fprintf(file, "error=1 and no end");
    assert_int_equal(fclose(file), 0);
}

/* ---- Runs ---------------------------------------------------------------- */

struct made {
    int status;
    uint64_t counts[5][5]; /* of each step */
    struct cosend_bytes taken;
    struct cosend_bytes rejects;
};

static void read_rejects(struct cosend_bytes *to)
{
    FILE *file = fopen(rejects_path, "r");
    char part[4096];
    size_t got;

    assert_non_null(file);
    while ((got = fread(part, 1, sizeof(part), file)))
        cosend_put_raw(to, part, got);
    fclose(file);
}

static void read_counts(const struct cosend_pipeline *pipeline,
                        struct made *made)
{
    struct cosend_ledger is = {.size = sizeof(is)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &is); i++) {
        const uint64_t counts[5] = {is.in, is.created, is.out, is.dropped,
                                    is.bytes};

        assert_true(i < 5);
        memcpy(made->counts[i], counts, sizeof(counts));
    }
}

/* A run; `halfway` is called when it has made its first step. */
static struct made run(const char *line, bool mapped, void (*halfway)(void))
{
    static const char *const files[] = {path};
    struct made made = {0};
    struct cosend_taker taker = {
        .size = sizeof(taker), .batch = take_joined, .context = &made.taken};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 1,
                                     .threads = 1,
                                     .quiet = true,
                                     .rejects_path = rejects_path,
                                     .taker = &taker};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(line, &options, &error);

    if (!pipeline)
        fail_msg("%s: %s", line, error.message);
    cosend_map_files(mapped);
    do {
        made.status = cosend_pipeline_next(pipeline, NULL);
        if (halfway)
            halfway();
        halfway = NULL;
    } while (made.status == COSEND_YIELD);
    cosend_map_files(false);
    assert_true(cosend_pipeline_balanced(pipeline));
    read_counts(pipeline, &made);
    cosend_pipeline_free(pipeline);
    read_rejects(&made.rejects);
    return made;
}

static bool same_bytes(const struct cosend_bytes *a,
                       const struct cosend_bytes *b)
{
    return a->length == b->length &&
           (!a->length || memcmp(a->data, b->data, a->length) == 0);
}

/* How much of a file is read before it is known that no more is wanted is
   nobody's matter. */
static bool same_counts(const char *line, const struct made *a,
                        const struct made *b)
{
    return strstr(line, "head") || strstr(line, "max_count") ||
           memcmp(a->counts, b->counts, sizeof(a->counts)) == 0;
}

static void compare(const char *line, struct made *is, struct made *due)
{
    if (!same_counts(line, is, due) || is->status != due->status ||
        !same_bytes(&is->taken, &due->taken) ||
        !same_bytes(&is->rejects, &due->rejects))
        fail_msg("%s, blocks of %zu: %d, due %d\n%.*s\n---- due\n%.*s\n----\n"
                 "%.*s\n---- due\n%.*s",
                 line, csi_block_bytes, is->status, due->status,
                 (int)is->taken.length, (const char *)is->taken.data,
                 (int)due->taken.length, (const char *)due->taken.data,
                 (int)is->rejects.length, (const char *)is->rejects.data,
                 (int)due->rejects.length, (const char *)due->rejects.data);
    cosend_bytes_free(&is->taken);
    cosend_bytes_free(&is->rejects);
    cosend_bytes_free(&due->taken);
    cosend_bytes_free(&due->rejects);
}

/* ---- Tests --------------------------------------------------------------- */

static void what_comes_out_is_the_same(void **state)
{
    static const char *const lines[] = {
        "grep error=",
        "grep 'error=[0-9]+ $'",
        "grep 'GET.*error=(?<n>[0-9]+)'",
        "grep '(?i)ERROR=1'",
        "grep 'error=1|503|q.*q'",
        "grep '503$'",
        "grep '^GET / error'",
        "grep 'x[,;]y'",
        "grep error= | grep 7",
        "grep error= | head 3",
        "grep error= count_only=true",
        "grep 'error=' max_count=2",
        "grep error= | tail 4",
        "grep error= | sort line",
        "grep error= | origin line=n offset=at | where n % 2 == 1",
        "parse regex='error=(?<n>[0-9]+)' no_match=drop",
        "parse regex='error=(?<n>[0-9]+)' no_match=drop types=n=int",
        "parse regex='=(?<n>.+)' no_match=drop types=n=int keep_source=true",
        "parse regex='error=(?<n>[0-9]*)' no_match=drop | where n < 500",
        "grep 'error=' | parse regex='error=(?<n>[0-9]{3})'",
        "grep 'error=' | parse combined",
        "grep 'error=' | parse kv",
        "grep error= | parse csv names=a,b",
        "grep error= | count",
    };
    static const size_t sizes[] = {512, 1000, 4096, 5000, 65536};

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        const char *line = PICK(lines);
        struct made due, is;

        csi_block_bytes = PICK(sizes);
        write_lines(1 + draw(draw(2) ? 5000 : 60000));
        due = run(line, false, NULL);
        is = run(line, true, NULL);
        compare(line, &is, &due);
    }
}

static volatile sig_atomic_t faults;

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    if (!cosend_mapped_fault(info->si_addr))
        _exit(99);
    faults++;
}

static off_t cut_at;

static void cut_short(void)
{
    assert_int_equal(truncate(path, cut_at), 0);
}

static void a_file_that_is_cut_short_ends_there(void **state)
{
    static const char *const lines[] = {
        "grep error=77", "grep 'error=7[0-9]|503 error='",
        "parse regex='error=(?<n>[0-9]{3})' no_match=drop", "grep error=2"};
    struct sigaction action = {.sa_flags = SA_SIGINFO}, before;

    (void)state;
    action.sa_sigaction = on_fault;
    assert_int_equal(sigaction(SIGBUS, &action, &before), 0);
    csi_block_bytes = 8 * PAGE;
    faults = 0;
    for (int round = 0; round < 40; round++) {
        const char *line = PICK(lines);
        struct made due, is;

        random_state |= 1;
        write_lines(LARGE);
        cut_at = LARGE / 2 + draw(LARGE / 2);
        cut_at -= draw(2) ? cut_at % PAGE : 0;
        is = run(line, true, cut_short);
        due = run(line, false, NULL);
        compare(line, &is, &due);
    }
    assert_int_equal(sigaction(SIGBUS, &before, NULL), 0);
    assert_true(faults > 0);
}

static void another_fault_is_nobodys(void **state)
{
    (void)state;
    assert_false(cosend_mapped_fault(NULL));
    assert_false(cosend_mapped_fault(path));
    cosend_map_files(true);
    assert_false(cosend_mapped_fault(path));
    cosend_map_files(false);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_out_is_the_same),
        cmocka_unit_test(a_file_that_is_cut_short_ends_there),
        cmocka_unit_test(another_fault_is_nobodys)};

    rounds = (uint64_t)rounds_of(2000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
