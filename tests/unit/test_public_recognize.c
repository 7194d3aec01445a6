/* SPDX-License-Identifier: MIT */
/*
 * What of people is in a text: cards, mail and network addresses, looked for at
 * every byte of it, and of no text.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef const char *look(const char *text, const char *at, const char *end,
                         const char **from);

static const char *card(const char *text, const char *at, const char *end,
                        const char **from)
{
    *from = at;
    return cosend_card_at(text, at, end);
}

static const char *ipv4(const char *text, const char *at, const char *end,
                        const char **from)
{
    unsigned char address[4];

    *from = at;
    return cosend_ipv4_at(text, at, end, address);
}

static const char *ipv6(const char *text, const char *at, const char *end,
                        const char **from)
{
    unsigned char address[16];

    *from = at;
    return cosend_ipv6_at(text, at, end, address);
}

/* All that is found in the text, from the left to the right, is `wanted`, with
   a | behind each. The text stands alone, so that a byte read beside it is
   found out. */
static void expect(look *look_at, const char *text, const char *wanted)
{
    size_t length = strlen(text);
    char *alone = malloc(length ? length : 1), found[256] = "";
    const char *end = alone + length, *unfound = alone;

    assert_non_null(alone);
    memcpy(alone, text, length);
    for (const char *at = alone; at <= end;) {
        const char *from, *to = look_at(unfound, at, end, &from);

        if (to) {
            strncat(found, from, (size_t)(to - from));
            strcat(found, "|");
            unfound = to;
        }
        at = to ? to : at + 1;
    }
    free(alone);
    assert_string_equal(found, wanted);
}

static void cards(void **state)
{
    (void)state;
    expect(card, "", "");
    expect(card, "4111111111111111", "4111111111111111|");
    expect(card, "(4111 1111 1111 1111)", "4111 1111 1111 1111|");
    expect(card, "4111 1111 1111 1111 25", "4111 1111 1111 1111|");
    expect(card, "1 4111-1111-1111-1111-", "4111-1111-1111-1111|");
    expect(card, "4111111111111112", "");
    expect(card, "4111  1111 1111 1111", "");
    expect(card, "x4111111111111111 4111111111111111x", "");
    expect(card, "1111111111111117", ""); /* right by Luhn, no card's 1 */
    expect(card, "4222222222222 6304000000000000000",
           "4222222222222|6304000000000000000|");
}

static void ipv4_addresses(void **state)
{
    (void)state;
    expect(ipv4, "", "");
    expect(ipv4, "192.0.2.1", "192.0.2.1|");
    expect(ipv4, "to 10.0.0.1:80, 255.255.255.255.",
           "10.0.0.1|255.255.255.255|");
    expect(ipv4, "010.001.002.003", "010.001.002.003|");
    expect(ipv4, "1.2.3 1.2.3. 1.2.3.4.5 256.1.1.1 1.2.3.0004", "");
    expect(ipv4, "1..2.3 .1.2.3.4 4.1.2.3.4", "1.2.3.4|");
}

static void ipv6_addresses(void **state)
{
    (void)state;
    expect(ipv6, "", "");
    expect(ipv6, "2001:db8::1", "2001:db8::1|");
    expect(ipv6, "[fe80::1%eth0]:80 ::1.", "fe80::1|::1|");
    expect(ipv6, "client:2001:db8::17: ::ffff:192.0.2.1",
           "2001:db8::17|::ffff:192.0.2.1|");
    expect(ipv6, ":: 10:15:30 00:1b:44:11:3a:b7 std::string fe80::1x", "");
    expect(ipv6, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8|");
    /* Too long for one, but for its end. */
    expect(ipv6,
           "1:2:3:4:5:6:7:8:1:2:3:4:5:6:7:8:1:2:3:4:5:6:7:8:1:2:3:4:5:6:7:8:"
           "1:2:3:4:5:6:7:9",
           "1:2:3:4:5:6:7:9|");
}

static void mail_addresses(void **state)
{
    (void)state;
    expect(cosend_mail_at, "", "");
    expect(cosend_mail_at, "a@b.c", "a@b.c|");
    expect(cosend_mail_at, "<ada.l+x@x-y.example.org>, o'b@q.rs.",
           "ada.l+x@x-y.example.org|o'b@q.rs|");
    expect(cosend_mail_at, "user=bob@x.com \xc3\xa9@\xc3\xbc.de",
           "bob@x.com|\xc3\xa9@\xc3\xbc.de|");
    expect(cosend_mail_at, "a@b @x.yz a@1.2 a@.b a@b..c a@ @", "");
    expect(cosend_mail_at, "a@b.c@d.ef", "a@b.c|");
    expect(cosend_mail_at, "a@b.c.1", "a@b.c|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards), cmocka_unit_test(ipv4_addresses),
        cmocka_unit_test(ipv6_addresses), cmocka_unit_test(mail_addresses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
