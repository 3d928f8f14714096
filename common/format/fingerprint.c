#include "common/format/fingerprint.h"

#include "common/base/bytes.h"
#include "common/base/check.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CONTEXT "tallyline fingerprint 1"

void fingerprint_make(const struct public_key *const keys[], size_t count,
                      char text[FINGERPRINT_TEXT_MAX])
{
    uint8_t input[sizeof CONTEXT + FINGERPRINT_KEYS_MAX * PUBLIC_KEY_BYTES];
    struct digest digest;
    size_t size = sizeof CONTEXT;

    check(count > 0 && count <= FINGERPRINT_KEYS_MAX);
    memcpy(input, CONTEXT, sizeof CONTEXT);
    for (size_t i = 0; i < count; i++, size += PUBLIC_KEY_BYTES) {
        memcpy(input + size, keys[i]->bytes, PUBLIC_KEY_BYTES);
    }
    digest_bytes((struct bytes){.data = input, .size = size}, &digest);
    for (size_t i = 0; i < FINGERPRINT_GROUPS; i++) {
        if (i > 0) {
            text[-1] = ' ';
        }
        (void)snprintf(text, FINGERPRINT_DIGITS + 1u, "%02x%02x",
                       digest.bytes[2 * i], digest.bytes[2 * i + 1]);
        text += FINGERPRINT_DIGITS + 1u;
    }
}

void fingerprint_province(const struct public_key *server,
                          const struct public_key *administrator,
                          const struct public_key *ledger_key,
                          char text[FINGERPRINT_TEXT_MAX])
{
    const struct public_key *const keys[] = {server, administrator, ledger_key};

    fingerprint_make(keys, sizeof keys / sizeof keys[0], text);
}

void fingerprint_new_keys(const struct enrol_file *file,
                          char text[FINGERPRINT_TEXT_MAX])
{
    const struct public_key *keys[FINGERPRINT_KEYS_MAX] = {
        &file->server_key, &file->administrator, &file->ledger_key,
        &file->former_ledger_key};
    size_t count = 4;

    for (size_t i = 0; i < file->former_count; i++) {
        keys[count++] = &file->former[i];
    }
    fingerprint_make(keys, count, text);
}

static const char *next_digit(const char *text)
{
    while (*text == ' ' || *text == '-' || *text == '\t' || *text == '\n' ||
           *text == '\r') {
        text++;
    }
    return text;
}

bool fingerprint_is(const char *text, const char *typed)
{
    text = next_digit(text);
    typed = next_digit(typed);
    while (*text != '\0' &&
           tolower((unsigned char)*typed) == (unsigned char)*text) {
        text = next_digit(text + 1);
        typed = next_digit(typed + 1);
    }
    return *text == '\0' && *typed == '\0';
}
