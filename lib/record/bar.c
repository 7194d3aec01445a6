/* SPDX-License-Identifier: MIT */
#include "cosend/bar.h"

#include <math.h>
#include <string.h>

/* Where bars begin, and how long they get on either side of it. */
struct bar_scale {
    double factor;  /* which all numbers are multiplied by, so that none is
                       too great or too small */
    double base;    /* where they begin; */
    double unit;    /* what a character stands for; 0: nothing to be seen */
    unsigned left;  /* characters before it */
    unsigned right; /* behind it */
};

static struct bar_scale scale_of(const struct cosend_bars *bars)
{
    double all = bars->hi - bars->lo;
    double factor = !isfinite(all) ? 0.25 : all < 0x1p-900 ? 0x1p100 : 1;
    double base = bars->lo > 0 ? bars->lo : bars->hi < 0 ? bars->hi : 0;
    double left = base * factor - bars->lo * factor;
    double right = bars->hi * factor - base * factor;
    struct bar_scale scale = {.factor = factor, .base = base};

    if (left > 0 && right > 0 && bars->width > 1) {
        scale.left = (unsigned)round(bars->width * (left / (left + right)));
        scale.left += !scale.left;
        scale.left -= scale.left == bars->width;
    } else if (!(right > 0)) {
        scale.left = bars->width;
    }
    scale.right = bars->width - scale.left;
    if (scale.left)
        scale.unit = left / scale.left;
    if (scale.right)
        scale.unit = fmax(scale.unit, right / scale.right);
    return scale;
}

static char *repeat(char *out, const char *what, unsigned times)
{
    size_t length = strlen(what);

    for (unsigned i = 0; i < times; i++) {
        memcpy(out, what, length);
        out += length;
    }
    return out;
}

/* How many parts of a character so much is: at least one. */
static unsigned parts_of(double length, double unit, unsigned parts,
                         unsigned width)
{
    double exact = round(length / unit * parts);

    if (!(exact >= 1))
        return 1;
    return exact < width * parts ? (unsigned)exact : width * parts;
}

static char *draw_left(char *out, const struct bar_scale *scale, double length,
                       bool ascii)
{
    unsigned parts = ascii ? 1 : 2;
    unsigned many = parts_of(length, scale->unit, parts, scale->left);
    unsigned half = many % parts, whole = many / parts;

    out = repeat(out, " ", scale->left - whole - half);
    out = repeat(out, "\xe2\x96\x90", half);
    return repeat(out, ascii ? "#" : "\xe2\x96\x88", whole);
}

static char *draw_right(char *out, const struct bar_scale *scale, double length,
                        bool ascii)
{
    static const char blocks[][4] = {"",
                                     "\xe2\x96\x8f",
                                     "\xe2\x96\x8e",
                                     "\xe2\x96\x8d",
                                     "\xe2\x96\x8c",
                                     "\xe2\x96\x8b",
                                     "\xe2\x96\x8a",
                                     "\xe2\x96\x89"};
    unsigned parts = ascii ? 1 : 8;
    unsigned many = parts_of(length, scale->unit, parts, scale->right);

    out = repeat(out, " ", scale->left);
    out = repeat(out, ascii ? "#" : "\xe2\x96\x88", many / parts);
    return repeat(out, blocks[many % parts], 1);
}

size_t cosend_format_bar(const struct cosend_bars *bars, double number,
                         char out[COSEND_BAR_MAX])
{
    struct bar_scale scale;
    char *end = out;
    double length;

    *out = '\0';
    if (!isfinite(number) || !isfinite(bars->lo) || !isfinite(bars->hi) ||
        bars->lo > bars->hi || !bars->width || bars->width > COSEND_BAR_WIDTH)
        return 0;
    scale = scale_of(bars);
    number = fmin(fmax(number, bars->lo), bars->hi);
    length = fabs(number * scale.factor - scale.base * scale.factor);
    if (!(scale.unit > 0))
        return 0;
    if (number > scale.base && scale.right)
        end = draw_right(out, &scale, length, bars->ascii);
    else if (number < scale.base && scale.left)
        end = draw_left(out, &scale, length, bars->ascii);
    *end = '\0';
    return (size_t)(end - out);
}
