/* SPDX-License-Identifier: MIT */
#include "spec/line_values.h"

#include "spec/document.h"
#include "spec/string_spots.h"

#include <string.h>

/* ---- Any value ----------------------------------------------------------- */

/* Values share what they are part of with no container, so the document holds
   each by itself. */
size_t csi_line_add(struct csi_line *line, size_t container, const char *key,
                    struct csi_spot spot, json_t *json)
{
    struct csi_document *document = line->document;
    struct csi_value *value = csi_document_add(document, container);

    if (!value || !csi_document_hold(document, json)) {
        if (!value)
            json_decref(json);
        line->spec->no_memory = true;
        return SIZE_MAX;
    }
    value->json = json;
    value->key = key;
    value->line = value->key_line = spot.line;
    value->column = value->key_column = spot.column;
    value->bare = true;
    return document->count - 1;
}

void csi_line_end(struct csi_line *line, size_t container)
{
    if (container != SIZE_MAX)
        csi_document_end(line->document, container);
}

void csi_line_add_unknown(struct csi_line *line, size_t container,
                          const char *key)
{
    size_t made =
        csi_line_add(line, container, key, line->words.word.start, json_null());

    if (made != SIZE_MAX)
        line->document->values[made].unknown = true;
}

/* ---- Scalars and lists --------------------------------------------------- */

bool csi_line_is_list(enum cosend_option_type type)
{
    return type == COSEND_OPTION_STRINGS || type == COSEND_OPTION_PATHS ||
           type == COSEND_OPTION_FIELDS || type == COSEND_OPTION_HEADER ||
           type == COSEND_OPTION_LIST || type == COSEND_OPTION_MAP;
}

bool csi_line_is_json(enum cosend_option_type type, const struct csi_word *word,
                      size_t from)
{
    return (type == COSEND_OPTION_LIST || type == COSEND_OPTION_MAP) &&
           (word->text[from] == '[' || word->text[from] == '{');
}

bool csi_line_is_no_bool(const struct csi_word *word, size_t from)
{
    static const char *const words[] = {"yes",  "no",    "on",    "off", "True",
                                        "TRUE", "False", "FALSE", "1",   "0"};

    if (!csi_word_is_bare(word, word->length))
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(word->text + from, words[i]) == 0)
            return true;
    return false;
}

void csi_line_add_text(struct csi_line *line, size_t container, const char *key,
                       size_t from, size_t to)
{
    const struct csi_word *word = &line->words.word;
    struct csi_spot spot = from ? word->spots[from] : word->start;
    size_t made =
        csi_line_add(line, container, key, spot,
                     json_stringn_nocheck(word->text + from, to - from));
    size_t size = (to - from + 1) * sizeof(struct csi_spot);
    struct csi_spot *spots = csi_spec_get(line->spec, size);

    if (made == SIZE_MAX || !spots)
        return;
    memcpy(spots, word->spots + from, size);
    line->document->values[made].spots = spots;
}

void csi_line_add_scalar(struct csi_line *line, size_t container,
                         const char *key, size_t from)
{
    csi_line_add_text(line, container, key, from, line->words.word.length);
}

static void missing_item(struct csi_line *line, size_t at)
{
    struct csi_place place = csi_word_place(&line->words.word, at);

    csi_spec_place_problem(line->spec, &place,
                           "something is missing beside this comma; an empty "
                           "name is written \"\"");
}

/* Where the key of an item of a map ends: at an equals sign, or, where there is
   none, at a colon. */
static size_t name_end(const struct csi_word *word, size_t from, size_t to)
{
    size_t equals = csi_word_find(word, from, '=');

    return equals < to ? equals : csi_word_find(word, from, ':');
}

/* An item of a list or, with its key in front, of a map: the word's bytes from
   `from` to `to`. */
static void add_item(struct csi_line *line, size_t list, size_t from, size_t to)
{
    const struct csi_word *word = &line->words.word;
    bool is_map = json_is_object(line->document->values[list].json);
    size_t equals = is_map ? name_end(word, from, to) : from;
    const char *key = NULL;

    if (is_map && equals >= to) {
        struct csi_place place = csi_word_place(word, from);

        csi_spec_place_problem(line->spec, &place,
                               "a name and a value are missing here: "
                               "name=value, with commas between several");
        csi_line_add_unknown(line, list, "");
        return;
    }
    if (is_map) {
        key = csi_spec_copy(line->spec, word->text + from, equals - from);
        if (!key)
            return;
        if (csi_value_get(&line->document->values[list], key)) {
            struct csi_place place = csi_word_place(word, from);

            csi_spec_place_problem(line->spec, &place,
                                   "\"%.80s\" stands here twice", key);
        }
        from = equals + 1;
    }
    csi_line_add_text(line, list, key, from, to);
}

bool csi_line_add_items(struct csi_line *line, size_t array, size_t from)
{
    const struct csi_word *word = &line->words.word;

    for (size_t comma;; from = comma + 1) {
        comma = csi_word_find(word, from, ',');
        if (comma == from && !(word->marks[from] & CSI_QUOTED)) {
            if (comma == word->length)
                return true;
            missing_item(line, comma);
        }
        add_item(line, array, from, comma);
        csi_line_end(line, array);
        if (comma == word->length)
            return false;
    }
}

/* ---- JSON ---------------------------------------------------------------- */

static void report_at(void *context, uint32_t at_line, uint32_t column,
                      const char *text)
{
    struct csi_line *line = context;
    struct csi_place place = csi_word_place(&line->words.word, 0);

    (void)at_line;
    (void)column;
    csi_spec_place_problem(line->spec, &place, "%s", text);
}

