/* SPDX-License-Identifier: MIT */
#include "match/literal.h"

#include "base/base.h"

#include <string.h>

/* As many groups inside of each other PCRE2 takes. Each is looked at as a
   whole, which of more would take time by the square of the pattern. */
enum { MOST_NESTED = 250 };

/* What reading a pattern from left to right needs. */
struct reader {
    struct csi_literals *literals;
    const char *p, *end;
    char *run; /* the string in hand, of run_length bytes, in `strings` */
    size_t run_length;
    char *block; /* in_block in the making */
    size_t block_length;
    unsigned depth;  /* of groups that may be left out, or be a choice, */
    unsigned open;   /* and, outside of these, of others */
    bool alternates; /* there is a | outside of groups */
    bool only_text;  /* nothing but bytes and | so far */
    bool gave_up;    /* something is not understood */
    size_t choice;   /* bytes in choices */
};

static void add_block(struct reader *reader, const char *text, size_t length)
{
    memcpy(reader->block + reader->block_length, text, length);
    reader->block_length += length;
}

static bool is_char_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Whether what was read is there once at least, whatever comes now. */
static bool is_there(const struct reader *reader)
{
    const char *p = reader->p;

    if (p == reader->end || !is_char_of(*p, "?*{"))
        return true;
    return *p == '{' && reader->end - p > 1 && is_char_of(p[1], "123456789");
}

/* The string in hand is over; it is kept if it is one of the longest. What was
   read behind it begins at `item`. */
static void end_run_at(struct reader *reader, const char *item)
{
    struct csi_required string = {.text = reader->run,
                                  .length = reader->run_length};
    struct csi_required *required = reader->literals->required;

    string.is_followed =
        is_there(reader) && csi_class_bytes(&string.next, item, reader->p);
    for (size_t i = 0; i < CSI_NEEDLES && reader->depth == 0; i++) {
        struct csi_required other = required[i];

        if (string.length <= other.length)
            continue;
        required[i] = string;
        string = other;
    }
    reader->run += reader->run_length;
    reader->run_length = 0;
}

static void end_run(struct reader *reader)
{
    end_run_at(reader, reader->p);
}

static void drop_run(struct reader *reader)
{
    reader->run_length = 0;
}

static void add_byte(struct reader *reader, char byte)
{
    reader->run[reader->run_length++] = byte;
    if (reader->only_text)
        reader->literals->choices[reader->choice++] = byte;
}

static void give_up_reading(struct reader *reader)
{
    reader->gave_up = true;
    reader->p = reader->end;
}

/* What stands behind a backslash. */
static void read_escape(struct reader *reader)
{
    const char *start = reader->p++;
    char c;

    if (reader->p == reader->end) {
        give_up_reading(reader);
        return;
    }
    c = *reader->p++;
    if (is_char_of(c, "sWD")) {
        static const char *const within[] = {"[^\\S\\n]", "[^\\w\\n]",
                                             "[^\\d\\n]"};
        const char *text = within[c == 's' ? 0 : c == 'W' ? 1 : 2];

        add_block(reader, text, strlen(text));
    } else {
        add_block(reader, start, 2);
    }
    if (is_char_of(c, "sWDwdhbBSN")) {
        reader->only_text = false;
        end_run_at(reader, start);
    } else if (is_char_of(c, "\\^$.[]|()?*+{}-/ \"'#&,:;<=>@_`~!%")) {
        add_byte(reader, c);
    } else if (c == 't') {
        add_byte(reader, '\t');
    } else {
        give_up_reading(reader);
    }
}

/* Whether it is a class of one byte, which is nothing but that byte: [.] */
static bool is_single(const char *p, const char *end)
{
    return end - p >= 3 && p[2] == ']' && p[1] > ' ' && p[1] < 0x7f &&
           !is_char_of(p[1], "\\^[]");
}

