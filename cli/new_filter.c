/* SPDX-License-Identifier: MIT */
/*
 * A filter to begin with: in a folder of its own, with a program that has it
 * beside all others, or, where the folder is a tree of cosend's sources, in
 * that. Nothing that is there is written over.
 */
#include "new_filter.h"

#include "spec.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- What is written: ~ stands for the name ------------------------------ */

#define ROW(include, symbol)                                                   \
    "/*\n"                                                                     \
    " * ~: emits, unchanged and as it comes, each record in which a field "    \
    "is\n"                                                                     \
    " * not empty. Change that to what it is to do.\n"                         \
    " */\n"                                                                    \
    "#include " include "\n"                                                   \
    "\n"                                                                       \
    "struct ~ {\n"                                                             \
    "    struct cosend_field field;\n"                                         \
    "};\n"                                                                     \
    "\n"                                                                       \
    "static const struct cosend_option options[] = {\n"                        \
    "    {.name = \"field\",\n"                                                \
    "     .type = COSEND_OPTION_FIELD,\n"                                      \
    "     .offset = offsetof(struct ~, field),\n"                              \
    "     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,\n"                        \
    "     .help = \"the field to look at; default: the line\",\n"              \
    "     .example = \"\\\"host\\\"\"},\n"                                     \
    "    {.name = NULL},\n"                                                    \
    "};\n"                                                                     \
    "\n"                                                                       \
    "static int body(struct cosend_stage *self, void *memory)\n"               \
    "{\n"                                                                      \
    "    const struct ~ *own = memory;\n"                                      \
    "    struct cosend_record record;\n"                                       \
    "\n"                                                                       \
    "    while (cosend_receive(self, &record))\n"                              \
    "        if (cosend_field(&record, own->field).length)\n"                  \
    "            cosend_emit(self, &record);\n"                                \
    "    return 0;\n"                                                          \
    "}\n"                                                                      \
    "\n"                                                                       \
    "const struct cosend_filter " symbol " = {\n"                              \
    "    .abi = COSEND_ABI,\n"                                                 \
    "    .name = \"~\",\n"                                                     \
    "    .role = COSEND_FILTER,\n"                                             \
    "    .summary = \"Keep the records in which a field is not empty\",\n"     \
    "    .details = \"Emits each record in which the field is not empty, \"\n" \
    "               \"unchanged, as it comes.\",\n"                            \
    "    .example = \"~ | count\",\n"                                          \
    "    .options_size = sizeof(struct ~),\n"                                  \
    "    .options = options,\n"                                                \
    "    .body = body,\n"                                                      \
    "    .parallel = COSEND_STATELESS,\n"                                      \
    "};\n"

struct file {
    const char *path, *text;
};

static const struct file project[] = {
    {"~.c", ROW("<cosend.h>", "~_filter")},
    {"main.c", "/* cosend with the filter ~ beside its own. */\n"
               "#include <cosend.h>\n"
               "\n"
               "#include <stdio.h>\n"
               "\n"
               "extern const struct cosend_filter ~_filter;\n"
               "\n"
               "int main(int argc, char **argv)\n"
               "{\n"
               "    struct cosend_error error = {0};\n"
               "\n"
               "    if (cosend_register(&~_filter, &error) < 0) {\n"
               "        fprintf(stderr, \"~: %s\\n\", error.message);\n"
               "        return 2;\n"
               "    }\n"
               "    return cosend_main(argc, argv);\n"
               "}\n"},
    {"Makefile",
     "CFLAGS ?= -O2 -g -Wall -Wextra\n"
     "\n"
     "cosend-~: main.c ~.c\n"
     "\t$(CC) $(CFLAGS) -o $@ main.c ~.c "
     "$$(pkg-config --cflags --libs cosend)\n"
     "\n"
     ".PHONY: test\n"
     "test: cosend-~\n"
     "\t./cosend-~ \"$$(cat case/line)\" < case/input | diff case/output -\n"
     "\t./cosend-~ check-filter ~\n"},
    {"case/line", "~\n"},
    {"case/input", "one\n\nthree\n"},
    {"case/output", "one\nthree\n"},
    {NULL, NULL}};

static const struct file in_tree[] = {
    {"filters/~.c", "/* SPDX-License-Identifier: MIT */\n" ROW("\"cosend.h\"",
                                                               "csi_filter_~")},
    {"tests/cases/~-keeps-what-is-not-empty/line", "~\n"},
    {"tests/cases/~-keeps-what-is-not-empty/input", "one\n\nthree\n"},
    {"tests/cases/~-keeps-what-is-not-empty/output", "one\nthree\n"},
    {NULL, NULL}};

