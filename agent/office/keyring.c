/* Failure modes: a crash between any two system calls, which the next call
 * with the same purpose picks up; a key file that others may read, which is
 * refused; a full or broken disk. */
#include "agent/office/keyring.h"

#include "agent/office/office.h"
#include "common/base/bytes.h"
#include "common/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGN_NEXT_FILE  OFFICE_KEYS_FOLDER "/sign.next"
#define CURVE_NEXT_FILE OFFICE_KEYS_FOLDER "/curve.next"
#define ROTATING_FILE   OFFICE_KEYS_FOLDER "/rotating"
#define ROTATED_FILE    OFFICE_KEYS_FOLDER "/rotated"
#define JOIN_FILE       OFFICE_KEYS_FOLDER "/join.id"
#define EPOCH_FILE      OFFICE_KEYS_FOLDER "/epoch.next"

#define IDS_BYTES_MAX 256u

void keyring_wipe(struct keyring *keyring)
{
    sign_keys_wipe(&keyring->sign);
    curve_keys_wipe(&keyring->curve);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- files of hex ---- */

/* Reads ids from a file of hex; STATUS_NOT_FOUND when there is none. */
static enum status load_ids(const char *path, uint8_t *out, size_t size)
{
    struct buffer text;
    size_t got = 0;
    enum status status;

    buffer_init(&text, IDS_BYTES_MAX);
    status = file_read(path, &text);
    if (status == STATUS_OK && text.size > 0) {
        text.data[text.size - 1] = '\0'; /* the line end */
        status = bytes_from_hex((const char *)text.data, out, size, &got);
    }
    if (status == STATUS_OK && got != size) {
        status = STATUS_INVALID;
    }
    buffer_fini(&text);
    return status;
}

static enum status save_ids(const char *path, const uint8_t *ids, size_t size)
{
    char text[IDS_BYTES_MAX];
    enum status status = bytes_to_hex((struct bytes){.data = ids, .size = size},
                                      text, sizeof text - 1);

    if (status == STATUS_OK) {
        size_t length = strlen(text);

        text[length] = '\n';
        status = file_create(
            path, (struct bytes){.data = (uint8_t *)text, .size = length + 1});
    }
    return status;
}

/* ---- keys ---- */

static enum status load_pair(const char *dir, const char *sign,
                             const char *curve, struct keyring *keyring)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, sign, path);

    if (status == STATUS_OK) {
        status = sign_keys_load(path, &keyring->sign);
    }
    if (status == STATUS_OK) {
        status = office_path(dir, curve, path);
    }
    if (status == STATUS_OK) {
        status = curve_keys_load(path, &keyring->curve);
    }
    return status;
}

/* Whoever made only the first of two before a crash has made neither: but the
 * file is there, and what is there is kept. */
static enum status make_pair(const char *dir, const char *sign,
                             const char *curve, struct keyring *keyring)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, sign, path);

    if (status == STATUS_OK && !exists(path)) {
        sign_keys_make(&keyring->sign);
        status = sign_keys_save(path, &keyring->sign);
    }
    if (status == STATUS_OK) {
        status = office_path(dir, curve, path);
    }
    if (status == STATUS_OK && !exists(path)) {
        curve_keys_make(&keyring->curve);
        status = curve_keys_save(path, &keyring->curve);
    }
    if (status == STATUS_OK) {
        status = load_pair(dir, sign, curve, keyring);
    }
    return status;
}

enum status keyring_make(const char *dir, struct keyring *keyring)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, OFFICE_KEYS_FOLDER, path);

    if (status == STATUS_OK && mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        status = file_sync_folder(path);
    }
    if (status == STATUS_OK) {
        status = make_pair(dir, OFFICE_SIGN_FILE, OFFICE_CURVE_FILE, keyring);
    }
    return status;
}

enum status keyring_next(const char *dir, struct keyring *next)
{
    return make_pair(dir, SIGN_NEXT_FILE, CURVE_NEXT_FILE, next);
}

