#!/bin/sh
# The installed files: units that systemd takes and that are shut off well
# enough, man pages that mandoc takes. Needs TALLYLINE_BUILD.
#
#   deploy.sh exposure | install | units | man
set -eu
deploy=$TALLYLINE_BUILD/deploy
# In tenths of systemd's scale of 0 (closed) to 10 (open).
exposure_max=20

case $1 in
install)
    grep -q tallyline-collector "$TALLYLINE_BUILD/cmake_install.cmake" \
        "$TALLYLINE_BUILD/collector/cmake_install.cmake" || {
        echo "no program has been built yet"
        exit 77
    }
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    DESTDIR=$folder cmake --install "$TALLYLINE_BUILD" >/dev/null
    for name in agent collector; do
        unit=$(find "$folder" -path "*/systemd/system/tallyline-$name.service")
        program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
        reported=$("$folder$program" version)
        case $reported in
        "tallyline-$name "*) ;;
        *)
            echo "$folder$program: $reported"
            exit 1
            ;;
        esac
        for page in man1 vi/man1; do
            test -s "$(find "$folder" -path "*/man/$page/tallyline-$name.1")"
        done
        grep -q "^u tallyline-$name " "$folder"/*/lib/sysusers.d/tallyline.conf
        grep -q "^d /var/lib/tallyline-$name " \
            "$folder"/*/lib/tmpfiles.d/tallyline.conf
        grep -qx "User=tallyline-$name" "$unit"
    done
    # The menu's entry opens the page where agent.yaml has it by default.
    entry=$(find "$folder" -path "*/applications/tallyline-office.desktop")
    page=$(sed -n 's|^Exec=xdg-open http://\([^/]*\)/$|\1|p' "$entry")
    grep -rq "\"$page\"" "$(dirname "$0")/../../agent/office"
    ;;
exposure)
    command -v systemd-analyze >/dev/null || {
        echo "systemd-analyze is not installed"
        exit 77
    }
    for unit in "$deploy"/*.service; do
        rc=0
        report=$(systemd-analyze security --no-pager --offline=true \
            --threshold=$exposure_max "$unit") || rc=$?
        if [ "$rc" -ne 0 ]; then
            echo "$report"
            exit 1
        fi
        echo "$report" | tail -n 1
    done
    ;;
units)
    command -v systemd-analyze >/dev/null || {
        echo "systemd-analyze is not installed"
        exit 77
    }
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    for unit in "$deploy"/*.service; do
        # The program need not be installed where the unit will find it.
        sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$unit" \
            >"$folder/$(basename "$unit")"
        found=$(systemd-analyze verify --man=no \
            "$folder/$(basename "$unit")" 2>&1 |
            grep -F "$(basename "$unit")" || true)
        [ -z "$found" ] || {
            echo "$found"
            exit 1
        }
        for line in Type=notify WatchdogSec= Restart=on-failure \
            RestartPreventExitStatus=.*78 StateDirectory= User=tallyline- \
            'ExecReload=/bin/kill -HUP'; do
            grep -q "^$line" "$unit" || {
                echo "$unit: no line $line"
                exit 1
            }
        done
    done
    ;;
man)
    find "$deploy" -name '*.1' | grep . || {
        echo "no program has been built yet"
        exit 77
    }
    for page in "$deploy"/man1/*.1 "$deploy"/vi/man1/*.1; do
        mandoc -T lint -W error "$page"
        mandoc -T utf8 "$page" | grep -q 'TALLYLINE_LANG'
    done
    ;;
esac
