/* The happy path: every leaf is pushed on a frontier, whose complete nodes fill
 * one tile of each level; a full tile is written, and at the end those that are
 * not full. Nothing is taken from the kept nodes: what is exported follows from
 * the entries, and its root must be the one that was signed. */
#include "collector/audit/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/log.h"

#define TILE_WIDTH   256u
#define TILE_HEIGHT  8u
#define TILE_LEVELS  8u
#define BUNDLE_ENTRY (2u + ENTRY_BYTES)

struct tile {
    uint8_t hashes[TILE_WIDTH * DIGEST_BYTES];
    unsigned width;
    uint64_t index;
};

struct tiling {
    struct export_files *files;
    struct merkle_frontier frontier;
    struct tile tiles[TILE_LEVELS];
    uint8_t bundle[TILE_WIDTH * BUNDLE_ENTRY];
};

/* "tile/0/x001/x234/067", or with ".p/12" behind it. */
static void tile_name(const char *level, uint64_t index, unsigned width,
                      char name[EXPORT_NAME_MAX])
{
    char groups[8][4]; /* 2^64 has 20 digits */
    unsigned count = 0;
    size_t size;

    do {
        (void)snprintf(groups[count], sizeof groups[count], "%03u",
                       (unsigned)(index % 1000u));
        count++;
        index /= 1000u;
    } while (index > 0);
    size = (size_t)snprintf(name, EXPORT_NAME_MAX, "tile/%s", level);
    while (count > 0) {
        count--;
        size += (size_t)snprintf(name + size, EXPORT_NAME_MAX - size, "/%s%s",
                                 count > 0 ? "x" : "", groups[count]);
    }
    if (width < TILE_WIDTH) {
        (void)snprintf(name + size, EXPORT_NAME_MAX - size, ".p/%u", width);
    }
}

static enum status write_tile(struct tiling *tiling, unsigned level)
{
    const struct tile *tile = &tiling->tiles[level];
    char name[EXPORT_NAME_MAX];
    char word[4];

    (void)snprintf(word, sizeof word, "%u", level);
    tile_name(word, tile->index, tile->width, name);
    return export_files_put(
        tiling->files, name,
        (struct bytes){tile->hashes, tile->width * DIGEST_BYTES}, EXPORT_SAME);
}

static enum status write_bundle(struct tiling *tiling)
{
    const struct tile *leaves = &tiling->tiles[0];
    char name[EXPORT_NAME_MAX];

    tile_name("entries", leaves->index, leaves->width, name);
    return export_files_put(
        tiling->files, name,
        (struct bytes){tiling->bundle, leaves->width * BUNDLE_ENTRY},
        EXPORT_SAME);
}

static enum status write_level(struct tiling *tiling, unsigned level)
{
    enum status status = level == 0 ? write_bundle(tiling) : STATUS_OK;

    if (status == STATUS_OK) {
        status = write_tile(tiling, level);
    }
    tiling->tiles[level].width = 0;
    tiling->tiles[level].index++;
    return status;
}

/* The last complete node of a level goes into its tile. */
static enum status fill(struct tiling *tiling, unsigned level)
{
    struct tile *tile = &tiling->tiles[level];

    memcpy(tile->hashes + (size_t)tile->width * DIGEST_BYTES,
           tiling->frontier.last[level * TILE_HEIGHT].bytes, DIGEST_BYTES);
    tile->width++;
    return tile->width == TILE_WIDTH ? write_level(tiling, level) : STATUS_OK;
}

static enum status add_entry(struct tiling *tiling, const struct entry *entry)
{
    uint8_t *place =
        tiling->bundle + (size_t)tiling->tiles[0].width * BUNDLE_ENTRY;
    enum status status = STATUS_OK;
    struct digest leaf;

    bytes_put_u16(place, ENTRY_BYTES);
    entry_write(entry, place + 2);
    merkle_leaf((struct bytes){place + 2, ENTRY_BYTES}, &leaf);
    merkle_frontier_push(&tiling->frontier, &leaf);
    uint64_t nodes = tiling->frontier.size;
    status = fill(tiling, 0);
    for (unsigned level = 1;
         level < TILE_LEVELS && status == STATUS_OK && nodes % TILE_WIDTH == 0;
         level++) {
        nodes /= TILE_WIDTH;
        status = fill(tiling, level);
    }
    return status;
}

static enum status write_rest(struct tiling *tiling)
{
    enum status status = STATUS_OK;

    for (unsigned level = 0; level < TILE_LEVELS && status == STATUS_OK;
         level++) {
        if (tiling->tiles[level].width > 0) {
            status = write_level(tiling, level);
        }
    }
    return status;
}

/* What is there must not be of another ledger, and not of a greater one: a
 * ledger that has lost its end must not look like a new truth. */
static enum status look_before(const struct checkpoint *checkpoint,
                               const struct export_files *files)
{
    struct checkpoint there;
    struct buffer old;
    struct note note;

    buffer_init(&old, NOTE_BYTES_MAX);
    enum status status = export_files_read(files, "checkpoint", &old);
    if (status == STATUS_NOT_FOUND) {
        buffer_fini(&old);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = note_open(buffer_bytes(&old), &note);
    }
    if (status == STATUS_OK) {
        status = checkpoint_read(note.text, &there);
    }
    if (status == STATUS_OK && (strcmp(there.origin, checkpoint->origin) != 0 ||
                                there.size > checkpoint->size)) {
        log_error("what is there was made of another or a longer ledger",
                  log_text("origin", there.origin),
                  log_number("entries", (int64_t)there.size));
        status = STATUS_REFUSED;
    }
    buffer_fini(&old);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

static enum status check_root(const struct tiling *tiling,
                              const struct checkpoint *checkpoint)
{
    struct digest root;

    merkle_frontier_root(&tiling->frontier, &root);
    if (digest_equal(&root, &checkpoint->root)) {
        return STATUS_OK;
    }
    log_error("the ledger does not have the root that was signed",
              log_number("entries", (int64_t)checkpoint->size),
              log_hex("root", (struct bytes){root.bytes, DIGEST_BYTES}));
    return STATUS_CORRUPT;
}

enum status export_tiles(struct export_source *source,
                         const struct checkpoint *checkpoint, struct bytes note,
                         const struct export_watch *watch,
                         struct export_files *files)
{
    enum status status = look_before(checkpoint, files);
    struct entry entry;

    if (status != STATUS_OK) {
        return status;
    }
    struct tiling *tiling = calloc(1, sizeof *tiling);
    if (tiling == NULL) {
        return STATUS_MEMORY;
    }
    tiling->files = files;
    for (uint64_t i = 0; i < checkpoint->size && status == STATUS_OK; i++) {
        status = export_source_turn(source, i);
        if (status == STATUS_OK) {
            status = ledger_entry(source->snapshot, i, &entry);
        }
        if (status == STATUS_OK) {
            status = add_entry(tiling, &entry);
        }
        if (watch->at != NULL) {
            watch->at(watch->owner, i + 1);
        }
    }
    if (status == STATUS_OK) {
        status = write_rest(tiling);
    }
    if (status == STATUS_OK) {
        status = check_root(tiling, checkpoint);
    }
    if (status == STATUS_OK) {
        status = export_files_put(files, "checkpoint", note, EXPORT_REPLACES);
    }
    free(tiling);
    return status;
}
