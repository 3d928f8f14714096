#include "agent/commands/next_steps.h"

#include "agent/api/site_certificate.h"

#include <stdio.h>

void next_steps_tell(const struct args *args, const struct config *config)
{
    static const struct language_text run = {
        "tallyline-agent run, hoặc làm dịch vụ: systemctl enable --now "
        "tallyline-agent",
        "tallyline-agent run, or as a service: systemctl enable --now "
        "tallyline-agent"};
    static const struct language_text add = {
        "tallyline-agent people add TÊN --role officer",
        "tallyline-agent people add NAME --role officer"};
    static const struct language_text open = {"mở trang của văn phòng",
                                              "open the office's page"};
    const char *dir = args_value(args, "dir");
    const struct http_settings *web = &config->web;

    if (dir == NULL) {
        (void)fprintf(stderr, "  1. %s\n  2. %s\n", args_text(args, run),
                      args_text(args, add));
    } else {
        (void)fprintf(stderr,
                      "  1. tallyline-agent run --dir %s\n  2. %s --dir %s\n",
                      dir, args_text(args, add), dir);
    }
    if (web->listen[0] != '\0') {
        (void)fprintf(stderr, "  3. %s: %s://%s\n", args_text(args, open),
                      site_is_secure(web) ? "https" : "http", web->listen);
    }
}
