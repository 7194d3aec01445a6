/* SPDX-License-Identifier: MIT */
#include "spec/oneline.h"

#include "spec/document.h"
#include "spec/jansson.h"
#include "plan/option_rows.h"
#include "record/record.h"
#include "spec/registry.h"

#include <string.h>

/* ---- Words --------------------------------------------------------------- */

/* A word without its quotes. */
struct word {
    bool is_pipe;
    const char *text; /* a NUL follows */
    const char *bare; /* by byte: 1 where no quote or backslash protects it */
    size_t length;
    uint32_t line, column;
};

struct line {
    struct csi_spec *spec;
    const char *at, *end;
    uint32_t line, column;
    char *text, *bare; /* where the next word's bytes go */
    struct word word;
};

static int peek(const struct line *line)
{
    return line->at < line->end ? (unsigned char)*line->at : -1;
}

static char take(struct line *line)
{
    char c = *line->at++;

    if (c == '\n') {
        line->line++;
        line->column = 1;
    } else if (((unsigned char)c & 0xC0) != 0x80) {
        line->column++;
    }
    return c;
}

static void put(struct line *line, char c, bool bare)
{
    *line->text++ = c;
    *line->bare++ = bare;
    line->word.length++;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Inside double quotes a backslash protects these only, as in the shell. */
static bool is_escape(int c)
{
    return c == '"' || c == '\\' || c == '$' || c == '`';
}

static bool take_quoted(struct line *line)
{
    struct csi_place place = {line->line, line->column, ""};
    char quote = take(line);

    while (peek(line) >= 0 && peek(line) != quote) {
        char c = take(line);

        if (c == '\\' && quote == '"' && is_escape(peek(line)))
            c = take(line);
        put(line, c, false);
    }
    if (peek(line) < 0) {
        csi_spec_place_problem(line->spec, &place, "this quote is not closed");
        return false;
    }
    take(line);
    return true;
}

static bool take_word(struct line *line)
{
    while (peek(line) >= 0 && !is_space(peek(line)) && peek(line) != '|') {
        char c = *line->at;

        if (c == '\'' || c == '"') {
            if (!take_quoted(line))
                return false;
            continue;
        }
        take(line);
        if (c == '\\' && peek(line) >= 0)
            put(line, take(line), false);
        else
            put(line, c, true);
    }
    return true;
}

/* The next word or pipe into line->word. COSEND_DONE at the end of the line. */
static int next_word(struct line *line)
{
    while (is_space(peek(line)))
        take(line);
    line->word = (struct word){.text = line->text,
                               .bare = line->bare,
                               .line = line->line,
                               .column = line->column};
    if (peek(line) < 0)
        return COSEND_DONE;
    line->word.is_pipe = peek(line) == '|';
    if (line->word.is_pipe)
        take(line);
    else if (!take_word(line))
        return COSEND_E_SPEC;
    *line->text++ = '\0';
    *line->bare++ = 0;
    return COSEND_OK;
}

/* ---- Values -------------------------------------------------------------- */

/* Append a value; json's reference is taken. Its number, or SIZE_MAX. */
static size_t add(struct line *line, size_t container, const char *key,
                  json_t *json)
{
    struct csi_document *document = &line->spec->document;
    const struct word *word = &line->word;
    struct csi_value *value = csi_document_add(document, container);

    if (!value || json_array_append_new(document->json, json) < 0) {
        if (!value)
            json_decref(json);
        line->spec->no_memory = true;
        return SIZE_MAX;
    }
    value->json = json;
    value->key = key;
    value->line = value->key_line = word->line;
    value->column = value->key_column = word->column;
    return document->count - 1;
}

static void end(struct line *line, size_t container)
{
    if (container != SIZE_MAX)
        csi_document_end(&line->spec->document, container);
}

static json_t *typed(enum cosend_option_type type, const char *text,
                     size_t length)
{
    bool is_bool = type == COSEND_OPTION_BOOL || type == COSEND_OPTION_HEADER;
    json_t *json = NULL;

    if (is_bool && strcmp(text, "true") == 0)
        return json_true();
    if (is_bool && strcmp(text, "false") == 0)
        return json_false();
    if (type == COSEND_OPTION_INT)
        json = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    if (json_is_integer(json))
        return json;
    json_decref(json);
    return json_stringn_nocheck(text, length);
}

static bool is_list(enum cosend_option_type type)
{
    return type == COSEND_OPTION_STRINGS || type == COSEND_OPTION_PATHS ||
           type == COSEND_OPTION_FIELDS || type == COSEND_OPTION_HEADER;
}

static size_t find_bare(const struct word *word, size_t from, char c)
{
    while (from < word->length && !(word->bare[from] && word->text[from] == c))
        from++;
    return from;
}

/* a,b,c from byte `from` of the word on. */
static void add_list(struct line *line, size_t container, const char *key,
                     size_t from)
{
    const struct word *word = &line->word;
    size_t array = add(line, container, key, json_array());
    size_t comma;

    if (array == SIZE_MAX)
        return;
    do {
        comma = find_bare(word, from, ',');
        add(line, array, NULL,
            json_stringn_nocheck(word->text + from, comma - from));
        from = comma + 1;
    } while (comma < word->length);
    end(line, array);
}

static void add_scalar(struct line *line, size_t container,
                       const struct cosend_option *option, size_t from)
{
    const struct word *word = &line->word;

    add(line, container, option->name,
        typed(option->type, word->text + from, word->length - from));
}

/* ---- Conditions and branches --------------------------------------------- */

static void report_at(void *context, uint32_t at_line, uint32_t column,
                      const char *text)
{
    struct line *line = context;
    struct csi_place place = {line->word.line, line->word.column, ""};

    (void)at_line;
    (void)column;
    csi_spec_place_problem(line->spec, &place, "%s", text);
}

static void report_duplicate(void *context, const struct csi_value *value,
                             const struct csi_value *earlier)
{
    struct line *line = context;
    struct csi_place place = {line->word.line, line->word.column, ""};

    (void)earlier;
    csi_spec_place_problem(line->spec, &place, "\"%.80s\" stands here twice",
                           value->key);
}

static void report_large(void *context, const struct csi_value *value)
{
    struct line *line = context;
    struct csi_place place = {line->word.line, line->word.column, ""};

    (void)value;
    csi_spec_place_problem(line->spec, &place, "an integer beyond 64 bits");
}

/* All values of another document below a container; they keep their distances
   to each other, and all stand at the word. */
static void graft(struct line *line, size_t container, const char *key,
                  struct csi_document *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct csi_value *source = &from->values[i];
        size_t up = i ? line->spec->document.count - source->up : container;
        size_t made =
            add(line, up, i ? source->key : key, json_incref(source->json));
        struct csi_value *value;

        if (made == SIZE_MAX)
            return;
        value = &line->spec->document.values[made];
        value->size = source->size;
        value->exact = json_incref(source->exact);
        value->ignored = source->ignored;
    }
}

