/* SPDX-License-Identifier: MIT */
/*
 * What a text has of people and their machines: numbers of bank cards,
 * addresses by mail and of networks. Each call looks at one byte of a text, of
 * [text, end), and at what is beside it. To find all in a text is to go over it
 * from the left to the right, and on behind what was found:
 *
 *     for (at = text; at < end; at = to ? to : at + 1)
 *         to = cosend_card_at(text, at, end);
 *
 * which takes time in proportion to its length, whatever is in it. None of them
 * can fail, and no byte outside of the text is read.
 */
#ifndef COSEND_RECOGNIZE_H
#define COSEND_RECOGNIZE_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The end of the longest card number that begins at `at`: 13 to 19 digits, in
 * groups with one blank or hyphen between or in none, which are right by the
 * last one (Luhn's check digit, as in ISO/IEC 7812-1, annex B) and have no
 * letter or digit beside. The first is 2 to 6, as banks' cards have it: what
 * counts time is none. NULL where there is none.
 */
COSEND_API const char *cosend_card_at(const char *text, const char *at,
                                      const char *end);

/*
 * The end of an IPv4 address that begins at `at`: four numbers to 255, of three
 * digits at most, which no digit, and no point with a digit, is beside; its
 * four bytes are put in `address`. NULL where there is none.
 */
COSEND_API const char *cosend_ipv4_at(const char *text, const char *at,
                                      const char *end, unsigned char *address);

/*
 * The same of an IPv6 address, 16 bytes: what inet_pton takes and has a digit;
 * a colon or points behind it are the sentence's.
 */
COSEND_API const char *cosend_ipv6_at(const char *text, const char *at,
                                      const char *end, unsigned char *address);

/*
 * The end of the mail address whose @ is at `at`, *from where it begins, not
 * before text: letters, digits and ._%+'- before it; behind it names with
 * points between, two at least, the last of which begins with no digit. Bytes
 * beyond ASCII are letters. NULL where there is none.
 */
COSEND_API const char *cosend_mail_at(const char *text, const char *at,
                                      const char *end, const char **from);

#ifdef __cplusplus
}
#endif

#endif
