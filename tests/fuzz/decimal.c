/* SPDX-License-Identifier: MIT */
/* Decimals: ours against strtod, bit for bit; and printed, read again. */
#include "cosend.h"

#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What cosend/number.h says a number is; strtod takes more. */
static int is_number(const char *text)
{
    size_t digits;

    text += *text == '-' || *text == '+';
    digits = strspn(text, "0123456789");
    text += digits;
    if (*text == '.') {
        size_t more = strspn(++text, "0123456789");

        digits += more;
        text += more;
    }
    if (!digits)
        return 0;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        digits = strspn(text, "0123456789");
        text += digits;
    }
    return digits && !*text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char text[1200], again[COSEND_NUMBER_MAX];
    double is, due, back;
    bool number;

    if (size >= sizeof(text) || memchr(bytes, '\0', size))
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    number = cosend_parse_double(text, size, &is);
    due = strtod(text, NULL);
    if (number != (is_number(text) && isfinite(due)))
        abort();
    if (!number)
        return 0;
    if (memcmp(&is, &due, sizeof(is)) != 0)
        abort();
    size = cosend_format_double(is, again);
    if (!cosend_parse_double(again, size, &back) || back < is || back > is)
        abort();
    return 0;
}
