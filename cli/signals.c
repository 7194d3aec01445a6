/* SPDX-License-Identifier: MIT */
/*
 * Signals of the command line; the library installs none.
 *
 * The first SIGINT, SIGTERM or SIGHUP asks the pipeline to end its input, so
 * that every aggregate prints what it has; once all is written the program dies
 * of that signal after all, so that its parent sees it. A second one kills at
 * once, unless it comes within REPEAT of the first: timeout(1), and a shell
 * that ends, send the same to a process and then to its group. After PATIENCE
 * seconds readers that do not read are waited for no more; and when a step is
 * at work so long that nothing has been written for as long again, the process
 * dies of the signal as it is.
 *
 * What the parent had ignored stays ignored (nohup, jobs in the
 * background). SIGPIPE and SIGXFSZ are ignored: the writers see EPIPE and
 * EFBIG.
 *
 * A stage that overflows its stack faults in the guard below it, where no frame
 * has room any more; so the handler has a stack of its own. It is installed
 * only where nobody else, a sanitizer say, looks after faults.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ALTERNATE = 64 << 10, PAGE = 4096 };

enum {
    PATIENCE = 5, /* seconds */
    TICKS = 4,    /* a second: a write that had just begun is interrupted */
    REPEAT = 100  /* milliseconds; who presses a key twice takes longer */
};

/* The handlers read this; it is lock-free on all machines that we know. */
static struct cosend_pipeline *running;
static volatile sig_atomic_t caught;
static struct timespec caught_at;
static atomic_bool asked; /* by SIGUSR1 */

/* It runs from the first signal on that stops a pipeline. */
static timer_t deadline;
static bool has_deadline;
static unsigned progress; /* what it was ... */
static unsigned idle;     /* ... so many ticks ago */

static void set_default(int number)
{
    struct sigaction action = {0};

    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
}

/* ---- What handlers do --------------------------------------------------- */

static void start_deadline(void)
{
    const struct itimerspec after = {
        .it_value = {.tv_sec = PATIENCE},
        .it_interval = {.tv_nsec = 1000000000 / TICKS}};

    idle = 0;
    if (has_deadline)
        timer_settime(deadline, 0, &after, NULL);
}

static void on_deadline(int unused)
{
    static const char words[] =
        "cosend: stopped while a step was at work: its results are missing\n";
    struct cosend_pipeline *pipeline =
        __atomic_load_n(&running, __ATOMIC_ACQUIRE);
    int saved = errno;
    unsigned now;

    (void)unused;
    if (!pipeline || !caught)
        return;
    cosend_pipeline_request(pipeline, COSEND_GIVE_UP);
    now = cosend_pipeline_progress(pipeline);
    idle = now == progress ? idle + 1 : 0;
    progress = now;
    if (idle > PATIENCE * TICKS) {
        if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
            errno = saved;
        set_default(caught);
        raise(caught);
    }
    errno = saved;
}

/* Whether a signal is the one that was caught, sent once more. */
static bool is_echo(void)
{
    struct timespec now;
    long long ms;

    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (now.tv_sec - caught_at.tv_sec) * 1000LL +
         (now.tv_nsec - caught_at.tv_nsec) / 1000000;
    return ms < REPEAT;
}

static void on_stop(int number)
{
    int saved = errno;
    struct cosend_pipeline *pipeline =
        __atomic_load_n(&running, __ATOMIC_ACQUIRE);

    if (pipeline && !caught) {
        caught = number;
        clock_gettime(CLOCK_MONOTONIC, &caught_at);
        cosend_pipeline_request(pipeline, COSEND_STOP);
        start_deadline();
    } else if (!caught || !is_echo()) {
        set_default(number);
        raise(number);
    }
    errno = saved;
}

static void on_snapshot(int number)
{
    int saved = errno;
    struct cosend_pipeline *pipeline =
        __atomic_load_n(&running, __ATOMIC_ACQUIRE);

    if (number == SIGUSR1)
        asked = true;
    if (pipeline)
        cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    errno = saved;
}

static size_t append(char *line, size_t at, size_t capacity, const char *text)
{
    while (*text && at + 1 < capacity)
        line[at++] = *text++;
    line[at] = '\0';
    return at;
}

static size_t append_number(char *line, size_t at, size_t capacity,
                            size_t number)
{
    char digits[24];
    size_t i = sizeof(digits) - 1;

    digits[i] = '\0';
    do
        digits[--i] = (char)('0' + number % 10);
    while (number /= 10);
    return append(line, at, capacity, digits + i);
}

