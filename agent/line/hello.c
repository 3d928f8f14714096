#include "agent/line/hello.h"

#include "agent/line/document.h"
#include "agent/spool/spool_witness.h"

#include <stdio.h>
#include <string.h>

#define SOFTWARE "tallyline-agent " TALLYLINE_VERSION

static enum status add_documents(struct spool *spool, struct wire_hello *hello)
{
    for (size_t i = 0; i < DOCUMENT_NAMES; i++) {
        struct wire_have *have = &hello->have[hello->have_count];
        enum status status =
            spool_document_digest(spool, document_name(i), &have->digest);

        if (status == STATUS_NOT_FOUND) {
            continue;
        }
        if (status != STATUS_OK) {
            return status;
        }
        (void)snprintf(have->name, sizeof have->name, "%s", document_name(i));
        hello->have_count++;
    }
    return STATUS_OK;
}

/* Where mirror and receipts end: by it a restored province sees that there was
 * more. */
static enum status add_ends(struct spool *spool, struct wire_hello *hello)
{
    struct entry last;
    enum status status = spool_next_control(spool, &hello->next_control);

    hello->follows_breaks = true;
    if (status == STATUS_OK) {
        status = spool_last_break(spool, &hello->last_break);
    }
    if (status == STATUS_OK) {
        status = spool_last_receipt(spool, &last);
    }
    if (status == STATUS_OK) {
        hello->last_index = last.index + 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_checkpoint(struct spool *spool, struct wire_hello *hello)
{
    struct spool_witness witness;
    enum status status = spool_witness(spool, &witness);

    if (status == STATUS_OK) {
        hello->checkpoint = witness.held;
    }
    return status;
}

enum status hello_make(struct spool *spool,
                       const struct spool_identity *identity,
                       const struct clock *clock, struct wire_hello *hello)
{
    uint64_t last = 0;
    enum status status = spool_last_seq(spool, &last);

    memset(hello, 0, sizeof *hello);
    hello->protocol = WIRE_PROTOCOL;
    hello->capabilities = WIRE_CAPABILITIES;
    hello->agent = identity->agent;
    hello->epoch = identity->epoch;
    hello->next_seq = last + 1;
    hello->now = clock_wall_us(clock);
    (void)snprintf(hello->software, sizeof hello->software, "%s", SOFTWARE);
    if (status == STATUS_OK) {
        status = add_ends(spool, hello);
    }
    if (status == STATUS_OK) {
        status = add_checkpoint(spool, hello);
    }
    return status == STATUS_OK ? add_documents(spool, hello) : status;
}
