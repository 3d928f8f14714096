/* doctor: what is wrong with the collector, and what to do. Exit code 1 when
 * something is wrong. */
#include "collector/commands/commands.h"
#include "collector/doctor/doctor.h"

#include <stdio.h>

enum status cmd_doctor(const struct args *args, void *context)
{
    struct doctor doctor = {.args = args};
    enum listing_format format;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status == STATUS_OK) {
        status = command_directory(args, &doctor.directory);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = directory_check(&doctor.directory);
    if (status != STATUS_OK) {
        return command_fail(args, doctor.directory.path, status);
    }
    status = findings_open(format, args->language, stdout, &doctor.findings);
    if (status != STATUS_OK) {
        return command_fail(args, doctor.directory.path, status);
    }
    clock_init_real(&doctor.clock);
    doctor_machine(&doctor);
    doctor_ledger(&doctor);
    doctor_service(&doctor);
    doctor_orders(&doctor);
    status = findings_close(&doctor.findings);
    doctor_close(&doctor);
    return status;
}
