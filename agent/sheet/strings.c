/* Texts go one behind the other into a file, and where each ends into another.
 * What sheets say row after row is found in the cache. Failure modes: too many
 * of them, and a disk without room. */
#include "agent/sheet/strings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/sheet/markup.h"
#include "common/base/bytes.h"

#define INDEX_BYTES    8u
#define CACHED         512u
#define CACHED_TEXT    64u
#define NOTHING_CACHED UINT64_MAX

struct cached {
    uint64_t index;
    size_t size;
    char text[CACHED_TEXT];
};

struct strings {
    FILE *texts;
    FILE *ends;
    uint64_t count;
    uint64_t bytes;
    struct cached cache[CACHED];

    /* While they are read. */
    struct fault *fault;
    const char *part;
    bool within;    /* an si */
    bool told;      /* a t, not of how it is read aloud */
    unsigned aloud; /* rPh that are open */
    size_t size;    /* of the text, so far */
    char text[STRINGS_TEXT_MAX];
};

static enum status on_begin(void *owner, const char *name,
                            const char *const *attributes)
{
    struct strings *strings = owner;

    (void)attributes;
    if (strcmp(name, "si") == 0) {
        strings->within = true;
        strings->size = 0;
    } else if (strcmp(name, "rPh") == 0) {
        strings->aloud++;
    } else if (strcmp(name, "t") == 0) {
        strings->told = strings->within && strings->aloud == 0;
    }
    return STATUS_OK;
}

/* ---- what is written out ---- */

#define ESCAPE_BYTES 7u /* _x000D_ */

static bool read_escape(const char *text, uint32_t *character)
{
    uint32_t number = 0;

    for (size_t i = 2; i < ESCAPE_BYTES - 1; i++) {
        char c = text[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10u
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10u
                                                : 16u;

        if (digit > 15u) {
            return false;
        }
        number = number << 4 | digit;
    }
    *character = number;
    return text[0] == '_' && text[1] == 'x' && text[ESCAPE_BYTES - 1] == '_' &&
           (number >= 0x20u || number == '\t' || number == '\n' ||
            number == '\r') &&
           (number < 0xd800u || number > 0xdfffu); /* half a character */
}

static size_t write_utf8(uint32_t character, char out[3])
{
    if (character < 0x80u) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800u) {
        out[0] = (char)(0xc0u | character >> 6);
        out[1] = (char)(0x80u | (character & 0x3fu));
        return 2;
    }
    out[0] = (char)(0xe0u | character >> 12);
    out[1] = (char)(0x80u | (character >> 6 & 0x3fu));
    out[2] = (char)(0x80u | (character & 0x3fu));
    return 3;
}

void strings_unescape(char *text, size_t *size)
{
    size_t to = 0;
    size_t from = 0;
    uint32_t character;

    while (from < *size) {
        if (text[from] == '_' && *size - from >= ESCAPE_BYTES &&
            read_escape(text + from, &character)) {
            to += write_utf8(character, text + to);
            from += ESCAPE_BYTES;
        } else {
            text[to++] = text[from++];
        }
    }
    *size = to;
}

/* ---- the part ---- */

static enum status put(struct strings *strings)
{
    uint8_t end[INDEX_BYTES];

    if (strings->size < sizeof strings->text) {
        strings_unescape(strings->text, &strings->size);
    }
    strings->bytes += strings->size;
    if (strings->count == STRINGS_MAX || strings->bytes > STRINGS_BYTES_MAX) {
        fault_set(strings->fault, FAULT_MANY_STRINGS, strings->part);
        return STATUS_INVALID;
    }
    bytes_put_u64(end, strings->bytes);
    strings->count++;
    return fwrite(strings->text, 1, strings->size, strings->texts) ==
                       strings->size &&
                   fwrite(end, 1, sizeof end, strings->ends) == sizeof end
               ? STATUS_OK
               : STATUS_IO;
}

