/* markup - the elements of one part of a workbook, within bounds.
 *
 * Flow     archive -> [markup] -> styles, strings, workbook, worksheet
 * Owns     the parser, while it reads. Only markup.c includes <expat.h>.
 * Threads  one for each reading.
 * Limits   MARKUP_DEPTH_MAX elements in one another, MARKUP_WORD_MAX bytes a
 *          tag, MARKUP_NAME_MAX bytes a name, MARKUP_NAMES_MAX different names.
 *
 * A document type is refused, so that there are no entities but the five of
 * XML. Names lose their prefix: programs write x:row as well as row.
 *
 * Invariants
 *   I11  memory does not grow with the part.
 */
#ifndef TALLYLINE_AGENT_MARKUP_H
#define TALLYLINE_AGENT_MARKUP_H

#include "agent/sheet/archive.h"

#define MARKUP_DEPTH_MAX 64u
#define MARKUP_WORD_MAX  (256u * 1024u)
#define MARKUP_NAME_MAX  256u
#define MARKUP_NAMES_MAX 4096u

/* Any status but STATUS_OK ends the reading and is its answer. Texts come in
 * pieces. Each may be NULL. */
struct markup {
    void *owner;
    enum status (*begin)(void *owner, const char *name,
                         const char *const *attributes);
    enum status (*end)(void *owner, const char *name);
    enum status (*text)(void *owner, const char *text, size_t size);
    /* Bytes of the part that were unpacked, now and then. */
    void (*progress)(void *owner, uint64_t bytes);
};

/* Reads the part that was begun. STATUS_INVALID: see `fault`. */
MUST_USE enum status markup_read(struct archive *archive,
                                 const struct markup *markup,
                                 struct fault *fault);
/* NULL when the element has no such attribute. */
const char *markup_attribute(const char *const *attributes, const char *name);

#endif
