/* enrol and rotate: an agent gets a number, what it may write for, and a key
 * that is good for joining (or for new keys), once and in time. The entry
 * comes first; when the file then cannot be written, the same command with
 * --agent writes another one. */
#include "collector/commands/commands.h"
#include "collector/commands/scope.h"
#include "collector/commands/succession.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/format/enrol_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALID_DEFAULT_US (7 * CLOCK_US_PER_DAY)
#define VALID_US_MAX     (366 * CLOCK_US_PER_DAY)

struct enrolling {
    const struct args *args;
    const struct clock *clock;
    uint32_t number; /* 0: the next one */
    bool rotates;
    bool again;    /* for a machine in place of a lost one */
    bool with_key; /* a file is asked for */
    struct curve_keys join_keys;
    int64_t valid_until;
    char name[CONTROL_NAME_MAX];    /* empty: as before */
    struct control_enrolment *made; /* what was composed last */
};

/* ---- options ---- */

/* 90m, 12h, 7d. */
static enum status read_valid(const struct args *args, int64_t *valid_us)
{
    static const struct {
        char unit;
        int64_t us;
    } units[] = {{'m', 60 * CLOCK_US_PER_S},
                 {'h', 3600 * CLOCK_US_PER_S},
                 {'d', CLOCK_US_PER_DAY}};
    const char *text = args_value(args, "valid");
    size_t size = text == NULL ? 0 : strlen(text);
    uint64_t count = 0;

    *valid_us = VALID_DEFAULT_US;
    if (text == NULL) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0] && size > 1; i++) {
        if (text[size - 1] == units[i].unit &&
            text_parse_count(text, size - 1, &count) == STATUS_OK &&
            count > 0 && count <= (uint64_t)(VALID_US_MAX / units[i].us)) {
            *valid_us = (int64_t)count * units[i].us;
            return STATUS_OK;
        }
    }
    args_error(args, "--valid %s: %s", text,
               args_text(args, (struct language_text){
                                   "cần một thời hạn như 90m, 12h, 7d (tối đa "
                                   "366d)",
                                   "a time such as 90m, 12h, 7d is needed (at "
                                   "most 366d)"}));
    return STATUS_USAGE;
}

static enum status read_name(const struct args *args,
                             char name[CONTROL_NAME_MAX])
{
    const char *text = args_value(args, "name");

    name[0] = '\0';
    if (text == NULL || (*text != '\0' &&
                         text_to_nfc(text, strlen(text), name, CONTROL_NAME_MAX,
                                     NULL, NULL) == STATUS_OK)) {
        return STATUS_OK;
    }
    args_error(args, "--name: %s",
               args_text(args, (struct language_text){
                                   "tên không hợp lệ hoặc quá dài (127 byte)",
                                   "the name is no text, or too long (127 "
                                   "bytes)"}));
    return STATUS_USAGE;
}

/* ---- the entry ---- */

static uint32_t next_number(const struct context *context)
{
    uint32_t number = 0;

    for (size_t i = 0; i < context_agent_count(context); i++) {
        const struct context_agent *agent = context_agent_at(context, i);

        number = agent->number > number ? agent->number : number;
    }
    return number + 1;
}

/* What an amendment does not name stays as it was. */
static enum status keep_what_was(const struct enrolling *self,
                                 const struct context_agent *agent,
                                 struct control_enrolment *enrolment)
{
    static const struct language_text never = {
        "trạm này chưa từng đăng ký: hãy cấp tệp đăng ký bằng --agent",
        "this agent has never joined: give it a file with --agent"};

