#include "agent/commands/settings.h"

#include "agent/office/collectors.h"
#include "common/base/log.h"

#include <string.h>
#include <sys/stat.h>

static bool look_at(const char *dir, struct settings *settings)
{
    char path[OFFICE_PATH_MAX];
    struct stat about;

    memset(settings, 0, sizeof *settings);
    if (office_path(dir, OFFICE_CONFIG_FILE, path) != STATUS_OK ||
        stat(path, &about) != 0) {
        return false;
    }
    settings->file = about.st_ino;
    settings->changed = about.st_mtim;
    return true;
}

void settings_note(const char *dir, struct settings *settings)
{
    (void)look_at(dir, settings);
}

bool settings_differ(const char *dir, const struct settings *settings)
{
    struct settings now;

    return look_at(dir, &now) &&
           (now.file != settings->file ||
            now.changed.tv_sec != settings->changed.tv_sec ||
            now.changed.tv_nsec != settings->changed.tv_nsec);
}

bool settings_read(const struct office *office, struct config *config)
{
    char path[OFFICE_PATH_MAX];
    struct report report;
    enum status status = office_path(office->dir, OFFICE_CONFIG_FILE, path);

    report_init(&report, LANGUAGE_EN);
    if (status == STATUS_OK) {
        status = config_load(path, &report, config);
    }
    for (size_t i = 0; i < report.count; i++) {
        log_error("configuration", log_text("file", report.lines[i].file),
                  log_number("line", (int64_t)report.lines[i].line),
                  log_text("why", report.lines[i].text));
    }
    report_fini(&report);
    if (status != STATUS_OK || config->address_count == 0) {
        return false;
    }
    status = collectors_open(config, office->spool);
    if (status != STATUS_OK) {
        log_error("the collectors of the configuration are not the spool's",
                  log_status("status", status));
    }
    return status == STATUS_OK;
}
