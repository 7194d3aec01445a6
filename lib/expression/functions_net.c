/* SPDX-License-Identifier: MIT */
/* Functions of addresses: those of IP, of both versions, and of the web. */
#include "expression/functions_net.h"

#include "match/bytes.h"

#include <arpa/inet.h>
#include <string.h>

/* An address as bytes, the first one highest; `bits` of it count. */
struct address {
    unsigned char bytes[16];
    int family;
    unsigned bits;
};

/* Read an address, or a network with /bits behind it. */
static bool read_address(const char *text, size_t length, bool may_be_network,
                         struct address *address)
{
    const char *slash = memchr(text, '/', length);
    size_t host = slash ? (size_t)(slash - text) : length;
    char copy[INET6_ADDRSTRLEN];
    unsigned most, bits = 0;

    if (host >= sizeof(copy) || memchr(text, '\0', length) ||
        (slash && (!may_be_network || length - host < 2 || length - host > 4)))
        return false;
    memcpy(copy, text, host);
    copy[host] = '\0';
    address->family = memchr(copy, ':', host) ? AF_INET6 : AF_INET;
    if (inet_pton(address->family, copy, address->bytes) != 1)
        return false;
    most = address->family == AF_INET6 ? 128 : 32;
    for (size_t i = host + 1; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        bits = bits * 10 + (unsigned)(text[i] - '0');
    }
    address->bits = slash ? bits : most;
    return address->bits <= most;
}

static bool is_inside(const struct address *address,
                      const struct address *network)
{
    unsigned whole = network->bits / 8, left = network->bits % 8;

    if (address->family != network->family ||
        memcmp(address->bytes, network->bytes, whole) != 0)
        return false;
    return !left ||
           (address->bytes[whole] ^ network->bytes[whole]) >> (8 - left) == 0;
}

static struct cosend_value apply_is_ip(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    struct address address;

    return csi_bool_value(read_address(x->as.text, x->length, false, &address));
}

static struct cosend_value apply_ip_in(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments;
    struct address address, network;
    bool found = false;

    if (!x->length)
        return csi_bool_value(false);
    if (!read_address(x->as.text, x->length, false, &address))
        return csi_bad_operand(call->evaluation, "not_an_address",
                               call->term->parts[0], x, "not an IP address");
    for (uint32_t i = 1; i < call->count; i++) {
        if (!read_address(x[i].as.text, x[i].length, true, &network))
            return csi_bad_operand(call->evaluation, "not_an_address",
                                   call->term->parts[i], &x[i],
                                   "not a network, as 10.0.0.0/8 is");
        found |= is_inside(&address, &network);
    }
    return csi_bool_value(found);
}

