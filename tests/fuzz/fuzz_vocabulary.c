/* Whatever stands in a vocabulary: it is read, or refused with a report; what
 * is read can be freed. The first byte says the language of the report. */
#include "common/base/check.h"
#include "common/event/vocabulary_file.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vocabulary *vocabulary = NULL;
    struct report report;
    struct bytes text;
    enum status rc;

    if (size == 0) {
        return 0;
    }
    text = (struct bytes){.data = data + 1, .size = size - 1};
    report_init(&report, data[0] % 2 == 0 ? LANGUAGE_VI : LANGUAGE_EN);
    rc = vocabulary_load("vocabulary.yaml", text, &report, &vocabulary);
    check(rc == STATUS_MEMORY || (rc == STATUS_OK) == (report.errors == 0));
    check((vocabulary != NULL) == (rc == STATUS_OK));
    vocabulary_free(&vocabulary);
    report_fini(&report);
    return 0;
}
