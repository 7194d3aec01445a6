/* SPDX-License-Identifier: MIT */
/*
 * Runs of the program by a process that forks for each:
 *
 *     valgrind --log-file=ROOM/log.%p ... serve ROOM      waits to be asked
 *     serve ROOM TO PROGRAM ARGUMENT...                   asks for a run
 *
 * To start a program valgrind reads its symbols and translates its code, which
 * takes half a second; in a fork both are there. A run is cosend_main() with
 * the arguments, the environment, the folder and the descriptors of who asked,
 * who ends as the run does, by the same signal too. If valgrind had anything to
 * say of the run, that is in TO/valgrind.PID.
 *
 * It is another process all the same: what is sent to the one that asked (but
 * for SIGKILL) and what limits are set for it does not reach the run. Before
 * the first run cosend_main() has been called with what warm_up() holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cosend.h"

#define MOST_FDS    64 /* the folder's is the first */
#define MOST_NUMBER 256
#define ELSEWHERE   300 /* where they wait for their numbers to be free */

extern char **environ;

/* What is sent first, with the descriptors; `bytes` of strings follow. */
struct request {
    size_t fds, arguments, variables, bytes;
    int numbers[MOST_FDS]; /* that they have there; of the folder's, none */
};

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

static void check(bool well, const char *what)
{
    if (!well)
        fail(what);
}

/* All of it, or the other side is gone. */
static bool move_all(ssize_t (*move)(int, void *, size_t), int fd, void *data,
                     size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = move(fd, (char *)data + done, length - done);

        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return false;
    }
    return true;
}

static ssize_t take(int fd, void *data, size_t length)
{
    return read(fd, data, length);
}

static ssize_t put(int fd, void *data, size_t length)
{
    return send(fd, data, length, MSG_NOSIGNAL);
}

/* The socket of the folder `room`, whose path may be longer than an address. */
static struct sockaddr_un address(const char *room, const char *name)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int folder = open(room, O_PATH | O_DIRECTORY | O_CLOEXEC);

    check(folder >= 0, room);
    snprintf(place.sun_path, sizeof(place.sun_path), "/proc/self/fd/%d/%s",
             folder, name);
    return place;
}

/* The request and, in place of the `fds` in it, its descriptors: they are sent
   from `fds`, or are received into it. */
union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(MOST_FDS * sizeof(int))];
};

static struct msghdr message(struct iovec *what, union control *control)
{
    return (struct msghdr){.msg_iov = what,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof(*control)};
}

/* ---- Asking ---- */

static size_t measure(char **strings, size_t *count)
{
    size_t bytes = 0;

    for (*count = 0; strings[*count]; (*count)++)
        bytes += strlen(strings[*count]) + 1;
    return bytes;
}

static bool send_strings(int to, char **strings)
{
    for (; *strings; strings++)
        if (!move_all(put, to, *strings, strlen(*strings) + 1))
            return false;
    return true;
}

static void send_request(int to, struct request *request, const int *fds)
{
    struct iovec what = {request, sizeof(*request)};
    union control control = {0};
    struct msghdr whole = message(&what, &control);

    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(request->fds * sizeof(*fds));
    memcpy(CMSG_DATA(&control.header), fds, request->fds * sizeof(*fds));
    whole.msg_controllen = CMSG_SPACE(request->fds * sizeof(*fds));
    check(sendmsg(to, &whole, MSG_NOSIGNAL) == sizeof(*request), "sendmsg");
}

/* Keep what valgrind said of a run, if anything. */
static void keep_log(const char *room, const char *to, pid_t pid)
{
    struct stat about;
    char log[4096], kept[4096];

    snprintf(log, sizeof(log), "%s/log.%d", room, (int)pid);
    snprintf(kept, sizeof(kept), "%s/valgrind.%d", to, (int)pid);
    if (stat(log, &about) == 0 && about.st_size == 0)
        unlink(log);
    else
        check(rename(log, kept) == 0, kept);
}

static int end_as(int status)
{
    const struct rlimit none = {0, 0};

    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    setrlimit(RLIMIT_CORE, &none);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    return 125;
}

static int ask(const char *room, const char *to, char **arguments)
{
    struct request request = {.fds = 1};
    int fds[MOST_FDS], status;
    pid_t pid;
    struct sockaddr_un place;

    for (int n = 0; n < MOST_NUMBER; n++)
        if (fcntl(n, F_GETFD) >= 0) {
            check(request.fds < MOST_FDS, "descriptors");
            request.numbers[request.fds] = n;
            fds[request.fds++] = n;
        }
    fds[0] = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    check(fds[0] >= 0, ".");
    place = address(room, "socket");
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(connect(server, (struct sockaddr *)&place, sizeof(place)) == 0, room);
    request.bytes = measure(arguments, &request.arguments);
    request.bytes += measure(environ, &request.variables);
    send_request(server, &request, fds);
    check(send_strings(server, arguments) && send_strings(server, environ) &&
              move_all(take, server, &pid, sizeof(pid)),
          room);
    for (size_t i = 0; i < request.fds; i++)
        close(fds[i]);
    if (!move_all(take, server, &status, sizeof(status)))
        return 125;
    keep_log(room, to, pid);
    return end_as(status);
}

/* ---- Serving ---- */

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
    told_to_end = number == SIGTERM;
}

