/* Documents on their way down: compressed, signed, cut into pieces, and put
 * together again. The signature is over the unpacked body, so it says the same
 * whatever the link did to the bytes. */
#include "common/format/wire_document.h"

#include "common/base/check.h"

#include <string.h>
#include <zstd.h>

const char *const wire_document_plans[WIRE_PLANS_MAX] = {
    WIRE_DOCUMENT_PLAN, "plan-2",  "plan-3",  "plan-4",  "plan-5",  "plan-6",
    "plan-7",           "plan-8",  "plan-9",  "plan-10", "plan-11", "plan-12",
    "plan-13",          "plan-14", "plan-15", "plan-16"};

/* Slices of the registers are packed again and again: half the time of level 9
 * for 1 % more bytes. */
#define DOCUMENT_ZSTD_LEVEL 6

/* Name, a zero byte, index, digest. */
#define SIGNED_BYTES_MAX (WIRE_NAME_MAX + 8u + DIGEST_BYTES)

struct signed_part {
    uint8_t data[SIGNED_BYTES_MAX];
    size_t size;
};

static struct signed_part signed_part_of(const char *name, uint64_t index,
                                         const struct digest *digest)
{
    struct signed_part part;
    size_t length = strlen(name);

    check(length < WIRE_NAME_MAX);
    memcpy(part.data, name, length + 1);
    bytes_put_u64(part.data + length + 1, index);
    memcpy(part.data + length + 9, digest->bytes, DIGEST_BYTES);
    part.size = length + 9 + DIGEST_BYTES;
    return part;
}

/* ---- making ---- */

static enum status pack_body(struct wire_document *document, struct bytes body,
                             bool zstd)
{
    uint8_t *room;
    size_t bound = ZSTD_compressBound(body.size);
    size_t size;
    enum status status;

    buffer_init(&document->packed, bound);
    if (zstd) {
        status = buffer_extend(&document->packed, bound, &room);
        if (status != STATUS_OK) {
            return status;
        }
        size = ZSTD_compress(room, bound, body.data, body.size,
                             DOCUMENT_ZSTD_LEVEL);
        if (!ZSTD_isError(size) && size < body.size) {
            buffer_truncate(&document->packed, size);
            document->codec = WIRE_CODEC_ZSTD;
            return STATUS_OK;
        }
        buffer_clear(&document->packed);
    }
    document->codec = WIRE_CODEC_PLAIN;
    return buffer_append(&document->packed, body);
}