static enum status on_end(void *owner, const char *name)
{
    struct strings *strings = owner;

    if (strcmp(name, "t") == 0) {
        strings->told = false;
    } else if (strcmp(name, "rPh") == 0 && strings->aloud > 0) {
        strings->aloud--;
    } else if (strcmp(name, "si") == 0) {
        strings->within = false;
        return put(strings);
    }
    return STATUS_OK;
}

static enum status on_text(void *owner, const char *text, size_t size)
{
    struct strings *strings = owner;
    size_t room = sizeof strings->text - strings->size;

    if (strings->told) {
        size = size < room ? size : room;
        memcpy(strings->text + strings->size, text, size);
        strings->size += size;
    }
    return STATUS_OK;
}

enum status strings_read(struct archive *archive, const char *part,
                         struct strings **strings, struct fault *fault)
{
    struct strings *made = calloc(1, sizeof *made);
    struct markup markup = {
        .owner = made, .begin = on_begin, .end = on_end, .text = on_text};
    enum status rc;

    *strings = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < CACHED; i++) {
        made->cache[i].index = NOTHING_CACHED;
    }
    made->fault = fault;
    made->part = part;
    made->texts = tmpfile();
    made->ends = tmpfile();
    rc = made->texts != NULL && made->ends != NULL
             ? archive_begin(archive, part, fault)
             : STATUS_IO;
    if (rc == STATUS_OK) {
        rc = markup_read(archive, &markup, fault);
    } else if (rc == STATUS_NOT_FOUND) {
        rc = STATUS_OK;
    }
    if (rc == STATUS_OK &&
        (fflush(made->texts) != 0 || fflush(made->ends) != 0)) {
        rc = STATUS_IO;
    }
    if (rc != STATUS_OK) {
        strings_free(&made);
    }
    *strings = made;
    return rc;
}

void strings_free(struct strings **strings)
{
    if (*strings == NULL) {
        return;
    }
    if ((*strings)->texts != NULL) {
        (void)fclose((*strings)->texts);
    }
    if ((*strings)->ends != NULL) {
        (void)fclose((*strings)->ends);
    }
    free(*strings);
    *strings = NULL;
}

/* Where the text before `index` ends, and where it does itself. */
static enum status find(const struct strings *strings, uint64_t index,
                        uint64_t *from, uint64_t *to)
{
    uint8_t ends[2 * INDEX_BYTES] = {0};
    uint64_t first = index > 0 ? index - 1 : 0;
    size_t size = index > 0 ? sizeof ends : INDEX_BYTES;
    uint8_t *at = index > 0 ? ends : ends + INDEX_BYTES;

    if (pread(fileno(strings->ends), at, size, (off_t)(first * INDEX_BYTES)) !=
        (ssize_t)size) {
        return STATUS_IO;
    }
    *from = bytes_get_u64(ends);
    *to = bytes_get_u64(ends + INDEX_BYTES);
    return STATUS_OK;
}

enum status strings_get(struct strings *strings, uint64_t index,
                        char out[STRINGS_TEXT_MAX], size_t *size)
{
    struct cached *cached = &strings->cache[index % CACHED];
    uint64_t from = 0;
    uint64_t to = 0;
    enum status rc;

    if (index >= strings->count) {
        return STATUS_NOT_FOUND;
    }
    if (cached->index == index) {
        memcpy(out, cached->text, cached->size);
        *size = cached->size;
        return STATUS_OK;
    }
    rc = find(strings, index, &from, &to);
    if (rc != STATUS_OK) {
        return rc;
    }
    *size = (size_t)(to - from);
    if (pread(fileno(strings->texts), out, *size, (off_t)from) !=
        (ssize_t)*size) {
        return STATUS_IO;
    }
    if (*size <= sizeof cached->text) {
        cached->index = index;
        cached->size = *size;
        memcpy(cached->text, out, *size);
    }
    return STATUS_OK;
}