static void report_duplicate(void *context, const struct csi_value *value,
                             const struct csi_value *earlier)
{
    struct csi_line *line = context;
    struct csi_place place =
        csi_word_place(&line->words.word, value->key_offset - 1);

    (void)earlier;
    csi_spec_place_problem(line->spec, &place, "\"%.80s\" stands here twice",
                           value->key);
}

static void report_value(void *context, const struct csi_value *value,
                         const char *text)
{
    struct csi_line *line = context;
    struct csi_place place = csi_word_place(&line->words.word, value->offset);

    csi_spec_place_problem(line->spec, &place, "%s", text);
}

/* Where the bytes of a string stand, which is in the word in hand. */
static const struct csi_spot *spots_of(struct csi_line *line,
                                       const struct csi_value *string)
{
    const struct csi_word *word = &line->words.word;
    size_t length = json_string_length(string->json);
    size_t from = string->offset + 1;
    struct csi_spot *spots =
        csi_spec_get(line->spec, (length + 1) * sizeof(*spots));

    if (spots)
        csi_string_spots_in_word(word->text + from, word->spots + from, length,
                                 spots);
    return spots;
}

/* All values of a document that the word in hand is, below a container; they
   keep their distances to each other. */
static void graft(struct csi_line *line, size_t container, const char *key,
                  struct csi_document *from)
{
    const struct csi_spot *spots = line->words.word.spots;

    for (size_t i = 0; i < from->count; i++) {
        const struct csi_value *source = &from->values[i];
        size_t up = i ? line->document->count - source->up : container;
        size_t made =
            csi_line_add(line, up, i ? source->key : key, spots[source->offset],
                         json_incref(source->json));
        struct csi_value *value;

        if (made == SIZE_MAX)
            return;
        value = &line->document->values[made];
        value->size = source->size;
        if (i && source->key) {
            value->key_line = spots[source->key_offset - 1].line;
            value->key_column = spots[source->key_offset - 1].column;
        }
        value->bare = false;
        if (json_is_string(source->json))
            value->spots = spots_of(line, source);
        value->exact = json_incref(source->exact);
        value->ignored = source->ignored;
    }
}

/* Where JSON stands in a line without quotes around it, those of its own were
   taken for quotes of words: give them back. What has quotes or backslashes in
   its strings is left as it is, and is no JSON. */
static void give_quotes_back(struct csi_line *line)
{
    struct csi_word *word = &line->words.word;
    size_t size = 3 * word->length + 3, length = 0;
    char *text = csi_spec_get(line->spec, size);
    struct csi_spot *spots = csi_spec_get(line->spec, size * sizeof(*spots));
    bool open = false;

    if (!text || !spots || strpbrk(word->text, "\\\""))
        return;
    for (size_t i = 0; i <= word->length; i++) {
        bool begins = word->marks[i] & CSI_QUOTED;
        bool is_bare = i == word->length || word->marks[i] & CSI_BARE;

        for (int quotes =
                 (open && (begins || is_bare)) + (begins ? 1 + is_bare : 0);
             quotes; quotes--) {
            spots[length] = word->spots[i];
            text[length++] = '"';
        }
        open = !is_bare;
        spots[length] = word->spots[i];
        text[length++] = i < word->length ? word->text[i] : '\0';
    }
    word->text = text;
    word->spots = spots;
    word->length = length - 1;
}

void csi_line_add_json(struct csi_line *line, size_t container, const char *key,
                       size_t from)
{
    struct csi_word *word = &line->words.word;
    struct csi_document_report report = {report_at, report_duplicate,
                                         report_value, line};
    struct csi_document document = {0};
    size_t before = line->spec->problem_count;
    int status;

    if (from)
        csi_word_skip(word, from);
    if (csi_word_is_bare(word, 1))
        give_quotes_back(line);
    status =
        csi_document_parse(&document, word->text, word->length, false, &report);
    if (status == COSEND_E_MEMORY)
        line->spec->no_memory = true;
    else if (line->spec->problem_count > before)
        csi_line_add_unknown(line, container, key);
    else
        graft(line, container, key, &document);
    csi_document_free(&document);
}

/* ---- Branches and steps -------------------------------------------------- */

void csi_line_refuse_steps(struct csi_line *line, size_t container,
                           const char *key)
{
    struct csi_place place = csi_word_place(&line->words.word, 0);

    csi_spec_place_problem(line->spec, &place,
                           "steps inside of a step do not fit in one line; "
                           "write this pipeline as a JSON spec");
    csi_line_add_unknown(line, container, key);
}

void csi_line_add_branches(struct csi_line *line, size_t container,
                           const struct cosend_option *option, const char *key)
{
    const struct csi_word *word = &line->words.word;
    struct csi_place place = csi_word_place(word, 0);
    size_t array, step;

    if (!(option->flags & COSEND_SIDE_BRANCH)) {
        csi_spec_place_problem(line->spec, &place,
                               "branches do not fit in one line; write this "
                               "pipeline as a JSON spec");
        csi_line_add_unknown(line, container, key);
        return;
    }
    array = csi_line_add(line, container, key, word->start, json_array());
    step = csi_line_add(line, array, NULL, word->start, json_object());
    if (array == SIZE_MAX || step == SIZE_MAX)
        return;
    csi_line_add(line, step, "file", word->start,
                 json_stringn_nocheck(word->text, word->length));
    csi_line_end(line, step);
    csi_line_end(line, array);
}
