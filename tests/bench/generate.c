/* SPDX-License-Identifier: MIT */
/*
 * Makes the data of the benchmark, the same everywhere:
 *
 *     bench-generate DIRECTORY ROWS
 *
 *   access.log    requests to a web server in the combined format, and the
 *                 milliseconds that each took
 *   access.csv    the same, 8 columns; a third of the cells of the last one
 *                 are quoted, and half of those have quotes inside
 *   access.jsonl  the same, an object a line
 *   combined.log  the same in the combined format alone
 *   nested.jsonl  the same, objects in objects, and an array
 *   numbers.txt   the same milliseconds, one a line
 *   keys.csv      three columns, one of which has a million distinct keys (or
 *                 a third of ROWS, if that is less)
 *   table.csv     those keys, with a label each
 *   none.csv      the header of keys.csv
 *   words.txt     100 words, 1 line in 100 of access.log has one
 *   strings-1000.txt, strings-20000.txt
 *                 so many words of 8 letters, of which few are in access.log
 *
 * Fewer rows are the beginning of more.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

/* ---- Chance -------------------------------------------------------------- */

/* The output function of splitmix64, by Sebastiano Vigna. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint64_t state = 20261123;

/* From 0 to n - 1. */
static unsigned below(unsigned n)
{
    return (unsigned)((mix(state += 0x9e3779b97f4a7c15) >> 32) * n >> 32);
}

/* The same, the lower the likelier. */
static unsigned low(unsigned n)
{
    return below(below(n) + 1);
}

/* ---- Text ---------------------------------------------------------------- */

/* A record being written. */
struct text {
    size_t length;
    char bytes[1024];
};

static void put(struct text *text, const char *string)
{
    size_t length = strlen(string);

    memcpy(text->bytes + text->length, string, length);
    text->length += length;
}

/* A number of at least `width` digits. */
static void put_number(struct text *text, unsigned number, unsigned width)
{
    char digits[10];
    unsigned count = 0;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number || count < width);
    while (count)
        text->bytes[text->length++] = digits[--count];
}

static void put_ms(struct text *text, unsigned microseconds)
{
    put_number(text, microseconds / 1000, 1);
    put(text, ".");
    put_number(text, microseconds % 1000, 3);
}

/* With `escape` before each quote inside. */
static void put_quoted(struct text *text, const char *string,
                       const char *escape)
{
    put(text, "\"");
    for (; *string; string++) {
        if (*string == '"')
            put(text, escape);
        text->bytes[text->length++] = *string;
    }
    put(text, "\"");
}

static void write_text(struct text *text, FILE *file)
{
    put(text, "\n");
    if (fwrite(text->bytes, 1, text->length, file) != text->length) {
        perror("bench-generate");
        exit(1);
    }
    text->length = 0;
}

/* ---- Requests ------------------------------------------------------------ */

enum { HOSTS = 1000, PAGES = 800, TAGS = 1024, WORDS = 100 };

static char hosts[HOSTS][24];
static char pages[PAGES][40];
static char tags[TAGS][40];

/* A word of four syllables; of two different numbers below 65536 never the
   same. */
static const char *word(unsigned number)
{
    static const char consonants[] = "bdfgklmnprstvzhj", vowels[] = "aeio";
    static char text[9];

    number = number * 40503 & 65535;
    for (unsigned i = 0; i < 8; i += 2) {
        text[i] = consonants[number & 15];
        text[i + 1] = vowels[(number >> 4 ^ i) & 3];
        number = number >> 4 | (number & 15) << 12;
    }
    return text;
}

static void make_names(void)
{
    static const char *const networks[] = {"192.0.2.", "198.51.100.",
                                           "203.0.113.", "2001:db8::"};
    static const char *const sections[] = {"articles", "docs", "images",
                                           "static", "downloads"};
    static const char *const extensions[] = {"", "", ".html", ".png", ".css"};

    for (unsigned i = 0; i < HOSTS; i++)
        snprintf(hosts[i], sizeof(hosts[i]), "%s%u", networks[i % 4],
                 i / 4 + 1);
    for (unsigned i = 0; i < PAGES; i++)
        snprintf(pages[i], sizeof(pages[i]), "/%s/%s%s",
                 sections[i % COUNT(sections)], word(30000 + i),
                 extensions[i % 7 % COUNT(extensions)]);
    for (unsigned i = 0; i < TAGS; i++)
        snprintf(tags[i], sizeof(tags[i]), "/tags/%s", word(i));
}

struct request {
    unsigned second; /* since the beginning of March */
    const char *host, *method, *url, *referer, *agent;
    bool quoted; /* the agent needs quotes in CSV */
    unsigned status, size, microseconds;
};

