/* A document is body, public key, signature. The signature is checked before
 * the body is read; the key is checked against the one that the ledger names.
 * Everything that is read lives in one arena, so that a hostile document costs
 * a fixed amount of memory and is freed at once. */
#include "common/format/control.h"

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/format/codec_control.h"

#include <stdlib.h>
#include <string.h>

#define CONTROL_CONTEXT  "tallyline control 1"
#define CONTROL_OVERHEAD (PUBLIC_KEY_BYTES + SIGNATURE_BYTES)
/* A document of the greatest size, its tree and its second packing. */
#define CONTROL_ARENA_MAX (8u * CONTROL_BYTES_MAX)

enum status control_sign(const struct control *control,
                         const struct sign_keys *keys, struct buffer *out)
{
    struct arena *arena = NULL;
    struct signature signature;
    size_t before = out->size;

    enum status status = arena_new(CONTROL_ARENA_MAX, &arena);
    if (status != STATUS_OK) {
        return status;
    }
    status = codec_pack_control(control, arena, out);
    if (status != STATUS_OK) {
        goto out;
    }
    struct bytes body = {out->data + before, out->size - before};
    if (body.size > CONTROL_BYTES_MAX - CONTROL_OVERHEAD) {
        status = STATUS_FULL;
        goto out;
    }
    sign_make(keys, CONTROL_CONTEXT, body, &signature);
    status = buffer_append(
        out, (struct bytes){keys->public_key.bytes, PUBLIC_KEY_BYTES});
    if (status == STATUS_OK) {
        status = buffer_append(
            out, (struct bytes){signature.bytes, SIGNATURE_BYTES});
    }
out:
    if (status != STATUS_OK) {
        buffer_truncate(out, before);
    }
    arena_free(&arena);
    return status;
}

/* Who signed the document, if it was who may. */
static enum status check_signature(struct bytes document, struct bytes body,
                                   const struct public_key *administrator,
                                   struct public_key *signer)
{
    struct signature signature;
    memcpy(signer->bytes, document.data + body.size, PUBLIC_KEY_BYTES);
    memcpy(signature.bytes, document.data + body.size + PUBLIC_KEY_BYTES,
           SIGNATURE_BYTES);
    if (administrator != NULL &&
        memcmp(administrator->bytes, signer->bytes, PUBLIC_KEY_BYTES) != 0) {
        return STATUS_REFUSED;
    }
    return sign_verify(signer, CONTROL_CONTEXT, body, &signature)
               ? STATUS_OK
               : STATUS_REFUSED;
}

bool control_changes_keys(const struct control_break *broken)
{
    static const struct public_key none;

    return !public_key_equal(&broken->administrator, &none);
}

bool control_break_explains(const struct control_break *broken, uint64_t size)
{
    if (broken->missing_count > 0) {
        return size > broken->missing[0].from && size <= broken->old_size;
    }
    return !control_changes_keys(broken) && size <= broken->old_size &&
           !digest_equal(&broken->old_root, &broken->new_root);
}

/* The first entry names the key that signed it, and so does a break that brings
 * new keys. */
static bool names_signer(const struct control *control,
                         const struct public_key *signer)
{
    if (control->kind == CONTROL_GENESIS) {
        return public_key_equal(&control->genesis.administrator, signer);
    }
    return control->kind != CONTROL_BREAK ||
           !control_changes_keys(&control->broken) ||
           public_key_equal(&control->broken.administrator, signer);
}

enum status control_open(struct bytes document,
                         const struct public_key *administrator,
                         struct control **control)
{
    struct public_key signer;
    struct arena *arena = NULL;
    struct control *made = NULL;

    *control = NULL;
    if (document.size <= CONTROL_OVERHEAD ||
        document.size > CONTROL_BYTES_MAX) {
        return STATUS_INVALID;
    }
    struct bytes body = {document.data, document.size - CONTROL_OVERHEAD};
    enum status status =
        check_signature(document, body, administrator, &signer);
    if (status != STATUS_OK) {
        return status;
    }
    status = arena_new(CONTROL_ARENA_MAX, &arena);
    if (status != STATUS_OK) {
        return status;
    }
    made = malloc(sizeof *made);
    status =
        made != NULL ? codec_unpack_control(body, arena, made) : STATUS_MEMORY;
    if (status == STATUS_OK && !names_signer(made, &signer)) {
        status = STATUS_REFUSED;
    }
    if (status != STATUS_OK) {
        free(made);
        arena_free(&arena);
        return status;
    }
    made->owned = arena;
    *control = made;
    return STATUS_OK;
}

enum status control_open_next(struct bytes document,
                              const struct public_key *administrator,
                              struct control **control)
{
    enum status status = control_open(document, administrator, control);

    if (status != STATUS_REFUSED || administrator == NULL) {
        return status;
    }
    status = control_open(document, NULL, control);
    if (status == STATUS_OK && ((*control)->kind != CONTROL_BREAK ||
                                !control_changes_keys(&(*control)->broken))) {
        control_free(control);
        status = STATUS_REFUSED;
    }
    return status;
}

void control_free(struct control **control)
{
    if (*control != NULL) {
        struct arena *arena = (*control)->owned;
        arena_free(&arena);
        free(*control);
        *control = NULL;
    }
}
