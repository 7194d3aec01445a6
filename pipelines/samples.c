/* SPDX-License-Identifier: MIT */
/*
 * Makes the sample logs of this folder, each by its name: a day, 2026-03-02,
 * of a small web shop.
 *
 *   access.log       its web server's, in the combined format, 5,000 lines
 *   timed.log        two hours of the server behind, which says how long each
 *                    request took, 1,500 lines
 *   auth.log         who has logged in, and who has tried, 1,000 lines
 *   service.jsonl    its program's, JSON lines with objects in them, 600
 *   postgresql.log   the database's, with its slow statements, 500 entries
 *
 * The seeds are fixed and only integers are used, so that they are the same
 * everywhere.
 *
 * What is like real ones: some hosts ask much more than others (Zipf's law),
 * nights are quiet, static files keep their size and are often answered with
 * 304 and no size, pages vary, scanners look for what is not there, names that
 * strangers try to log in by look like what the log says of them, statements
 * have several lines, and some lines are broken. The addresses are those
 * reserved for documentation.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 5000, TORN = 1711, FOREIGN = 3902, DAY = 86400000 };

static uint64_t state;

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
    const char *agent;

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
    /* One random number a statement: arguments come in no certain order. */
    agent = agents[zipf(COUNT(agents))];
    printf(" \"%s\" \"%s\"\n", referers[zipf(COUNT(referers))], agent);
}

static void print_access(void)
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
}

/* ---- Requests with the time that they took ------------------------------- */

/* A number of milliseconds about `usual`, and now and then far above. */
static unsigned duration(unsigned usual)
{
    unsigned ms = usual / 2 + below(usual);

    return below(40) ? ms : ms * (4 + below(20));
}

static void print_timed(void)
{
    static const struct {
        const char *method, *path;
        unsigned status, size, usual;
    } calls[] = {
        {"GET", "/api/products", 200, 5210, 38},
        {"GET", "/api/cart", 200, 812, 12},
        {"GET", "/api/search", 200, 2904, 240},
        {"POST", "/api/cart", 201, 96, 45},
        {"GET", "/api/session", 200, 188, 4},
        {"POST", "/api/orders", 201, 402, 620},
        {"GET", "/api/orders", 200, 1740, 95},
        {"POST", "/api/login", 200, 240, 310},
        {"GET", "/api/reports/daily", 200, 48200, 2900},
    };
    unsigned now = 10 * 3600000, i;

    for (i = 0; i < 1500; i++) {
        unsigned call = zipf(COUNT(calls)), second = now / 1000;
        unsigned ms = duration(calls[call].usual);
        bool late = ms > 10000, broken = !late && below(70) == 0;
        const char *host = hosts[zipf(COUNT(hosts))];

        printf("%s - - [02/Mar/2026:%02u:%02u:%02u +0000] \"%s %s HTTP/1.1\" "
               "%u %u \"-\" \"%s\" rt=%u.%03u\n",
               host, second / 3600, second / 60 % 60, second % 60,
               calls[call].method, calls[call].path,
               late     ? 504
               : broken ? 502
                        : calls[call].status,
               late || broken ? 162 : calls[call].size,
               agents[zipf(COUNT(agents))], ms / 1000, ms % 1000);
        now += below(9600);
    }
}

/* ---- Logins -------------------------------------------------------------- */

static void print_syslog(unsigned now, const char *program, unsigned process)
{
    unsigned second = now / 1000;

    printf("Mar  2 %02u:%02u:%02u web1 %s[%u]: ", second / 3600,
           second / 60 % 60, second % 60, program, process);
}

/* Somebody tries a name. The last of them is meant to be read wrongly: as if
   it came from another address. */
static void print_attempt(unsigned now, unsigned process)
{
    static const char *const names[] = {
        "root",   "admin", "test",
        "oracle", "git",   "root from 192.0.2.17 port 22 ssh2"};
    static const char *const strangers[] = {"203.0.113.8", "198.51.100.130",
                                            "203.0.113.250", "2001:db8::bad",
                                            "198.51.100.77"};
    unsigned name = zipf(COUNT(names)), port = 32768 + below(28000);
    const char *host = strangers[zipf(COUNT(strangers))];

    if (name) {
        print_syslog(now, "sshd", process);
        printf("Invalid user %s from %s port %u\n", names[name], host, port);
    }
    print_syslog(now, "sshd", process);
    printf("Failed password for %s%s from %s port %u ssh2\n",
           name ? "invalid user " : "", names[name], host, port);
    print_syslog(now, "sshd", process);
    printf("Connection closed by %s user %s %s port %u [preauth]\n",
           name ? "invalid" : "authenticating", names[name], host, port);
}

