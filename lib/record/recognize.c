/* SPDX-License-Identifier: MIT */
#include "cosend/recognize.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

enum {
    CARD_SHORTEST = 13, /* digits */
    CARD_LONGEST = 19,
    LONGEST_RUN = 63 /* that may be an IPv6 address and points behind it */
};

static bool is_decimal(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Letters, digits and bytes beyond ASCII. */
static bool is_word_byte(char c)
{
    return is_decimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c & 0x80;
}

/* Whether the digits of a number are right by its last one (Luhn, as in
   ISO/IEC 7812-1, annex B). */
static bool is_luhn(const char *digits, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';

        sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
    }
    return sum % 10 == 0;
}

const char *cosend_card_at(const char *text, const char *at, const char *end)
{
    const char *found = NULL;
    char digits[CARD_LONGEST];
    int count = 0;

    if (at == end || *at < '2' || *at > '6' ||
        (at > text && is_word_byte(at[-1])))
        return NULL;
    while (at < end && count < CARD_LONGEST && is_decimal(*at)) {
        digits[count++] = *at++;
        if (at < end && is_decimal(*at))
            continue;
        if (count >= CARD_SHORTEST && (at == end || !is_word_byte(*at)) &&
            is_luhn(digits, count))
            found = at;
        if (at < end && (*at == ' ' || *at == '-'))
            at++;
    }
    return found;
}

const char *cosend_ipv4_at(const char *text, const char *at, const char *end,
                           unsigned char *address)
{
    if (at > text && (is_decimal(at[-1]) ||
                      (at[-1] == '.' && at - 1 > text && is_decimal(at[-2]))))
        return NULL;
    for (int part = 0; part < 4; part++) {
        int value = 0, digits = 0;

        if (part && (at == end || *at++ != '.'))
            return NULL;
        for (; at < end && is_decimal(*at) && digits < 4; digits++)
            value = 10 * value + *at++ - '0';
        if (!digits || digits > 3 || value > 255)
            return NULL;
        address[part] = (unsigned char)value;
    }
    if (at + 1 < end && *at == '.' && is_decimal(at[1]))
        return NULL;
    return at;
}

const char *cosend_ipv6_at(const char *text, const char *at, const char *end,
                           unsigned char *address)
{
    const char *from = at, *behind;
    char copy[INET6_ADDRSTRLEN];
    int colons = 0, digits = 0;

    if (at == end || (!is_hex(*at) && *at != ':') ||
        (at > text && (is_word_byte(at[-1]) || at[-1] == '_')))
        return NULL;
    for (; at < end && (is_hex(*at) || *at == ':' || *at == '.'); at++) {
        colons += *at == ':';
        digits += is_hex(*at);
        if (at - from > LONGEST_RUN)
            return NULL;
    }
    if (colons < 2 || !digits)
        return NULL;
    for (behind = at; at > from; at--) {
        size_t length = (size_t)(at - from);

        if (length < sizeof(copy)) {
            memcpy(copy, from, length);
            copy[length] = '\0';
            if (inet_pton(AF_INET6, copy, address) == 1)
                break;
        }
        if (at[-1] != ':' && at[-1] != '.')
            return NULL;
    }
    if (at == behind && at < end && (is_word_byte(*at) || *at == '_'))
        return NULL;
    return at > from ? at : NULL;
}

static bool is_local(char c)
{
    return is_word_byte(c) || (c && strchr("._%+'-", c));
}

/* The end of the domain behind an @: names with points between, of which there
   are two at least and the last one begins with no digit. NULL for none. */
static const char *domain_end(const char *at, const char *end)
{
    const char *found = NULL;

    for (int names = 1; at < end && is_word_byte(*at); names++) {
        const char *name = at;

        while (at < end && (is_word_byte(*at) || *at == '-'))
            at++;
        if (names > 1 && !is_decimal(*name))
            found = at;
        if (at == end || *at++ != '.')
            break;
    }
    return found;
}

const char *cosend_mail_at(const char *text, const char *at, const char *end,
                           const char **from)
{
    const char *to = at < end && *at == '@' ? domain_end(at + 1, end) : NULL;
    const char *local = at;

    while (to && local > text && is_local(local[-1]))
        local--;
    if (!to || local == at)
        return NULL;
    *from = local;
    return to;
}