static void receive(int from, struct request *request, int *fds)
{
    struct iovec what = {request, sizeof(*request)};
    union control control = {0};
    struct msghdr whole = message(&what, &control);

    if (recvmsg(from, &whole, MSG_WAITALL) != sizeof(*request))
        _exit(0);
    memcpy(fds, CMSG_DATA(&control.header), request->fds * sizeof(*fds));
}

static char **take_strings(char **from, size_t count)
{
    char **taken = calloc(count + 1, sizeof(*taken));

    check(taken, "calloc");
    for (size_t i = 0; i < count; i++) {
        taken[i] = *from;
        *from += strlen(*from) + 1;
    }
    return taken;
}

/* Give the descriptors their numbers; nothing else stays open. */
static void place_descriptors(const struct request *request, int *fds)
{
    for (size_t i = 0; i < request->fds; i++)
        fds[i] = fcntl(fds[i], F_DUPFD, ELSEWHERE);
    for (int n = 0; n < ELSEWHERE; n++)
        close(n);
    check(fchdir(fds[0]) == 0, "fchdir");
    for (size_t i = 0; i < request->fds; i++) {
        if (i)
            dup2(fds[i], request->numbers[i]);
        close(fds[i]);
    }
}

/* The run; `strings` are its arguments and then its environment. */
static int run(const struct request *request, int *fds, char *strings)
{
    char *at = strings, **arguments = take_strings(&at, request->arguments);
    char **variables = take_strings(&at, request->variables);
    int status;

    environ = variables;
    place_descriptors(request, fds);
    status = cosend_main((int)request->arguments, arguments);
    environ = NULL;
    free(variables);
    free(arguments);
    free(strings);
    return status;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {0};

    action.sa_handler = handler;
    sigaction(number, &action, NULL);
}

/* Wait for a run, which ends if who asked does. */
static int wait_for_run(pid_t pid, int asker, const sigset_t *usual)
{
    struct pollfd end = {.fd = asker, .events = POLLIN};
    int status;

    while (waitpid(pid, &status, WNOHANG) == 0)
        if (ppoll(&end, 1, NULL, usual) > 0)
            kill(pid, SIGKILL);
    return status;
}

/* In a process of its own: one run, in another. Returns the run's status in
   that; the first ends here. */
static int answer(int asker)
{
    struct request request = {0};
    int fds[MOST_FDS], status;
    char *strings;
    sigset_t child, usual;
    pid_t pid;

    receive(asker, &request, fds);
    strings = malloc(request.bytes);
    check(strings, "malloc");
    if (!move_all(take, asker, strings, request.bytes))
        _exit(0);
    handle(SIGCHLD, on_signal);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &usual);
    pid = fork();
    check(pid >= 0, "fork");
    if (pid == 0) {
        handle(SIGCHLD, SIG_DFL);
        handle(SIGTERM, SIG_DFL);
        sigprocmask(SIG_SETMASK, &usual, NULL);
        return run(&request, fds, strings);
    }
    for (size_t i = 0; i < request.fds; i++)
        close(fds[i]);
    free(strings);
    move_all(put, asker, &pid, sizeof(pid));
    status = wait_for_run(pid, asker, &usual);
    move_all(put, asker, &status, sizeof(status));
    kill(getpid(), SIGKILL); /* or valgrind looks for leaks */
    return 0;
}

/* Have the common code translated before it is forked: lines, each run on every
   one of these. */
static const char *const inputs[][3] = {
    {"csv", "jsonl", "a,b,c\n1,x,\"y, z\"\n2.5,,w\n1,x,v\n"},
    {"jsonl", "csv", "{\"a\": 1, \"b\": \"x\", \"c\": null}\n{\"a\": \"y\"}\n"},
    {"logfmt", "json", "a=1 b=x c=\"y z\"\na=2\n"},
};

static const char *const lines[] = {
    "where a > 1 | set b = a + 1, d = upper(c) | sort b desc | head 2",
    "grep x field=b | select a,b | tail 1",
    "count by=a | sort count",
    "aggregate total=sum(a) mean=mean(a) by=b",
    "grep q invert=true | dedup a | drop b | rename c=e",
    "none such",
};

static void warm_up(void)
{
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        FILE *input = fopen("input", "w");

        check(input && fputs(inputs[i][2], input) >= 0 && fclose(input) == 0,
              "input");
        for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
            const char *words[] = {"cosend",     lines[k], "input",      "-f",
                                   inputs[i][0], "-t",     inputs[i][1], NULL};

            cosend_main(7, (char **)words);
        }
    }
    cosend_main(3, (char *[]){"cosend", "help", "where", NULL});
    fflush(NULL);
}

static int serve(const char *room)
{
    struct sockaddr_un place = address(room, "new");
    int here = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    handle(SIGTERM, on_signal);
    handle(SIGCHLD, SIG_IGN);
    check(chdir(room) == 0, room);
    warm_up();
    check(bind(here, (struct sockaddr *)&place, sizeof(place)) == 0 &&
              listen(here, 64) == 0 && rename("new", "socket") == 0,
          room);
    while (!told_to_end) {
        int asker = accept(here, NULL, NULL);

        if (asker >= 0 && fork() == 0)
            return answer(asker);
        if (asker >= 0)
            close(asker);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return serve(argv[1]);
    if (argc > 3)
        return ask(argv[1], argv[2], argv + 3);
    fputs("serve ROOM [TO PROGRAM ARGUMENT...]\n", stderr);
    return 125;
}