/* In place of a value that has a problem already. */
static void add_unknown(struct line *line, size_t container, const char *key)
{
    size_t made = add(line, container, key, json_null());

    if (made != SIZE_MAX)
        line->spec->document.values[made].unknown = true;
}

/* A condition is its JSON; option.c has a word for anything else. */
static void add_condition(struct line *line, size_t container, const char *key)
{
    const struct word *word = &line->word;
    struct csi_document_report report = {report_at, report_duplicate,
                                         report_large, line};
    struct csi_document document = {0};
    size_t before = line->spec->problem_count;
    int status;

    if (*word->text != '{') {
        add(line, container, key,
            json_stringn_nocheck(word->text, word->length));
        return;
    }
    status =
        csi_document_parse(&document, word->text, word->length, false, &report);
    if (status == COSEND_E_MEMORY)
        line->spec->no_memory = true;
    else if (line->spec->problem_count > before)
        add_unknown(line, container, key);
    else
        graft(line, container, key, &document);
    csi_document_free(&document);
}

/* `tee PATH`, as in the shell; other branches need JSON. */
static void add_branches(struct line *line, size_t container,
                         const struct cosend_option *option, const char *key)
{
    const struct word *word = &line->word;
    struct csi_place place = {word->line, word->column, ""};
    size_t array, step;

    if (!(option->flags & COSEND_SIDE_BRANCH)) {
        csi_spec_place_problem(line->spec, &place,
                               "branches do not fit in one line; write this "
                               "pipeline as a JSON spec");
        add_unknown(line, container, key);
        return;
    }
    array = add(line, container, key, json_array());
    step = add(line, array, NULL, json_object());
    if (array == SIZE_MAX || step == SIZE_MAX)
        return;
    add(line, step, "file", json_stringn_nocheck(word->text, word->length));
    end(line, step);
    end(line, array);
}

