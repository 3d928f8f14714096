/* Failure modes: what cannot be read of the ledger is not said here; the rest
 * of the command meets it too. */
#include "collector/commands/status_cold.h"

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_move.h"

#include <inttypes.h>
#include <string.h>

struct looking {
    const struct args *args;
    const char *folder;
    FILE *out;
    uint32_t named, more;
};

static void name(struct looking *self, const struct cold_told *told,
                 uint32_t number, struct language_text text)
{
    char path[COLD_PATH_MAX];

    if (self->named == STATUS_COLD_NAMED ||
        cold_path(self->folder, number, path) != STATUS_OK) {
        self->more++;
        return;
    }
    self->named++;
    (void)fprintf(self->out, "%s %s: %" PRIu64 "-%" PRIu64 "\n",
                  args_text(self->args, text), path, told->from, told->to);
}

static void look_at(struct looking *self,
                    const struct ledger_snapshot *snapshot,
                    const struct cold_files *files,
                    const struct cold_told *told)
{
    static const struct language_text missing = {
        "THIẾU TỆP LƯU LẠNH; chưa có nó thì không có số liệu. Hãy đặt lại tệp, "
        "từ bản sao lưu nếu cần. Tệp và các mục:",
        "A COLD FILE IS MISSING, and figures are not known without it. Put it "
        "back, from a backup if need be. File and entries:"};
    static const struct language_text damaged = {
        "TỆP LƯU LẠNH BỊ HỎNG. Trung tâm sửa bảng của tệp khi khởi động lại; "
        "nếu vẫn hỏng, hãy lấy tệp từ bản sao lưu. Tệp và các mục:",
        "A COLD FILE IS DAMAGED. The collector makes its table anew at the "
        "next start; if it stays so, take the file from a backup. File and "
        "entries:"};
    uint32_t number = 0;
    enum status status = cold_moves_look(snapshot, files, told, &number);

    if (status == STATUS_AWAY) {
        name(self, told, number, missing);
    } else if (status == STATUS_INVALID) {
        name(self, told, number, damaged);
    }
}

void status_cold(const struct args *args, struct ledger *ledger, FILE *out)
{
    static const struct language_text more = {"và số tệp khác như vậy",
                                              "and more such files"};
    struct looking looking = {
        .args = args, .folder = ledger_cold_folder(ledger), .out = out};
    struct ledger_snapshot *snapshot = NULL;
    struct cold_moves moves = {.list = NULL};
    struct cold_files files = {.list = NULL};

    if (ledger_snapshot_open(ledger, &snapshot) == STATUS_OK &&
        cold_moves_read(snapshot, &moves) == STATUS_OK && moves.count > 0 &&
        cold_files_read(looking.folder, &files) == STATUS_OK) {
        for (size_t i = 0; i < moves.count; i++) {
            look_at(&looking, snapshot, &files, &moves.list[i]);
        }
    }
    if (looking.more > 0) {
        (void)fprintf(out, "%s: %" PRIu32 "\n", args_text(args, more),
                      looking.more);
    }
    ledger_snapshot_close(&snapshot);
    cold_moves_free(&moves);
    cold_files_free(&files);
}
