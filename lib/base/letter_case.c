/* SPDX-License-Identifier: MIT */
/* Letters in another case: Unicode's simple mappings, a character to one. They
   are the C library's of C.UTF-8, whatever locale the program is in; without
   that, those of ASCII. */
#include "base/letter_case.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void make_unicode(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static unsigned map_code(unsigned code, bool upper)
{
    if (code < 0x80)
        return upper ? (code >= 'a' && code <= 'z' ? code - 32 : code)
                     : (code >= 'A' && code <= 'Z' ? code + 32 : code);
    if (!unicode)
        return code;
    return (unsigned)(upper ? towupper_l((wint_t)code, unicode)
                            : towlower_l((wint_t)code, unicode));
}

static bool is_letter(unsigned code)
{
    return code < 0x80 ? (code | 0x20) >= 'a' && (code | 0x20) <= 'z'
                       : unicode && iswalpha_l((wint_t)code, unicode);
}

size_t csi_change_case(const char *text, size_t length, enum cosend_case to,
                       char *out)
{
    const char *p = text, *end = text + length;
    char *start = out;
    bool inside = false; /* a word */

    pthread_once(&unicode_once, make_unicode);
    while (p < end) {
        int size = csi_utf8_character(p, end);
        unsigned code;

        if (size <= 0) {
            *out++ = *p++;
            continue;
        }
        code = csi_utf8_code(p, size);
        out = csi_utf8_put(
            out, map_code(code, to == COSEND_CASE_UPPER ||
                                    (to == COSEND_CASE_TITLE && !inside)));
        inside = is_letter(code) || (code >= '0' && code <= '9') ||
                 (inside && code == '\'');
        p += size;
    }
    return (size_t)(out - start);
}

void cosend_put_case(struct cosend_bytes *to, const char *text, size_t length,
                     enum cosend_case letters)
{
    size_t before = to->length;
    unsigned char *out = length ? csi_bytes_extend(to, 2 * length) : NULL;

    if (out)
        to->length =
            before + csi_change_case(text, length, letters, (char *)out);
}
