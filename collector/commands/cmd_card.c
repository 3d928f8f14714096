/* card: what the offices have to know of this collector, signed. It is for
 * offices that have joined at another one; enrolment files name the collector
 * that wrote them. */
#include "collector/commands/commands.h"
#include "collector/commands/commands_beside.h"
#include "common/base/text.h"
#include "common/format/card.h"

#include <stdio.h>
#include <string.h>

static enum status read_names(const struct args *args, struct card *card,
                              const char **output)
{
    static const struct language_text needed = {
        "cần --name TÊN và --output TỆP",
        "--name NAME and --output FILE are needed"};
    static const struct language_text bad = {
        "không gọi trung tâm như thế được (1 đến 63 byte, không có khoảng "
        "trắng ở hai đầu)",
        "no collector can be called so (1 to 63 bytes, no blank at either "
        "end)"};
    const char *name = args_value(args, "name");

    *output = args_value(args, "output");
    if (name == NULL || *output == NULL) {
        args_error(args, "%s", args_text(args, needed));
        return STATUS_USAGE;
    }
    if (text_to_nfc(name, strlen(name), card->name, sizeof card->name, NULL,
                    NULL) != STATUS_OK ||
        !card_name_good(card->name)) {
        args_error(args, "--name %s: %s", name, args_text(args, bad));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static enum status read_addresses(const struct args *args,
                                  const struct directory *directory,
                                  struct card *card)
{
    struct settings settings;
    struct report report;
    enum status status;

    report_init(&report, args->language);
    settings_init(&settings);
    status = settings_load(directory->config, &report, &settings);
    command_report(&report);
    report_fini(&report);
    return status == STATUS_OK
               ? command_reach(args, directory, &settings, card->addresses,
                               &card->address_count)
               : status;
}

/* STATUS_REBUILDING: the first entry has not come back yet. */
static enum status fill(const struct reading *reading, const struct keys *keys,
                        struct card *card)
{
    const struct control_genesis *genesis =
        context_genesis(province_context(reading->province));

    if (genesis == NULL) {
        return STATUS_REBUILDING;
    }
    card->server_key = keys->server.public_key;
    card->ledger_key = keys->ledger.public_key;
    card->ledger_id = genesis->ledger_id;
    memcpy(card->origin, genesis->origin, sizeof card->origin);
    card_sign(card, &keys->administrator);
    return STATUS_OK;
}

enum status cmd_card(const struct args *args, void *context)
{
    struct card card = {.address_count = 0};
    struct reading reading = {.ledger = NULL};
    const char *output = NULL;
    struct keys keys;
    enum status status = read_names(args, &card, &output);

    (void)context;
    if (status == STATUS_OK) {
        status = command_new_file(args, output);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = read_addresses(args, &reading.directory, &card);
    }
    if (status == STATUS_OK) {
        status = keys_load(&reading.directory, &keys, NULL);
        if (status == STATUS_OK) {
            status = fill(&reading, &keys, &card);
            keys_wipe(&keys);
        }
        if (status == STATUS_OK) {
            status = card_save(output, &card);
        }
        if (status != STATUS_OK) {
            (void)command_fail(args, output, status);
        }
    }
    reading_close(&reading);
    return status;
}