    if (agent == NULL) {
        args_error(
            self->args, "%" PRIu32 ": %s", self->number,
            args_text(self->args, (struct language_text){
                                      "không có trạm nào mang số hiệu này",
                                      "there is no such agent"}));
        return STATUS_NOT_FOUND;
    }
    if (self->again && !agent->joined) {
        args_error(self->args, "%" PRIu32 ": %s", self->number,
                   args_text(self->args, never));
        return STATUS_REFUSED;
    }
    if (self->name[0] == '\0') {
        (void)snprintf(enrolment->name, sizeof enrolment->name, "%s",
                       agent->name);
    }
    if (enrolment->scope_count == 0) {
        check(agent->scope_count <= CONTROL_SCOPES_MAX);
        memcpy(enrolment->scopes, agent->scopes,
               agent->scope_count * sizeof agent->scopes[0]);
        enrolment->scope_count = agent->scope_count;
    }
    if (enrolment->succeeds_count == 0) {
        memcpy(enrolment->succeeds, agent->succeeds,
               agent->succeeds_count * sizeof agent->succeeds[0]);
        enrolment->succeeds_count = agent->succeeds_count;
    }
    return STATUS_OK;
}

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    struct enrolling *self = owner;
    struct control_enrolment *enrolment = &controls[0].enrolment;
    enum status status = STATUS_OK;

    controls[0].kind = CONTROL_ENROLMENT;
    memcpy(enrolment->name, self->name, sizeof enrolment->name);
    if (!self->rotates || self->again) {
        status = scope_read(self->args, context, clock_today(self->clock),
                            enrolment->scopes, &enrolment->scope_count);
    }
    if (status == STATUS_OK && !self->rotates) {
        status = succession_read(self->args, enrolment);
    }
    if (status == STATUS_OK && self->number != 0) {
        status = keep_what_was(self, context_agent(context, self->number),
                               enrolment);
    }
    if (status == STATUS_OK) {
        status = succession_take_over(self->args, context, enrolment);
    }
    if (status != STATUS_OK) {
        return status;
    }
    enrolment->agent_number =
        self->number != 0 ? self->number : next_number(context);
    if (self->with_key) {
        enrolment->join_key = self->join_keys.public_key;
        enrolment->join_until = self->valid_until;
        enrolment->rotates = self->rotates;
        enrolment->again = self->again;
    }
    *self->made = *enrolment;
    *count = 1;
    return STATUS_OK;
}

/* ---- the file ---- */

/* The office is to read what was signed before a break, too. */
static void add_former(const struct context *context, struct enrol_file *file)
{
    const struct province_keys *keys = context_province_keys(context);

    for (size_t i = 0; i + 1 < keys->count; i++) {
        file->former[file->former_count++] = keys->pairs[i].administrator;
    }
}

static void fill_file(const struct enrolling *self, const struct writer *writer,
                      struct enrol_file *file)
{
    const struct keys *keys = writer_keys(writer);
    const struct context *context = writer_context(writer);
    const struct control_genesis *genesis = context_genesis(context);
    const struct context_agent *agent =
        context_agent(context, self->made->agent_number);

    check(genesis != NULL);
    file->agent_number = self->made->agent_number;
    file->again = self->again;
    if (self->again) {
        check(agent != NULL);
        file->agent_id = agent->id;
    }
    memcpy(file->office, self->made->name, sizeof file->office);
    file->rotates = self->rotates && !self->again;
    file->server_key = keys->server.public_key;
    file->join_keys = self->join_keys;
    file->valid_until = self->valid_until;
    file->administrator = *context_administrator(context);
    file->ledger_key = *context_ledger_key(context);
    add_former(context, file);
    memcpy(file->origin, genesis->origin, sizeof file->origin);
    file->ledger_id = genesis->ledger_id;
}

static void say_done(const struct enrolling *self, const char *output)
{
    char until[TEXT_MOMENT_MAX];
    static const struct language_text enrolled = {"đã cấp quyền cho trạm số",
                                                  "enrolled agent number"};
    static const struct language_text amended = {"đã sửa quyền của trạm số",
                                                 "amended agent number"};
    static const struct language_text rotates = {"tệp đổi khóa của trạm số",
                                                 "new keys for agent number"};
    static const struct language_text again = {
        "máy mới thay máy đã mất của trạm số",
        "a new machine in place of the lost one of agent number"};
    const struct language_text *done = self->again         ? &again
                                       : self->rotates     ? &rotates
                                       : self->number != 0 ? &amended
                                                           : &enrolled;
    static const struct language_text next[] = {
        {"trên máy của văn phòng: tallyline-agent join",
         "on the office's machine: tallyline-agent join"},
        {"trên máy của văn phòng: tallyline-agent rotate",
         "on the office's machine: tallyline-agent rotate"}};
    static const struct language_text once = {
        "tệp chứa khóa bí mật, dùng được một lần, đến hết",
        "the file holds a secret, is good once, until"};

    (void)fprintf(stderr, "%s %" PRIu32 ": %s\n", args_text(self->args, *done),
                  self->made->agent_number, self->made->name);
    if (output != NULL) {
        text_format_clock(self->valid_until, self->args->language, until);
        (void)fprintf(
            stderr, "  %s %s\n  %s %s\n",
            args_text(self->args, next[self->rotates && !self->again]), output,
            args_text(self->args, once), until);
    }
    (void)printf("%" PRIu32 "\n", self->made->agent_number);
}

