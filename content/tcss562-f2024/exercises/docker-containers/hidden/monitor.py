#!/usr/bin/env python3
"""Runs a submitted monitor.sh on a cgroup folder whose counters grow at a known rate.

monitor.py MONITOR_SCRIPT VERSION PERCENT SECONDS

A child keeps the counters growing by the clock; this process then becomes the student's script, so what
the script prints is all there is on standard output, and the grader outside judges it.
"""

import os
import sys
import tempfile
import time

START_NS = 8_123_456_789_000


def write(path, text):
    # Renamed into place: a reader sees the old number or the new one, never half of it.
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(text)
    os.rename(path + ".new", path)


def write_v1(folder, used_ns):
    write(f"{folder}/cpuacct.usage", f"{used_ns}\n")


def write_v2(folder, used_ns):
    used = used_ns // 1000
    write(
        f"{folder}/cpu.stat",
        f"usage_usec {used}\nuser_usec {used - used // 5}\nsystem_usec {used // 5}\n"
        "nr_periods 412\nnr_throttled 37\nthrottled_usec 1900211\nnr_bursts 0\nburst_usec 0\n",
    )


def make_folder(version):
    folder = tempfile.mkdtemp(prefix="cgroup-")
    if version == "v1":
        # As in the real folder: this one tells of throttling alone.
        write(f"{folder}/cpu.stat", "nr_periods 412\nnr_throttled 37\nthrottled_time 1900211000\n")
    write(f"{folder}/cgroup.procs", "4711\n")
    return folder


def keep_growing(folder, version, percent, script):
    update = write_v1 if version == "v1" else write_v2
    start = time.monotonic_ns()
    while os.getppid() == script:
        update(folder, START_NS + (time.monotonic_ns() - start) * percent // 100)
        time.sleep(0.005)


def main(script, version, percent, seconds):
    folder = make_folder(version)
    (write_v1 if version == "v1" else write_v2)(folder, START_NS)
    script_process = os.getpid()
    if os.fork() == 0:
        # The script's output must end when the script ends.
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        keep_growing(folder, version, int(percent), script_process)
        os._exit(0)
    os.execvp("sh", ["sh", script, folder, seconds])


main(*sys.argv[1:])
