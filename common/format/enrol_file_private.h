/* enrol_file_private - what reading and writing such files share. */
#ifndef TALLYLINE_COMMON_ENROL_FILE_PRIVATE_H
#define TALLYLINE_COMMON_ENROL_FILE_PRIVATE_H

#include "common/format/enrol_file.h"

#define ENROL_VERSION 1u

enum enrol_purpose {
    ENROL_JOIN,
    ENROL_ROTATE,
    ENROL_AGAIN,
    ENROL_NEW_KEYS
};

/* The words in the file, in that order; ends with NULL. */
extern const char *const enrol_purposes[];

#endif
