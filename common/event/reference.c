/* reference - id60 numbers, and their text with a check character.
 *
 * The check character is that of ISO/IEC 7064 MOD 37,36 over kind, agent,
 * epoch and number written without separators: EST 0271 01 000123. It finds
 * every wrong character, and all but one in 630 exchanges of two neighbours
 * (values that differ by one, after one of the 36 products). It is never
 * stored; a text whose character does not fit is refused before it is saved.
 */
#include "common/event/reference.h"

#include "common/base/check.h"

#include <stdio.h>
#include <string.h>

#define CHECK_MODULUS     36u
#define CHECK_INPUT_MAX   32u
#define NUMBER_DIGITS_MAX 10u

/* Parts of a reference as they stand in its text. */
struct parts {
    uint64_t agent;
    uint64_t epoch;
    uint64_t number;
    char check;
};

uint64_t id60_make(uint32_t agent, uint32_t epoch, uint32_t number)
{
    check(agent <= REFERENCE_AGENT_MAX && epoch <= REFERENCE_EPOCH_MAX);
    return (uint64_t)agent << 40 | (uint64_t)epoch << 32 | number;
}

uint32_t id60_agent(uint64_t id)
{
    return (uint32_t)(id >> 40);
}

uint32_t id60_epoch(uint64_t id)
{
    return (uint32_t)(id >> 32) & REFERENCE_EPOCH_MAX;
}

uint32_t id60_number(uint64_t id)
{
    return (uint32_t)id;
}

bool id60_valid(uint64_t id)
{
    return id60_agent(id) <= REFERENCE_AGENT_MAX && id60_number(id) != 0 &&
           (id60_epoch(id) != 0 || id60_agent(id) == 0);
}

const char *reference_prefix(enum reference_kind kind)
{
    static const char *const prefixes[REFERENCE_KIND_END] = {
        [REFERENCE_ESTABLISHMENT] = "EST", [REFERENCE_HOTSPOT] = "HOT",
        [REFERENCE_MODEL] = "MOD",         [REFERENCE_CASE] = "CAS",
        [REFERENCE_TIP] = "TIP",           [REFERENCE_INSPECTION] = "INS"};
    return (unsigned)kind < REFERENCE_KIND_END ? prefixes[kind] : NULL;
}

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static uint32_t character_value(char character)
{
    const char *found = strchr(alphabet, character);
    check(character != '\0' && found != NULL);
    return (uint32_t)(found - alphabet);
}

/* The recursive "hybrid system": P <- ((P + a) mod 36, 0 as 36) * 2 mod 37. */
static char check_character(const char *text)
{
    uint32_t product = CHECK_MODULUS;
    for (const char *c = text; *c != '\0'; c++) {
        uint32_t sum = (product + character_value(*c)) % CHECK_MODULUS;
        if (sum == 0) {
            sum = CHECK_MODULUS;
        }
        product = sum * 2 % (CHECK_MODULUS + 1);
    }
    return alphabet[(CHECK_MODULUS + 1 - product) % CHECK_MODULUS];
}

static char reference_check(const char *prefix, uint64_t id)
{
    char input[CHECK_INPUT_MAX];
    int size = snprintf(input, sizeof(input), "%s%04u%02u%06u", prefix,
                        id60_agent(id), id60_epoch(id), id60_number(id));
    check(size > 0 && (size_t)size < sizeof(input));
    return check_character(input);
}