static void report_overflow(const char *name, size_t stack_size)
{
    char line[256], safe[128];
    size_t at = 0;

    cosend_escape(name, strlen(name), false, safe, sizeof(safe));
    at = append(line, at, sizeof(line), "cosend: stack overflow in stage '");
    at = append(line, at, sizeof(line), safe);
    at = append(line, at, sizeof(line), "' (stack ");
    at = append_number(line, at, sizeof(line),
                       (stack_size + PAGE - 1) / PAGE * (PAGE >> 10));
    at = append(line, at, sizeof(line), " KiB; see stack_size)\n");
    if (write(STDERR_FILENO, line, at) < 0)
        return;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    static atomic_flag told = ATOMIC_FLAG_INIT;
    const char *name = NULL;
    size_t stack_size = 0;
    int saved = errno;

    (void)context;
    if (number == SIGBUS && cosend_mapped_fault(info->si_addr)) {
        errno = saved;
        return;
    }
    if (cosend_stack_overflow(info->si_addr, &name, &stack_size)) {
        /* Several threads may overflow at once: the first ends them all. */
        while (atomic_flag_test_and_set(&told))
            pause();
        report_overflow(name ? name : "", stack_size);
        _exit(128 + SIGABRT);
    }
    set_default(number);
    raise(number);
}

/* ---- Installing them ---------------------------------------------------- */

static void ignore(int number)
{
    (void)number;
}

static const struct {
    int number;
    void (*handler)(int); /* ignore: SIG_IGN */
} ours[] = {{SIGINT, on_stop},      {SIGTERM, on_stop}, {SIGHUP, on_stop},
            {SIGUSR1, on_snapshot}, {SIGPIPE, ignore},  {SIGXFSZ, ignore},
            {SIGALRM, on_deadline}};

enum { OURS = sizeof(ours) / sizeof(ours[0]) };

static const int faults[] = {SIGSEGV, SIGBUS};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* What was there before. */
static struct sigaction before[OURS];
static bool watching_faults;

static void install(size_t i)
{
    struct sigaction action = {0};

    action.sa_handler = ours[i].handler == ignore ? SIG_IGN : ours[i].handler;
    action.sa_flags = SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigaction(ours[i].number, NULL, &before[i]);
    if (ours[i].handler != on_stop || before[i].sa_handler != SIG_IGN)
        sigaction(ours[i].number, &action, NULL);
}

static bool faults_are_free(void)
{
    struct sigaction now;
    stack_t stack;

    for (size_t i = 0; i < FAULTS; i++)
        if (sigaction(faults[i], NULL, &now) != 0 ||
            now.sa_flags & SA_SIGINFO || now.sa_handler != SIG_DFL)
            return false;
    return sigaltstack(NULL, &stack) == 0 && stack.ss_flags & SS_DISABLE;
}

static void watch_faults(void)
{
    static char memory[ALTERNATE];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
    struct sigaction action = {0};

    action.sa_sigaction = on_fault;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    sigfillset(&action.sa_mask);
    if (!faults_are_free() || sigaltstack(&stack, NULL) != 0)
        return;
    watching_faults = true;
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &action, NULL);
    cosend_map_files(true);
}

static void unwatch_faults(void)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    if (!watching_faults)
        return;
    cosend_map_files(false);
    for (size_t i = 0; i < FAULTS; i++)
        set_default(faults[i]);
    sigaltstack(&none, NULL);
    watching_faults = false;
}

static void make_deadline(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGALRM};

    has_deadline = timer_create(CLOCK_MONOTONIC, &event, &deadline) == 0;
}

void csi_cli_signals_begin(struct cosend_pipeline *pipeline)
{
    caught = 0;
    make_deadline();
    __atomic_store_n(&running, pipeline, __ATOMIC_RELEASE);
    for (size_t i = 0; i < OURS; i++)
        install(i);
    watch_faults();
}

bool csi_cli_signals_asked(void)
{
    return atomic_exchange(&asked, false);
}

int csi_cli_signals_end(void)
{
    __atomic_store_n(&running, NULL, __ATOMIC_RELEASE);
    if (has_deadline)
        timer_delete(deadline);
    has_deadline = false;
    return caught;
}

void csi_cli_signals_restore(void)
{
    unwatch_faults();
    for (size_t i = 0; i < OURS; i++)
        if (ours[i].handler != on_snapshot || before[i].sa_handler != SIG_DFL)
            sigaction(ours[i].number, &before[i], NULL);
}

int csi_cli_die(int number)
{
    sigset_t set;

    set_default(number);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return 128 + number;
}
