/* SPDX-License-Identifier: MIT */
/*
 * hash: emits every record, as it comes, with digests in the place of fields,
 * or of one field in a column of their own.
 *
 * The key is read by check, so that a run without it does not begin.
 */
#include "cosend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY = 4096 /* bytes at most */ };

struct hash {
    struct cosend_fields fields;
    int algorithm, encoding;
    struct cosend_string key, key_file, key_env, as;
    int64_t length;
    struct cosend_digest digest; /* made by check */
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct hash, fields),
     .flags = COSEND_MAIN | COSEND_REQUIRED | COSEND_PATTERNS,
     .help = "the fields that are hashed, or patterns of them, as *_ip",
     .example = "\"user\""},
    {.name = "algorithm",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct hash, algorithm),
     .flags = COSEND_SECOND,
     .fallback = "\"sha256\"",
     .choices = cosend_digest_algorithms,
     .help = "by what; siphash needs a key, of 16 bytes, and xxh3 takes none; "
             "sha1 and md5 are for what has them already",
     .example = "\"sha512\""},
    {.name = "key",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct hash, key),
     .maximum = KEY,
     .help = "a key that nobody else has; in a spec it may be a parameter, "
             "from the environment",
     .example = "\"not to be guessed\""},
    {.name = "key_file",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct hash, key_file),
     .help = "the file that holds the key, without a line end behind it, so "
             "that it is on no command line"},
    {.name = "key_env",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct hash, key_env),
     .maximum = KEY,
     .help = "the variable of the environment that holds the key"},
    {.name = "encoding",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct hash, encoding),
     .fallback = "\"hex\"",
     .choices = cosend_digest_encodings,
     .help = "how the digest is written",
     .example = "\"base64\""},
    {.name = "length",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct hash, length),
     .minimum = 1,
     .maximum = COSEND_DIGEST_MAX - 1,
     .help = "so many characters of it; of fewer than 16 digits several values "
             "may soon have the same",
     .example = "16"},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct hash, as),
     .maximum = 1 << 16,
     .help = "a column of this name for the digest of one field, which stays",
     .example = "\"user_id\""},
    {.name = NULL},
};

/* ---- The key ------------------------------------------------------------- */

/* Read at most `room` bytes of a file. Returns how many, or -1. */
static ssize_t read_file(const char *path, char *into, size_t room)
{
    size_t length = 0;
    int descriptor;
    ssize_t got;

    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0)
        return -1;
    do {
        got = read(descriptor, into + length, room - length);
        if (got > 0)
            length += (size_t)got;
    } while ((got > 0 && length < room) || (got < 0 && errno == EINTR));
    close(descriptor);
    return got < 0 ? -1 : (ssize_t)length;
}

static void read_key_file(struct cosend_check *check, struct hash *hash,
                          char text[KEY + 2], size_t *length)
{
    ssize_t got = read_file(hash->key_file.data, text, KEY + 2);

    *length = got > 0 ? (size_t)got : 0;
    if (*length && text[*length - 1] == '\n')
        (*length)--;
    if ((size_t)got > *length && *length && text[*length - 1] == '\r')
        (*length)--;
    if (got < 0)
        cosend_check_error(check, "key_file", "cannot read \"%.300s\": %s",
                           hash->key_file.data, strerror(errno));
    else if (!*length)
        cosend_check_error(check, "key_file", "\"%.300s\" holds no key",
                           hash->key_file.data);
    else if (*length > KEY)
        cosend_check_error(check, "key_file",
                           "\"%.300s\" has more than the %d bytes of a key",
                           hash->key_file.data, KEY);
}

static void read_key_env(struct cosend_check *check, struct hash *hash,
                         char text[KEY + 2], size_t *length)
{
    const char *value = getenv(hash->key_env.data);

    *length = value ? strnlen(value, KEY + 1) : 0;
    if (!*length)
        cosend_check_error(check, "key_env",
                           "the environment has no %.300s, or an empty one",
                           hash->key_env.data);
    else if (*length > KEY)
        cosend_check_error(check, "key_env",
                           "%.300s has more than the %d bytes of a key",
                           hash->key_env.data, KEY);
    else
        memcpy(text, value, *length);
}

/* ---- Check --------------------------------------------------------------- */