/* ---- Stages -------------------------------------------------------------- */

struct stage {
    const struct cosend_filter *filter;
    struct cosend_option main; /* where takes_main */
    bool takes_main;
    struct word name;
    const char *key; /* the filter's name as written */
    size_t step;     /* {"grep": ...} */
    size_t options;  /* the object behind its name; or SIZE_MAX */
    bool has_main;
    bool is_whole; /* the main option's value is all there is */
};

static void problem_here(struct line *line, const struct stage *stage,
                         const char *text)
{
    struct csi_place place = {line->word.line, line->word.column, ""};

    csi_spec_place_problem(line->spec, &place, "`%s` %s", stage->filter->name,
                           text);
}

/* Whether a word `name=value` gives an option: *option. */
static bool named_option(const struct stage *stage, const struct word *word,
                         struct cosend_option *option)
{
    size_t equals = find_bare(word, 0, '=');

    for (size_t i = 0; i < equals; i++)
        if (!word->bare[i])
            return false;
    return equals < word->length &&
           csi_option_find(stage->filter, word->text, equals, option);
}

static bool is_given(const struct line *line, const struct stage *stage,
                     const struct cosend_option *option)
{
    return csi_value_get(&line->spec->document.values[stage->options],
                         option->name);
}

static void add_whole(struct line *line, struct stage *stage)
{
    if (stage->main.type == COSEND_OPTION_CONDITION)
        add_condition(line, stage->step, stage->key);
    else
        add_branches(line, stage->step, &stage->main, stage->key);
}

/* For cosend_suggest. The row's name outlives the row. */
static const char *option_name(const void *filter, size_t i)
{
    struct cosend_option row;

    cosend_option_at(((const struct cosend_filter *)filter)->options, i, &row);
    return row.name;
}

/* Say of a word `patern=b`, which has no place as anything else, that it is
   near an option. False where it is not. */
static bool misspelt(struct line *line, const struct stage *stage)
{
    const struct word *word = &line->word;
    struct csi_place place = {word->line, word->column, ""};
    size_t equals = find_bare(word, 0, '=');
    const char *name, *near;

    if (equals == word->length)
        return false;
    name = csi_spec_copy(line->spec, word->text, equals);
    if (!name)
        return true;
    near =
        csi_spec_did_you_mean(line->spec, name, csi_option_count(stage->filter),
                              option_name, stage->filter);
    if (*near)
        csi_spec_place_problem(line->spec, &place,
                               "\"%.80s\" is not an option of %s%s", name,
                               stage->filter->name, near);
    return *near;
}

static void add_main(struct line *line, struct stage *stage)
{
    if ((!stage->takes_main || stage->has_main) && misspelt(line, stage))
        return;
    if (!stage->takes_main)
        problem_here(line, stage, "takes only options, as name=value");
    else if (stage->has_main)
        problem_here(line, stage,
                     is_list(stage->main.type)
                         ? "takes one list, with commas between"
                         : "takes one value; quote what has spaces in it");
    else if (!stage->is_whole && is_given(line, stage, &stage->main))
        problem_here(line, stage, "is given its main option twice");
    else if (stage->is_whole)
        add_whole(line, stage);
    else if (is_list(stage->main.type))
        add_list(line, stage->options, stage->main.name, 0);
    else
        add_scalar(line, stage->options, &stage->main, 0);
    stage->has_main = true;
}

