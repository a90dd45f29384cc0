"""Reads ctest's JUnit file and prints `N passed, N failed`, counting each doctest case and each other test once.

A suite that failed without saying how many of its cases did (a crash) counts as one failure more. Status 1 when
anything failed or nothing ran.
"""
import re
import sys
import xml.etree.ElementTree as ET

SUMMARY = re.compile(r"\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")

passed = failed = 0
for test in ET.parse(sys.argv[1]).getroot().iter("testcase"):
    if test.find("skipped") is not None:  # its last line says why
        said = (test.findtext("system-out") or "").strip().splitlines()
        print(f"skipped: {test.get('name')}{': ' + said[-1] if said else ''}", file=sys.stderr)
        continue
    found = [(int(a), int(b)) for a, b in SUMMARY.findall(test.findtext("system-out") or "")]
    ok = test.get("status") == "run"
    cases, bad = sum(a for a, _ in found), sum(b for _, b in found)
    if not found:
        cases = 1 if ok else 0
    if not ok and bad == 0:
        bad = 1
    passed += cases
    failed += bad
    if not ok:
        print(f"failed: {test.get('name')}", file=sys.stderr)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