/* A class from [ to ]. */
static void read_class(struct reader *reader)
{
    const char *start = reader->p++, *first;
    bool negated = reader->p < reader->end && *reader->p == '^';

    if (is_single(start, reader->end)) {
        add_byte(reader, *reader->p);
        reader->p = start + 3;
        add_block(reader, start, 3);
        return;
    }
    reader->only_text = false;
    reader->p += negated;
    first = reader->p;
    /* A ] that is first is one of the class, where the newline is to stand. */
    if (negated && first < reader->end && *first == ']') {
        give_up_reading(reader);
        return;
    }
    for (; reader->p < reader->end && (*reader->p != ']' || reader->p == first);
         reader->p++) {
        char c = *reader->p;

        if (c == '\\') {
            char next = reader->p + 1 < reader->end ? reader->p[1] : '\0';

            /* A class inside, or a byte that may be a newline. */
            if (is_char_of(next, negated ? "wds\\]-^.[\"'/" : "wd\\]-^.[\"'/"))
                reader->p++;
            else
                give_up_reading(reader);
        } else if (c == '[' || (unsigned char)c < ' ') {
            give_up_reading(reader);
        }
        if (reader->p == reader->end)
            return;
    }
    if (reader->p == reader->end) {
        give_up_reading(reader);
        return;
    }
    reader->p++;
    end_run_at(reader, start);
    if (!negated) {
        add_block(reader, start, (size_t)(reader->p - start));
        return;
    }
    add_block(reader, "[^\\n", 4);
    /* A - that was first would make a range from the newline on. */
    if (*first == '-')
        add_block(reader, "\\", 1);
    add_block(reader, first, (size_t)(reader->p - first));
}

/* Behind a group's name and the mark that ends it, from its first letter on, or
   NULL. */