/* The entry is there, the file is not. */
static void say_again(const struct enrolling *self)
{
    static const struct language_text again = {
        "quyền đã ghi vào sổ cái; hãy ghi lại tệp bằng",
        "the enrolment is in the ledger; write the file again with"};

    (void)fprintf(stderr, "  %s: %s %s%s%" PRIu32 " --output %s\n",
                  args_text(self->args, again), self->args->program->name,
                  self->again     ? "enrol --again "
                  : self->rotates ? "rotate "
                                  : "enrol --agent ",
                  "", self->made->agent_number,
                  args_text(self->args, (struct language_text){"TỆP", "FILE"}));
}

/* ---- the commands ---- */

static enum status enrol(struct enrolling *self, const char *output)
{
    struct writer_order order = {.owner = self, .compose = compose};
    struct enrol_file file;
    struct directory directory;
    struct settings settings;
    struct report report;
    struct writer *writer = NULL;
    enum status status = command_directory(self->args, &directory);

    memset(&file, 0, sizeof file);
    report_init(&report, self->args->language);
    if (status == STATUS_OK) {
        status = settings_load(directory.config, &report, &settings);
        command_report(&report);
    }
    if (status == STATUS_OK && output != NULL) {
        status = command_reach(self->args, &directory, &settings,
                               file.addresses, &file.address_count);
    }
    if (status == STATUS_OK && output != NULL) {
        status = command_new_file(self->args, output);
    }
    if (status == STATUS_OK) {
        status = command_writer(self->args, self->clock, &writer);
    }
    if (status == STATUS_OK) {
        status = command_order(self->args, writer, &order);
    }
    if (status == STATUS_OK && output != NULL) {
        fill_file(self, writer, &file);
        status = enrol_file_save(output, &file);
        if (status != STATUS_OK) {
            (void)command_fail(self->args, output, status);
            say_again(self);
        }
    }
    if (status == STATUS_OK) {
        say_done(self, output);
    }
    writer_close(&writer);
    enrol_file_wipe(&file);
    report_fini(&report);
    return status;
}

static enum status run_enrolling(struct enrolling *self)
{
    const char *output = args_value(self->args, "output");
    struct clock clock;
    int64_t valid_us = 0;
    enum status status = read_valid(self->args, &valid_us);

    if (status != STATUS_OK) {
        return status;
    }
    self->made = calloc(1, sizeof *self->made);
    if (self->made == NULL) {
        return STATUS_MEMORY;
    }
    clock_init_real(&clock);
    self->clock = &clock;
    self->with_key = output != NULL;
    self->valid_until = clock_wall_us(&clock) + valid_us;
    curve_keys_make(&self->join_keys);
    status = enrol(self, output);
    curve_keys_wipe(&self->join_keys);
    free(self->made);
    return status;
}

enum status cmd_enrol(const struct args *args, void *context)
{
    struct enrolling self = {.args = args};
    const char *agent = args_value(args, "agent");
    const char *again = args_value(args, "again");
    enum status status = read_name(args, self.name);

    (void)context;
    if (status == STATUS_OK && again != NULL) {
        self.again = self.rotates = true;
        if (agent != NULL || args_value(args, "output") == NULL) {
            args_error(args, "%s",
                       args_text(args, (struct language_text){
                                           "--again cần --output, và không đi "
                                           "cùng --agent",
                                           "--again needs --output, and does "
                                           "not go with --agent"}));
            status = STATUS_USAGE;
        }
        agent = again;
    }
    if (status == STATUS_OK && agent != NULL) {
        status = command_agent_number(args, agent, &self.number);
    }
    if (status == STATUS_OK && agent == NULL &&
        (self.name[0] == '\0' || args_count(args, "pair") == 0 ||
         args_value(args, "output") == NULL)) {
        args_error(args, "%s",
                   args_text(args, (struct language_text){
                                       "cần --name, --pair và --output",
                                       "--name, --pair and --output are "
                                       "needed"}));
        status = STATUS_USAGE;
    }
    return status == STATUS_OK ? run_enrolling(&self) : status;
}

enum status cmd_rotate(const struct args *args, void *context)
{
    struct enrolling self = {.args = args, .rotates = true};
    enum status status =
        command_agent_number(args, args->operands[0], &self.number);

    (void)context;
    if (status == STATUS_OK && args_value(args, "output") == NULL) {
        args_error(
            args, "%s",
            args_text(args, (struct language_text){"cần --output TỆP",
                                                   "--output FILE is needed"}));
        status = STATUS_USAGE;
    }
    return status == STATUS_OK ? run_enrolling(&self) : status;
}
