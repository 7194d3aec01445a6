/* SPDX-License-Identifier: MIT */
/*
 * Digests, by the examples of those who made them: FIPS 180-4, RFC 1321, 2202
 * and 4231, the paper on SipHash, and xxHash's own program.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct cosend_digest made(int algorithm, const char *key, size_t length)
{
    struct cosend_digest digest;
    struct cosend_error error = {0};

    assert_int_equal(
        cosend_digest_init(&digest, algorithm, key, length, &error), COSEND_OK);
    assert_int_equal(error.kind, 0);
    return digest;
}

/* The digest of a text that stands alone, so that a byte read beside it is
   found out, is `wanted`; and so it is the second time. */
static void expect(const struct cosend_digest *digest, const char *text,
                   size_t length, const char *wanted)
{
    char *alone = malloc(length ? length : 1), out[COSEND_DIGEST_MAX];

    assert_non_null(alone);
    memcpy(alone, text, length);
    for (int i = 0; i < 2; i++) {
        memset(out, 'x', sizeof(out));
        assert_int_equal(
            cosend_digest_text(digest, alone, length, COSEND_DIGEST_HEX, out),
            strlen(wanted));
        assert_string_equal(out, wanted);
    }
    free(alone);
}

static void expect_plain(int algorithm, const char *text, const char *wanted)
{
    struct cosend_digest digest = made(algorithm, NULL, 0);

    expect(&digest, text, strlen(text), wanted);
}

/* ---- Without a key ------------------------------------------------------- */

