/* What a command tells its people beside its answer. */
#include "common/base/args.h"

#include <stdarg.h>

const char *args_text(const struct args *args, struct language_text text)
{
    return language_pick(text, args->language);
}

void args_error(const struct args *args, const char *format, ...)
{
    va_list list;

    (void)fprintf(args->err, "%s: ", args->program->name);
    va_start(list, format);
    (void)vfprintf(args->err, format, list);
    va_end(list);
    (void)fputc('\n', args->err);
}

enum status args_fail(const struct args *args, const char *what,
                      enum status status)
{
    args_error(args, "%s: %s", what, status_text(status, args->language));
    return status;
}

enum status args_refuse(const struct args *args, const char *what,
                        struct language_text why, enum status status)
{
    args_error(args, "%s: %s", what, args_text(args, why));
    return status;
}
