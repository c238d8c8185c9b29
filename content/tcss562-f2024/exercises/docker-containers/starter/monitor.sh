#!/bin/sh
# sh monitor.sh CGROUP_FOLDER SECONDS
# Prints the CPU load over that many seconds in percent of one core, as a whole number.
folder=$1
seconds=$2

# Part 5 of the tutorial shows both files. Which of them does this folder have?
echo "monitor.sh is yours to write: $folder, $seconds" >&2
exit 1