static const char *pick_url(unsigned row)
{
    static const char *const scans[] = {"/wp-login.php",         "/.env",
                                        "/phpmyadmin/index.php", "/xmlrpc.php",
                                        "/cgi-bin/test.cgi",     "/console"};
    unsigned kind = below(20000);

    if (row % 20000 == 0)
        return "/wp-admin/setup-config.php";
    if (kind < 200)
        return scans[below(COUNT(scans))];
    if (kind < 2200)
        return tags[below(TAGS)];
    return kind < 5000 ? "/" : pages[low(PAGES)];
}

static unsigned pick_status(void)
{
    unsigned kind = below(1000);

    if (kind < 780)
        return 200;
    if (kind < 900)
        return 304;
    if (kind < 950)
        return 404;
    if (kind < 985)
        return 301;
    return kind < 997 ? 500 : 503;
}

static void pick_agent(struct request *request)
{
    static const char *const plain[] = {
        "Mozilla/5.0 Firefox/135.0", "Mozilla/5.0 Safari/604.1", "curl/8.11.1",
        "ExampleBot/2.1 (+http://www.example.com/bot)"};
    static const char *const special[] = {
        "Mozilla/5.0 (KHTML, like Gecko) Chrome/133.0",
        "Mozilla/5.0 (X11, x86_64) Chrome/132.0", "Reader \"Daily\" 3.2",
        "Lens \"Wide\", by Example 1.4"};

    request->quoted = below(3) == 0;
    request->agent = request->quoted ? special[below(COUNT(special))]
                                     : plain[low(COUNT(plain))];
}

static struct request make_request(unsigned row)
{
    static const char *const methods[] = {"GET", "GET", "GET", "POST", "HEAD"};
    static const char *const referers[] = {"-", "-", "https://www.example.com/",
                                           "https://search.example.net/?q=c"};
    struct request request = {0};

    request.second = 86400 + row / 40;
    request.host = hosts[low(HOSTS)];
    request.method = methods[low(COUNT(methods))];
    request.url = pick_url(row);
    request.status = pick_status();
    request.size = low(300000);
    request.microseconds = low(4000000);
    request.referer = referers[below(COUNT(referers))];
    pick_agent(&request);
    return request;
}

/* ---- The same request in each format ------------------------------------- */

static void put_clock(struct text *text, unsigned second)
{
    put_number(text, second / 3600 % 24, 2);
    put(text, ":");
    put_number(text, second / 60 % 60, 2);
    put(text, ":");
    put_number(text, second % 60, 2);
}

static void put_time(struct text *text, unsigned second)
{
    put(text, "2026-03-");
    put_number(text, second / 86400 + 1, 2);
    put(text, "T");
    put_clock(text, second);
    put(text, "Z");
}

static void put_combined(struct text *text, const struct request *request)
{
    put(text, request->host);
    put(text, " - - [");
    put_number(text, request->second / 86400 + 1, 2);
    put(text, "/Mar/2026:");
    put_clock(text, request->second);
    put(text, " +0000] \"");
    put(text, request->method);
    put(text, " ");
    put(text, request->url);
    put(text, " HTTP/1.1\" ");
    put_number(text, request->status, 3);
    put(text, " ");
    put_number(text, request->size, 1);
    put(text, " \"");
    put(text, request->referer);
    put(text, "\" ");
    put_quoted(text, request->agent, "\\");
}

static void put_log(struct text *text, const struct request *request)
{
    put_combined(text, request);
    put(text, " ");
    put_ms(text, request->microseconds);
}

static void put_csv(struct text *text, const struct request *request)
{
    put_time(text, request->second);
    put(text, ",");
    put(text, request->host);
    put(text, ",");
    put(text, request->method);
    put(text, ",");
    put(text, request->url);
    put(text, ",");
    put_number(text, request->status, 3);
    put(text, ",");
    put_number(text, request->size, 1);
    put(text, ",");
    put_ms(text, request->microseconds);
    put(text, ",");
    if (request->quoted)
        put_quoted(text, request->agent, "\"");
    else
        put(text, request->agent);
}

static void put_json(struct text *text, const struct request *request)
{
    put(text, "{\"time\":\"");
    put_time(text, request->second);
    put(text, "\",\"host\":\"");
    put(text, request->host);
    put(text, "\",\"method\":\"");
    put(text, request->method);
    put(text, "\",\"url\":\"");
    put(text, request->url);
    put(text, "\",\"status\":");
    put_number(text, request->status, 3);
    put(text, ",\"size\":");
    put_number(text, request->size, 1);
    put(text, ",\"ms\":");
    put_ms(text, request->microseconds);
    put(text, ",\"agent\":");
    put_quoted(text, request->agent, "\\");
    put(text, "}");
}