void reference_format(enum reference_kind kind, uint64_t id,
                      char text[REFERENCE_TEXT_MAX])
{
    const char *prefix = reference_prefix(kind);
    check(prefix != NULL && id60_agent(id) <= REFERENCE_AGENT_MAX);
    uint32_t usual = id60_agent(id) == 0 ? 0 : 1;
    char epoch[8] = "";
    if (id60_epoch(id) != usual) {
        (void)snprintf(epoch, sizeof(epoch), ".%u", id60_epoch(id));
    }
    int size = snprintf(text, REFERENCE_TEXT_MAX, "%s-%04u%s-%06u-%c", prefix,
                        id60_agent(id), epoch, id60_number(id),
                        reference_check(prefix, id));
    check(size > 0 && (size_t)size < REFERENCE_TEXT_MAX);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Digits at `*at`; moves past them. */
static bool read_number(const char **at, uint64_t *number)
{
    const char *start = *at;
    *number = 0;
    while (**at >= '0' && **at <= '9') {
        *number = *number * 10 + (uint64_t)(**at - '0');
        (*at)++;
    }
    size_t digits = (size_t)(*at - start);
    return digits > 0 && digits <= NUMBER_DIGITS_MAX;
}

static bool read_character(const char **at, char wanted)
{
    if (**at != wanted) {
        return false;
    }
    (*at)++;
    return true;
}

/* agent[.epoch]-number-check, all of `at`. */
static bool read_parts(const char *at, struct parts *parts)
{
    if (!read_number(&at, &parts->agent)) {
        return false;
    }
    parts->epoch = parts->agent == 0 ? 0 : 1;
    if (read_character(&at, '.') && !read_number(&at, &parts->epoch)) {
        return false;
    }
    if (!read_character(&at, '-') || !read_number(&at, &parts->number) ||
        !read_character(&at, '-')) {
        return false;
    }
    parts->check = at[0];
    return parts->check != '\0' && at[1] == '\0' &&
           parts->agent <= REFERENCE_AGENT_MAX &&
           parts->epoch <= REFERENCE_EPOCH_MAX && parts->number <= UINT32_MAX;
}

/* Upper case without the blanks around; false when it cannot be one. */
static bool tidy(const char *text, size_t size, char out[REFERENCE_TEXT_MAX])
{
    while (size > 0 && is_blank(text[0])) {
        text++;
        size--;
    }
    while (size > 0 && is_blank(text[size - 1])) {
        size--;
    }
    if (size >= REFERENCE_TEXT_MAX || memchr(text, '\0', size) != NULL) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        out[i] = upper(text[i]);
    }
    out[size] = '\0';
    return true;
}

static enum reference_error read_reference(const char *text, size_t size,
                                           enum reference_kind kind,
                                           uint64_t *id)
{
    char clean[REFERENCE_TEXT_MAX];
    if (!tidy(text, size, clean) || strlen(clean) < 4 || clean[3] != '-') {
        return REFERENCE_NOT_ONE;
    }
    const char *found = NULL;
    int found_kind = 0;
    for (int k = REFERENCE_ESTABLISHMENT; k < REFERENCE_KIND_END; k++) {
        const char *prefix = reference_prefix((enum reference_kind)k);
        if (memcmp(prefix, clean, 3) == 0) {
            found = prefix;
            found_kind = k;
        }
    }
    struct parts parts;
    if (found == NULL || !read_parts(clean + 4, &parts)) {
        return REFERENCE_NOT_ONE;
    }
    uint64_t read = id60_make((uint32_t)parts.agent, (uint32_t)parts.epoch,
                              (uint32_t)parts.number);
    if (!id60_valid(read)) {
        return REFERENCE_NOT_ONE;
    }
    if (parts.check != reference_check(found, read)) {
        return REFERENCE_CHECK_CHARACTER;
    }
    if (found_kind != (int)kind) {
        return REFERENCE_OTHER_KIND;
    }
    *id = read;
    return REFERENCE_OK;
}

enum status reference_parse(const char *text, size_t size,
                            enum reference_kind kind, uint64_t *id,
                            enum reference_error *why)
{
    enum reference_error error = read_reference(text, size, kind, id);
    if (why != NULL) {
        *why = error;
    }
    return error == REFERENCE_OK ? STATUS_OK : STATUS_INVALID;
}

void event_id_format(uint64_t id, char text[EVENT_ID_TEXT_MAX])
{
    int size = snprintf(text, EVENT_ID_TEXT_MAX, "%u.%u.%u", id60_agent(id),
                        id60_epoch(id), id60_number(id));
    check(size > 0 && (size_t)size < EVENT_ID_TEXT_MAX);
}

enum status event_id_parse(const char *text, size_t size, uint64_t *id)
{
    char clean[REFERENCE_TEXT_MAX];
    if (!tidy(text, size, clean)) {
        return STATUS_INVALID;
    }
    const char *at = clean;
    struct parts parts;
    if (!read_number(&at, &parts.agent) || !read_character(&at, '.') ||
        !read_number(&at, &parts.epoch) || !read_character(&at, '.') ||
        !read_number(&at, &parts.number) || *at != '\0' ||
        parts.agent > REFERENCE_AGENT_MAX ||
        parts.epoch > REFERENCE_EPOCH_MAX || parts.number > UINT32_MAX) {
        return STATUS_INVALID;
    }
    uint64_t read = id60_make((uint32_t)parts.agent, (uint32_t)parts.epoch,
                              (uint32_t)parts.number);
    if (!id60_valid(read)) {
        return STATUS_INVALID;
    }
    *id = read;
    return STATUS_OK;
}
