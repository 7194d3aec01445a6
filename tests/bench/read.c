/* SPDX-License-Identifier: MIT */
/* Reads a file by read(2), 256 KiB at a time, and does nothing else: no job
   on that file can take less. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char buffer[256 << 10];
    int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    ssize_t count;

    if (file < 0) {
        fputs("usage: bench-read FILE\n", stderr);
        return 2;
    }
    do
        count = read(file, buffer, sizeof(buffer));
    while (count > 0);
    return count < 0;
}