static const char *name_end(const char *p, const char *end, char mark)
{
    if (p == end || (*p >= '0' && *p <= '9'))
        return NULL;
    while (p < end && (*p == '_' || (*p >= '0' && *p <= '9') ||
                       (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')))
        p++;
    return p < end && *p == mark ? p + 1 : NULL;
}

/* Where what is in a group begins, which opens at p; NULL where it is more than
   a group, which may have a name. */
static const char *inside_group(const char *p, const char *end)
{
    p++;
    if (p < end && *p == '*')
        return NULL;
    if (p == end || *p != '?')
        return p;
    p++;
    if (p < end && *p == ':')
        return p + 1;
    if (p < end && *p == '\'')
        return name_end(p + 1, end, '\'');
    p += p < end && *p == 'P';
    return p < end && *p == '<' ? name_end(p + 1, end, '>') : NULL;
}

/* Behind the class that begins at p, or the end. */
static const char *skip_class(const char *p, const char *end)
{
    p += p + 1 < end && p[1] == '^' ? 2 : 1;
    for (const char *first = p; p < end && (*p != ']' || p == first); p++)
        p += *p == '\\' && p + 1 < end;
    return p < end ? p + 1 : end;
}

/* Whether a match has what is in a group from p on, which is no choice, once at
   least. */
static bool is_certain(const char *p, const char *end)
{
    unsigned depth = 1;

    while (p < end && depth) {
        char c = *p;

        if (c == '|' && depth == 1)
            return false;
        depth += c == '(';
        depth -= c == ')';
        if (c == '[')
            p = skip_class(p, end);
        else
            p += c == '\\' && p + 1 < end ? 2 : 1;
    }
    return p == end || !is_char_of(*p, "?*{");
}

static void read_open(struct reader *reader)
{
    const char *start = reader->p;
    const char *inside = inside_group(start, reader->end);

    reader->only_text = false;
    if (!inside) {
        end_run(reader);
        give_up_reading(reader);
        return;
    }
    reader->p = inside;
    add_block(reader, start, (size_t)(inside - start));
    if (!reader->depth && reader->open < MOST_NESTED &&
        is_certain(inside, reader->end)) {
        reader->open++;
        return;
    }
    end_run(reader);
    reader->depth++;
}

static void read_close(struct reader *reader)
{
    if (reader->depth) {
        drop_run(reader);
        reader->depth--;
    } else if (reader->open) {
        reader->open--;
    } else {
        give_up_reading(reader);
        return;
    }
    add_block(reader, reader->p++, 1);
}

static void read_bar(struct reader *reader)
{
    struct csi_literals *literals = reader->literals;

    if (reader->depth == 0) {
        if (reader->only_text)
            literals->choice_lengths[literals->choice_count++] =
                reader->run_length;
        reader->alternates = true;
    }
    drop_run(reader);
    add_block(reader, reader->p++, 1);
}

/* The last character of the string in hand, of several bytes where it may be
   one of UTF-8. */
static void drop_character(struct reader *reader)
{
    bool continues = true;

    while (continues && reader->run_length)
        continues =
            ((unsigned char)reader->run[--reader->run_length] & 0xC0) == 0x80;
}

/* A quantifier: what it is behind may be there never, or several times. */
static void read_quantifier(struct reader *reader)
{
    char c = *reader->p;

    reader->only_text = false;
    if (c == '{') {
        const char *close =
            memchr(reader->p, '}', (size_t)(reader->end - reader->p));
        bool digits = close && close > reader->p + 1 && reader->p[1] != ',';

        for (const char *q = reader->p + 1; digits && q < close; q++)
            digits = is_char_of(*q, "0123456789,");
        if (!digits) {
            give_up_reading(reader);
            return;
        }
        add_block(reader, reader->p, (size_t)(close - reader->p));
        reader->p = close;
    }
    if (c != '+')
        drop_character(reader);
    end_run(reader);
    add_block(reader, reader->p++, 1);
    if (reader->p == reader->end)
        return;
    if (*reader->p == '?')
        add_block(reader, reader->p++, 1);
    else if (*reader->p == '+')
        give_up_reading(reader);
}

static void read_item(struct reader *reader)
{
    char c = *reader->p;

    switch (c) {
    case '\\':
        read_escape(reader);
        return;
    case '[':
        read_class(reader);
        return;
    case '(':
        read_open(reader);
        return;
    case ')':
        read_close(reader);
        return;
    case '|':
        read_bar(reader);
        return;
    case '*':
    case '+':
    case '?':
    case '{':
        read_quantifier(reader);
        return;
    case '$':
    case '^':
    case '.':
        reader->literals->looks_at_end |= c == '$';
        reader->only_text = false;
        end_run(reader);
        break;
    default:
        if ((unsigned char)c < ' ' && c != '\t') {
            give_up_reading(reader);
            return;
        }
        add_byte(reader, c);
    }
    add_block(reader, reader->p++, 1);
}

static void finish_reading(struct reader *reader)
{
    struct csi_literals *literals = reader->literals;
    bool whole;

    if (reader->only_text && !reader->gave_up)
        literals->choice_lengths[literals->choice_count++] = reader->run_length;
    else
        literals->choice_count = 0;
    for (size_t i = 0; i < literals->choice_count; i++)
        literals->has_empty_choice |= literals->choice_lengths[i] == 0;
    end_run(reader);
    whole = !reader->gave_up && !reader->depth && !reader->open;
    if (reader->alternates || !whole)
        memset(literals->required, 0, sizeof(literals->required));
    if (whole) {
        literals->in_block = reader->block;
        literals->in_block_length = reader->block_length;
        reader->block = NULL;
    }
}

/* A pattern that is one group of no others matches where its inside does. */
static void strip_group(struct reader *reader)
{
    const char *start = reader->p, *end = reader->end;

    if (end - start < 2 || *start != '(' || end[-1] != ')')
        return;
    start += end - start > 3 && memcmp(start, "(?:", 3) == 0 ? 3 : 1;
    end--;
    for (const char *q = start; q < end; q++)
        if (is_char_of(*q, "()\\[") || (q == start && is_char_of(*q, "?*")))
            return;
    reader->p = start;
    reader->end = end;
}

bool csi_is_plain(const char *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (is_char_of(pattern[i], "\\^$.[]|()?*+{}"))
            return false;
    return true;
}

bool csi_literals_find(struct csi_literals *literals, const char *pattern,
                       size_t length)
{
    enum { LONGEST_STAND_IN = 7 }; /* [^\S\n] for \s, two bytes */
    struct reader reader = {.literals = literals,
                            .p = pattern,
                            .end = pattern + length,
                            .only_text = true};

    memset(literals, 0, sizeof(*literals));
    if (length >= 4 && memcmp(pattern, "(?i)", 4) == 0) {
        literals->ignore_case = true;
        reader.p += 4;
    }
    reader.run = literals->strings = csi_malloc(length + 1);
    literals->choices = csi_malloc(length + 1);
    literals->choice_lengths =
        csi_calloc(length + 1, sizeof(*literals->choice_lengths));
    reader.block = csi_malloc(LONGEST_STAND_IN * length + 8);
    if (literals->strings && literals->choices && literals->choice_lengths &&
        reader.block) {
        add_block(&reader, pattern, (size_t)(reader.p - pattern));
        strip_group(&reader);
        while (reader.p < reader.end)
            read_item(&reader);
        finish_reading(&reader);
        csi_free(reader.block);
        return true;
    }
    csi_free(reader.block);
    return false;
}

void csi_literals_free(struct csi_literals *literals)
{
    csi_free(literals->strings);
    csi_free(literals->choices);
    csi_free(literals->choice_lengths);
    csi_free(literals->in_block);
    memset(literals, 0, sizeof(*literals));
}