/* Leave the value of a word `name=value`. */
static void skip_name(struct word *word, size_t length)
{
    word->text += length;
    word->bare += length;
    word->length -= length;
    word->column += (uint32_t)length;
}

static void add_named(struct line *line, struct stage *stage,
                      const struct cosend_option *option)
{
    size_t from = strlen(option->name) + 1;
    const char *text = line->word.text + from;
    bool is_bool = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    uint32_t column = line->word.column;

    if (stage->is_whole) {
        skip_name(&line->word, from);
        add_main(line, stage);
        return;
    }
    if (is_given(line, stage, option)) {
        problem_here(line, stage, "is given this option twice");
        return;
    }
    line->word.column += (uint32_t)from;
    if (is_list(option->type) &&
        !(option->type == COSEND_OPTION_HEADER && is_bool))
        add_list(line, stage->options, option->name, from);
    else
        add_scalar(line, stage->options, option, from);
    line->word.column = column;
}

/* The member of a simple condition that a word `field=status` gives, or NULL.
 */
static const char *condition_member(const struct stage *stage,
                                    const struct word *word)
{
    static const char *const members[] = {"field", "op", "value"};
    size_t equals = find_bare(word, 0, '=');

    if (!stage->takes_main || stage->main.type != COSEND_OPTION_CONDITION ||
        equals == word->length)
        return NULL;
    for (size_t i = 0; i < 3; i++)
        if (strlen(members[i]) == equals &&
            memcmp(members[i], word->text, equals) == 0)
            return members[i];
    return NULL;
}

/* Have a value, and what is in it, read as words, not as JSON strings: whether
   5 is a number is for its reader to say. */
static void mark_bare(struct line *line, size_t first)
{
    struct csi_document *document = &line->spec->document;

    for (size_t i = first; i < document->count; i++)
        document->values[i].bare = true;
}

static void add_member(struct line *line, struct stage *stage,
                       const char *member)
{
    size_t from = strlen(member) + 1;
    const char *text = line->word.text + from;
    size_t length = line->word.length - from;
    size_t first;

    if (stage->has_main && stage->options == SIZE_MAX) {
        problem_here(line, stage, "takes one condition");
        return;
    }
    if (!stage->has_main)
        stage->options = add(line, stage->step, stage->key, json_object());
    stage->has_main = true;
    if (stage->options == SIZE_MAX)
        return;
    first = line->spec->document.count;
    if (csi_value_get(&line->spec->document.values[stage->options], member))
        problem_here(line, stage, "is given this option twice");
    else if (find_bare(&line->word, from, ',') < line->word.length)
        add_list(line, stage->options, member, from);
    else
        add(line, stage->options, member, json_stringn_nocheck(text, length));
    mark_bare(line, first);
}

static void add_word(struct line *line, struct stage *stage)
{
    struct cosend_option option;
    const char *member;

    if (!stage->filter || line->spec->no_memory)
        return;
    member = condition_member(stage, &line->word);
    if (member) {
        add_member(line, stage, member);
        return;
    }
    if (named_option(stage, &line->word, &option))
        add_named(line, stage, &option);
    else
        add_main(line, stage);
}

/* Only the first stage may be a source; a name that is a filter's too is. */
static const struct cosend_filter *find(const char *name, bool first)
{
    const struct cosend_filter *filter =
        csi_registry_find(name, CSI_ROLE(COSEND_FILTER));

    if (!filter && first)
        filter = csi_registry_find(name, CSI_ROLE(COSEND_SOURCE));
    return filter ? filter : csi_registry_find(name, CSI_STEP_ROLES);
}

