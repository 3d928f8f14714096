/* accounts - who may come in: the files of users, tokens, one-time links and
 * keys of the live feed.
 *
 * Flow     `users`, `people` commands -> [accounts] -> DIR/users, DIR/tokens,
 *          DIR/links -> access;  DIR/feed-keys -> feed
 * Owns     the four files; a list owns its memory.
 * Threads  one for each list. Several processes may change the files: each
 *          change is made under a lock, and a file is replaced whole.
 * Limits   ACCOUNTS_MAX a file, ACCOUNTS_BYTES_MAX bytes.
 *
 * One account a line, its fields parted by blanks:
 *
 *     users    NAME ROLE UNIT|- ARGON2ID
 *     tokens   NAME ROLE UNIT|- SHA256-OF-TOKEN
 *     links    NAME - - SHA256-OF-LINK EXPIRES   (seconds since 1970)
 *     feed-keys  NAME ROLE - PUBLIC-KEY-AS-HEX
 *
 * What is in the files opens nothing by itself: passwords are kept as argon2id,
 * tokens and links, which are random, as their SHA-256. A file that others than
 * its owner may read or write is not believed, and nobody signs in by it.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_ACCOUNTS_H
#define TALLYLINE_COMMON_PEOPLE_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define ACCOUNTS_MAX        1024u
#define ACCOUNTS_BYTES_MAX  (512u * 1024u)
#define ACCOUNT_NAME_SIZE   64u  /* with the closing zero */
#define ACCOUNT_PLAIN_MAX   32u  /* letters of a name that is not written */
#define ACCOUNT_SECRET_SIZE 129u /* an argon2id text, or hex */
#define ACCOUNT_HASH_SIZE   65u  /* SHA-256 as hex */
#define ACCOUNT_TOKEN_BYTES 32u
#define ACCOUNT_LINK_BYTES  16u
#define ACCOUNT_TOKEN_SIZE  (2u * ACCOUNT_TOKEN_BYTES + 1u)

enum accounts_kind {
    ACCOUNTS_USERS,
    ACCOUNTS_TOKENS,
    ACCOUNTS_LINKS,
    ACCOUNTS_SIGN_IN, /* how many are for signing in */
    ACCOUNTS_FEED = ACCOUNTS_SIGN_IN,
    ACCOUNTS_KINDS
};

/* ---- what differs from program to program ---- */

#define ACCOUNTS_ROLES_MAX 8u

struct accounts_role {
    uint32_t role; /* one bit */
    const char *name;
};

/* A constant. */
struct accounts_rules {
    /* Names of the files; NULL: the program has none of the kind. */
    const char *files[ACCOUNTS_KINDS];
    struct accounts_role roles[ACCOUNTS_ROLES_MAX]; /* role 0: the end */
    uint32_t unit_role; /* whose accounts have a unit; 0: nobody's */
    /* Names are as people write them, with blanks and accents. In the files,
     * where blanks part, theirs are written "_". */
    bool written_names;
    /* What a sign-in calls the secret, and what comparing it may take. */
    const char *secret_name;
    unsigned long long effort; /* of argon2id */
    size_t memory;             /* bytes */
    unsigned at_once;          /* comparisons, PASSWORDS_AT_ONCE at most */
};

/* "viewer"; NULL for what is no role. */
const char *accounts_role_name(const struct accounts_rules *rules,
                               uint32_t role);
/* 0 for what is none. */
uint32_t accounts_role_read(const struct accounts_rules *rules,
                            const char *name);

/* ---- lists ---- */

struct account {
    char name[ACCOUNT_NAME_SIZE];
    uint32_t role;
    uint32_t unit; /* of a district; 0: none */
    char secret[ACCOUNT_SECRET_SIZE];
    int64_t expires_s; /* of a link */
};

struct accounts {
    struct account *list;
    size_t count, room;
};

void accounts_init(struct accounts *accounts);
void accounts_fini(struct accounts *accounts);
/* NULL: there is none of this name. */
struct account *accounts_find(const struct accounts *accounts,
                              const char *name);
/* STATUS_EXISTS when the name is there, STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status accounts_add(struct accounts *accounts,
                                  const struct account *account);
void accounts_remove(struct accounts *accounts, struct account *account);
/* Small letters, digits, ".", "_" and "-", at most ACCOUNT_PLAIN_MAX, a letter
 * first; a written name: letters of any script in NFC, digits, single blanks,
 * "." "-" and "'", below ACCOUNT_NAME_SIZE bytes. */
bool account_name_good(const struct accounts_rules *rules, const char *name);
/* The name as it stands in files, and back. */
void account_name_pack(const struct accounts_rules *rules,
                       char name[ACCOUNT_NAME_SIZE]);
void account_name_unpack(const struct accounts_rules *rules,
                         char name[ACCOUNT_NAME_SIZE]);

/* ---- files ---- */

/* Reads a file of `directory`; without one the list is empty. STATUS_REFUSED:
 * others may read or write it, or own it; STATUS_INVALID: a line that cannot
 * be read, `line` says which; STATUS_NO_INPUT, STATUS_MEMORY. `seen` (may be
 * NULL) is what accounts_changed() compares. */
struct accounts_seen {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};
MUST_USE enum status accounts_load(const struct accounts_rules *rules,
                                   const char *directory,
                                   enum accounts_kind kind,
                                   struct accounts *accounts, size_t *line,
                                   struct accounts_seen *seen);
/* Whether the file is another one than was seen. */
bool accounts_changed(const struct accounts_rules *rules, const char *directory,
                      enum accounts_kind kind,
                      const struct accounts_seen *seen);
/* Replaces the file, mode 0600, durable with STATUS_OK. STATUS_IO. */
MUST_USE enum status accounts_save(const struct accounts_rules *rules,
                                   const char *directory,
                                   enum accounts_kind kind,
                                   const struct accounts *accounts);
/* The text of a file that is its owner's alone, closed by a zero. Its `info` is
 * all 0 when there is none: STATUS_NOT_FOUND. As above. */
MUST_USE enum status account_file_read(const char *directory, const char *name,
                                       struct buffer *text, struct stat *info);
/* Frees what may hold secrets. */
void account_text_wipe(struct buffer *text);
/* Between the two no other process changes the files: STATUS_IO. */
MUST_USE enum status accounts_lock(const char *directory, int *fd);
void accounts_unlock(int *fd);

/* ---- secrets ---- */

/* Writes a random text of 2 * `bytes` hex digits. */
void account_make_token(size_t bytes, char *token);
/* What is kept of it. */
void account_hash(const char *token, char hash[ACCOUNT_HASH_SIZE]);

#endif
