/* plan_files - a plan with its units and vocabulary, as files of a folder.
 *
 * Flow     plan.yaml, units.csv, vocabulary.yaml -> [plan_files] -> plan check,
 *          plan load, the indicators of an office
 * Owns     the bytes of the files and what was made of them.
 * Threads  one.
 * Limits   CONTROL_BYTES_MAX bytes a file.
 *
 * units.csv and vocabulary.yaml lie beside the plan; the second may be absent.
 */
#ifndef TALLYLINE_COMMON_PLAN_FILES_H
#define TALLYLINE_COMMON_PLAN_FILES_H

#include "common/base/bytes.h"
#include "common/base/file.h"
#include "common/base/status.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"
#include "common/figures/report.h"
#include "common/plan/plan.h"

enum plan_files_kind {
    PLAN_FILES_VOCABULARY,
    PLAN_FILES_UNITS,
    PLAN_FILES_PLAN,
    PLAN_FILES_END
};

struct plan_file {
    char path[FILE_PATH_MAX];
    const char *name; /* base name, in `path` */
    struct buffer content;
    bool present;
};

struct plan_files {
    struct plan_file files[PLAN_FILES_END];
    struct vocabulary *vocabulary;
    struct units *units;
    struct plan *plan;
};

/* Nothing is read yet; free with plan_files_fini(). */
void plan_files_init(struct plan_files *files);
void plan_files_fini(struct plan_files *files);

/* Reads the files of a folder, or a plan file and those beside it.
 * STATUS_NO_INPUT: plan or units cannot be read; `report` says which. */
MUST_USE enum status plan_files_read(struct plan_files *files, const char *path,
                                     struct report *report);
/* Makes vocabulary, units and plan of them. STATUS_INVALID: every mistake
 * stands in `report`, sorted. */
MUST_USE enum status plan_files_check(struct plan_files *files,
                                      struct report *report);

/* What two plans that were checked say of each other; nothing where one of them
 * has no plan. Two plans that run at the same time for one unit and programme
 * set no two goals for one indicator. */
void plan_files_compare(const struct plan_files *first,
                        const struct plan_files *second, struct report *report);

#endif