/* ---- The name ------------------------------------------------------------ */

static int no_body(struct cosend_stage *self, void *options)
{
    (void)self;
    (void)options;
    return 0;
}

static bool is_keyword(const char *name)
{
    static const char *const words[] = {
        "auto",     "break",    "case",     "char",    "const",     "continue",
        "default",  "do",       "double",   "else",    "enum",      "extern",
        "float",    "for",      "goto",     "if",      "inline",    "int",
        "long",     "register", "restrict", "return",  "short",     "signed",
        "sizeof",   "static",   "struct",   "switch",  "typedef",   "union",
        "unsigned", "void",     "volatile", "while",   "bool",      "true",
        "false",    "alignof",  "alignas",  "nullptr", "constexpr", "typeof"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

/* What may be registered may be a filter's name; it is one of C, too. */
static bool is_name(const char *name)
{
    static const struct cosend_option none[] = {{.name = NULL}};
    static struct cosend_filter probe = {
        .abi = COSEND_ABI, .options = none, .body = no_body};
    struct cosend_error error = {0};

    if (is_keyword(name) || (*name >= '0' && *name <= '9')) {
        csi_cli_message("\"%s\" is not a name in C", name);
        return false;
    }
    if (strcmp(name, "main") == 0) {
        csi_cli_message("main.c is the program around the filter, which needs "
                        "another name");
        return false;
    }
    probe.name = name;
    if (cosend_register(&probe, &error) < 0) {
        csi_cli_message("%s", error.message);
        return false;
    }
    return true;
}

/* ---- Files --------------------------------------------------------------- */

static void put(struct csi_cli_text *to, const char *text, const char *name)
{
    for (; *text; text++)
        if (*text == '~')
            csi_cli_add(to, name, strlen(name));
        else
            csi_cli_add(to, text, 1);
}

/* DIR/path, ended by a NUL. */
static struct csi_cli_text path_of(const char *folder, const char *path,
                                   const char *name)
{
    struct csi_cli_text text = {0};

    csi_cli_format(&text, "%s/", folder);
    put(&text, path, name);
    csi_cli_add(&text, "", 1);
    return text;
}

static int cannot(const char *path)
{
    csi_cli_message("%s: %s", path, strerror(errno));
    return CSI_CLI_IO;
}

/* The folders that a path goes through. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static int write_text(const char *path, const struct csi_cli_text *text)
{
    FILE *file = fopen(path, "wx");
    bool written;

    if (!file)
        return cannot(path);
    written = fwrite(text->data, 1, text->length, file) == text->length;
    if ((fclose(file) == 0) & written)
        return CSI_CLI_DONE;
    cannot(path);
    unlink(path);
    return CSI_CLI_IO;
}

static int write_file(const char *folder, const struct file *file,
                      const char *name)
{
    struct csi_cli_text path = path_of(folder, file->path, name), text = {0};
    int status = CSI_CLI_IO;

    put(&text, file->text, name);
    if (path.failed || text.failed)
        csi_cli_message("out of memory");
    else if (!make_folders(path.data))
        status = cannot(path.data);
    else
        status = write_text(path.data, &text);
    csi_cli_free(&path);
    csi_cli_free(&text);
    return status;
}

/* Whether none of them is there; tells of one that is. */
static bool are_free(const char *folder, const struct file *files,
                     const char *name)
{
    bool free = true;

    for (; free && files->path; files++) {
        struct csi_cli_text path = path_of(folder, files->path, name);

        free = !path.failed && access(path.data, F_OK) != 0;
        if (!free)
            csi_cli_message("%s is there already, and stays as it is",
                            path.failed ? "" : path.data);
        csi_cli_free(&path);
    }
    return free;
}

/* Take back the first so many that were written, so that the same can be asked
   for again. */
static void take_back(const char *folder, const struct file *files,
                      size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        struct csi_cli_text path = path_of(folder, files[i].path, name);

        if (!path.failed)
            unlink(path.data);
        csi_cli_free(&path);
    }
}

/* ---- The table of filters ------------------------------------------------ */

/* The line FILTER(name), where it stands in order. */
static void put_line(struct csi_cli_text *to, const struct csi_cli_text *table,
                     const char *name)
{
    const char *line = table->data;
    bool due = true;

    while (*line) {
        const char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end - line) + 1 : strlen(line);

        if (due && strncmp(line, "FILTER(", 7) == 0 &&
            strncmp(line + 7, name, strcspn(line + 7, ")")) > 0) {
            csi_cli_format(to, "FILTER(%s)\n", name);
            due = false;
        }
        csi_cli_add(to, line, length);
        line += length;
    }
    if (due)
        csi_cli_format(to, "FILTER(%s)\n", name);
}

