/* References and event ids: their text, and what their check character finds.
 */
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum reference_error parse(const char *text, enum reference_kind kind,
                                  uint64_t *id)
{
    enum reference_error why = REFERENCE_OK;
    enum status status = reference_parse(text, strlen(text), kind, id, &why);
    cr_assert_eq(status == STATUS_OK, why == REFERENCE_OK);
    return why;
}

static bool is_taken(const char *text, size_t size)
{
    for (int kind = REFERENCE_ESTABLISHMENT; kind < REFERENCE_KIND_END;
         kind++) {
        uint64_t id = 0;
        if (reference_parse(text, size, (enum reference_kind)kind, &id, NULL) ==
            STATUS_OK) {
            return true;
        }
    }
    return false;
}

Test(reference, writes_agent_epoch_and_number)
{
    char text[REFERENCE_TEXT_MAX];
    reference_format(REFERENCE_ESTABLISHMENT, id60_make(271, 1, 123), text);
    cr_assert_eq(strncmp(text, "EST-0271-000123-", 16), 0, "%s", text);
    cr_assert_eq(strlen(text), 17);
    reference_format(REFERENCE_CASE, id60_make(271, 2, 123), text);
    cr_assert_eq(strncmp(text, "CAS-0271.2-000123-", 18), 0, "%s", text);
    reference_format(REFERENCE_HOTSPOT, id60_make(0, 0, 1), text);
    cr_assert_eq(strncmp(text, "HOT-0000-000001-", 16), 0, "%s", text);
}

/* Worked out by hand: P starts at 36; for each character P becomes
 * ((P + value) mod 36, 0 read as 36) * 2 mod 37; the check is 37 - P mod 36.
 */
