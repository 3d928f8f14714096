/* office_fixture - the directory of an office of Hà Nội that has joined, with
 * the province's documents of 2018 in its spool.
 *
 * Flow     test -> [office_fixture] -> a directory -> commands, source, import
 * Owns     the directory; one in a test program.
 * Threads  one.
 *
 * The administrator's keys are keys_fixed(1). Every call aborts when something
 * cannot be done.
 */
#ifndef TALLYLINE_TESTS_OFFICE_FIXTURE_H
#define TALLYLINE_TESTS_OFFICE_FIXTURE_H

#include "common/fold/context.h"
#include "common/format/control.h"
#include "tests/support/temp_dir.h"

/* A pair of an enrolment, by key and by number of enum Office. */
struct office_fixture_pair {
    uint32_t unit, office;
};

struct office_fixture {
    uint32_t agent;
    struct office_fixture_pair pairs[4];
    uint32_t pair_count;
    uint32_t areas[4];
    uint32_t area_count;
    uint64_t spool_bytes; /* 0: a small one */
};

#define OFFICE_FIXTURE_BA_DINH 1300001u
#define OFFICE_FIXTURE_HA_NOI  1200001u
#define OFFICE_FIXTURE_LABOUR  3u
#define OFFICE_FIXTURE_POLICE  6u

/* Agent 271: the labour office of Ba Đình alone. */
struct office_fixture office_fixture_ba_dinh(void);

extern struct temp_dir office_dir_path;

/* Fills an empty directory: agent.yaml, a spool that has joined, the documents
 * unless `joined_only`. */
void office_fixture_make(const char *dir, const struct office_fixture *fixture,
                         bool joined_only);
/* The same in a directory of its own. */
void office_fixture_open(const struct office_fixture *fixture,
                         bool joined_only);
void office_fixture_close(void);
/* Fills in one of the documents (not genesis). Free it with nothing: the texts
 * live as long as the program. */
void office_fixture_control(const struct office_fixture *fixture,
                            enum control_kind kind, struct control *control);
/* The context that those documents make, without a spool. */
struct context *office_fixture_context(const struct office_fixture *fixture);

#endif
