/* SPDX-License-Identifier: MIT */
/*
 * Runs a command and says what it took:
 *
 *     bench-measure OUTPUT COMMAND [ARGUMENT...]
 *
 * prints its exit status, its wall time in seconds from before fork to after
 * wait, and its peak of resident memory in KiB. A program of its own, because
 * a child's peak starts with that of the process that forked it: here, little.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void execute(const char *output, char **command)
{
    int in = open("/dev/null", O_RDONLY);
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1)
        execvp(command[0], command);
    fprintf(stderr, "bench-measure: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    double start, seconds;
    int status;
    pid_t child;

    if (argc < 3) {
        fputs("usage: bench-measure OUTPUT COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    start = now();
    child = fork();
    if (child == 0)
        execute(argv[1], argv + 2);
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("bench-measure");
        return 1;
    }
    seconds = now() - start;
    printf("%d %.6f %ld\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           seconds, usage.ru_maxrss);
    return 0;
}
