/* Any bytes as a proof: no crash, no read beyond the end. What is read is
 * written again as the same bytes, and shows nothing under a key that has
 * signed nothing. */
#include "common/base/check.h"
#include "common/format/tlog_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct public_key nobody;
    static struct tlog_proof proof;
    struct bytes bytes = {data, size};
    struct tlog_shown shown;
    struct buffer again;

    sign_init();
    tlog_proof_init(&proof);
    if (tlog_proof_read(bytes, &proof) == STATUS_OK) {
        buffer_init(&again, TLOG_PROOF_BYTES_MAX);
        check(tlog_proof_write(&proof, &again) == STATUS_OK);
        check(bytes_equal(buffer_bytes(&again), bytes));
        check(tlog_proof_check(&proof, "ledger.example/hoa-binh", &nobody,
                               &shown) != TLOG_GOOD);
        buffer_fini(&again);
    }
    tlog_proof_fini(&proof);
    return 0;
}
