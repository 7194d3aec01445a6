/* SPDX-License-Identifier: MIT */
/*
 * Makes the sample access log, pipelines/access.log: a day of a small web
 * server in the combined format, 5,000 lines. The seed is fixed and only
 * integers are used, so that it is the same log everywhere.
 *
 * What is like a real one: some hosts ask much more than others (Zipf's law),
 * nights are quiet, static files keep their size and are often answered with
 * 304 and no size, pages vary, scanners look for what is not there, and two
 * lines are broken. The addresses are those reserved for documentation.
 */
#include <inttypes.h>
#include <stdio.h>

enum { LINES = 5000, TORN = 1711, FOREIGN = 3902, DAY = 86400000 };

static uint64_t state = 20260302;

/* splitmix64, by Sebastiano Vigna. */
static uint64_t random_bits(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* From 0 to n - 1. */
static unsigned below(unsigned n)
{
    return (unsigned)((random_bits() >> 32) * n >> 32);
}

/* One of n things: thing i is chosen 1 / (i + 1) as often as the first. */
static unsigned zipf(unsigned n)
{
    enum { FIRST = 27720 };
    unsigned total = 0, i, pick;

    for (i = 0; i < n; i++)
        total += FIRST / (i + 1);
    pick = below(total);
    for (i = 0; pick >= FIRST / (i + 1); i++)
        pick -= FIRST / (i + 1);
    return i;
}

static const char *const hosts[] = {
    "192.0.2.17",    "198.51.100.4", "203.0.113.96",   "192.0.2.201",
    "198.51.100.77", "203.0.113.8",  "198.51.100.130", "192.0.2.45",
    "203.0.113.250", "2001:db8::1f", "198.51.100.9",   "203.0.113.61"};

static const char *const agents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/"
    "605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; Examplebot/2.1; +http://www.example.com/bot)",
    "curl/8.11.1"};

static const char *const referers[] = {
    "-", "https://www.example.com/", "https://www.example.com/articles/",
    "https://search.example.net/?q=push+coroutines"};

/* What is asked for. With no spread it is a file, always of that size. */
struct page {
    const char *method;
    const char *path;
    unsigned status;
    unsigned size;
    unsigned spread;
};

static const struct page pages[] = {
    {"GET", "/", 200, 8140, 900},
    {"GET", "/static/site.css", 200, 14203, 0},
    {"GET", "/static/site.js", 200, 48911, 0},
    {"GET", "/images/logo.png", 200, 6518, 0},
    {"GET", "/articles/", 200, 15100, 4200},
    {"GET", "/articles/generators", 200, 31877, 0},
    {"GET", "/favicon.ico", 200, 1150, 0},
    {"GET", "/articles/back-pressure", 200, 27402, 0},
    {"GET", "/search?q=coroutine&page=2", 200, 3900, 6400},
    {"GET", "/feed.xml", 200, 52310, 700},
    {"GET", "/wp-login.php", 404, 196, 0},
    {"POST", "/comments", 302, 0, 0},
    {"GET", "/images/overview.jpg", 200, 284516, 0},
    {"GET", "/.env", 404, 196, 0},
    {"GET", "/docs", 301, 178, 0},
    {"GET", "/downloads/tour.pdf", 206, 131072, 0},
    {"HEAD", "/", 200, 0, 0},
    {"POST", "/api/login", 401, 88, 0},
    {"GET", "/admin", 403, 153, 0},
};

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static void print_line(unsigned second)
{
    const char *host = hosts[zipf(COUNT(hosts))];
    const char *user = below(60) ? "-" : "maria";
    const struct page *page = &pages[zipf(COUNT(pages))];
    unsigned status = page->status;
    unsigned size = page->size + (page->spread ? below(page->spread) : 0);

    if (status == 200 && !page->spread && size && below(100) < 22) {
        status = 304;
        size = 0;
    } else if (below(140) == 0) {
        status = below(3) ? 500 : 503;
        size = 341;
    }
    printf("%s - %s [02/Mar/2026:%02u:%02u:%02u +0000] \"%s %s HTTP/1.1\" %u ",
           host, user, second / 3600, second / 60 % 60, second % 60,
           page->method, page->path, status);
    if (size)
        printf("%u", size);
    else
        putchar('-');
    printf(" \"%s\" \"%s\"\n", referers[zipf(COUNT(referers))],
           agents[zipf(COUNT(agents))]);
}

int main(void)
{
    /* Milliseconds from one line to the next, by the hour. */
    static const unsigned gaps[24] = {29000, 35000, 39000, 39000, 35000, 27000,
                                      21000, 16000, 13500, 12500, 12000, 12000,
                                      13000, 12500, 12000, 12000, 13000, 14000,
                                      15000, 15000, 16000, 18000, 21000, 26000};
    unsigned now = 0, i;

    for (i = 1; i <= LINES; i++) {
        if (i == TORN)
            puts("192.0.2.17 - - [02/Mar/2026:10:");
        else if (i == FOREIGN)
            puts("logrotate: access.log: file changed as we read it");
        else
            print_line(now / 1000);
        now += below(2 * gaps[now / 3600000]);
        if (now >= DAY)
            now = DAY - 1;
    }
    return fflush(stdout) != 0;
}