/* Takes the place of the old file, if it has not done so before. */
static enum status replace(const char *dir, const char *from, const char *to)
{
    char new_path[OFFICE_PATH_MAX];
    char old_path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, from, new_path);

    if (status == STATUS_OK) {
        status = office_path(dir, to, old_path);
    }
    if (status == STATUS_OK && exists(new_path) &&
        rename(new_path, old_path) != 0) {
        status = STATUS_IO;
    }
    return status == STATUS_OK ? file_sync_folder(old_path) : status;
}

static enum status forget(const char *path)
{
    if (unlink(path) != 0 && errno != ENOENT) {
        return STATUS_IO;
    }
    return file_sync_folder(path);
}

/* The two renames, and the end of them. */
static enum status end_rotation(const char *dir)
{
    enum status status = replace(dir, SIGN_NEXT_FILE, OFFICE_SIGN_FILE);

    if (status == STATUS_OK) {
        status = replace(dir, CURVE_NEXT_FILE, OFFICE_CURVE_FILE);
    }
    return status == STATUS_OK ? replace(dir, ROTATING_FILE, ROTATED_FILE)
                               : status;
}

enum status keyring_rotate(const char *dir, const struct public_key *join_key)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, ROTATING_FILE, path);

    if (status == STATUS_OK && !exists(path)) {
        status = save_ids(path, join_key->bytes, sizeof join_key->bytes);
    }
    return status == STATUS_OK ? end_rotation(dir) : status;
}

enum status keyring_rotated_by(const char *dir,
                               const struct public_key *join_key, bool *rotated)
{
    char path[OFFICE_PATH_MAX];
    struct public_key last;
    enum status status = office_path(dir, ROTATED_FILE, path);

    *rotated = false;
    if (status == STATUS_OK) {
        status = load_ids(path, last.bytes, sizeof last.bytes);
    }
    if (status == STATUS_OK) {
        *rotated = memcmp(last.bytes, join_key->bytes, sizeof last.bytes) == 0;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status keyring_load(const char *dir, struct keyring *keyring)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, ROTATING_FILE, path);

    if (status == STATUS_OK && exists(path)) {
        status = end_rotation(dir);
    }
    if (status == STATUS_OK) {
        status = load_pair(dir, OFFICE_SIGN_FILE, OFFICE_CURVE_FILE, keyring);
    }
    return status;
}

bool keyring_rotating(const char *dir)
{
    char path[OFFICE_PATH_MAX];

    return office_path(dir, CURVE_NEXT_FILE, path) == STATUS_OK && exists(path);
}

enum status keyring_forget_next(const char *dir)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, SIGN_NEXT_FILE, path);

    if (status == STATUS_OK) {
        status = forget(path);
    }
    if (status == STATUS_OK) {
        status = office_path(dir, CURVE_NEXT_FILE, path);
    }
    return status == STATUS_OK ? forget(path) : status;
}

/* ---- ids ---- */

enum status keyring_join_ids(const char *dir, struct random_id *agent,
                             struct random_id *epoch)
{
    char path[OFFICE_PATH_MAX];
    struct random_id ids[2];
    enum status status = office_path(dir, JOIN_FILE, path);

    if (status == STATUS_OK) {
        status = load_ids(path, ids[0].bytes, sizeof ids);
    }
    if (status == STATUS_NOT_FOUND) {
        random_id_make(&ids[0]);
        random_id_make(&ids[1]);
        status = save_ids(path, ids[0].bytes, sizeof ids);
    }
    *agent = ids[0];
    *epoch = ids[1];
    return status;
}

enum status keyring_next_epoch(const char *dir, struct random_id *epoch)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, EPOCH_FILE, path);

    if (status == STATUS_OK) {
        status = load_ids(path, epoch->bytes, sizeof epoch->bytes);
    }
    if (status == STATUS_NOT_FOUND) {
        random_id_make(epoch);
        status = save_ids(path, epoch->bytes, sizeof epoch->bytes);
    }
    return status;
}

enum status keyring_forget_epoch(const char *dir)
{
    char path[OFFICE_PATH_MAX];
    enum status status = office_path(dir, EPOCH_FILE, path);

    return status == STATUS_OK ? forget(path) : status;
}
