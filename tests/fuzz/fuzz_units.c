/* Whatever stands in a units file: it is read, or refused with a report; what
 * is read is found again by its key and day. */
#include "common/base/check.h"
#include "common/event/unit.h"
#include "common/figures/report.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {.data = data, .size = size};
    struct units *units = NULL;
    struct report report;
    enum status rc;

    report_init(&report, size % 2 == 0 ? LANGUAGE_VI : LANGUAGE_EN);
    check(units_new(&units) == STATUS_OK);
    rc = units_add_csv(units, "units.csv", text, &report);
    /* A refusal has its reason, and only a refusal has one. */
    check(rc == STATUS_MEMORY || (rc == STATUS_OK) == (report.errors == 0));
    for (size_t i = 0; rc == STATUS_OK && i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        check(units_find(units, unit->key, unit->from) == unit);
        check(units_position(units, unit) == i);
        check(unit->successor_count <= UNIT_SUCCESSORS_MAX);
        (void)units_carry(units, unit->key, unit->from, unit->to);
    }
    units_free(&units);
    report_fini(&report);
    return 0;
}