Test(reference, has_the_check_character_of_iso_7064_mod_37_36)
{
    static const struct {
        enum reference_kind kind;
        uint32_t agent, epoch, number;
        const char *text;
    } known[] = {
        {REFERENCE_ESTABLISHMENT, 271, 1, 123u, "EST-0271-000123-Q"},
        {REFERENCE_ESTABLISHMENT, 271, 2, 123u, "EST-0271.2-000123-9"},
        {REFERENCE_HOTSPOT, 0, 0, 1u, "HOT-0000-000001-D"},
        {REFERENCE_MODEL, 1, 1, 1u, "MOD-0001-000001-V"},
        {REFERENCE_CASE, 9999, 1, 999999u, "CAS-9999-999999-1"},
        {REFERENCE_TIP, 1048575, 255, 4294967295u,
         "TIP-1048575.255-4294967295-C"},
        {REFERENCE_INSPECTION, 12, 1, 34u, "INS-0012-000034-9"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        char text[REFERENCE_TEXT_MAX];
        reference_format(
            known[i].kind,
            id60_make(known[i].agent, known[i].epoch, known[i].number), text);
        cr_assert_str_eq(text, known[i].text);
    }
}

Test(reference, reads_what_it_wrote)
{
    static const uint32_t agents[] = {0, 1, 271, 9999, REFERENCE_AGENT_MAX};
    static const uint32_t epochs[] = {0, 1, 2, REFERENCE_EPOCH_MAX};
    static const uint32_t numbers[] = {1, 999999, 1000000, UINT32_MAX};
    for (int kind = 1; kind < REFERENCE_KIND_END; kind++) {
        for (size_t i = 0; i < 5 * 4 * 4; i++) {
            uint64_t id =
                id60_make(agents[i / 16], epochs[i / 4 % 4], numbers[i % 4]);
            if (!id60_valid(id)) {
                continue;
            }
            char text[REFERENCE_TEXT_MAX];
            reference_format((enum reference_kind)kind, id, text);
            uint64_t back = 0;
            cr_assert_eq(parse(text, (enum reference_kind)kind, &back),
                         REFERENCE_OK, "%s", text);
            cr_assert_eq(back, id, "%s", text);
        }
    }
}

Test(reference, takes_lower_case_blanks_and_missing_zeros)
{
    char text[REFERENCE_TEXT_MAX];
    uint64_t id = id60_make(271, 1, 123);
    reference_format(REFERENCE_ESTABLISHMENT, id, text);
    char sloppy[64];
    snprintf(sloppy, sizeof(sloppy), "  est-271-123-%c ", text[16] | 0x20);
    uint64_t back = 0;
    cr_assert_eq(parse(sloppy, REFERENCE_ESTABLISHMENT, &back), REFERENCE_OK);
    cr_assert_eq(back, id);
}

Test(reference, says_why_it_is_refused)
{
    char text[REFERENCE_TEXT_MAX];
    uint64_t id = 0;
    reference_format(REFERENCE_HOTSPOT, id60_make(3, 1, 7), text);
    cr_assert_eq(parse(text, REFERENCE_CASE, &id), REFERENCE_OTHER_KIND);
    text[15] = text[15] == 'A' ? 'B' : 'A';
    cr_assert_eq(parse("HOT-0003-000008-A", REFERENCE_HOTSPOT, &id),
                 REFERENCE_CHECK_CHARACTER);
    static const char *const none[] = {
        "",
        "HOT",
        "HOT-",
        "XYZ-0001-000001-A",
        "HOT-1-1",
        "HOT-1-1-",
        "HOT-1-1-AB",
        "HOT-1-0-A",
        "HOT--1-A",
        "HOT-1048576-1-A",
        "HOT-1.256-1-A",
        "HOT-1.0-1-A",
        "HOT-1-4294967296-A",
        "HOT-99999999999999999999-1-A",
        "Nhà nghỉ Hoa Mai",
        "HOT-0001-000001-AHOT-0001-000001-AAAAAAA"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        cr_assert_eq(parse(none[i], REFERENCE_HOTSPOT, &id), REFERENCE_NOT_ONE,
                     "%s", none[i]);
    }
    cr_assert_eq(id, 0);
}

/* The separators stand outside of what the check character covers. */
static bool is_checked(char character)
{
    return character != '-' && character != '.';
}

/* Every wrong character of every position of many references is found. */
Test(reference, finds_every_wrong_character)
{
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (uint32_t n = 1; n < 60000; n += 1009) {
        char text[REFERENCE_TEXT_MAX];
        uint64_t id = id60_make(n % 1000, n % 3 + 1, n);
        reference_format((enum reference_kind)(n % 6 + 1), id, text);
        for (size_t at = 0; text[at] != '\0'; at++) {
            char right = text[at];
            for (const char *c = characters; is_checked(right) && *c != '\0';
                 c++) {
                text[at] = *c;
                cr_assert_eq(is_taken(text, strlen(text)), *c == right, "%s",
                             text);
            }
            text[at] = right;
        }
    }
}

/* The standard promises nearly all: 72 of the 45,360 combinations of product
 * and neighbours are missed, all of them with values that differ by one. */
Test(reference, finds_nearly_all_exchanged_neighbours)
{
    unsigned missed = 0;
    unsigned tried = 0;
    for (uint32_t n = 1; n < 999999; n += 997) {
        char text[REFERENCE_TEXT_MAX];
        uint64_t id = id60_make(n % 9999 + 1, 1, n);
        reference_format((enum reference_kind)(n % 6 + 1), id, text);
        for (size_t at = 0; text[at + 1] != '\0'; at++) {
            char left = text[at];
            if (left == text[at + 1] || left == '-' || text[at + 1] == '-') {
                continue;
            }
            text[at] = text[at + 1];
            text[at + 1] = left;
            tried++;
            if (is_taken(text, strlen(text))) {
                missed++;
                cr_assert_eq(abs(left - text[at]), 1, "%s", text);
            }
            text[at + 1] = text[at];
            text[at] = left;
        }
    }
    cr_assert_gt(tried, 8000);
    cr_assert_lt(missed * 200, tried, "%u of %u", missed, tried);
}

Test(reference, i11_knows_its_limits)
{
    cr_assert(id60_valid(
        id60_make(REFERENCE_AGENT_MAX, REFERENCE_EPOCH_MAX, UINT32_MAX)));
    cr_assert_not(id60_valid((uint64_t)(REFERENCE_AGENT_MAX + 1u) << 40 |
                             UINT64_C(1) << 32 | 1));
    cr_assert_not(id60_valid(0));
    cr_assert_not(id60_valid(id60_make(5, 1, 0)));
    cr_assert_not(id60_valid(id60_make(5, 0, 1)));
    cr_assert(id60_valid(id60_make(0, 0, 1)));
}

Test(reference, writes_and_reads_event_ids)
{
    char text[EVENT_ID_TEXT_MAX];
    uint64_t id = id60_make(271, 1, 42);
    event_id_format(id, text);
    cr_assert_str_eq(text, "271.1.42");
    uint64_t back = 0;
    cr_assert_eq(event_id_parse(text, strlen(text), &back), STATUS_OK);
    cr_assert_eq(back, id);
    static const char *const wrong[] = {
        "",        "271",       "271.1",       "271.1.",         "271.1.0",
        "271.0.1", "271.256.1", "1048576.1.1", "1.1.4294967296", "1.1.1.1",
        "a.1.1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_assert_eq(event_id_parse(wrong[i], strlen(wrong[i]), &back),
                     STATUS_INVALID, "%s", wrong[i]);
    }
}
