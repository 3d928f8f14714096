/* The file is begun with the first row that goes into it. Failure modes: a
 * disk without room, a file of that name; the first one is kept and answered
 * at the end, since the rows are judged all the same. */
#include "agent/sheet/refused.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/sheet/refused_file.h"
#include "agent/source/import_internal.h"
#include "common/base/bytes.h"
#include "common/base/id_map.h"
#include "common/format/sign.h"

#define KEY_CONTEXT   "tallyline refused row 1"
#define KEY_BYTES_MAX (2u * CSV_ROW_BYTES_MAX)

struct refused {
    struct refused_options options;
    const struct import *import;
    struct refused_file file;
    struct id_map seen; /* rows by what they say */
    bool headed;
    uint64_t refused;
    enum status trouble;
};

enum status refused_new(const struct refused_options *options,
                        struct refused **refused)
{
    struct refused *made = calloc(1, sizeof *made);

    *refused = made;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->options = *options;
    id_map_init(&made->seen);
    return STATUS_OK;
}

void refused_of(struct refused *refused, const struct import *import)
{
    refused->import = import;
}

/* ---- the heading ---- */

static bool is_reasons(const char *name)
{
    return strcmp(name, IMPORT_REASONS_VI) == 0 ||
           strcmp(name, IMPORT_REASONS_EN) == 0;
}

/* The columns as they were written, without the reasons of another time. */
static void keep_heading(struct refused *refused, const struct csv_row *row)
{
    struct refused_file *file = &refused->file;

    for (size_t i = 0; i < row->cell_count; i++) {
        const char *name = import_column_name(refused->import, i);

        if (is_reasons(name)) {
            continue;
        }
        file->places[file->count] = i;
        (void)snprintf(file->names[file->count], REFUSED_NAME_MAX, "%s", name);
        file->count++;
    }
    refused->headed = true;
}

/* ---- rows ---- */

/* An id made of all cells of the row and of its ordinal among equal ones. */
static void make_key(struct refused *refused, const struct csv_row *row,
                     char key[REFUSED_KEY_MAX])
{
    struct buffer text;
    struct digest digest;
    uint64_t place;
    uint32_t before;
    uint32_t ordinal;
    enum status rc;

    buffer_init(&text, KEY_BYTES_MAX);
    rc = buffer_text(&text, KEY_CONTEXT);
    for (size_t i = 0; rc == STATUS_OK && i < row->cell_count; i++) {
        const struct csv_cell *cell = &row->cells[i];

        rc = buffer_u64(&text, cell->size);
        if (rc == STATUS_OK) {
            rc = buffer_append(
                &text, (struct bytes){(const uint8_t *)cell->text, cell->size});
        }
    }
    digest_bytes(buffer_bytes(&text), &digest);
    buffer_fini(&text);
    if (rc != STATUS_OK) {
        refused->trouble = rc;
    }
    place = bytes_get_u64(digest.bytes) | 1u;
    before = id_map_get(&refused->seen, place);
    ordinal = before == ID_MAP_NONE ? 0 : before + 1;
    if (id_map_put(&refused->seen, place, ordinal) != STATUS_OK) {
        refused->trouble = STATUS_MEMORY;
    }
    bytes_put_u32(digest.bytes, bytes_get_u32(digest.bytes) + ordinal);
    if (bytes_to_hex((struct bytes){digest.bytes, EVENT_ENTRY_KEY_BYTES}, key,
                     REFUSED_KEY_MAX) != STATUS_OK) {
        key[0] = '\0';
    }
}

/* Whether the row brings an id along, or has a fault in that cell. */
static bool has_key(const struct refused *refused, const struct csv_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        if (import_column_field(refused->import, i) == EVENT_ENTRY_KEY &&
            !import_blank_cell(&row->cells[i])) {
            return true;
        }
    }
    return false;
}

static void put_row(struct refused *refused, const struct import_row *row)
{
    char key[REFUSED_KEY_MAX] = "";

    if (refused->trouble == STATUS_OK && !refused->file.open) {
        refused->trouble = refused_file_open(
            &refused->file, refused->options.path, refused->options.columns,
            refused->import, refused->options.language);
    }
    if (refused->trouble != STATUS_OK) {
        return;
    }
    if (!refused->options.whole && !has_key(refused, row->row)) {
        make_key(refused, row->row, key);
    }
    refused_file_row(&refused->file, refused->import, row, key);
}

void refused_row(struct refused *refused, const struct import_row *row)
{
    if (row->verdict == IMPORT_HEADING) {
        keep_heading(refused, row->row);
        return;
    }
    if (!refused->headed) {
        return;
    }
    refused->refused += row->verdict == IMPORT_REFUSED ? 1 : 0;
    if (row->verdict == IMPORT_REFUSED ||
        (refused->options.whole && row->verdict == IMPORT_ADDED)) {
        put_row(refused, row);
    }
}

enum status refused_close(struct refused **refused, bool keep, bool *made)
{
    enum status rc = STATUS_OK;

    *made = false;
    if (*refused == NULL) {
        return STATUS_OK;
    }
    rc = (*refused)->trouble;
    if ((*refused)->file.open) {
        bool wanted = keep && rc == STATUS_OK && (*refused)->refused > 0;
        enum status closed = refused_file_close(&(*refused)->file, wanted);

        rc = rc == STATUS_OK ? closed : rc;
        *made = wanted && rc == STATUS_OK;
    }
    id_map_fini(&(*refused)->seen);
    free(*refused);
    *refused = NULL;
    return rc;
}
