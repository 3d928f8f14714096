#!/bin/sh
# Prints the path of promtool: the one that is installed, or the one file out of
# Debian's package `prometheus`, which is not installed for it (it would start a
# server). Exit code 77: there is none and it cannot be had.
set -eu
if command -v promtool; then
    exit 0
fi
tools=${TALLYLINE_BUILD:?}/tools
promtool=$tools/promtool
if [ ! -x "$promtool" ]; then
    mkdir -p "$tools"
    cd "$tools"
    # apt compares what it downloads with the signed lists of the archive.
    if ! apt-get download prometheus >apt.log 2>&1; then
        echo "promtool is missing: apt-get update, or install prometheus" >&2
        exit 77
    fi
    dpkg-deb --fsys-tarfile prometheus_*.deb |
        tar -xO ./usr/bin/promtool >promtool.new
    chmod 755 promtool.new
    mv promtool.new promtool
    rm -f prometheus_*.deb
fi
echo "$promtool"