/* In the place of the table, as a whole: one that is cut off builds nothing. */
static int replace_table(const char *path, const struct csi_cli_text *text)
{
    struct csi_cli_text beside = {0};
    int status = CSI_CLI_IO;

    csi_cli_format(&beside, "%s.new", path);
    csi_cli_add(&beside, "", 1);
    if (beside.failed)
        csi_cli_message("out of memory");
    else
        status = write_text(beside.data, text);
    if (status == CSI_CLI_DONE && rename(beside.data, path) != 0) {
        status = cannot(path);
        unlink(beside.data);
    }
    csi_cli_free(&beside);
    return status;
}

static bool has_line(const struct csi_cli_text *table, const char *name)
{
    size_t length = strlen(name);
    const char *at = table->data;

    for (; (at = strstr(at, "FILTER(")); at++)
        if (strncmp(at + 7, name, length) == 0 && at[7 + length] == ')')
            return true;
    return false;
}

static int add_line(const char *path, const char *name)
{
    struct csi_cli_text table = {0}, text = {0};
    struct cosend_error error = {0};
    int status = CSI_CLI_IO;

    if (csi_cli_read_file(path, &table, &error) < 0) {
        csi_cli_print_error(&error, false);
    } else {
        csi_cli_add(&table, "", 1);
        if (!table.failed)
            put_line(&text, &table, name);
        if (table.failed || text.failed)
            csi_cli_message("out of memory");
        else if (!has_line(&table, name))
            status = replace_table(path, &text);
        else {
            csi_cli_message("%s has FILTER(%s) already", path, name);
            status = CSI_CLI_USAGE;
        }
    }
    csi_cli_free(&table);
    csi_cli_free(&text);
    return status;
}

/* ---- The subcommand ------------------------------------------------------ */

/* All files, and the line in the table, unless that is NULL; or none. */
static int write_all(const char *folder, const struct file *files,
                     const char *name, const char *table)
{
    int status = CSI_CLI_DONE;
    size_t count = 0;

    while (files[count].path &&
           (status = write_file(folder, &files[count], name)) == CSI_CLI_DONE)
        count++;
    if (status == CSI_CLI_DONE && table)
        status = add_line(table, name);
    if (status != CSI_CLI_DONE)
        take_back(folder, files, count, name);
    return status;
}

/* What comes next. */
static int advise(const char *folder, const char *name, bool tree)
{
    struct csi_cli_text text = {0};

    if (tree)
        csi_cli_format(&text,
                       "filters/%s.c, its line in filters/filters.def and "
                       "tests/cases/%s-.../ are written.\n"
                       "Say in a line of the map in cli/main.c what it does, "
                       "and: make check-filter FILTER=%s\n",
                       name, name, name);
    else
        csi_cli_format(&text,
                       "%s/%s.c is the filter. Build and test it by: make -C "
                       "%s test\n",
                       folder, name, folder);
    return csi_cli_print(&text);
}

int csi_cli_new_filter(struct csi_cli_command *command)
{
    const char *name, *folder;
    struct csi_cli_text table;
    const struct file *files;
    int status;
    bool tree;

    if (command->operand_count < 2 || command->operand_count > 3) {
        csi_cli_message("usage: cosend new-filter NAME [DIRECTORY]");
        return CSI_CLI_USAGE;
    }
    name = command->operands[1];
    folder = command->operand_count > 2 ? command->operands[2] : name;
    if (!is_name(name))
        return CSI_CLI_USAGE;
    table = path_of(folder, "filters/filters.def", name);
    tree = !table.failed && access(table.data, F_OK) == 0;
    files = tree ? in_tree : project;
    if (!are_free(folder, files, name))
        status = CSI_CLI_USAGE;
    else
        status = write_all(folder, files, name, tree ? table.data : NULL);
    csi_cli_free(&table);
    return status == CSI_CLI_DONE ? advise(folder, name, tree) : status;
}
