#include "common/fold/batch_signer.h"

#include "common/format/batch.h"

const struct public_key *batch_signer(const struct context *context,
                                      const struct batch_place *place,
                                      struct bytes batch)
{
    const struct public_key *key = NULL;

    for (size_t nth = 0;
         (key = context_batch_key(context, place->agent_number,
                                  place->epoch_ordinal, place->first_seq,
                                  place->index, nth)) != NULL &&
         batch_verify(batch, key) != STATUS_OK;
         nth++) {
        continue;
    }
    return key;
}