static void start_stage(struct line *line, struct stage *stage,
                        size_t container, const char *container_key)
{
    stage->name = line->word;
    stage->key = stage->name.text;
    stage->takes_main =
        stage->filter && csi_option_main(stage->filter, &stage->main);
    stage->is_whole =
        stage->takes_main && (stage->main.type == COSEND_OPTION_CONDITION ||
                              stage->main.type == COSEND_OPTION_BRANCHES);
    stage->step = add(line, container, container_key, json_object());
    stage->options = SIZE_MAX;
    if (!stage->is_whole && stage->step != SIZE_MAX)
        stage->options = add(line, stage->step, stage->key, json_object());
}

static void end_stage(struct line *line, struct stage *stage)
{
    line->word = stage->name;
    if (stage->is_whole && !stage->has_main && stage->step != SIZE_MAX)
        stage->options = add(line, stage->step, stage->key, json_object());
    end(line, stage->options);
    end(line, stage->step);
}

/* ---- The line ------------------------------------------------------------ */

/* The words up to the next pipe. */
static int read_words(struct line *line, struct stage *stage)
{
    int status;

    while ((status = next_word(line)) == COSEND_OK && !line->word.is_pipe)
        add_word(line, stage);
    return status;
}

static void empty_stage(struct line *line)
{
    struct csi_place place = {line->word.line, line->word.column, ""};

    csi_spec_place_problem(line->spec, &place,
                           "a stage is missing here: a filter's name");
}

/* One stage, and the pipe behind it. COSEND_DONE at the end of the line. */
static int read_stage(struct line *line, size_t root, size_t *steps)
{
    bool first = *steps == SIZE_MAX;
    struct stage stage = {0};
    int status = next_word(line);

    if (status < 0)
        return status;
    if (status == COSEND_DONE || line->word.is_pipe) {
        empty_stage(line);
        return COSEND_E_SPEC;
    }
    stage.filter = find(line->word.text, first);
    if (first && stage.filter && stage.filter->role == COSEND_SOURCE) {
        start_stage(line, &stage, root, "from");
        status = read_words(line, &stage);
        end_stage(line, &stage);
        *steps = add(line, root, "steps", json_array());
        return status;
    }
    if (first)
        *steps = add(line, root, "steps", json_array());
    if (*steps == SIZE_MAX)
        return COSEND_E_MEMORY;
    start_stage(line, &stage, *steps, NULL);
    status = read_words(line, &stage);
    end_stage(line, &stage);
    return status;
}

static int read_line(struct line *line)
{
    size_t steps = SIZE_MAX, root;
    int status;

    line->word.line = line->word.column = 1;
    root = add(line, SIZE_MAX, NULL, json_object());
    if (root == SIZE_MAX ||
        add(line, root, "cosend", json_integer(1)) == SIZE_MAX)
        return COSEND_E_MEMORY;
    do {
        status = read_stage(line, root, &steps);
    } while (status == COSEND_OK && !line->spec->no_memory);
    end(line, steps);
    end(line, root);
    return status < 0 ? status : COSEND_OK;
}

int csi_oneline_parse(struct csi_spec *spec, const char *text, size_t length)
{
    size_t room = 2 * length + 2;
    char *bytes;
    struct line line = {
        .spec = spec, .at = text, .end = text + length, .line = 1, .column = 1};

    csi_json_setup();
    if (length > CSI_DOCUMENT_BYTES) {
        struct csi_place place = {1, 1, ""};

        csi_spec_place_problem(spec, &place, "larger than 16 MiB");
        return COSEND_E_SPEC;
    }
    /* Words live as long as the plan: filters' names are keys. */
    bytes = csi_arena_bytes(spec->plan->arena, 2 * room);
    spec->document.json = json_array();
    if (!bytes || !spec->document.json)
        return COSEND_E_MEMORY;
    line.text = bytes;
    line.bare = bytes + room;
    spec->is_line = true;
    return read_line(&line);
}
