#!/usr/bin/env python3
"""Compares answers.txt with what is right; says which are wrong, never what they should be.

answers.py ANSWERS_FILE. The file is read as data; nothing of the student's is executed here.
"""

import sys

RIGHT = {
    "bytes-of-96m": "100663296",
    "quota-of-quarter-cpu": "25000",
    "exit-status-out-of-memory": "137",
    "load-in-percent": "150",
    "namespace-of-process-1": "pid",
    "growth-in-mb": "50",
    "unmovable-name": "digest",
}


def read_answers(path):
    answers = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            key, colon, value = line.partition(":")
            if colon and not line.lstrip().startswith("#"):
                answers[key.strip()] = value.strip().lower()
    return answers


def main(path):
    given = read_answers(path)
    wrong = 0
    for key, right in RIGHT.items():
        answer = given.get(key, "")
        if answer == right:
            print(f"{key}: right")
            continue
        wrong += 1
        print(f"{key}: {'no answer' if answer == '' else 'not right'}")
    print(f"{len(RIGHT) - wrong} of {len(RIGHT)} right")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1]))
