/* The happy path: pieces of the part go to expat, which calls back. Failure
 * modes: whatever is not well-formed, and whatever would make the parser keep
 * more and more (a tag without end, ever new names); each is a fault. */
#include "agent/sheet/markup.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES 16384u
/* A power of two, twice the names that may be in it. */
#define NAME_CELLS (2u * MARKUP_NAMES_MAX)

struct reading {
    const struct markup *markup;
    struct fault *fault;
    struct archive *archive;
    XML_Parser parser;
    enum status status;
    uint64_t fed; /* bytes of the part */
    uint64_t at;  /* where what was read last begins */
    unsigned depth;
    size_t name_count;
    uint64_t names[NAME_CELLS]; /* hashes; 0: a free cell */
};

static void stop(struct reading *reading, enum status status)
{
    if (reading->status == STATUS_OK) {
        reading->status = status;
        (void)XML_StopParser(reading->parser, XML_FALSE);
    }
}

static void refuse(struct reading *reading, enum fault_kind kind)
{
    fault_set(reading->fault, kind, archive_part_name(reading->archive));
    stop(reading, STATUS_INVALID);
}

/* How far the parser has come. */
static void note_place(struct reading *reading)
{
    XML_Index at = XML_GetCurrentByteIndex(reading->parser);

    reading->at = at > 0 ? (uint64_t)at : reading->at;
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

/* The parser keeps every name that it has met. */
static void count_name(struct reading *reading, const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t size = 0;
    size_t i;

    for (; name[size] != '\0'; size++) {
        hash = (hash ^ (uint8_t)name[size]) * UINT64_C(0x100000001b3);
    }
    hash |= 1u;
    for (i = (hash >> 8) % NAME_CELLS; reading->names[i] != 0;
         i = (i + 1) % NAME_CELLS) {
        if (reading->names[i] == hash) {
            return;
        }
    }
    if (size > MARKUP_NAME_MAX) {
        refuse(reading, FAULT_LONG_WORD);
    } else if (reading->name_count == MARKUP_NAMES_MAX) {
        refuse(reading, FAULT_MANY_NAMES);
    } else {
        reading->names[i] = hash;
        reading->name_count++;
    }
}

static void XMLCALL on_begin(void *owner, const char *name,
                             const char **attributes)
{
    struct reading *reading = owner;
    const struct markup *markup = reading->markup;

    if (reading->status != STATUS_OK) {
        return;
    }
    note_place(reading);
    count_name(reading, name);
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        count_name(reading, attributes[i]);
    }
    if (++reading->depth > MARKUP_DEPTH_MAX) {
        refuse(reading, FAULT_DEEP);
    }
    if (reading->status == STATUS_OK && markup->begin != NULL) {
        enum status rc = markup->begin(markup->owner, local(name),
                                       (const char *const *)attributes);

        if (rc != STATUS_OK) {
            stop(reading, rc);
        }
    }
}

static void XMLCALL on_end(void *owner, const char *name)
{
    struct reading *reading = owner;
    const struct markup *markup = reading->markup;

    if (reading->status != STATUS_OK) {
        return;
    }
    note_place(reading);
    reading->depth--;
    if (markup->end != NULL) {
        enum status rc = markup->end(markup->owner, local(name));

        if (rc != STATUS_OK) {
            stop(reading, rc);
        }
    }
}

static void XMLCALL on_text(void *owner, const char *text, int size)
{
    struct reading *reading = owner;
    const struct markup *markup = reading->markup;

    note_place(reading);
    if (reading->status == STATUS_OK && markup->text != NULL) {
        enum status rc = markup->text(markup->owner, text, (size_t)size);

        if (rc != STATUS_OK) {
            stop(reading, rc);
        }
    }
}

static void XMLCALL on_doctype(void *owner, const char *name,
                               const char *system, const char *public,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(owner, FAULT_DOCTYPE);
}

static void XMLCALL on_instruction(void *owner, const char *target,
                                   const char *data)
{
    (void)data;
    note_place(owner);
    count_name(owner, target);
}

static void XMLCALL on_comment(void *owner, const char *text)
{
    (void)text;
    note_place(owner);
}

static void read_pieces(struct reading *reading)
{
    size_t size = 0;

    do {
        void *piece = XML_GetBuffer(reading->parser, PIECE_BYTES);

        if (piece == NULL) {
            stop(reading, STATUS_MEMORY);
            return;
        }
        enum status rc = archive_read(reading->archive, piece, PIECE_BYTES,
                                      &size, reading->fault);
        if (rc != STATUS_OK) {
            stop(reading, rc);
            return;
        }
        reading->fed += size;
        if (XML_ParseBuffer(reading->parser, (int)size, size == 0) !=
                XML_STATUS_OK &&
            reading->status == STATUS_OK) {
            if (XML_GetErrorCode(reading->parser) == XML_ERROR_NO_MEMORY) {
                reading->status = STATUS_MEMORY;
            } else {
                refuse(reading, FAULT_XML);
            }
        }
        /* What is held back is a tag that has not ended. */
        if (reading->status == STATUS_OK &&
            reading->fed - reading->at > MARKUP_WORD_MAX) {
            refuse(reading, FAULT_LONG_WORD);
        }
        if (reading->markup->progress != NULL) {
            reading->markup->progress(reading->markup->owner, reading->fed);
        }
    } while (reading->status == STATUS_OK && size > 0);
}

enum status markup_read(struct archive *archive, const struct markup *markup,
                        struct fault *fault)
{
    struct reading *reading = calloc(1, sizeof *reading);
    enum status rc = STATUS_MEMORY;

    if (reading == NULL) {
        return rc;
    }
    reading->markup = markup;
    reading->fault = fault;
    reading->archive = archive;
    reading->parser = XML_ParserCreate(NULL);
    if (reading->parser != NULL) {
        XML_SetUserData(reading->parser, reading);
        XML_SetElementHandler(reading->parser, on_begin, on_end);
        XML_SetCharacterDataHandler(reading->parser, on_text);
        XML_SetStartDoctypeDeclHandler(reading->parser, on_doctype);
        XML_SetCommentHandler(reading->parser, on_comment);
        XML_SetProcessingInstructionHandler(reading->parser, on_instruction);
        read_pieces(reading);
        rc = reading->status;
        XML_ParserFree(reading->parser);
    }
    free(reading);
    return rc;
}

const char *markup_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}