static const char two_blocks[] =
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static void plain_digests(void **state)
{
    (void)state;
    expect_plain(COSEND_DIGEST_SHA256, "",
                 "e3b0c44298fc1c149afbf4c8996fb924"
                 "27ae41e4649b934ca495991b7852b855");
    expect_plain(COSEND_DIGEST_SHA256, "abc",
                 "ba7816bf8f01cfea414140de5dae2223"
                 "b00361a396177a9cb410ff61f20015ad");
    expect_plain(COSEND_DIGEST_SHA256, two_blocks,
                 "248d6a61d20638b8e5c026930c3e6039"
                 "a33ce45964ff2167f6ecedd419db06c1");
    expect_plain(COSEND_DIGEST_SHA512, "abc",
                 "ddaf35a193617abacc417349ae204131"
                 "12e6fa4e89a97ea20a9eeee64b55d39a"
                 "2192992a274fc1a836ba3c23a3feebbd"
                 "454d4423643ce80e2a9ac94fa54ca49f");
    expect_plain(COSEND_DIGEST_SHA1, "abc",
                 "a9993e364706816aba3e25717850c26c9cd0d89d");
    expect_plain(COSEND_DIGEST_SHA1, two_blocks,
                 "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    expect_plain(COSEND_DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
    expect_plain(COSEND_DIGEST_MD5, "message digest",
                 "f96b697d7cb7938d525a2f31aaf161d0");
    expect_plain(COSEND_DIGEST_XXH3, "", "2d06800538d394c2");
    expect_plain(COSEND_DIGEST_XXH3, "abc", "78af5f94892f3950");
}

static void a_million(void **state)
{
    enum { MILLION = 1000000 };
    struct cosend_digest digest = made(COSEND_DIGEST_SHA256, NULL, 0);
    char *text = malloc(MILLION);

    (void)state;
    assert_non_null(text);
    memset(text, 'a', MILLION);
    expect(&digest, text, MILLION,
           "cdc76e5c9914fb9281a1c7e284d73e67"
           "f1809a48a497200e046d39ccc7112cd0");
    free(text);
}

static void no_text(void **state)
{
    char out[COSEND_DIGEST_MAX];
    struct cosend_digest digest;

    (void)state;
    digest = made(COSEND_DIGEST_MD5, NULL, 0);
    assert_int_equal(
        cosend_digest_text(&digest, NULL, 0, COSEND_DIGEST_BASE64, out), 24);
    assert_string_equal(out, "1B2M2Y8AsgTpgAmY7PhCfg==");
    digest = made(COSEND_DIGEST_SIPHASH, "0123456789abcdef", 16);
    assert_int_equal(
        cosend_digest_text(&digest, NULL, 0, COSEND_DIGEST_HEX, out), 16);
    digest = made(COSEND_DIGEST_XXH3, NULL, 0);
    assert_int_equal(
        cosend_digest_text(&digest, NULL, 0, COSEND_DIGEST_BASE64, out), 12);
    assert_string_equal(out, "LQaABTjTlMI=");
}

/* ---- With one ------------------------------------------------------------ */

/* A key that is so many times one byte. */
static void expect_hmac(int algorithm, unsigned char byte, size_t count,
                        const char *text, const char *wanted)
{
    char key[256];
    struct cosend_digest digest;

    memset(key, byte, count);
    digest = made(algorithm, key, count);
    expect(&digest, text, strlen(text), wanted);
}

static void hmacs(void **state)
{
    static const char larger[] =
        "Test Using Larger Than Block-Size Key - Hash Key First";
    struct cosend_digest jefe = made(COSEND_DIGEST_SHA256, "Jefe", 4);

    (void)state;
    expect_hmac(COSEND_DIGEST_SHA256, 0x0b, 20, "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b"
                "881dc200c9833da726e9376c2e32cff7");
    expect(&jefe, "what do ya want for nothing?", 28,
           "5bdcc146bf60754e6a042426089575c7"
           "5a003f089d2739839dec58b964ec3843");
    expect_hmac(COSEND_DIGEST_SHA256, 0xaa, 131, larger,
                "60e431591ee0b67f0d8a26aacbf5b77f"
                "8e0bc6213728c5140546040f0ee37f54");
    expect_hmac(COSEND_DIGEST_SHA512, 0x0b, 20, "Hi There",
                "87aa7cdea5ef619d4ff0b4241a1d6cb0"
                "2379f4e2ce4ec2787ad0b30545e17cde"
                "daa833b7d6b8a702038b274eaea3f4e4"
                "be9d914eeb61f1702e696c203a126854");
    expect_hmac(COSEND_DIGEST_SHA512, 0xaa, 131, larger,
                "80b24263c7c1a3ebb71493c1dd7be8b4"
                "9b46d1f41b4aeec1121b013783f8f352"
                "6b56d037e05f2598bd0fd2215d6a1e52"
                "95e64f73f63f0aec8b915a985d786598");
    expect_hmac(COSEND_DIGEST_SHA1, 0x0b, 20, "Hi There",
                "b617318655057264e28bc0b6fb378c8ef146be00");
    expect_hmac(COSEND_DIGEST_MD5, 0x0b, 16, "Hi There",
                "9294727a3638bb1c13f48ef8158bfc9d");
}

/* A key of 64 bytes is one block of SHA-256, and is no other's hash. */
static void keys_of_a_block(void **state)
{
    (void)state;
    expect_hmac(COSEND_DIGEST_SHA256, 'k', 64, "x",
                "f91c4c403625fb06910ef93999265bbd"
                "2d62baeaec6ff36455498cc124fe3e66");
    expect_hmac(COSEND_DIGEST_SHA256, 'k', 65, "x",
                "75092ca3ee2b307470c227697b42b3e6"
                "5376aa3bae98fb5a1f7b7536daa9588a");
}

static void siphashes(void **state)
{
    static const char key[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                 8, 9, 10, 11, 12, 13, 14, 15};
    /* Of no bytes, of 0, of 0 1, and so on: 7, 8 and 15 bytes. */
    struct cosend_digest digest = made(COSEND_DIGEST_SIPHASH, key, 16);

    (void)state;
    expect(&digest, key, 0, "310e0edd47db6f72");
    expect(&digest, key, 1, "fd67dc93c539f874");
    expect(&digest, key, 7, "37d1018bf50002ab");
    expect(&digest, key, 8, "6224939a79f5f593");
    expect(&digest, key, 15, "e545be4961ca29a1");
}

/* ---- Mistakes, and names ------------------------------------------------- */

static void refuse(int algorithm, const char *key, size_t length,
                   const char *wanted)
{
    struct cosend_digest digest;
    struct cosend_error error = {0};

    assert_int_equal(
        cosend_digest_init(&digest, algorithm, key, length, &error),
        COSEND_E_USAGE);
    assert_string_equal(error.message, wanted);
    assert_int_equal(cosend_digest_init(&digest, algorithm, key, length, NULL),
                     COSEND_E_USAGE);
}

static void mistakes(void **state)
{
    (void)state;
    refuse(-1, NULL, 0, "there is no digest by number -1");
    refuse(6, NULL, 0, "there is no digest by number 6");
    refuse(COSEND_DIGEST_XXH3, "k", 1,
           "xxh3 takes no key; siphash, and sha256, do");
    refuse(COSEND_DIGEST_SIPHASH, NULL, 0,
           "siphash needs a key of 16 bytes, and this is one of 0");
    refuse(COSEND_DIGEST_SIPHASH, "0123456789abcdefg", 17,
           "siphash needs a key of 16 bytes, and this is one of 17");
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(cosend_digest_algorithms[COSEND_DIGEST_SHA256],
                        "sha256");
    assert_string_equal(cosend_digest_algorithms[COSEND_DIGEST_XXH3], "xxh3");
    assert_null(cosend_digest_algorithms[COSEND_DIGEST_XXH3 + 1]);
    assert_string_equal(cosend_digest_encodings[COSEND_DIGEST_BASE64],
                        "base64");
    assert_null(cosend_digest_encodings[COSEND_DIGEST_BASE64 + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_digests),   cmocka_unit_test(a_million),
        cmocka_unit_test(no_text),         cmocka_unit_test(hmacs),
        cmocka_unit_test(keys_of_a_block), cmocka_unit_test(siphashes),
        cmocka_unit_test(mistakes),        cmocka_unit_test(names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
