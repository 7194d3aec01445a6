/* SPDX-License-Identifier: MIT */
#include "spec/option_choices.h"

#include "spec/jansson.h"

#include <string.h>

/* More words than these are not listed; of those that may be meant by their
   descriptions as many are. */
enum { LISTED_MOST = 20, MEANT_MOST = 4 };

static size_t count_choices(const char *const *choices)
{
    size_t count = 0;

    while (choices[count])
        count++;
    return count;
}

static void add_text(struct cosend_bytes *to, const char *text)
{
    cosend_put_raw(to, text, strlen(text));
}

/* Word i of so many, behind those before it; `quote` stands around each. */
static void add_listed(struct cosend_bytes *to, const char *word, size_t i,
                       size_t count, const char *quote)
{
    if (i) {
        add_text(to, quote);
        add_text(to, i + 1 < count ? ", " : " or ");
        add_text(to, quote);
    }
    add_text(to, word);
}

static void list_choices(const struct cosend_check *check,
                         struct cosend_bytes *to)
{
    const char *const *choices = check->option->choices;
    size_t count = count_choices(choices);

    if (count > LISTED_MOST) {
        add_text(to, "a name that `cosend help ");
        add_text(to, check->filter->name);
        add_text(to, "` lists");
        return;
    }
    for (size_t i = 0; i < count; i++)
        add_listed(to, choices[i], i, count, "");
}

/* ---- What may be meant --------------------------------------------------- */

static bool is_choice_letter(uint8_t c)
{
    return (c | 0x20u) - 'a' < 26u || c - (unsigned)'0' < 10u || c == '_';
}

static bool is_same_word(const uint8_t *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t c = (uint8_t)word[i];

        if (text[i] != c && ((text[i] ^ c) != 0x20 || (c | 0x20u) - 'a' >= 26u))
            return false;
    }
    return true;
}

/* Whether a text has a word, in letters of either case. */
static bool has_word(const struct cosend_bytes *text, const char *word)
{
    const uint8_t *data = text->data;
    size_t length = strlen(word);

    for (size_t i = 0; i + length <= text->length; i++)
        if ((!i || !is_choice_letter(data[i - 1])) &&
            (i + length == text->length ||
             !is_choice_letter(data[i + length])) &&
            is_same_word(data + i, word, length))
            return true;
    return false;
}

/* The choices, few, that are described by a word. */
static size_t find_described(const struct cosend_option *option,
                             const char *word, const char **found)
{
    struct cosend_bytes text = {0};
    size_t count = 0;

    for (size_t i = 0; option->choices[i]; i++) {
        cosend_bytes_clear(&text);
        option->describe(i, &text);
        if (text.failed || !has_word(&text, word))
            continue;
        if (count == MEANT_MOST) {
            count = 0;
            break;
        }
        found[count++] = option->choices[i];
    }
    cosend_bytes_free(&text);
    return count;
}

static void advise(const struct cosend_check *check, const char *word,
                   struct cosend_bytes *to)
{
    const struct cosend_option *option = check->option;
    const char *near =
        csi_spec_did_you_mean_of(check->spec, word, option->choices);
    const char *found[MEANT_MOST];
    size_t count = 0;

    if (!*near && option->describe && strlen(word) > 1)
        count = find_described(option, word, found);
    if (csi_check_row(check, word) != SIZE_MAX) {
        add_text(to, "; there is an option ");
        add_text(to, word);
        add_text(to, "=");
    }
    add_text(to, count ? "; did you mean \"" : near);
    for (size_t i = 0; i < count; i++)
        add_listed(to, found[i], i, count, "\"");
    add_text(to, count ? "\"?" : "");
}

/* ---- Reading ------------------------------------------------------------- */

void csi_option_choose(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    const char *const *choices = check->option->choices;
    const char *word = json_string_value(value->json);
    struct cosend_bytes all = {0}, advice = {0};

    for (int i = 0; word && choices[i]; i++)
        if (strcmp(choices[i], word) == 0) {
            *(int *)to = i;
            return;
        }
    list_choices(check, &all);
    if (word)
        advise(check, word, &advice);
    cosend_put_raw(&all, "", 1);
    cosend_put_raw(&advice, "", 1);
    if (all.failed || advice.failed)
        check->spec->no_memory = true;
    else if (!word)
        csi_check_wrong_type(check, value, (const char *)all.data);
    else
        csi_check_problem(check, value, "must be %s, not \"%.80s\"%s",
                          (const char *)all.data, word,
                          (const char *)advice.data);
    cosend_bytes_free(&all);
    cosend_bytes_free(&advice);
}