enum status wire_document_make(struct wire_document *document, const char *name,
                               uint64_t index, struct bytes body, bool zstd,
                               const struct sign_keys *ledger_keys)
{
    struct signed_part part;
    size_t length = strlen(name);
    enum status status;

    check(length < WIRE_NAME_MAX);
    memset(document, 0, sizeof *document);
    if (body.size > WIRE_DOCUMENT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    memcpy(document->name, name, length + 1);
    document->index = index;
    digest_bytes(body, &document->digest);
    part = signed_part_of(name, index, &document->digest);
    sign_make(ledger_keys, WIRE_SIGN_DOCUMENT,
              (struct bytes){.data = part.data, .size = part.size},
              &document->signature);
    status = pack_body(document, body, zstd);
    if (status != STATUS_OK) {
        wire_document_fini(document);
    }
    return status;
}

void wire_document_fini(struct wire_document *document)
{
    buffer_fini(&document->packed);
}

void wire_document_piece(const struct wire_document *document, uint64_t offset,
                         struct wire_piece *piece)
{
    size_t left = document->packed.size - (size_t)offset;

    check(offset == 0 || offset < document->packed.size);
    memset(piece, 0, sizeof *piece);
    memcpy(piece->name, document->name, sizeof piece->name);
    piece->index = document->index;
    piece->codec = document->codec;
    piece->size = document->packed.size;
    piece->offset = offset;
    piece->piece.data =
        offset > 0 ? document->packed.data + offset : document->packed.data;
    piece->piece.size =
        left > WIRE_PIECE_BYTES_MAX ? WIRE_PIECE_BYTES_MAX : left;
    piece->signature = document->signature;
}

/* ---- putting together ---- */

void wire_assembly_init(struct wire_assembly *assembly)
{
    memset(assembly, 0, sizeof *assembly);
    buffer_init(&assembly->packed, WIRE_DOCUMENT_BYTES_MAX);
    buffer_init(&assembly->body, WIRE_DOCUMENT_BYTES_MAX);
}

void wire_assembly_fini(struct wire_assembly *assembly)
{
    buffer_fini(&assembly->packed);
    buffer_fini(&assembly->body);
}

/* Throws away what is there. */
static void assembly_clear(struct wire_assembly *assembly)
{
    assembly->name[0] = '\0';
    buffer_clear(&assembly->packed);
}

static bool assembly_expects(const struct wire_assembly *assembly,
                             const struct wire_piece *piece)
{
    return strcmp(assembly->name, piece->name) == 0 &&
           assembly->index == piece->index && assembly->size == piece->size &&
           assembly->codec == piece->codec &&
           assembly->packed.size == piece->offset &&
           memcmp(assembly->signature.bytes, piece->signature.bytes,
                  SIGNATURE_BYTES) == 0;
}

static enum status assembly_unpack(struct wire_assembly *assembly)
{
    struct bytes packed = buffer_bytes(&assembly->packed);
    unsigned long long size;
    uint8_t *room;
    enum status status;

    buffer_clear(&assembly->body);
    if (assembly->codec == WIRE_CODEC_PLAIN) {
        return buffer_append(&assembly->body, packed);
    }
    size = ZSTD_getFrameContentSize(packed.data, packed.size);
    if (size > WIRE_DOCUMENT_BYTES_MAX) { /* or unknown, or an error */
        return STATUS_INVALID;
    }
    status = buffer_extend(&assembly->body, (size_t)size, &room);
    if (status == STATUS_OK &&
        ZSTD_decompress(room, (size_t)size, packed.data, packed.size) != size) {
        status = STATUS_INVALID;
    }
    return status;
}

static enum status assembly_finish(struct wire_assembly *assembly,
                                   const struct public_key *ledger_key,
                                   struct bytes *body)
{
    struct signed_part part;
    struct digest digest;
    enum status status = assembly_unpack(assembly);

    if (status != STATUS_OK) {
        return status;
    }
    digest_bytes(buffer_bytes(&assembly->body), &digest);
    part = signed_part_of(assembly->name, assembly->index, &digest);
    if (!sign_verify(ledger_key, WIRE_SIGN_DOCUMENT,
                     (struct bytes){.data = part.data, .size = part.size},
                     &assembly->signature)) {
        return STATUS_REFUSED;
    }
    *body = buffer_bytes(&assembly->body);
    return STATUS_OK;
}

enum status wire_assembly_add(struct wire_assembly *assembly,
                              const struct wire_piece *piece,
                              const struct public_key *ledger_key,
                              struct bytes *body)
{
    enum status status;

    if (piece->offset == 0) {
        assembly_clear(assembly);
        memcpy(assembly->name, piece->name, sizeof assembly->name);
        assembly->index = piece->index;
        assembly->size = piece->size;
        assembly->codec = piece->codec;
        assembly->signature = piece->signature;
    }
    if (!assembly_expects(assembly, piece) ||
        piece->size > WIRE_DOCUMENT_BYTES_MAX ||
        piece->piece.size > piece->size - piece->offset ||
        (piece->piece.size == 0 && piece->size > 0)) {
        assembly_clear(assembly);
        return STATUS_INVALID;
    }
    status = buffer_append(&assembly->packed, piece->piece);
    if (status == STATUS_OK && assembly->packed.size < assembly->size) {
        return STATUS_AGAIN;
    }
    if (status == STATUS_OK) {
        status = assembly_finish(assembly, ledger_key, body);
    }
    assembly_clear(assembly);
    return status;
}