static int hex_digit(char c)
{
    c = csi_small(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- Parts of an address of the web -------------------------------------- */

/* As RFC 3986 cuts it: scheme://authority/path?query#fragment, each but the
   path with what marks it, or without bytes. */
struct web_address {
    const char *authority, *path, *query, *fragment;
};

static bool is_scheme_letter(char c)
{
    return csi_small(c) >= 'a' && csi_small(c) <= 'z';
}

static bool is_scheme_byte(char c)
{
    return is_scheme_letter(c) || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

static struct web_address cut_web_address(const struct cosend_value *x)
{
    struct web_address cut;
    const char *p = x->as.text, *end = p + x->length;

    while (p < end && is_scheme_byte(*p))
        p++;
    if (p < end && *p == ':' && p > x->as.text && is_scheme_letter(*x->as.text))
        p++;
    else
        p = x->as.text;
    cut.authority = p;
    if (end - p >= 2 && p[0] == '/' && p[1] == '/')
        for (p += 2; p < end && *p != '/' && *p != '?' && *p != '#';)
            p++;
    cut.path = p;
    while (p < end && *p != '?' && *p != '#')
        p++;
    cut.query = p;
    while (p < end && *p != '#')
        p++;
    cut.fragment = p;
    return cut;
}

static struct cosend_value apply_url_host(struct csi_call *call)
{
    struct web_address cut = cut_web_address(&call->arguments[0]);
    const char *start = cut.authority, *end = cut.path, *at;

    if (start == end)
        return csi_null_value();
    start += 2;
    at = memrchr(start, '@', (size_t)(end - start));
    if (at)
        start = at + 1;
    if (start < end && *start == '[') {
        at = memchr(start, ']', (size_t)(end - start));
        return csi_text_value(start + 1, (size_t)((at ? at : end) - start - 1));
    }
    at = memchr(start, ':', (size_t)(end - start));
    return csi_text_value(start, (size_t)((at ? at : end) - start));
}

static struct cosend_value apply_url_path(struct csi_call *call)
{
    struct web_address cut = cut_web_address(&call->arguments[0]);

    return csi_text_value(cut.path, (size_t)(cut.query - cut.path));
}

static struct cosend_value decode_url(struct csi_call *call, const char *p,
                                      const char *end)
{
    char *out = csi_arena_bytes(call->evaluation->arena, (size_t)(end - p) + 1);
    char *start = out;

    if (!out) {
        call->evaluation->no_memory = true;
        return csi_null_value();
    }
    while (p < end) {
        int high = *p == '%' && end - p > 2 ? hex_digit(p[1]) : -1;
        int low = high >= 0 ? hex_digit(p[2]) : -1;

        if (low >= 0)
            *out++ = (char)(high << 4 | low);
        else
            *out++ = *p == '+' ? ' ' : *p;
        p += low >= 0 ? 3 : 1;
    }
    return csi_text_value(start, (size_t)(out - start));
}

/* Names are compared decoded, of which there may be several ways. */
static struct cosend_value apply_url_query(struct csi_call *call)
{
    const struct cosend_value *wanted = &call->arguments[1];
    struct web_address cut = cut_web_address(&call->arguments[0]);
    const char *p = cut.query, *end, *equals;

    while (p < cut.fragment) {
        struct cosend_value name;

        p++;
        end = p;
        while (end < cut.fragment && *end != '&')
            end++;
        equals = memchr(p, '=', (size_t)(end - p));
        name = decode_url(call, p, equals ? equals : end);
        if (name.type == COSEND_TYPE_TEXT && name.length == wanted->length &&
            memcmp(name.as.text, wanted->as.text, name.length) == 0)
            return decode_url(call, equals ? equals + 1 : end, end);
        p = end;
    }
    return csi_null_value();
}

static struct cosend_value apply_url_decode(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];

    return decode_url(call, x->as.text, x->as.text + x->length);
}

const struct csi_function csi_functions_net[] = {
    {{"is_ip", "x", "net", "Whether it is an IP address, of either version",
      "is_ip(\"::1\")", "true"},
     "s",
     1,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_is_ip},
    {{"ip_in", "x, network, ...", "net",
      "Whether an IP address is in one of the networks",
      "ip_in(\"10.1.2.3\", \"192.0.2.0/24\", \"10.0.0.0/8\")", "true"},
     "ss",
     2,
     true,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_ip_in},
    {{"url_host", "x", "net",
      "The host of a web address, without user and port",
      "url_host(\"https://me@example.org:8080/a?b=1\")", "example.org"},
     "s",
     1,
     false,
     CSI_TERM_TEXT,
     CSI_TERM_CALL,
     apply_url_host},
    {{"url_path", "x", "net",
      "The path of a web address, also of one without its host",
      "url_path(\"/a/b?c=1#d\")", "/a/b"},
     "s",
     1,
     false,
     CSI_TERM_TEXT,
     CSI_TERM_CALL,
     apply_url_path},
    {{"url_query", "x, name", "net",
      "The first value of that name behind the ?, decoded, or null",
      "url_query(\"/find?q=a%20b&n=2\", \"q\")", "a b"},
     "ss",
     2,
     false,
     CSI_TERM_TEXT,
     CSI_TERM_CALL,
     apply_url_query},
    {{"url_decode", "x", "net", "With %XX and + as the bytes that they are",
      "url_decode(\"a%20b+c\")", "a b c"},
     "s",
     1,
     false,
     CSI_TERM_TEXT,
     CSI_TERM_CALL,
     apply_url_decode},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
