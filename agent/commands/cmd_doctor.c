/* tallyline-agent doctor: what is wrong with this office, and what to do. It
 * needs no service and no line, and changes nothing. Exit code 1 when something
 * is wrong. */
#include "agent/commands/commands.h"
#include "agent/doctor/doctor.h"

#include <stdio.h>
#include <string.h>

enum status cmd_doctor(const struct args *args, void *context)
{
    struct doctor doctor = {.args = args};
    enum listing_format format;
    enum status rc = listing_format_given(args, &format);

    (void)context;
    if (rc == STATUS_OK) {
        rc = office_check_owner(args, office_dir(args));
    }
    if (rc == STATUS_OK && strlen(office_dir(args)) >= sizeof doctor.dir) {
        rc = STATUS_USAGE;
        args_error(args, "%s: %s", office_dir(args),
                   status_text(STATUS_INVALID, args->language));
    }
    if (rc == STATUS_OK) {
        (void)snprintf(doctor.dir, sizeof doctor.dir, "%s", office_dir(args));
        rc = findings_open(format, args->language, stdout, &doctor.findings);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    clock_init_real(&doctor.clock);
    doctor_machine(&doctor);
    doctor_clock(&doctor);
    doctor_line(&doctor);
    doctor_office(&doctor);
    rc = findings_close(&doctor.findings);
    doctor_close(&doctor);
    return rc;
}