static void print_login(unsigned now, unsigned process)
{
    static const char *const users[] = {"maria", "deploy", "jun"};
    const char *user = users[zipf(COUNT(users))];
    unsigned port = 32768 + below(28000);
    const char *host = hosts[below(2)];

    if (below(6) == 0) {
        print_syslog(now, "sshd", process);
        printf("Failed password for %s from %s port %u ssh2\n", user, host,
               port);
    }
    print_syslog(now, "sshd", process);
    printf("Accepted publickey for %s from %s port %u ssh2: ED25519 "
           "SHA256:%08x\n",
           user, host, port, below(0xffffffff));
    print_syslog(now, "sshd", process);
    printf("pam_unix(sshd:session): session opened for user %s(uid=%u) by "
           "%s(uid=0)\n",
           user, 1000 + (unsigned)user[0] % 3, user);
}

static void print_auth(void)
{
    unsigned now = 0, i;

    for (i = 0; i < 400; i++) {
        unsigned process = 2000 + 7 * i + below(7), kind = below(10);

        if (kind < 6) {
            print_attempt(now, process);
        } else if (kind < 8) {
            print_login(now, process);
        } else {
            print_syslog(now, "CRON", process);
            puts("pam_unix(cron:session): session opened for user "
                 "root(uid=0) by (uid=0)");
        }
        now += below(2 * DAY / 410);
    }
}

/* ---- A program's JSON ---------------------------------------------------- */

static void print_service(void)
{
    static const char *const messages[] = {
        "request done", "cart changed", "order placed, and paid",
        "payment refused: \"card expired\"", "upstream timed out"};
    static const char *const levels[] = {"info", "info", "info", "warn",
                                         "error"};
    unsigned now = 8 * 3600000, i;

    for (i = 0; i < 600; i++) {
        unsigned kind = zipf(COUNT(messages)), second = now / 1000;
        const char *c = messages[kind];

        if (i == 301) {
            puts("{\"time\": \"2026-03-02T");
            continue;
        }
        printf("{\"time\": \"2026-03-02T%02u:%02u:%02u.%03uZ\", \"level\": "
               "\"%s\", \"message\": \"",
               second / 3600, second / 60 % 60, second % 60, now % 1000,
               levels[kind]);
        for (; *c; c++)
            printf(*c == '"' ? "\\%c" : "%c", *c);
        printf("\", \"user\": {\"id\": %u, ", 100 + zipf(40));
        printf("\"country\": \"%s\"}, ", below(3) ? "DE" : "FR");
        printf("\"ms\": %u", duration(60));
        if (kind == 4)
            printf(", \"retry\": %u", 1 + below(3));
        puts("}");
        now += below(90000);
    }
}

/* ---- A database's -------------------------------------------------------- */

static void print_statement(unsigned kind)
{
    unsigned id = 1 + below(90000);

    switch (kind) {
    case 0:
        printf("SELECT * FROM products WHERE category = %u ORDER BY price\n",
               1 + below(30));
        break;
    case 1:
        printf("SELECT o.id, sum(i.price)\n\t  FROM orders o JOIN items i ON "
               "i.order_id = o.id\n\t WHERE o.customer = %u\n\t GROUP BY "
               "o.id\n",
               id);
        break;
    case 2:
        printf("UPDATE stock SET left = left - %u WHERE product = %u\n",
               1 + id % 5, id);
        break;
    default:
        printf("SELECT count(*) FROM events WHERE kind = 'view' AND day > "
               "'2026-02-%02u'\n",
               1 + below(28));
    }
}

static void print_queries(void)
{
    static const unsigned usual[] = {310, 1450, 270, 5200};
    unsigned now = 0, i;

    for (i = 0; i < 500; i++) {
        unsigned kind = zipf(COUNT(usual)), second = now / 1000, ms;

        printf("2026-03-02 %02u:%02u:%02u.%03u UTC [%u] ", second / 3600,
               second / 60 % 60, second % 60, now % 1000, 400 + below(40));
        if (below(25) == 0) {
            printf("LOG:  checkpoint complete: wrote %u buffers\n",
                   below(4000));
        } else if (below(30) == 0) {
            puts("shop@shop ERROR:  duplicate key value violates unique "
                 "constraint \"orders_pkey\"");
        } else {
            ms = duration(usual[kind]);
            printf("shop@shop LOG:  duration: %u.%03u ms  statement: ", ms,
                   below(1000));
            print_statement(kind);
        }
        now += below(2 * DAY / 510);
    }
}

/* ---- Which --------------------------------------------------------------- */

static const struct sample {
    const char *name;
    void (*print)(void);
    uint64_t seed;
} samples[] = {
    {"access.log", print_access, 20260302},
    {"timed.log", print_timed, 1},
    {"auth.log", print_auth, 2},
    {"service.jsonl", print_service, 3},
    {"postgresql.log", print_queries, 4},
};

int main(int argc, char **argv)
{
    for (unsigned i = 0; i < COUNT(samples); i++)
        if (argc == 2 && strcmp(argv[1], samples[i].name) == 0) {
            state = samples[i].seed;
            samples[i].print();
            return fflush(stdout) != 0;
        }
    fputs("usage: samples", stderr);
    for (unsigned i = 0; i < COUNT(samples); i++)
        fprintf(stderr, "%c%s", i ? '|' : ' ', samples[i].name);
    fputs("\n", stderr);
    return 2;
}
