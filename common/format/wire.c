/* The proofs are signatures over the fields that they vouch for, in the order
 * of proto/uplink.proto. */
#include "common/format/wire.h"

#include "common/base/check.h"

#include <string.h>

enum status wire_compare_add(struct bytes event, struct buffer *run)
{
    uint8_t size[4];
    enum status status;

    check(event.size <= UINT32_MAX);
    bytes_put_u32(size, (uint32_t)event.size);
    status = buffer_append(run, (struct bytes){size, sizeof size});
    return status == STATUS_OK ? buffer_append(run, event) : status;
}

bool wire_clocks_differ(int64_t ahead)
{
    return ahead > WIRE_CLOCKS_DIFFER_US || ahead < -WIRE_CLOCKS_DIFFER_US;
}

/* ---- proofs ---- */

#define PROOF_BYTES_MAX (4u * PUBLIC_KEY_BYTES + 3u * RANDOM_ID_BYTES)

/* What a proof is over, put together piece by piece. */
struct proof {
    uint8_t data[PROOF_BYTES_MAX];
    size_t size;
};

static void proof_add(struct proof *proof, const uint8_t *data, size_t size)
{
    check(size <= sizeof proof->data - proof->size);
    memcpy(proof->data + proof->size, data, size);
    proof->size += size;
}

#define PROOF_ADD(proof, array) proof_add(proof, array, sizeof(array))

static struct bytes proof_bytes(const struct proof *proof)
{
    return (struct bytes){.data = proof->data, .size = proof->size};
}

static struct proof join_proof(const struct wire_join *join,
                               const struct public_key *join_key)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, join_key->bytes);
    PROOF_ADD(&proof, join->agent.bytes);
    PROOF_ADD(&proof, join->epoch.bytes);
    PROOF_ADD(&proof, join->curve_key.bytes);
    PROOF_ADD(&proof, join->sign_key.bytes);
    return proof;
}

static struct proof rotate_proof(const struct wire_rotate *rotate,
                                 const struct public_key *join_key)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, join_key->bytes);
    PROOF_ADD(&proof, rotate->agent.bytes);
    PROOF_ADD(&proof, rotate->curve_key.bytes);
    PROOF_ADD(&proof, rotate->sign_key.bytes);
    return proof;
}

static struct proof open_epoch_proof(const struct wire_open_epoch *open_epoch)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, open_epoch->agent.bytes);
    PROOF_ADD(&proof, open_epoch->epoch.bytes);
    PROOF_ADD(&proof, open_epoch->previous.bytes);
    return proof;
}

void wire_join_prove(struct wire_join *join, const struct public_key *join_key,
                     const struct sign_keys *keys)
{
    struct proof proof = join_proof(join, join_key);

    sign_make(keys, WIRE_SIGN_JOIN, proof_bytes(&proof), &join->proof);
}

void wire_rotate_prove(struct wire_rotate *rotate,
                       const struct public_key *join_key,
                       const struct sign_keys *keys,
                       const struct sign_keys *old)
{
    struct proof proof = rotate_proof(rotate, join_key);

    sign_make(keys, WIRE_SIGN_ROTATE, proof_bytes(&proof), &rotate->proof);
    sign_make(old, WIRE_SIGN_ROTATE, proof_bytes(&proof), &rotate->proof_old);
}

void wire_open_epoch_prove(struct wire_open_epoch *open_epoch,
                           const struct sign_keys *keys)
{
    struct proof proof = open_epoch_proof(open_epoch);

    sign_make(keys, WIRE_SIGN_EPOCH, proof_bytes(&proof), &open_epoch->proof);
}

bool wire_join_proven(const struct wire_join *join,
                      const struct public_key *join_key)
{
    struct proof proof = join_proof(join, join_key);

    return sign_verify(&join->sign_key, WIRE_SIGN_JOIN, proof_bytes(&proof),
                       &join->proof);
}

bool wire_rotate_proven(const struct wire_rotate *rotate,
                        const struct public_key *join_key,
                        const struct public_key *old)
{
    struct proof proof = rotate_proof(rotate, join_key);

    return sign_verify(&rotate->sign_key, WIRE_SIGN_ROTATE, proof_bytes(&proof),
                       &rotate->proof) &&
           sign_verify(old, WIRE_SIGN_ROTATE, proof_bytes(&proof),
                       &rotate->proof_old);
}

bool wire_open_epoch_proven(const struct wire_open_epoch *open_epoch,
                            const struct public_key *key)
{
    struct proof proof = open_epoch_proof(open_epoch);

    return sign_verify(key, WIRE_SIGN_EPOCH, proof_bytes(&proof),
                       &open_epoch->proof);
}
