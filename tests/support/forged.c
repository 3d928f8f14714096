#include "tests/support/forged.h"

#include <criterion/criterion.h>

struct audited audited;
struct tamper tamper;
struct verify_results results;
struct buffer bytes;

void forged_open(void)
{
    audited_open(&audited);
    buffer_init(&bytes, CONTROL_BYTES_MAX);
}

void forged_close(void)
{
    buffer_fini(&bytes);
    audited_close(&audited);
}

void verify(bool outside)
{
    cr_assert_eq(audited_verify(&audited, outside, &results), STATUS_OK);
}

void assert_finds(enum verify_part part, enum verify_fault fault)
{
    verify(false);
    if (!audited_says(&results, part, fault)) {
        audited_print(&results);
    }
    cr_assert(audited_says(&results, part, fault));
    cr_assert_not(verify_passes(&results));
}

void assert_finds_at(enum verify_part part, enum verify_fault fault,
                     uint64_t index)
{
    assert_finds(part, fault);
    for (size_t i = 0; i < results.parts[part].kept; i++) {
        if (results.parts[part].findings[i].fault == fault &&
            results.parts[part].findings[i].place.index == index) {
            return;
        }
    }
    audited_print(&results);
    cr_assert_fail("found at another place");
}

/* The first entry of that agent at or above `from`. */
struct entry batch_of(uint32_t agent, uint64_t from)
{
    struct entry entry;

    do {
        tamper_get(&tamper, from++, &entry);
    } while (entry.agent_number != agent);
    return entry;
}

struct entry last_of(uint32_t agent)
{
    struct entry entry;
    uint64_t index = tamper_size(&tamper);

    do {
        tamper_get(&tamper, --index, &entry);
    } while (entry.agent_number != agent);
    return entry;
}

void begin(void)
{
    tamper_open(&tamper, audited.copy.ledger);
}

/* All other tables say what the entries say now. */
void end_mended(void)
{
    tamper_mend(&tamper);
    tamper_close(&tamper);
}