static void put_nested(struct text *text, const struct request *request)
{
    put(text, "{\"time\":\"");
    put_time(text, request->second);
    put(text, "\",\"client\":{\"host\":\"");
    put(text, request->host);
    put(text, "\",\"agent\":");
    put_quoted(text, request->agent, "\\");
    put(text, "},\"request\":{\"method\":\"");
    put(text, request->method);
    put(text, "\",\"url\":\"");
    put(text, request->url);
    put(text, "\"},\"response\":{\"status\":");
    put_number(text, request->status, 3);
    put(text, ",\"size\":");
    put_number(text, request->size, 1);
    put(text, ",\"took\":{\"ms\":");
    put_ms(text, request->microseconds);
    put(text, "}},\"tags\":[\"");
    put(text, request->status < 400 ? "fine" : "failed");
    put(text, "\",\"");
    put(text, request->referer);
    put(text, "\"]}");
}

static unsigned count_keys(unsigned rows)
{
    return rows / 3 < 1000000 ? rows / 3 + 1 : 1000000;
}

static void put_key(struct text *text, uint64_t key)
{
    static const char hex[] = "0123456789abcdef";

    put(text, "k");
    key = mix(key);
    for (unsigned i = 0; i < 12; i++, key >>= 4)
        text->bytes[text->length++] = hex[key & 15];
}

/* Every key is there once before one comes again. */
static void put_keyed(struct text *text, unsigned row, unsigned rows)
{
    unsigned keys = count_keys(rows);

    put_number(text, row, 1);
    put(text, ",");
    put_key(text, row < keys ? row : mix(row) % keys);
    put(text, ",");
    put_number(text, row * 7919u % 100000, 1);
}

/* ---- Files --------------------------------------------------------------- */

static FILE *create(const char *directory, const char *name, const char *header)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "w");
    if (!file || fputs(header, file) == EOF) {
        perror(path);
        exit(1);
    }
    return file;
}

static void finish(FILE *file)
{
    if (fclose(file) != 0) {
        perror("bench-generate");
        exit(1);
    }
}

static void write_requests(const char *directory, unsigned rows)
{
    static struct text text;
    FILE *log = create(directory, "access.log", "");
    FILE *csv = create(directory, "access.csv",
                       "time,host,method,url,status,size,ms,agent\n");
    FILE *json = create(directory, "access.jsonl", "");
    FILE *numbers = create(directory, "numbers.txt", "");
    FILE *combined = create(directory, "combined.log", "");
    FILE *nested = create(directory, "nested.jsonl", "");

    for (unsigned row = 0; row < rows; row++) {
        struct request request = make_request(row);

        put_log(&text, &request);
        write_text(&text, log);
        put_csv(&text, &request);
        write_text(&text, csv);
        put_json(&text, &request);
        write_text(&text, json);
        put_ms(&text, request.microseconds);
        write_text(&text, numbers);
        put_combined(&text, &request);
        write_text(&text, combined);
        put_nested(&text, &request);
        write_text(&text, nested);
    }
    finish(log);
    finish(csv);
    finish(json);
    finish(numbers);
    finish(combined);
    finish(nested);
}

static void write_keys(const char *directory, unsigned rows)
{
    static struct text text;
    static const char header[] = "id,key,value\n";
    FILE *keys = create(directory, "keys.csv", header);
    FILE *none = create(directory, "none.csv", header);
    FILE *table = create(directory, "table.csv", "key,label\n");

    for (unsigned row = 0; row < rows; row++) {
        put_keyed(&text, row, rows);
        write_text(&text, keys);
    }
    for (unsigned row = 0; row < count_keys(rows); row++) {
        put_key(&text, row);
        put(&text, ",label ");
        put_number(&text, row, 1);
        write_text(&text, table);
    }
    finish(table);
    finish(none);
    finish(keys);
}

static void write_words(const char *directory)
{
    FILE *words = create(directory, "words.txt", "");

    for (unsigned i = 0; i < WORDS; i++)
        fprintf(words, "%s\n", word((i * 41 + 7) % TAGS));
    finish(words);
}

static void write_strings(const char *directory, const char *name,
                          unsigned count)
{
    FILE *strings = create(directory, name, "");

    for (unsigned i = 0; i < count; i++)
        fprintf(strings, "%s\n", word(TAGS - 24 + i));
    finish(strings);
}

int main(int argc, char **argv)
{
    unsigned rows;

    if (argc != 3) {
        fputs("usage: bench-generate DIRECTORY ROWS\n", stderr);
        return 2;
    }
    rows = (unsigned)strtoul(argv[2], NULL, 10);
    make_names();
    write_requests(argv[1], rows);
    write_keys(argv[1], rows);
    write_words(argv[1]);
    write_strings(argv[1], "strings-1000.txt", 1000);
    write_strings(argv[1], "strings-20000.txt", 20000);
    return 0;
}