/* Returns false where it cannot be made, which was reported. */
static bool make_digest(struct cosend_check *check, struct hash *hash)
{
    const char *option = "algorithm";
    char text[KEY + 2];
    size_t length = 0;
    struct cosend_error error = {0};

    if (cosend_check_given(check, "key_file")) {
        read_key_file(check, hash, text, &length);
        option = "key_file";
    } else if (cosend_check_given(check, "key_env")) {
        read_key_env(check, hash, text, &length);
        option = "key_env";
    } else if (cosend_check_given(check, "key")) {
        option = "key";
        length = hash->key.length;
        memcpy(text, hash->key.data, length);
        if (!length)
            cosend_check_error(check, "key", "is empty");
    } else if (hash->algorithm == COSEND_DIGEST_SIPHASH) {
        cosend_check_error(check, "key",
                           "siphash needs a key of 16 bytes: key, key_file or "
                           "key_env");
        return false;
    }
    if ((!length && strcmp(option, "algorithm") != 0) || length > KEY)
        return false;
    if (cosend_digest_init(&hash->digest, hash->algorithm, text, length,
                           &error) == COSEND_OK)
        return true;
    cosend_check_failed(check, option, &error);
    return false;
}

static void check_length(struct cosend_check *check, const struct hash *hash)
{
    char text[COSEND_DIGEST_MAX];
    size_t whole =
        cosend_digest_text(&hash->digest, "", 0,
                           (enum cosend_digest_encoding)hash->encoding, text);

    if (hash->length > (int64_t)whole)
        cosend_check_error(check, "length",
                           "a digest of %s has %zu characters in %s",
                           cosend_digest_algorithms[hash->algorithm], whole,
                           cosend_digest_encodings[hash->encoding]);
}

static void check(struct cosend_check *check, void *memory)
{
    static const char *const keys[] = {"key", "key_file", "key_env"};
    struct hash *hash = memory;
    int given = 0;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        given += cosend_check_given(check, keys[i]);
    if (given > 1)
        cosend_check_error(check, "key",
                           "give one of key, key_file and key_env");
    else if (make_digest(check, hash) && hash->length)
        check_length(check, hash);
    if (!hash->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (cosend_check_given(check, "as") && hash->fields.count > 1)
        cosend_check_error(check, "as",
                           "takes the digest of one field; of several a step "
                           "`format` before makes one");
    if (cosend_check_given(check, "as") && !hash->as.length)
        cosend_check_error(check, "as", "is empty");
}

/* ---- Body ---------------------------------------------------------------- */

/* Its digest, in `text`; a cell without a value stays. */
static struct cosend_cell hash_of(const struct hash *hash,
                                  struct cosend_cell cell,
                                  char text[COSEND_DIGEST_MAX])
{
    size_t length;

    if (cosend_is_blank(cell))
        return cell;
    length =
        cosend_digest_text(&hash->digest, cell.data, cell.length,
                           (enum cosend_digest_encoding)hash->encoding, text);
    if (hash->length)
        length = (size_t)hash->length;
    return cosend_text(text, length);
}

static int add_digest(struct cosend_stage *self, const struct hash *hash)
{
    const struct cosend_field field = cosend_nth(hash->fields, 0);
    const struct cosend_fields none = {0, 0};
    struct cosend_column column = cosend_add_column(self, hash->as.data);
    struct cosend_record record;
    char text[COSEND_DIGEST_MAX];

    while (cosend_receive(self, &record)) {
        if (cosend_is_pattern(self, field))
            return cosend_fail(self, COSEND_E_USAGE,
                               "as=NAME takes the digest of one field, and a "
                               "pattern is for any number of them");
        if (!cosend_name_free(self, &record, hash->as.data, none,
                              "as=NAME takes another name"))
            continue;
        cosend_set(self, column,
                   hash_of(hash, cosend_field(&record, field), text));
        cosend_emit(self, &record);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct hash *hash = memory;
    struct cosend_record record;
    char text[COSEND_DIGEST_MAX];

    cosend_only_fields(self);
    if (hash->as.length)
        return add_digest(self, hash);
    cosend_change_fields(self, hash->fields);
    while (cosend_receive(self, &record)) {
        struct cosend_item item = {0};

        while (cosend_next_match(self, hash->fields, &record, &item))
            cosend_change(self, &item, hash_of(hash, item.cell, text));
        cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_hash = {
    .abi = COSEND_ABI,
    .name = "hash",
    .role = COSEND_FILTER,
    .summary = "Put digests in the place of fields",
    .details =
        "Emits every record as it comes, with the digest of each of the fields "
        "in its place, or with `as` in a column behind the others: the same "
        "for the same text, so that records can still be counted and joined by "
        "it. The bytes of a field's text are hashed, the numbers, arrays and "
        "objects of JSON as they are written: 200 and \"200\" have one digest, "
        "1 and 1.0 have two. What has no value, an empty field too, stays "
        "without one. Without a key anybody who can try all values, as those "
        "of addresses and names, finds out what was hashed; with one, which is "
        "kept, nobody does. With a key sha256, sha512, sha1 and md5 are HMACs. "
        "They need libmd0, which Debian has. A field that has the name `as` "
        "already is an error, in JSON lines a bad record (name_taken). Each "
        "record is treated by itself, in all threads, and at once under "
        "--follow.",
    .example = "parse combined | hash host length=16",
    .options_size = sizeof(struct hash),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
