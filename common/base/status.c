/* One row a status: everything comes from STATUS_LIST, so that a new outcome
 * cannot lack its text or its exit code. */
#include "common/base/status.h"

#include "common/base/check.h"

struct status_row {
    const char *name;
    const char *text[LANGUAGE_COUNT];
    int exit_code;
};

static const struct status_row rows[STATUS_COUNT] = {
#define STATUS_ROW(name_, code_, en_, vi_)                                  \
    [STATUS_##name_] = {.name = #name_,                                     \
                        .text = {[LANGUAGE_VI] = vi_, [LANGUAGE_EN] = en_}, \
                        .exit_code = code_},
    STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

static const struct status_row *row_of(enum status status)
{
    check(status >= STATUS_OK && status < STATUS_COUNT);
    return &rows[status];
}

const char *status_name(enum status status)
{
    return row_of(status)->name;
}

const char *status_text(enum status status, enum language language)
{
    check(language < LANGUAGE_COUNT);
    return row_of(status)->text[language];
}

int status_exit_code(enum status status)
{
    return row_of(status)->exit_code;
}
