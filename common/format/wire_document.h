/* wire_document - one document on its way down, in pieces.
 *
 * Flow     body -> [wire_document] -> pieces ))) -> [wire_assembly] -> body
 * Owns     a document and an assembly their buffers.
 * Threads  one at a time.
 * Limits   WIRE_DOCUMENT_BYTES_MAX a document, WIRE_PIECE_BYTES_MAX a piece.
 *
 * Invariants
 *   I11  an assembly takes no more than its document may have.
 */
#ifndef TALLYLINE_COMMON_WIRE_DOCUMENT_H
#define TALLYLINE_COMMON_WIRE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/format/wire.h"

/* A document ready to leave: compressed where that helps, and signed. */
struct wire_document {
    char name[WIRE_NAME_MAX];
    uint64_t index;
    enum wire_document_codec codec;
    struct digest digest; /* of the body, unpacked */
    struct signature signature;
    struct buffer packed; /* owned */
};

/* Makes `document` of a body. `zstd` says that the reader can unpack it. Free
 * it with wire_document_fini(). STATUS_INVALID above WIRE_DOCUMENT_BYTES_MAX,
 * STATUS_MEMORY. */
MUST_USE enum status wire_document_make(struct wire_document *document,
                                        const char *name, uint64_t index,
                                        struct bytes body, bool zstd,
                                        const struct sign_keys *ledger_keys);
void wire_document_fini(struct wire_document *document);
/* The piece at `offset`, which is below the size of document->packed (or 0);
 * borrows from the document. */
void wire_document_piece(const struct wire_document *document, uint64_t offset,
                         struct wire_piece *piece);

/* Puts pieces together again, one document at a time. */
struct wire_assembly {
    char name[WIRE_NAME_MAX];
    uint64_t index;
    uint64_t size;
    enum wire_document_codec codec;
    struct signature signature;
    struct buffer packed;
    struct buffer body;
};
void wire_assembly_init(struct wire_assembly *assembly);
/* Gives the memory back; between two documents the assembly can go on. */
void wire_assembly_fini(struct wire_assembly *assembly);
/* Takes the next piece. STATUS_OK: the document is whole, its signature fits,
 * `body` is valid until the next call. STATUS_AGAIN: more pieces are to come.
 * STATUS_INVALID: a piece out of order or beyond a limit, and STATUS_REFUSED:
 * a wrong signature; the assembly begins anew then. */
MUST_USE enum status wire_assembly_add(struct wire_assembly *assembly,
                                       const struct wire_piece *piece,
                                       const struct public_key *ledger_key,
                                       struct bytes *body);

#endif
