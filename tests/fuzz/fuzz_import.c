/* Whatever stands in a file that an office imports: its rows are read, or
 * refused with a report that names a place. The first byte says whether the
 * rows' type is said beforehand, and the language. No spool: what is read is
 * not saved. */
#include "agent/import.h"
#include "common/check.h"
#include "tests/support/office_fixture.h"

#include <stddef.h>
#include <stdint.h>

#define PIECE_BYTES 61u

static struct context *context;
static struct clock_settable now = {.wall_us =
                                        INT64_C(1546300800) * CLOCK_US_PER_S};

static enum status import_all(struct import *import, struct bytes text)
{
    struct import_counts counts;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && text.size > 0) {
        size_t size = text.size < PIECE_BYTES ? text.size : PIECE_BYTES;

        rc = import_feed(import, (struct bytes){text.data, size});
        text.data += size;
        text.size -= size;
    }
    return rc == STATUS_OK ? import_finish(import, &counts) : rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    struct report report;
    struct clock clock;
    struct import *import = NULL;
    struct source source;
    struct import_options options = {
        .source = &source, .name = "fuzz.csv", .report = &report};
    enum status rc;

    if (context == NULL) {
        context = office_fixture_context(&fixture);
    }
    if (size == 0) {
        return 0;
    }
    clock_init_settable(&clock, &now);
    source =
        (struct source){.context = context,
                        .agent = context_agent(context, fixture.agent),
                        .clock = &clock,
                        .language = data[0] & 1u ? LANGUAGE_EN : LANGUAGE_VI};
    /* 0: the file has a column for it. */
    options.type = catalogue_type((uint32_t)(data[0] >> 1) % 23u);
    report_init(&report, source.language);
    check(import_new(&options, &import) == STATUS_OK);
    rc = import_all(import, (struct bytes){data + 1, size - 1});
    /* A refusal of the whole has its reason. */
    check(rc == STATUS_OK || rc == STATUS_MEMORY || report.errors > 0);
    import_free(&import);
    report_fini(&report);
    return 0;
}
